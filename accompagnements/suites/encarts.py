"""What the chain tells on a fiche prestataire: its missions and their marks."""

from django.db.models import Avg, Count

from accompagnements.conventions.models import Convention
from accompagnements.suites.models import Enquete
from dla_portal.comptes import roles
from dla_portal.socle.templatetags.portail import date_courte, euros, nombre

LECTEURS = {*roles.EQUIPE_OPERATEUR, roles.DlaRegional.code, roles.Administrateur.code}
NOTES_MINIMALES = 3  # a mean below this number of answers says nothing (I-99)
LIMITE = 30


def missions(prestataire, utilisateur):
    """Past missions of a prestataire, and the mean mark once three structures have answered."""
    if utilisateur.role not in LECTEURS:
        return None
    conventions = (
        Convention.objects.engagees()
        .filter(prestataire=prestataire)
        .select_related("ingenierie__operateur", "ingenierie__thematique")
        .order_by("-signee_le")
    )
    notes = Enquete.objects.filter(
        restitution__mission__convention__prestataire=prestataire, globale__isnull=False
    ).aggregate(moyenne=Avg("globale"), nombre=Count("pk"))
    phrase = "Moins de trois structures ont répondu : aucune note moyenne n'est montrée."
    if notes["nombre"] >= NOTES_MINIMALES:
        moyenne = nombre(notes["moyenne"], 1)
        phrase = f"Satisfaction moyenne {moyenne} sur 4, {notes['nombre']} réponses."
    return {
        "titre": "Missions et satisfaction",
        "phrase": phrase,
        "entetes": ["Signée le", "Opérateur", "Intitulé", "Thématique", "Montant TTC"],
        "lignes": [
            [
                date_courte(convention.signee_le),
                str(convention.ingenierie.operateur),
                convention.ingenierie.intitule,
                str(convention.ingenierie.thematique or "—"),
                euros(convention.montant_ttc),
            ]
            for convention in conventions[:LIMITE]
        ],
        "vide": "Aucune mission dans le portail.",
    }
