"""What the chain tells on a fiche prestataire: its missions and their marks."""

from django.db.models import Avg, Count

from accompagnements import droits
from accompagnements.conventions.models import Convention
from accompagnements.suites.models import Enquete
from dla_portal.comptes import roles
from dla_portal.socle.templatetags.portail import date_courte, euros, nombre

LECTEURS = {*roles.EQUIPE_OPERATEUR, roles.DlaRegional.code, roles.Administrateur.code}
MISSIONS_MINIMALES = 3  # below this number of missions a mean tells who answered (I-99)
LIMITE = 30


def missions(prestataire, utilisateur):
    """Past missions of a prestataire, and the mean mark once three of them have answers.

    Subject and amount are told to the operator which led the mission and to the DLA régional.
    """
    if utilisateur.role not in LECTEURS:
        return None
    conventions = (
        Convention.objects.engagees()
        .filter(prestataire=prestataire)
        .select_related("ingenierie__operateur", "ingenierie__thematique")
        .prefetch_related("avenants")
        .order_by("-signee_le")
    )
    notes = Enquete.objects.filter(
        restitution__mission__convention__prestataire=prestataire, globale__isnull=False
    ).aggregate(moyenne=Avg("globale"), missions=Count("restitution", distinct=True))
    phrase = "Moins de trois missions évaluées : aucune note moyenne n'est montrée."
    if notes["missions"] >= MISSIONS_MINIMALES:
        moyenne = nombre(notes["moyenne"], 1)
        phrase = f"Satisfaction moyenne {moyenne} sur 4, {notes['missions']} missions."
    return {
        "titre": "Missions et satisfaction",
        "phrase": phrase,
        "entetes": ["Signée le", "Opérateur", "Intitulé", "Thématique", "Montant TTC"],
        "lignes": [
            _ligne(convention, _lit_tout(utilisateur, convention))
            for convention in conventions[:LIMITE]
        ],
        "vide": "Aucune mission dans le portail.",
    }


def _lit_tout(utilisateur, convention):
    if utilisateur.role in (roles.DlaRegional.code, roles.Administrateur.code):
        return True
    return droits.operateur_de(utilisateur) == convention.ingenierie.operateur_id


def _ligne(convention, tout):
    return [
        date_courte(convention.signee_le),
        str(convention.ingenierie.operateur),
        convention.ingenierie.intitule if tout else "—",
        str(convention.ingenierie.thematique or "—"),
        euros(convention.montant_ttc_effectif) if tout else "—",
    ]
