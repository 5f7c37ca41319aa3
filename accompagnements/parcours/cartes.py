"""Cards of the board: where a dossier stands, for how long, whose turn it is, what comes next.

The words and the deadlines are those of "Aujourd'hui" (`sources`): the board never says otherwise.
A fixed number of queries whatever the number of cards.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accompagnements import acteurs, droits
from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.consultations.models import Consultation
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.models import Convention
from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.parcours.courante import FERMEES, Etape
from accompagnements.parcours.sources import SOURCES
from accompagnements.parcours.sources_consultations import CAHIERS
from accompagnements.plans.models import Action, Plan
from accompagnements.restitutions.etats import Etat as EtatRestitution
from accompagnements.suites.models import Enquete
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ecart_ouvre

_SOURCES = {source.libelle: source for source in (*SOURCES, *CAHIERS)}


def _comme(libelle):
    """The task of "Aujourd'hui" of this name; a name that is no more fails at the start."""
    return _SOURCES[libelle]


# What comes next when the object of the stage is in this state (None: it is not there yet).
_SUITES = {
    (Etape.DIAGNOSTIC, None): _comme("Commencer le diagnostic"),
    (Etape.DIAGNOSTIC, EtatDiagnostic.EN_COURS): _comme("Rédiger le diagnostic"),
    (Etape.DIAGNOSTIC, EtatDiagnostic.SOUMIS): _comme(
        "Relancer la structure : diagnostic à valider"
    ),
    (Etape.PLAN, None): _comme("Préparer le plan"),
    (Etape.PLAN, "brouillon"): _comme("Faire valider le plan"),
    (Etape.CONSULTATION, None): _comme("Préparer la consultation"),
    (Etape.CONSULTATION, EtatConsultation.BROUILLON): _comme("Finir le cahier des charges"),
    (Etape.CONSULTATION, EtatConsultation.VALIDEE): _comme("Envoyer la consultation"),
    (Etape.CONSULTATION, EtatConsultation.EN_ANALYSE): _comme("Choisir le prestataire"),
    (Etape.CONSULTATION, EtatConsultation.INFRUCTUEUSE): _comme(
        "Relancer ou classer la consultation"
    ),
    (Etape.CONVENTION, None): _comme("Préparer la convention"),
    (Etape.CONVENTION, EtatConvention.BROUILLON): _comme("Mettre la convention à la signature"),
    (Etape.CONVENTION, EtatConvention.EN_SIGNATURE): _comme("Relancer les signataires"),
    (Etape.MISSION, None): _comme("Tenir la réunion de lancement"),
    (Etape.MISSION, EtatMission.EN_COURS): _comme("Obtenir le rapport final"),
    (Etape.MISSION, EtatMission.EN_ALERTE): _comme("Décider de l'alerte"),
    (Etape.MISSION, EtatMission.SUSPENDUE): _comme("Décider de l'alerte"),
    (Etape.RESTITUTION, EtatRestitution.RAPPORT_RECU): _comme("Planifier la restitution"),
    (Etape.ENQUETE, None): _comme("Envoyer l'enquête de satisfaction"),
}
# The others have nothing to do but to be looked at.
_VOIR = {
    Etape.DIAGNOSTIC: "Voir le diagnostic",
    Etape.PLAN: "Voir le plan",
    Etape.CONSULTATION: "Voir la consultation",
    Etape.CONVENTION: "Voir la convention",
    Etape.MISSION: "Voir la mission",
    Etape.RESTITUTION: "Voir les factures et le solde",
    Etape.ENQUETE: "Voir l'enquête",
}


@dataclass(frozen=True)
class Place:
    """Where a dossier stands, as the database told it."""

    pk: int
    etape: str
    piste: int | None
    depuis: date

    @property
    def jours(self):
        """Days since it came there."""
        return max((horloge.aujourdhui() - self.depuis).days, 0)


def places(lignes):
    """Places of the rows of `courante.avec_etape` and `courante.depuis`, the oldest first."""
    lues = lignes.order_by().values_list(
        "pk", "etape", "piste", "change_le", "piste_change_le", "ouvert_le"
    )
    trouvees = []
    for pk, etape, piste, change, piste_change, ouvert_le in lues:
        dates = [quand for quand in (change, piste_change) if quand]
        jour = timezone.localdate(max(dates)) if dates else ouvert_le
        trouvees.append(Place(pk, etape, piste, jour))
    return sorted(trouvees, key=lambda place: (place.depuis, place.pk))


@dataclass(frozen=True)
class Carte:
    """One card."""

    place: Place
    dossier: Accompagnement
    etat: str
    ton: str
    a_qui: str
    geste: dict | None  # {"libelle", "url"}; None when the reader leads nothing there
    retard: str  # in words, "" when on time


class _Objets:
    """The objects of the stages of some dossiers, the latest of each."""

    def __init__(self, places_montrees):
        cles = [place.pk for place in places_montrees]
        pistes = [place.piste for place in places_montrees if place.piste]
        vivants = Diagnostic.objects.exclude(etat=EtatDiagnostic.ABANDONNE)
        self.diagnostics = _par(vivants.filter(accompagnement__in=cles), "accompagnement_id")
        self.plans = _par(Plan.objects.filter(accompagnement__in=cles), "accompagnement_id")
        self.enquetes = _par(Enquete.objects.filter(accompagnement__in=cles), "accompagnement_id")
        self.consultations = _par(
            Consultation.objects.filter(ingenierie__in=pistes), "ingenierie_id"
        )
        self.conventions = _par(
            Convention.objects.exclude(etat=EtatConvention.ABANDONNEE)
            .filter(ingenierie__in=pistes)
            .select_related("mission__restitution")
            .prefetch_related("avenants", "mission__notes"),
            "ingenierie_id",
        )
        self.actions = _par(Action.objects.filter(ingenierie__in=pistes), "ingenierie_id")

    def du_stade(self, place, dossier):
        """(object of the stage or None, what tells its deadline: itself or what it is born of)."""
        diagnostic, plan = self.diagnostics.get(place.pk), self.plans.get(place.pk)
        consultation = self.consultations.get(place.piste)
        convention = self.conventions.get(place.piste)
        mission = getattr(convention, "mission", None) if convention else None
        restitution = getattr(mission, "restitution", None) if mission else None
        if mission:
            mission.fin_prevue = convention.fin_effective
        objet, origine = {
            Etape.DIAGNOSTIC: (diagnostic, dossier),
            Etape.PLAN: (plan, diagnostic),
            Etape.CONSULTATION: (consultation, self.actions.get(place.piste)),
            Etape.CONVENTION: (convention, consultation),
            Etape.MISSION: (mission, convention),
            Etape.RESTITUTION: (restitution, mission),
            Etape.ENQUETE: (self.enquetes.get(place.pk), restitution),
        }.get(place.etape, (dossier, dossier))
        return objet, objet or origine


def _par(lignes, champ):
    """{value of the field: its latest row}."""
    return {getattr(ligne, champ): ligne for ligne in lignes.order_by("pk")}


def cartes(dossiers, places_montrees, utilisateur):
    """Return the Carte of each place, in the same order; `dossiers` is the scoped queryset."""
    lus = dossiers.select_related("structure", "charge").in_bulk([p.pk for p in places_montrees])
    objets = _Objets(places_montrees)
    return [_carte(place, lus[place.pk], objets, utilisateur) for place in places_montrees]


def _carte(place, dossier, objets, utilisateur):
    objet, sujet = objets.du_stade(place, dossier)
    suite = None if place.etape in FERMEES else _suite(place.etape, objet)
    echeance = suite.echeance(sujet) if suite else None
    aujourdhui = horloge.aujourdhui()
    due = echeance is not None and echeance < aujourdhui
    a_qui = (objet or dossier).responsable
    return Carte(
        place=place,
        dossier=dossier,
        etat=_en_mots(objet),
        ton=objet.ton if objet else "attente",
        a_qui="" if a_qui == acteurs.PERSONNE else a_qui,
        geste=_geste(place.etape, suite, objet, sujet, due, _droits(utilisateur, dossier)),
        retard=_retard(echeance, aujourdhui) if due else "",
    )


def _en_mots(objet):
    if objet is None:
        return "À commencer"
    return getattr(objet, "etat_en_mots", None) or objet.get_etat_display()


def _retard(echeance, aujourdhui):
    jours = ecart_ouvre(echeance, aujourdhui)
    if not jours:  # it fell on a day off
        return "Échéance passée"
    return f"En retard de {jours} jour{'s' if jours > 1 else ''} ouvré{'s' if jours > 1 else ''}"


def _suite(etape, objet):
    """What "Aujourd'hui" asks for, or None when somebody else has the pen."""
    etat = objet.etat if objet else None
    if etape == Etape.CONSULTATION and objet:
        if etat == EtatConsultation.BROUILLON and objet.validation_demandee_le:
            return _comme("Relancer la structure : cahier des charges à valider")
        if etat == EtatConsultation.PUBLIEE and objet.limite_passee:
            return _comme("Ouvrir les propositions")
    if etape == Etape.MISSION and etat == EtatMission.EN_COURS:
        fini = objet.fin_prevue is not None and objet.fin_prevue < horloge.aujourdhui()
        # Asked for at half of the dates; once the end has come, only the report is.
        return _comme("Obtenir le rapport final") if fini else _note(objet)
    if etape == Etape.RESTITUTION and etat == EtatRestitution.RAPPORT_RECU and objet.prevue_le:
        return _comme("Tenir la restitution")
    return _SUITES.get((etape, etat))


def _note(mission):
    return None if mission.notes.all() else _comme("Obtenir la note à mi-parcours")


def _droits(utilisateur, dossier):
    instruit = bool(droits.instruit(utilisateur, dossier))
    return instruit, instruit or bool(droits.suit(utilisateur, dossier))


# Whose page holds what only those who accompany may read.
_CONFIDENTIELLES = (Etape.DIAGNOSTIC, Etape.ENQUETE)
_CLES = {"plan_preparer": "accompagnement_id", "consultation_preparer": "ingenierie_id"}


def _geste(etape, suite, objet, sujet, due, permis):
    """The one gesture of a card, as its label and its address; None when there is none to make."""
    instruit, suit = permis
    if not suit or etape in FERMEES or (etape in _CONFIDENTIELLES and not instruit):
        return None
    if etape == Etape.A_CLORE:
        adresse = reverse("accompagnements:dossier_geste", args=[objet.pk, "clore"])
        return {"libelle": "Clore l'accompagnement", "url": adresse} if instruit else None
    if instruit and suite and (due or not suite.si_echue):
        return {"libelle": suite.libelle, "url": _adresse(suite, sujet)}
    return {"libelle": _VOIR[etape], "url": objet.get_absolute_url()} if objet else None


def _adresse(suite, sujet):
    if not suite.geste:
        return sujet.get_absolute_url()
    cle = getattr(sujet, _CLES.get(suite.geste, "pk"))
    return reverse(f"accompagnements:{suite.geste}", args=[cle])
