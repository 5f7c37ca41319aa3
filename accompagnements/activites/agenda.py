"""The agenda: everything of the chain that has a date, for a person or for her whole operator.

Nothing is typed here. Each source is scoped by `visibles_par`, then kept to the operator of the
rattachement: what others do never shows, even when a role may read further.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accompagnements import droits
from accompagnements.activites.models import Activite
from accompagnements.comites import agenda as comites
from accompagnements.comites.etats import Etat as EtatSeance
from accompagnements.comites.models import Seance
from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.consultations.models import Consultation
from accompagnements.demandes.etats import Etat as EtatDemande
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.missions.etats import OUVERTES
from accompagnements.missions.models import Mission, NoteMiParcours
from accompagnements.plans.models import Action, nom_de_la_structure
from accompagnements.restitutions.etats import Etat as EtatRestitution
from accompagnements.restitutions.models import Restitution
from accompagnements.suites.etats import EtatSuivi
from accompagnements.suites.models import Suivi
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role
from dla_portal.socle.agenda import RendezVous

PERSONNEL, OPERATEUR = "personnel", "operateur"
ONT_UN_AGENDA = (*sorted(roles.EQUIPE_OPERATEUR), roles.DlaRegional.code)
UN_JOUR = timedelta(days=1)
REUNION = timedelta(hours=2)  # nobody announces when a restitution ends
DERNIER_MOMENT = timedelta(minutes=30)  # before a deadline


def a_un_agenda(utilisateur):
    """Right: the teams which lead dossiers or animation."""
    return a_role(utilisateur, *ONT_UN_AGENDA)


@dataclass(frozen=True)
class Moment:
    """One date of the agenda. `nom` is for the page alone: no feed ever carries it."""

    cle: str
    genre: str
    reference: str
    nom: str
    debut: datetime | date
    fin: datetime | date  # excluded
    url: str
    version: int = 0

    @property
    def a_heure(self):
        """Has an hour; a whole day otherwise."""
        return isinstance(self.debut, datetime)

    @property
    def jour(self):
        """The day on which it begins, in Europe/Paris."""
        return timezone.localdate(self.debut) if self.a_heure else self.debut

    @property
    def dernier_jour(self):
        """The last day it covers."""
        if self.a_heure:
            return timezone.localdate(self.fin)
        return self.fin - UN_JOUR

    @property
    def rendez_vous(self):
        """The same as an appointment of a feed: its kind, its reference, its address."""
        return RendezVous(
            cle=self.cle,
            titre=" ".join(filter(None, (self.genre, self.reference))),
            debut=self.debut,
            fin=self.fin,
            url=self.url,
            version=self.version,
        )


@dataclass(frozen=True)
class Source:
    """Where dates come from: `lignes(utilisateur, portee)` in scope, `dates(objet)` of each row."""

    lignes: Callable
    dates: Callable


@dataclass(frozen=True)
class Periode:
    """Days asked, both included, and whether only what the person follows is wanted."""

    du: date
    au: date
    personnel: bool

    @property
    def instants(self):
        """The same as aware datetimes of Europe/Paris, both ends included."""
        debut = timezone.make_aware(datetime.combine(self.du, time.min))
        return debut, timezone.make_aware(datetime.combine(self.au, time.max))


def _de_ses_ingenieries(lignes, utilisateur, chemin):
    """Keep the rows of the engineerings of the dossiers that the person follows."""
    dossiers = Accompagnement.objects.filter(charge=utilisateur)
    siennes = Action.objects.filter(
        plan__accompagnement__in=dossiers.values("pk"), ingenierie__isnull=False
    )
    return lignes.filter(**{f"{chemin}__in": siennes.values("ingenierie")})


def _ingenieries(lignes, utilisateur, periode, chemin):
    """Rows hanging on an engineering, with the name of its structure."""
    if periode.personnel:
        lignes = _de_ses_ingenieries(lignes, utilisateur, chemin)
    return lignes.annotate(pour=nom_de_la_structure(chemin))


def _seances(utilisateur, periode):
    lignes = Seance.objects.visibles_par(utilisateur).exclude(etat=EtatSeance.ANNULEE)
    return lignes.filter(quand__range=periode.instants).select_related("operateur")


def _date_de_seance(seance):
    prevu = comites.rendez_vous(seance)
    genre = "Clôture du comité d'appui" if seance.electronique else "Comité d'appui"
    yield Moment(
        prevu.cle, genre, "", prevu.lieu, prevu.debut, prevu.fin, prevu.url, version=prevu.version
    )


def _accueils(utilisateur, periode):
    lignes = Demande.objects.visibles_par(utilisateur).filter(
        operateur=droits.operateur_de(utilisateur),
        etat=EtatDemande.ACCUEIL_PLANIFIE,
        accueil_prevu_le__range=(periode.du, periode.au),
    )
    if periode.personnel:
        lignes = lignes.filter(charge=utilisateur)
    return lignes.select_related("structure")


def _date_d_accueil(demande):
    yield _journee(
        demande,
        "accueil",
        "Accueil",
        demande.accueil_prevu_le,
        demande.structure.nom,
        demande.reference,
    )


def _journee(objet, cle, genre, le, nom, reference, version=None):
    """A date without hour."""
    return Moment(
        f"{cle}-{objet.pk}",
        genre,
        reference,
        nom or "",
        le,
        le + UN_JOUR,
        objet.get_absolute_url(),
        objet.version if version is None else version,
    )


def _consultations(utilisateur, periode):
    lignes = Consultation.objects.visibles_par(utilisateur).filter(
        etat=EtatConsultation.PUBLIEE, date_limite__range=periode.instants
    )
    return _ingenieries(lignes, utilisateur, periode, "ingenierie")


def _date_limite(consultation):
    yield Moment(
        f"consultation-{consultation.pk}",
        "Date limite de consultation",
        consultation.reference,
        consultation.pour or "",
        consultation.date_limite - DERNIER_MOMENT,
        consultation.date_limite,
        consultation.get_absolute_url(),
        consultation.version,
    )


def _missions(utilisateur, periode):
    """The open ones: their dates follow the avenants, so they are compared once read."""
    lignes = Mission.objects.visibles_par(utilisateur).filter(etat__in=OUVERTES)
    notes = NoteMiParcours.objects.filter(mission=OuterRef("pk"))
    lignes = _ingenieries(lignes, utilisateur, periode, "convention__ingenierie")
    lignes = lignes.annotate(notee=Exists(notes)).select_related("convention")
    return lignes.prefetch_related("convention__avenants")


def _dates_de_mission(mission):
    convention = mission.convention
    avenants = sum(avenant.version for avenant in convention.avenants.all())
    version = mission.version + convention.version + avenants
    if convention.fin_effective:
        yield _journee(
            mission,
            "mission-fin",
            "Fin de mission",
            convention.fin_effective,
            mission.pour,
            convention.reference,
            version,
        )
    if mission.mi_parcours_le and not mission.notee:
        yield _journee(
            mission,
            "mission-mi-parcours",
            "Note à mi-parcours attendue",
            mission.mi_parcours_le,
            mission.pour,
            convention.reference,
            version,
        )


def _restitutions(utilisateur, periode):
    lignes = Restitution.objects.visibles_par(utilisateur).filter(
        etat=EtatRestitution.RAPPORT_RECU, prevue_le__range=periode.instants
    )
    lignes = _ingenieries(lignes, utilisateur, periode, "mission__convention__ingenierie")
    return lignes.select_related("mission__convention")


def _date_de_restitution(restitution):
    yield Moment(
        f"restitution-{restitution.pk}",
        "Restitution",
        restitution.mission.convention.reference,
        restitution.pour or "",
        restitution.prevue_le,
        restitution.prevue_le + REUNION,
        restitution.get_absolute_url(),
        restitution.version,
    )


def _suivis(utilisateur, periode):
    lignes = Suivi.objects.visibles_par(utilisateur).filter(
        etat=EtatSuivi.PREVU, prevu_au__range=(periode.du, periode.au)
    )
    if periode.personnel:
        lignes = lignes.filter(accompagnement__charge=utilisateur)
    return lignes.select_related("accompagnement__structure")


def _date_de_suivi(suivi):
    dossier = suivi.accompagnement
    yield _journee(
        suivi,
        "suivi",
        "Suivi à faire au plus tard",
        suivi.prevu_au,
        dossier.structure.nom,
        dossier.reference,
    )


def _activites(utilisateur, periode):
    lignes = Activite.objects.visibles_par(utilisateur).inscrites()
    lignes = lignes.filter(operateur=droits.operateur_de(utilisateur))
    lignes = lignes.filter(Q(fin_le__gte=periode.du) | Q(fin_le=None, le__gte=periode.du))
    if periode.personnel:
        lignes = lignes.filter(porteur=utilisateur)
    return lignes.filter(le__lte=periode.au).select_related("nature")


def _date_d_activite(activite):
    jours = _journee(
        activite, "animation", str(activite.nature), activite.le, activite.titre, activite.reference
    )
    if activite.heure_debut is None:
        yield replace(jours, fin=activite.dernier_jour + UN_JOUR)
        return
    debut, fin = (
        timezone.make_aware(datetime.combine(le, heure))
        for le, heure in (
            (activite.le, activite.heure_debut),
            (activite.dernier_jour, activite.heure_fin),
        )
    )
    yield replace(jours, debut=debut, fin=fin)


SOURCES = (
    Source(_seances, _date_de_seance),
    Source(_accueils, _date_d_accueil),
    Source(_consultations, _date_limite),
    Source(_missions, _dates_de_mission),
    Source(_restitutions, _date_de_restitution),
    Source(_suivis, _date_de_suivi),
    Source(_activites, _date_d_activite),
)


def dates(utilisateur, du, au, *, vue=PERSONNEL, maximum=None):
    """Return the dates from `du` to `au` (both included), in order, `maximum` at most.

    As many queries whatever the dates are.
    """
    periode = Periode(du, au, personnel=vue == PERSONNEL)
    trouvees = [
        une
        for source in SOURCES
        for objet in source.lignes(utilisateur, periode)
        for une in source.dates(objet)
        if une.jour <= au and une.dernier_jour >= du
    ]
    trouvees.sort(key=_ordre)
    return trouvees[:maximum]


def _ordre(une):
    """By day, whole days first, then by hour."""
    return (une.jour, une.a_heure, une.debut if une.a_heure else datetime.min, une.genre, une.cle)
