"""Reminders of the chain (domaine.md Annex C), with their stop rules."""

from datetime import timedelta

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
from prestataires import courriels as courriels_prestataires
from prestataires.models import Prestataire
from prestataires.regles import VIGILANCE_SEUIL_HT, rappel_vigilance_du

ENQUETE = (15, 30)  # days after the sending: two reminders at most
SIGNATURE = 10  # working days after the sending, once
RAPPEL_ENQUETE, RAPPEL_SIGNATURE, RAPPEL_NOTE, RAPPEL_VIGILANCE = (
    "rappel_enquete",
    "rappel_signature",
    "rappel_note",
    "rappel_vigilance",
)
MISSION_VIVANTE = (EtatMission.EN_COURS, EtatMission.EN_ALERTE, EtatMission.SUSPENDUE)


def _faits(objet, nom):
    """How many reminders of this kind the journal of an object holds."""
    return objet.journal().filter(transition=nom).count()


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
    """Once, at half of the dates of the mission, unless the note has arrived."""
    en_cours = Mission.objects.filter(etat=EtatMission.EN_COURS, notes=None).select_related(
        "convention__prestataire", "convention__ingenierie__operateur"
    )
    nombre = 0
    for mission in en_cours:
        due = mission.mi_parcours_le
        if due and due <= le and not _faits(mission, RAPPEL_NOTE):
            courriels_missions.note_attendue(mission)
            journaliser(mission, "Note à mi-parcours demandée", nom=RAPPEL_NOTE)
            nombre += 1
    return nombre


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
