"""What the chain knows of the prestataires when one chooses whom to ask.

Each facet takes a Besoin and returns {prestataire pk: Appreciation} in a few queries. Points say
a preference and warnings a caution: people decide, and the reasons are on the screen.
"""

from collections import Counter
from datetime import timedelta

from django.db.models import Avg, Count, Max, Q, Sum

from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Sollicitation
from accompagnements.conventions.models import Convention
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.models import Mission
from accompagnements.suites.encarts import MISSIONS_MINIMALES
from accompagnements.suites.models import Enquete
from dla_portal.socle import horloge
from dla_portal.socle.recherche import normaliser
from dla_portal.socle.templatetags.portail import nombre
from prestataires.models import Prestataire
from prestataires.selection import Appreciation

VIVANTES = (EtatMission.EN_COURS, EtatMission.EN_ALERTE, EtatMission.SUSPENDUE)
CHARGE_MAX = 3  # points lost at most for missions in progress
ROTATION = timedelta(days=365)
FENETRE = timedelta(days=730)  # the 24 months over which the concentration is watched
PART, MISSIONS_REGARDEES = 30, 4  # % of an operator's missions or amounts; below 4 it says nothing


def charge(besoin):
    """Missions in progress, whoever leads them: each takes a point, three at most."""
    lignes = (
        Mission.objects.filter(etat__in=VIVANTES)
        .values("convention__prestataire")
        .annotate(n=Count("pk"))
    )
    return {
        ligne["convention__prestataire"]: Appreciation(
            -min(ligne["n"], CHARGE_MAX),
            [f"{ligne['n']} mission{'s' if ligne['n'] > 1 else ''} en cours"],
        )
        for ligne in lignes
    }


def rotation(besoin):
    """A prestataire whom this operator did not ask for a year comes a point higher."""
    lignes = (
        Sollicitation.objects.filter(consultation__ingenierie__operateur=besoin.operateur_id)
        .exclude(etat=EtatSollicitation.PRESSENTIE)
        .values("prestataire")
        .annotate(derniere=Max("envoyee_le"), fois=Count("pk"), retenues=_retenues())
    )
    seuil, connus = horloge.maintenant() - ROTATION, {}
    for ligne in lignes:
        recente = ligne["derniere"] and ligne["derniere"] > seuil
        phrase = f"Sollicité {ligne['fois']} fois, retenu {ligne['retenues']} fois"
        connus[ligne["prestataire"]] = Appreciation(0 if recente else 1, [phrase])
    jamais = Prestataire.objects.sollicitables().exclude(pk__in=connus).values_list("pk", flat=True)
    return connus | {pk: Appreciation(1, ["Jamais sollicité par vous"]) for pk in jamais}


def _retenues():
    return Count("pk", filter=Q(proposition__etat="retenue"))


def notes(besoin):
    """Marks of the surveys, once three missions have answers (I-99): from −2 to +2 points."""
    lignes = (
        Enquete.objects.filter(globale__isnull=False)
        .values("restitution__mission__convention__prestataire")
        .annotate(moyenne=Avg("globale"), missions=Count("restitution", distinct=True))
        .filter(missions__gte=MISSIONS_MINIMALES)
    )
    return {
        ligne["restitution__mission__convention__prestataire"]: Appreciation(
            _points(ligne["moyenne"]),
            [f"Satisfaction {nombre(ligne['moyenne'], 1)}/4 sur {ligne['missions']} missions"],
        )
        for ligne in lignes
    }


def _points(moyenne):
    if moyenne >= 3.5:
        return 2
    if moyenne >= 3:
        return 1
    return 0 if moyenne >= 2.5 else -2


def concentration(besoin):
    """Warn when one prestataire holds much of the operator's missions or amounts of 24 months."""
    lignes = list(
        Convention.objects.engagees()
        .filter(
            ingenierie__operateur=besoin.operateur_id,
            signee_le__gte=horloge.aujourdhui() - FENETRE,
            prestataire__isnull=False,
        )
        .order_by()
        .values("prestataire")
        .annotate(n=Count("pk"), ttc=Sum("montant_ttc"))
    )
    missions, montants = sum(ligne["n"] for ligne in lignes), sum(ligne["ttc"] for ligne in lignes)
    if missions < MISSIONS_REGARDEES:
        return {}
    alertes = {}
    for ligne in lignes:
        en_nombre = round(100 * ligne["n"] / missions)
        en_montant = round(100 * ligne["ttc"] / montants) if montants else 0
        if max(en_nombre, en_montant) >= PART:
            phrase = (
                f"Concentration : {en_nombre}\u202f% de vos missions et {en_montant}\u202f% de vos "
                "montants sur 24 mois."
            )
            alertes[ligne["prestataire"]] = Appreciation(alertes=[phrase])
    return alertes


def interets(besoin):
    """Warn when something on the fiches links a prestataire to a structure: to be checked."""
    alertes = {}
    for structure in besoin.structures:
        contacts = list(structure.contacts.all())
        noms = Counter(normaliser(contact.nom) for contact in contacts)
        adresses = {c.email.lower() for c in contacts if c.email}
        adresses |= {structure.email.lower()} if structure.email else set()
        for prestataire in Prestataire.objects.sollicitables():
            phrases = []
            if structure.siret and prestataire.siret[:9] == structure.siret[:9]:
                phrases.append(f"même SIREN que {structure}")
            if prestataire.email and prestataire.email.lower() in adresses:
                phrases.append(f"même courriel qu'un contact de {structure}")
            if prestataire.contact and normaliser(prestataire.contact) in noms:
                phrases.append(f"« {prestataire.contact} » est aussi un contact de {structure}")
            if phrases:
                texte = f"Conflit d'intérêts à vérifier : {', '.join(phrases)}."
                alertes.setdefault(prestataire.pk, Appreciation()).alertes.append(texte)
    return alertes


FACETTES = (charge, rotation, notes, concentration, interets)
