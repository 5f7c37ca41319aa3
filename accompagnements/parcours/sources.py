"""Where the tasks of "Aujourd'hui" come from: each `Source` is one query.

A deadline is counted in working days unless the field says otherwise (domaine.md Annex C).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accompagnements import acteurs
from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.consultations.models import Consultation, Proposition
from accompagnements.conventions.avenants import fin_en_vigueur
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.models import Convention
from accompagnements.demandes.etats import Etat as EtatDemande
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.models import Mission, NoteMiParcours
from accompagnements.plans.etats import INGENIERIES
from accompagnements.plans.etats import Etat as EtatPlan
from accompagnements.plans.models import Action, Plan, nom_de_la_structure
from accompagnements.restitutions.etats import Etat as EtatRestitution
from accompagnements.restitutions.models import Restitution
from accompagnements.suites.etats import EtatSuivi
from accompagnements.suites.models import Enquete, Suivi
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres

# Delays in working days (I: no published value, W23: 20 days at most for the choice).
ACCUEILLIR, DECIDER, RELANCER, CHOISIR = 10, 5, 10, 14


@dataclass(frozen=True)
class Source:
    """Where tasks come from: rows of a scoped queryset and the sentence they make."""

    libelle: str
    acteur: str
    lignes: Callable
    echeance: Callable
    nom: Callable = str
    geste: str = ""  # name of the address which does it, when the page of the row does not
    si_echue: bool = False  # shown from its deadline on: until then somebody else has the pen


def _apres(champ, jours_ouvres):
    """Deadline: so many working days after a date or datetime field."""

    def calculer(objet):
        valeur = getattr(objet, champ)
        if valeur is None:
            return None
        jour = timezone.localdate(valeur) if hasattr(valeur, "hour") else valeur
        return ajouter_jours_ouvres(jour, jours_ouvres)

    return calculer


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


def _consultations(*etats):
    return lambda u: (
        Consultation.objects.visibles_par(u)
        .filter(etat__in=etats)
        .annotate(pour=nom_de_la_structure("ingenierie"))
        .select_related("ingenierie")
    )


def _infructueuses(u):
    """Those without any later consultation for the same engineering."""
    suivantes = Consultation.objects.filter(
        ingenierie=OuterRef("ingenierie"), pk__gt=OuterRef("pk")
    )
    return _consultations(EtatConsultation.INFRUCTUEUSE)(u).filter(~Exists(suivantes))


def _a_ouvrir(u):
    return _consultations(EtatConsultation.PUBLIEE)(u).filter(date_limite__lte=horloge.maintenant())


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
    return _consultations(EtatConsultation.ATTRIBUEE)(u).filter(~Exists(vivantes))


def _conventions(*etats):
    return lambda u: (
        Convention.objects.visibles_par(u)
        .filter(etat__in=etats)
        .annotate(pour=nom_de_la_structure("ingenierie"))
        .select_related("ingenierie")
    )


def _sans_mission(u):
    missions = Mission.objects.filter(convention=OuterRef("pk"))
    return _conventions(EtatConvention.SIGNEE)(u).filter(~Exists(missions))


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


def _restitutions(u):
    lignes = Restitution.objects.visibles_par(u).filter(etat=EtatRestitution.RAPPORT_RECU)
    lignes = lignes.annotate(pour=nom_de_la_structure("mission__convention__ingenierie"))
    return lignes.select_related("mission__convention__ingenierie")


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


def _intitule(objet):
    return f"{objet.ingenierie.intitule} · {objet.pour}"


def _de_mission(objet):
    mission = getattr(objet, "mission", objet)
    return f"{mission.convention.ingenierie.intitule} · {objet.pour}"


_C, _G = acteurs.CHARGE, acteurs.GESTION
_BROUILLONS = (EtatConsultation.BROUILLON, EtatConsultation.VALIDEE)
SOURCES = [
    Source("Accueillir", _C, _demandes(EtatDemande.NOUVELLE), _apres("recue_le", ACCUEILLIR)),
    Source(
        "Tenir l'accueil",
        _C,
        _demandes(EtatDemande.ACCUEIL_PLANIFIE),
        lambda d: d.accueil_prevu_le,
    ),
    Source(
        "Décider de la suite", _C, _demandes(EtatDemande.ACCUEILLIE), _apres("accueil_le", DECIDER)
    ),
    Source(
        "Commencer le diagnostic",
        _C,
        _sans_diagnostic,
        _apres("ouvert_le", DECIDER),
        geste="diagnostic_commencer",
    ),
    Source(
        "Rédiger le diagnostic",
        _C,
        _diagnostics(EtatDiagnostic.EN_COURS),
        _apres("entretien_le", 30),
        _structure,
    ),
    Source(
        "Relancer la structure : diagnostic à valider",
        _C,
        _diagnostics(EtatDiagnostic.SOUMIS),
        _apres("soumis_le", RELANCER),
        _structure,
        si_echue=True,
    ),
    Source(
        "Préparer le plan",
        _C,
        _sans_plan,
        _apres("valide_le", RELANCER),
        _structure,
        geste="plan_preparer",
    ),
    Source("Faire valider le plan", _C, _plans, _apres("cree_le", RELANCER), _structure),
    Source(
        "Préparer la consultation",
        _C,
        _sans_consultation,
        _apres("cree_le", 20),
        _action,
        geste="consultation_preparer",
    ),
    Source(
        "Finir le cahier des charges",
        _C,
        _consultations(*_BROUILLONS),
        _apres("cree_le", RELANCER),
        _intitule,
    ),
    Source("Ouvrir les propositions", _C, _a_ouvrir, _apres("date_limite", 1), _intitule),
    Source(
        "Choisir le prestataire",
        _C,
        _consultations(EtatConsultation.EN_ANALYSE),
        _apres("date_limite", CHOISIR),
        _intitule,
    ),
    Source(
        "Relancer ou classer la consultation",
        _C,
        _infructueuses,
        _apres("date_limite", DECIDER),
        _intitule,
    ),
    Source(
        "Répondre à une demande de motif",
        _C,
        _motifs_demandes,
        _apres("motif_demande_le", RELANCER),
        lambda p: f"{p.prestataire} · {p.pour}",
        geste="proposition_motif",
    ),
    Source(
        "Préparer la convention",
        _C,
        _sans_convention,
        _apres("choix_le", DECIDER),
        _intitule,
        geste="convention_preparer",
    ),
    Source(
        "Mettre la convention à la signature",
        _C,
        _conventions(EtatConvention.BROUILLON),
        _apres("cree_le", DECIDER),
        _intitule,
    ),
    Source(
        "Relancer les signataires",
        _C,
        _conventions(EtatConvention.EN_SIGNATURE),
        _apres("envoyee_le", RELANCER),
        _intitule,
        si_echue=True,
    ),
    Source("Tenir la réunion de lancement", _C, _sans_mission, _apres("signee_le", 10), _intitule),
    Source(
        "Décider de l'alerte",
        _C,
        _missions(EtatMission.EN_ALERTE, EtatMission.SUSPENDUE),
        lambda m: horloge.aujourdhui(),
        _de_mission,
    ),
    Source(
        "Obtenir la note à mi-parcours",
        _C,
        _note_due,
        lambda m: m.mi_parcours_le,
        _de_mission,
        si_echue=True,
    ),
    Source("Obtenir le rapport final", _C, _rapport_du, lambda m: m.fin_prevue, _de_mission),
    Source(
        "Tenir la restitution", _C, _restitutions, _apres("rapport_recu_le", RELANCER), _de_mission
    ),
    Source(
        "Envoyer l'enquête de satisfaction",
        _C,
        _sans_enquete,
        _apres("tenue_le", DECIDER),
        _de_mission,
    ),
    Source("Faire le suivi à 12–18 mois", _C, _suivis, lambda s: s.prevu_au, _structure),
]
