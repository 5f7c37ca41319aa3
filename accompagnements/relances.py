"""Reminders of the chain (domaine.md Annex C), with their stop rules."""

from datetime import date, timedelta

from django.utils import timezone

from accompagnements.conventions import courriels as courriels_conventions
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.models import Signature
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions import courriels as courriels_missions
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.models import Mission
from accompagnements.suites import courriels as courriels_suites
from accompagnements.suites.etats import Etat as EtatEnquete
from accompagnements.suites.models import Enquete
from accompagnements.suites.transitions import prevoir_suivi
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.etats import Evenement, journaliser
from dla_portal.socle.relances import relance

ENQUETE = (15, 30)  # days after the sending: two reminders at most
SIGNATURE = 10  # working days after the sending, once
NOTE, NOTES_MAX = 5, 3  # working days between two letters; the request and two reminders
RAPPEL_ENQUETE, RAPPEL_SIGNATURE, RAPPEL_NOTE = (
    "rappel_enquete",
    "rappel_signature",
    "rappel_note",
)


@relance("Enquêtes de satisfaction rappelées")
def enquetes(le):
    """At J+15 then J+30, stopped by the answer or the closing."""
    attendues = Enquete.objects.filter(
        etat=EtatEnquete.ENVOYEE, envoyee_le__lte=le - timedelta(days=ENQUETE[0])
    ).select_related("accompagnement__operateur")
    nombre = 0
    for enquete in attendues:
        # The latest step due: late, two steps of the past make one reminder, not two.
        pas = max(jours for jours in ENQUETE if enquete.envoyee_le + timedelta(days=jours) <= le)
        deja = enquete.journal().filter(transition=RAPPEL_ENQUETE).values_list("motif", flat=True)
        if not any(int(fait) >= pas for fait in deja):
            courriels_suites.relance(enquete)
            libelle = "Rappel de l'enquête de satisfaction"
            journaliser(enquete, libelle, nom=RAPPEL_ENQUETE, motif=str(pas))
            nombre += 1
    return nombre


@relance("Signatures rappelées")
def signatures(le):
    """Once, ten working days after the convention was sent to be signed."""
    attendues = Signature.objects.filter(
        signee_le=None, convention__etat=EtatConvention.EN_SIGNATURE
    ).select_related("convention__ingenierie__operateur", "structure")
    nombre = 0
    for signature in attendues:
        convention = signature.convention
        echeance = ajouter_jours_ouvres(convention.envoyee_le, SIGNATURE)
        deja = Evenement.objects.filter(
            objet_type=convention._meta.label_lower,
            objet_id=convention.pk,
            transition=RAPPEL_SIGNATURE,
            motif=f"{signature.pk} {convention.envoyee_le:%Y-%m-%d}",
        )
        if echeance <= le and not deja.exists():
            courriels_conventions.ecrire(signature, "Convention à signer", "relance_signature")
            journaliser(
                convention,
                f"Rappel de signature : {signature.get_partie_display().lower()}",
                nom=RAPPEL_SIGNATURE,
                motif=f"{signature.pk} {convention.envoyee_le:%Y-%m-%d}",
            )
            nombre += 1
    return nombre


@relance("Notes à mi-parcours demandées")
def notes(le):
    """At half of the dates, then two reminders, five working days apart.

    Stopped by the note, by the final report, and while the mission is not simply going on.
    """
    en_cours = Mission.objects.filter(
        etat=EtatMission.EN_COURS, notes=None, restitution=None
    ).select_related("convention__prestataire", "convention__ingenierie__operateur")
    nombre = 0
    for mission in en_cours:
        faits = _lettres_de_note(mission)
        due = ajouter_jours_ouvres(max(faits), NOTE) if faits else mission.mi_parcours_le
        if due and due <= le and len(faits) < NOTES_MAX:
            courriels_missions.note_attendue(mission, rappel=bool(faits))
            libelle = "Note à mi-parcours rappelée" if faits else "Note à mi-parcours demandée"
            journaliser(mission, libelle, nom=RAPPEL_NOTE, motif=f"{le:%Y-%m-%d}")
            nombre += 1
    return nombre


def _lettres_de_note(mission):
    """Dates of the letters already sent; those of before this rule bear none but their own."""
    return [
        date.fromisoformat(fait.motif) if fait.motif else timezone.localdate(fait.le)
        for fait in mission.journal().filter(transition=RAPPEL_NOTE)
    ]


@relance("Suivis prévus")
def suivis(le):
    """Every validated diagnostic gets its follow-up planned."""
    sans_suivi = Diagnostic.objects.filter(
        etat__in=[EtatDiagnostic.VALIDE, EtatDiagnostic.SANS_PLAN],
        valide_le__lte=le,
        suivi=None,
    ).select_related("accompagnement")
    return len([prevoir_suivi(diagnostic) for diagnostic in sans_suivi])
