"""The stages of a dossier as the stepper shows them: state, tone, whose turn, address."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.consultations.models import Consultation
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.models import Convention
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.plans.etats import Etat as EtatPlan
from accompagnements.plans.models import Ingenierie
from accompagnements.restitutions.etats import Etat as EtatRestitution

FAIT, A_VENIR = "fait", "neutre"
# Stages in their order, as the timeline, the zip and the summary name them.
ETAPES_DU_DOSSIER = {
    "dossier": "Dossier",
    "demande": "Demande et accueil",
    "diagnostic": "Diagnostic partagé",
    "plan": "Plan",
    "comite": "Comité d'appui",
    "consultation": "Consultation",
    "convention": "Convention",
    "mission": "Mission",
    "restitution": "Restitution et factures",
    "suites": "Satisfaction et suivi",
}


@dataclass
class Piste:
    """One engineering of the dossier and how far it went."""

    ingenierie: Ingenierie
    consultation: Consultation | None
    convention: Convention | None

    @property
    def mission(self):
        return getattr(self.convention, "mission", None) if self.convention else None

    @property
    def restitution(self):
        return getattr(self.mission, "restitution", None) if self.mission else None

    @property
    def objet(self):
        """The furthest object reached."""
        return self.restitution or self.mission or self.convention or self.consultation

    @property
    def terminee(self):
        """Nothing is left to do for this engineering."""
        if self.restitution:
            return self.restitution.etat == EtatRestitution.SOLDEE
        if self.mission:
            return self.mission.etat == EtatMission.ARRETEE
        if self.convention:
            return self.convention.etat == EtatConvention.RESILIEE
        return bool(self.consultation) and self.consultation.etat == EtatConsultation.SANS_SUITE


class Dossier:
    """All that the page of an accompagnement needs, read once (about a dozen queries)."""

    def __init__(self, accompagnement):
        self.accompagnement = accompagnement

    @cached_property
    def diagnostic(self):
        """The living diagnostic, or None."""
        vivants = self.accompagnement.diagnostics.exclude(etat=EtatDiagnostic.ABANDONNE)
        return vivants.first()

    @cached_property
    def plan(self):
        return getattr(self.accompagnement, "plan", None)

    @cached_property
    def passages(self):
        return list(self.accompagnement.passages.select_related("seance").order_by("-pk"))

    @cached_property
    def actions(self):
        if self.plan is None:
            return []
        return list(self.plan.actions.select_related("thematique", "ingenierie"))

    @cached_property
    def pistes(self):
        """Engineerings of the plan with their living consultation and convention."""
        if self.plan is None:
            return []
        conventions = Convention.objects.exclude(etat=EtatConvention.ABANDONNEE)
        ingenieries = (
            Ingenierie.objects.filter(actions__plan=self.plan)
            .distinct()
            .order_by("pk")
            .prefetch_related(
                Prefetch("consultations", Consultation.objects.order_by("-pk"), to_attr="lues"),
                Prefetch(
                    "conventions",
                    conventions.select_related(
                        "prestataire", "mission__restitution"
                    ).prefetch_related("avenants"),
                    to_attr="vivantes",
                ),
            )
        )
        return [
            Piste(
                ingenierie,
                ingenierie.lues[0] if ingenierie.lues else None,
                ingenierie.vivantes[0] if ingenierie.vivantes else None,
            )
            for ingenierie in ingenieries
        ]

    @cached_property
    def enquetes(self):
        return list(self.accompagnement.enquetes.order_by("-pk"))

    @cached_property
    def suivis(self):
        return list(self.accompagnement.suivis.order_by("-pk"))

    @cached_property
    def fils(self):
        """Threads of the timeline: the demande, the dossier, its engineerings."""
        demande = f"demande:{self.accompagnement.demande_id}"
        return [demande, self.accompagnement.fil, *(p.ingenierie.fil for p in self.pistes)]

    @cached_property
    def piste_courante(self):
        """The first engineering not finished, else the last one, else None."""
        ouvertes = [piste for piste in self.pistes if not piste.terminee]
        return (ouvertes or self.pistes[-1:] or [None])[0]


def _etape(cle, libelle, objet, *, fait=False, a_venir="À venir"):
    """Describe one stage from its object (None: not started)."""
    if objet is None:
        return {
            "cle": cle,
            "libelle": libelle,
            "etat_libelle": a_venir,
            "ton": A_VENIR,
            "url": "",
            "courante": False,
            "a_qui": "",
            "fait": False,
        }
    etat = getattr(objet, "etat_en_mots", None) or objet.get_etat_display()
    a_qui = "" if fait or objet.responsable == "personne" else objet.responsable
    return {
        "cle": cle,
        "libelle": libelle,
        "etat_libelle": etat,
        "ton": objet.ton,
        "url": objet.get_absolute_url(),
        "courante": False,
        "a_qui": a_qui,
        "fait": fait or not a_qui,
    }


def etapes(dossier):
    """Return the stages of a dossier in order; exactly one is current while it is open."""
    piste = dossier.piste_courante or Piste(None, None, None)
    plan = dossier.plan
    passage = dossier.passages[0] if dossier.passages else None
    enquete = dossier.enquetes[0] if dossier.enquetes else None
    suivi = dossier.suivis[0] if dossier.suivis else None
    lignes = [
        _etape("demande", "Demande et accueil", dossier.accompagnement.demande, fait=True),
        _etape("diagnostic", "Diagnostic partagé", dossier.diagnostic),
        _etape(
            "plan",
            "Plan",
            plan,
            fait=bool(plan) and plan.etat in (EtatPlan.VALIDE, EtatPlan.CLOS),
        ),
        _etape("comite", "Comité d'appui", passage, a_venir="Non inscrit"),
        _etape("consultation", "Consultation", piste.consultation),
        _etape("convention", "Convention", piste.convention),
        _etape("mission", "Mission", piste.mission),
        _etape("restitution", "Restitution", piste.restitution),
        _etape("enquete", "Satisfaction", enquete),
        _etape("suivi", "Suivi", suivi, fait=bool(suivi)),
    ]
    if dossier.accompagnement.etat == "ouvert":
        # The committee is advisory: a dossier never waits for it to move on.
        for ligne in lignes:
            if not ligne["fait"] and ligne["cle"] != "comite":
                ligne["courante"] = True
                break
    return lignes
