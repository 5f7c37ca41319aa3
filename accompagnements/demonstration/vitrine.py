"""One dossier stopped at each step of the chain, this week: what makes « Aujourd'hui » alive.

The bulk of the story depends on the day it is played; these dossiers do not: whatever the day,
every state of the ordinary course has an object which has just reached it.
"""

from datetime import timedelta

from django.db import transaction

from accompagnements.demonstration import histoire
from accompagnements.demonstration.recit import Aujourdhui, Recit
from accompagnements.structures.demonstration import Annuaire
from dla_portal.socle import horloge
from dla_portal.socle.demonstration import partie
from prestataires.demonstration import siret_invente

DEPARTEMENTS = ("04", "13")  # the first one is that of the accounts printed by `make run`
AUTRES_FINS = ("orientee", "non_eligible", "sans_suite", "sans_plan", "infructueuse")
A_L_ATTENTE = 4  # gestures up to the waiting list
TOUS = 10_000
RECUL = 700  # days: longer than any course


class RecitCompte(Recit):
    """A dossier which stops after some gestures; it never waits longer than it must."""

    def __init__(self, scene, operateur, recue_le, gestes):
        super().__init__(scene, operateur, recue_le)
        self.charge = scene.equipes[operateur.pk]["charge_mission"][0]
        self.gestes = gestes
        self.coupe = False  # the present came before the last gesture
        self.jalons = []  # day reached after each gesture

    def attendre(self, au_moins, au_plus):
        """Wait the least possible; raise Aujourdhui when no gesture is left."""
        if self.gestes == 0:
            raise Aujourdhui
        self.gestes -= 1
        try:
            super().attendre(au_moins, au_moins)
        except Aujourdhui:
            self.coupe = True
            raise
        self.jalons.append(self.jour)

    def nombre_de_prestataires(self):
        """Always three: the same number of gestures leads to the same step."""
        return 3

    def repond_a_l_enquete(self):
        """Always, for the same reason."""
        return True


class _Defaire(Exception):
    """Undoes a dossier played to be measured, or cut short."""


@partie(33, "un dossier à chaque étape")
def jouer(scene):
    """Play one dossier per step of the chain in two departments, and one in the waiting list."""
    annuaire = Annuaire(scene, siret_invente, debut=7000)
    for operateur in scene.operateurs:
        departement = operateur.departements.get().pk
        if departement not in DEPARTEMENTS:
            continue
        for gestes, duree in enumerate(_durees(scene, annuaire, operateur), 1):
            _un_dossier(scene, annuaire, operateur, "ingenierie", gestes, duree)
        _un_dossier(scene, annuaire, operateur, "attente", A_L_ATTENTE)
        for destin in AUTRES_FINS:
            _un_dossier(scene, annuaire, operateur, destin, TOUS)


def _durees(scene, annuaire, operateur):
    """How long each gesture comes after the request, in a dossier which goes to the end."""
    depart = horloge.aujourdhui() - timedelta(days=RECUL)
    recit = RecitCompte(scene, operateur, depart, TOUS)
    depart = recit.jour
    _essayer(recit, annuaire, "ingenierie", garder=False)
    return [jalon - depart for jalon in recit.jalons[:-1]]


def _essayer(recit, annuaire, destin, *, garder):
    """Play a dossier; undo it unless it is to be kept and was not cut short by the present."""
    departement = recit.operateur.departements.get().pk
    try:
        with transaction.atomic():
            histoire.jouer_dossier(recit, annuaire.inventer(departement), destin)
            if recit.coupe or not garder:
                raise _Defaire
    except _Defaire:
        return


def _un_dossier(scene, annuaire, operateur, destin, gestes, duree=None):
    """Play one dossier which reaches its last gesture in these days.

    `duree` is the time it takes, found by a first try far in the past when it is not given;
    week-ends and public holidays may then ask for some more.
    """
    aujourdhui = horloge.aujourdhui()
    hasard = scene.alea.getstate()
    if duree is None:
        recit = RecitCompte(scene, operateur, aujourdhui - timedelta(days=RECUL), gestes)
        depart = recit.jour
        _essayer(recit, annuaire, destin, garder=False)
        duree = recit.jour - depart
    coupe = True
    while coupe:
        duree += timedelta(days=1)
        scene.alea.setstate(hasard)
        recit = RecitCompte(scene, operateur, aujourdhui - duree, gestes)
        _essayer(recit, annuaire, destin, garder=True)
        coupe = recit.coupe
