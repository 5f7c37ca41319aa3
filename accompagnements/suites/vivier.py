"""What the chain knows of the prestataires when one chooses whom to ask.

Each measure takes a Besoin and returns {prestataire pk: (points, reason)} in a few queries, each
warning {prestataire pk: [sentences]}. Points say a preference and warnings a caution: people
decide, and the reasons are on the screen.
"""

from collections import Counter
from datetime import timedelta

from django.db.models import Avg, Count, Max, Q, Sum
from django.utils import timezone

from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Sollicitation
from accompagnements.conventions.avenants import montant_ttc_en_vigueur
from accompagnements.conventions.models import Convention
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.models import Mission
from accompagnements.suites.encarts import MISSIONS_MINIMALES
from accompagnements.suites.models import Enquete
from dla_portal.socle import horloge
from dla_portal.socle.recherche import normaliser
from dla_portal.socle.templatetags.portail import date_courte, nombre
from prestataires.models import Prestataire
from prestataires.selection import Facette

VIVANTES = (EtatMission.EN_COURS, EtatMission.EN_ALERTE, EtatMission.SUSPENDUE)
# The most that each criterion gives; a mark nobody gave yet counts as a middling one.
CHARGE_MAX, ROTATION_MAX, NOTES_MAX, NOTE_NEUTRE = 3, 1, 4, 2
ROTATION = timedelta(days=365)
FENETRE = timedelta(days=730)  # the 24 months over which the concentration is watched
PART, MISSIONS_REGARDEES = 30, 4  # % of an operator's missions or amounts; below 4 it says nothing


def charge(besoin):
    """Missions in progress, whoever leads them: each takes a point of the three."""
    lignes = (
        Mission.objects.filter(etat__in=VIVANTES)
        .values("convention__prestataire")
        .annotate(n=Count("pk"))
    )
    return {
        ligne["convention__prestataire"]: (
            _disponibilite(ligne["n"]),
            f"{ligne['n']} mission{'s' if ligne['n'] > 1 else ''} en cours",
        )
        for ligne in lignes
    }


def _disponibilite(missions):
    """Points left to whom carries out so many missions."""
    return max(CHARGE_MAX - missions, 0)


def rotation(besoin):
    """The point goes to whom this operator has not asked for a year."""
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
        if ligne["derniere"]:
            phrase += f", en dernier le {date_courte(timezone.localdate(ligne['derniere']))}"
        connus[ligne["prestataire"]] = (0 if recente else ROTATION_MAX, phrase)
    return connus


def _retenues():
    return Count("pk", filter=Q(proposition__etat="retenue"))


def notes(besoin):
    """Marks of the surveys, once three missions have answers (I-99)."""
    lignes = (
        Enquete.objects.filter(globale__isnull=False)
        .values("restitution__mission__convention__prestataire")
        .annotate(moyenne=Avg("globale"), missions=Count("restitution", distinct=True))
        .filter(missions__gte=MISSIONS_MINIMALES)
    )
    return {
        ligne["restitution__mission__convention__prestataire"]: (
            _points(ligne["moyenne"]),
            f"Satisfaction {nombre(ligne['moyenne'], 1)}/4 sur {ligne['missions']} missions",
        )
        for ligne in lignes
    }


def _points(moyenne):
    """Points of a mean satisfaction out of four."""
    if moyenne >= 3.5:
        return NOTES_MAX
    if moyenne >= 3:
        return 3
    return NOTE_NEUTRE if moyenne >= 2.5 else 0


def concentration(besoin):
    """Warn when one prestataire holds much of the operator's missions or amounts of 24 months."""
    lignes = list(
        Convention.objects.engagees()
        .filter(
            ingenierie__operateur=besoin.operateur_id,
            signee_le__gte=horloge.aujourdhui() - FENETRE,
            prestataire__isnull=False,
        )
        .annotate(du=montant_ttc_en_vigueur())
        .order_by()
        .values("prestataire")
        .annotate(n=Count("pk"), ttc=Sum("du"))
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
            alertes[ligne["prestataire"]] = [phrase]
    return alertes


def interets(besoin):
    """Warn when something on the fiches links a prestataire to a structure: to be checked."""
    alertes, prestataires = {}, list(Prestataire.objects.sollicitables())
    for structure in besoin.structures:
        contacts = list(structure.contacts.all())
        noms = Counter(normaliser(contact.nom) for contact in contacts)
        adresses = {c.email.lower() for c in contacts if c.email}
        adresses |= {structure.email.lower()} if structure.email else set()
        for prestataire in prestataires:
            phrases = []
            if structure.siret and prestataire.siret[:9] == structure.siret[:9]:
                phrases.append(f"même SIREN que {structure}")
            if prestataire.email and prestataire.email.lower() in adresses:
                phrases.append(f"même courriel qu'un contact de {structure}")
            if prestataire.contact and normaliser(prestataire.contact) in noms:
                phrases.append(f"« {prestataire.contact} » est aussi un contact de {structure}")
            if phrases:
                texte = f"Conflit d'intérêts à vérifier : {', '.join(phrases)}."
                alertes.setdefault(prestataire.pk, []).append(texte)
    return alertes


FACETTES = (
    Facette("Charge", CHARGE_MAX, charge, (CHARGE_MAX, "Aucune mission en cours")),
    Facette("Rotation", ROTATION_MAX, rotation, (ROTATION_MAX, "Jamais sollicité par vous")),
    Facette(
        "Notes",
        NOTES_MAX,
        notes,
        (
            NOTE_NEUTRE,
            f"Moins de {MISSIONS_MINIMALES} missions notées : {NOTE_NEUTRE} points d'office",
        ),
    ),
)
AVERTISSEMENTS = (concentration, interets)
