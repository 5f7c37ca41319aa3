"""Reminders of the chain (domaine.md Annex C), with their stop rules."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from accompagnements.conventions import courriels as courriels_conventions
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.etats import EtatAvenant
from accompagnements.conventions.signatures import Signature
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
from dla_portal.socle.etats import journaliser
from dla_portal.socle.relances import relance
from prestataires import courriels as courriels_prestataires
from prestataires.models import Prestataire
from prestataires.regles import VIGILANCE_SEUIL_HT, rappel_vigilance_du

ENQUETE = (15, 30)  # days after the sending: two reminders at most
NOTE, NOTES_MAX = 5, 3  # working days between two letters; the request and two reminders
SIGNATURE = (5, 10)  # working days after the invitation of the party: two reminders at most
_DES_ACTES = (
    "structure",
    "convention__ingenierie__operateur",
    "convention__prestataire",
    "avenant__convention__ingenierie__operateur",
    "avenant__convention__prestataire",
)
RAPPEL_ENQUETE, RAPPEL_SIGNATURE, RAPPEL_NOTE, RAPPEL_VIGILANCE = (
    "rappel_enquete",
    "rappel_signature",
    "rappel_note",
    "rappel_vigilance",
)
MISSION_VIVANTE = (EtatMission.EN_COURS, EtatMission.EN_ALERTE, EtatMission.SUSPENDUE)


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
    """To the party whose turn it is, some working days after its invitation; twice at most.

    Stopped by the signature, the refusal, or the return of the acte to its preparation.
    """
    attendues = Signature.objects.filter(
        Q(convention__etat=EtatConvention.EN_SIGNATURE) | Q(avenant__etat=EtatAvenant.A_SIGNER),
        signee_le=None,
        invitee_le__lte=le - timedelta(days=SIGNATURE[0]),  # working days are checked below
    ).select_related(*_DES_ACTES)
    nombre = 0
    for signature in attendues:
        acte = signature.acte
        invitee_le = signature.invitee_le
        # The latest step due: late, two steps of the past make one reminder, not two.
        pas = max((n for n in SIGNATURE if ajouter_jours_ouvres(invitee_le, n) <= le), default=0)
        if not pas or acte.au_tour.pk != signature.pk:
            continue
        tour = f"{signature.pk} {invitee_le:%Y-%m-%d}"
        deja = acte.journal().filter(transition=RAPPEL_SIGNATURE, motif__startswith=f"{tour} ")
        if not any(int(motif.split()[-1]) >= pas for motif in deja.values_list("motif", flat=True)):
            courriels_conventions.relance(signature)
            libelle = f"Rappel de signature : {signature.en_phrase}"[:200]
            journaliser(acte, libelle, nom=RAPPEL_SIGNATURE, motif=f"{tour} {pas}")
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
    en_cours = en_cours.prefetch_related("convention__avenants")
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


@relance("Attestations de vigilance demandées")
def vigilances(le):
    """A month, a week, then the day before it is too late; stopped by a new one or by the end.

    One mail per prestataire and step, whatever the number of its missions of 5 000 € HT or more.
    """
    vivantes = Mission.objects.filter(
        etat__in=MISSION_VIVANTE, convention__montant_ht__gte=VIGILANCE_SEUIL_HT
    )
    concernes = Prestataire.objects.filter(
        pk__in=vivantes.values("convention__prestataire"), vigilance_jusquau__isnull=False
    )
    nombre = 0
    for prestataire in concernes.order_by("pk"):
        pas = rappel_vigilance_du(prestataire.vigilance_jusquau, le)
        fin = f"{prestataire.vigilance_jusquau:%Y-%m-%d}"
        deja = prestataire.journal().filter(
            transition=RAPPEL_VIGILANCE, motif__startswith=f"{fin} "
        )
        faits = [int(motif.split()[1]) for motif in deja.values_list("motif", flat=True)]
        if pas is None or any(fait <= pas for fait in faits):
            continue
        if courriels_prestataires.vigilance(prestataire):
            libelle = "Attestation de vigilance à renouveler demandée"
            journaliser(prestataire, libelle, nom=RAPPEL_VIGILANCE, motif=f"{fin} {pas}")
            nombre += 1
    return nombre


@relance("Suivis prévus")
def suivis(le):
    """Every validated diagnostic gets its follow-up planned."""
    sans_suivi = Diagnostic.objects.filter(
        etat__in=[EtatDiagnostic.VALIDE, EtatDiagnostic.SANS_PLAN],
        valide_le__lte=le,
        suivi=None,
    ).select_related("accompagnement")
    return len([prevoir_suivi(diagnostic) for diagnostic in sans_suivi])
