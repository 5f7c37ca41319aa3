"""Where the tasks of "Aujourd'hui" come from: each `Source` is one query.

A deadline is counted in working days unless the field says otherwise (domaine.md Annex C).
"""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accompagnements import acteurs
from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.consultations.models import Consultation, Proposition
from accompagnements.consultations.questions import Question
from accompagnements.conventions.avenants import fin_en_vigueur
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.models import Convention
from accompagnements.demandes.etats import Etat as EtatDemande
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.models import Mission, NoteMiParcours
from accompagnements.parcours.sources_communes import (
    ACCUEILLIR,
    CHOISIR,
    DECIDER,
    RELANCER,
    Source,
    apres,
    de_consultations,
    de_conventions,
    de_mission,
    intitule,
)
from accompagnements.plans.etats import INGENIERIES
from accompagnements.plans.etats import Etat as EtatPlan
from accompagnements.plans.models import Action, Plan, nom_de_la_structure
from accompagnements.restitutions.etats import Etat as EtatRestitution
from accompagnements.restitutions.models import Restitution
from accompagnements.suites.etats import EtatSuivi
from accompagnements.suites.models import Enquete, Suivi
from dla_portal.socle import horloge


def _demandes(etat):
    return lambda u: Demande.objects.visibles_par(u).filter(etat=etat).select_related("structure")


def _sans_diagnostic(u):
    vivants = Diagnostic.objects.filter(accompagnement=OuterRef("pk")).exclude(
        etat=EtatDiagnostic.ABANDONNE
    )
    ouverts = Accompagnement.objects.visibles_par(u).ouverts().select_related("structure")
    return ouverts.filter(~Exists(vivants))


def _sans_plan(u):
    plans = Plan.objects.filter(accompagnement=OuterRef("accompagnement"))
    return _diagnostics(EtatDiagnostic.VALIDE)(u).filter(
        ~Exists(plans), accompagnement__etat="ouvert"
    )


def _diagnostics(etat):
    return lambda u: (
        Diagnostic.objects.visibles_par(u)
        .filter(etat=etat, accompagnement__etat="ouvert")
        .select_related("accompagnement__structure")
    )


def _plans(u):
    lignes = Plan.objects.visibles_par(u).filter(
        etat=EtatPlan.BROUILLON, accompagnement__etat="ouvert"
    )
    return lignes.select_related("accompagnement__structure")


def _sans_consultation(u):
    plans = Plan.objects.visibles_par(u).filter(etat=EtatPlan.VALIDE, accompagnement__etat="ouvert")
    vivantes = Consultation.objects.filter(ingenierie=OuterRef("ingenierie")).exclude(
        etat__in=[EtatConsultation.SANS_SUITE, EtatConsultation.INFRUCTUEUSE]
    )
    conventions = Convention.objects.filter(ingenierie=OuterRef("ingenierie"))
    actions = Action.objects.filter(
        plan__in=plans.values("pk"), genre__in=INGENIERIES, statut="prevue"
    )
    return actions.filter(~Exists(vivantes), ~Exists(conventions)).select_related(
        "plan__accompagnement__structure"
    )


def _infructueuses(u):
    """Those without any later consultation for the same engineering."""
    suivantes = Consultation.objects.filter(
        ingenierie=OuterRef("ingenierie"), pk__gt=OuterRef("pk")
    )
    return de_consultations(EtatConsultation.INFRUCTUEUSE)(u).filter(~Exists(suivantes))


def _a_ouvrir(u):
    return de_consultations(EtatConsultation.PUBLIEE)(u).filter(
        date_limite__lte=horloge.maintenant()
    )


def _questions(u):
    """Those whose answer may still help: the deadline has not passed."""
    lignes = Question.objects.visibles_par(u).filter(
        repondue_le=None,
        sollicitation__consultation__etat=EtatConsultation.PUBLIEE,
        sollicitation__consultation__date_limite__gt=horloge.maintenant(),
    )
    lignes = lignes.annotate(pour=nom_de_la_structure("sollicitation__consultation__ingenierie"))
    return lignes.select_related("sollicitation__consultation__ingenierie")


def _fin_des_questions(question):
    return timezone.localdate(question.sollicitation.consultation.questions_jusqu_au)


def _motifs_demandes(u):
    lignes = Proposition.objects.visibles_par(u).filter(
        motif_demande_le__isnull=False, motif_envoye_le=None
    )
    lignes = lignes.annotate(pour=nom_de_la_structure("consultation__ingenierie"))
    return lignes.select_related("consultation__ingenierie", "sollicitation__prestataire")


def _sans_convention(u):
    vivantes = Convention.objects.filter(ingenierie=OuterRef("ingenierie")).exclude(
        etat__in=[EtatConvention.ABANDONNEE, EtatConvention.RESILIEE]
    )
    return de_consultations(EtatConsultation.ATTRIBUEE)(u).filter(~Exists(vivantes))


def _sans_mission(u):
    missions = Mission.objects.filter(convention=OuterRef("pk"))
    return de_conventions(EtatConvention.SIGNEE)(u).filter(~Exists(missions))


def _missions(*etats):
    return lambda u: (
        Mission.objects.visibles_par(u)
        .filter(etat__in=etats)
        .annotate(
            pour=nom_de_la_structure("convention__ingenierie"),
            fin_prevue=fin_en_vigueur("convention"),
        )
        .select_related("convention__ingenierie")
        .prefetch_related("convention__avenants")
    )


def _note_due(u):
    notes = NoteMiParcours.objects.filter(mission=OuterRef("pk"))
    return _missions(EtatMission.EN_COURS)(u).filter(
        ~Exists(notes), fin_prevue__gte=horloge.aujourdhui()
    )


def _rapport_du(u):
    restitutions = Restitution.objects.filter(mission=OuterRef("pk"))
    return _missions(EtatMission.EN_COURS)(u).filter(
        ~Exists(restitutions), fin_prevue__lt=horloge.aujourdhui()
    )


def _restitutions(planifiees):
    return lambda u: (
        Restitution.objects.visibles_par(u)
        .filter(etat=EtatRestitution.RAPPORT_RECU, prevue_le__isnull=not planifiees)
        .annotate(pour=nom_de_la_structure("mission__convention__ingenierie"))
        .select_related("mission__convention__ingenierie")
    )


def _sans_enquete(u):
    enquetes = Enquete.objects.filter(restitution=OuterRef("pk"))
    lignes = Restitution.objects.visibles_par(u).filter(
        ~Exists(enquetes), tenue_le__isnull=False, reprise=False
    )
    lignes = lignes.annotate(pour=nom_de_la_structure("mission__convention__ingenierie"))
    return lignes.select_related("mission__convention__ingenierie")


def _suivis(u):
    lignes = Suivi.objects.visibles_par(u).filter(
        etat=EtatSuivi.PREVU, prevu_du__lte=horloge.aujourdhui()
    )
    return lignes.select_related("accompagnement__structure")


def _structure(objet):
    return str(objet.accompagnement.structure)


def _action(action):
    return f"{action.intitule} · {action.plan.accompagnement.structure}"


_C = acteurs.CHARGE
SOURCES = [
    Source("Accueillir", _C, _demandes(EtatDemande.NOUVELLE), apres("recue_le", ACCUEILLIR)),
    Source(
        "Tenir l'accueil",
        _C,
        _demandes(EtatDemande.ACCUEIL_PLANIFIE),
        lambda d: d.accueil_prevu_le,
    ),
    Source(
        "Décider de la suite", _C, _demandes(EtatDemande.ACCUEILLIE), apres("accueil_le", DECIDER)
    ),
    Source(
        "Commencer le diagnostic",
        _C,
        _sans_diagnostic,
        apres("ouvert_le", DECIDER),
        geste="diagnostic_commencer",
    ),
    Source(
        "Rédiger le diagnostic",
        _C,
        _diagnostics(EtatDiagnostic.EN_COURS),
        apres("entretien_le", 30),
        _structure,
    ),
    Source(
        "Relancer la structure : diagnostic à valider",
        _C,
        _diagnostics(EtatDiagnostic.SOUMIS),
        apres("soumis_le", RELANCER),
        _structure,
        si_echue=True,
    ),
    Source(
        "Préparer le plan",
        _C,
        _sans_plan,
        apres("valide_le", RELANCER),
        _structure,
        geste="plan_preparer",
    ),
    Source("Faire valider le plan", _C, _plans, apres("cree_le", RELANCER), _structure),
    Source(
        "Préparer la consultation",
        _C,
        _sans_consultation,
        apres("cree_le", 20),
        _action,
        geste="consultation_preparer",
    ),
    Source(
        "Répondre à une question",
        _C,
        _questions,
        _fin_des_questions,
        lambda q: f"{q.sollicitation.consultation.ingenierie.intitule} · {q.pour}",
        geste="question_repondre",
    ),
    Source("Ouvrir les propositions", _C, _a_ouvrir, apres("date_limite", 1), intitule),
    Source(
        "Choisir le prestataire",
        _C,
        de_consultations(EtatConsultation.EN_ANALYSE),
        apres("date_limite", CHOISIR),
        intitule,
    ),
    Source(
        "Relancer ou classer la consultation",
        _C,
        _infructueuses,
        apres("date_limite", DECIDER),
        intitule,
    ),
    Source(
        "Répondre à une demande de motif",
        _C,
        _motifs_demandes,
        apres("motif_demande_le", RELANCER),
        lambda p: f"{p.prestataire} · {p.pour}",
        geste="proposition_motif",
    ),
    Source(
        "Préparer la convention",
        _C,
        _sans_convention,
        apres("choix_le", DECIDER),
        intitule,
        geste="convention_preparer",
    ),
    Source(
        "Mettre la convention à la signature",
        _C,
        de_conventions(EtatConvention.BROUILLON),
        apres("cree_le", DECIDER),
        intitule,
    ),
    Source(
        "Relancer les signataires",
        _C,
        de_conventions(EtatConvention.EN_SIGNATURE),
        apres("envoyee_le", RELANCER),
        intitule,
        si_echue=True,
    ),
    Source("Tenir la réunion de lancement", _C, _sans_mission, apres("signee_le", 10), intitule),
    Source(
        "Décider de l'alerte",
        _C,
        _missions(EtatMission.EN_ALERTE, EtatMission.SUSPENDUE),
        lambda m: horloge.aujourdhui(),
        de_mission,
        cycle=lambda m: "",  # due each day: the same task from one day to the next
    ),
    Source(
        "Obtenir la note à mi-parcours",
        _C,
        _note_due,
        lambda m: m.mi_parcours_le,
        de_mission,
        si_echue=True,
    ),
    Source("Obtenir le rapport final", _C, _rapport_du, lambda m: m.fin_prevue, de_mission),
    Source(
        "Planifier la restitution",
        _C,
        _restitutions(planifiees=False),
        apres("rapport_recu_le", RELANCER),
        de_mission,
    ),
    Source(
        "Tenir la restitution",
        _C,
        _restitutions(planifiees=True),
        lambda r: timezone.localdate(r.prevue_le),
        de_mission,
    ),
    Source(
        "Envoyer l'enquête de satisfaction",
        _C,
        _sans_enquete,
        apres("tenue_le", DECIDER),
        de_mission,
    ),
    Source("Faire le suivi à 12–18 mois", _C, _suivis, lambda s: s.prevu_au, _structure),
]
