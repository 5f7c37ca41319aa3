"""The clock and the people of one dossier of the demonstration."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta

from django.utils import timezone

from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ouvre


class Aujourdhui(Exception):
    """The dossier has reached the present: it stays where it is."""


PV_GARDES = 21  # days


class Recit:
    """Advances day by day from the request; every gesture happens on a working day at ten."""

    def __init__(self, scene, operateur, recue_le):
        self.scene, self.alea = scene, scene.alea
        self.operateur = operateur
        equipe = scene.equipes[operateur.pk]
        self.charge = scene.alea.choice(equipe["charge_mission"])
        self.responsable = equipe["responsable"][0]
        self.gestionnaire = equipe["gestionnaire"][0]
        self.jour = recue_le
        self.fin = horloge.aujourdhui()

    def attendre(self, au_moins, au_plus):
        """Let some days pass, then land on a working day; raise Aujourdhui when in the future."""
        self.jour += timedelta(days=self.alea.randint(au_moins, au_plus))
        while not ouvre(self.jour):
            self.jour += timedelta(days=1)
        if self.jour > self.fin:
            raise Aujourdhui

    @property
    def garde_les_pv(self):
        """The minutes of the latest days are kept as files; the older ones take too long to draw."""
        return self.jour >= self.fin - timedelta(days=PV_GARDES)

    def nombre_de_prestataires(self):
        """How many are asked in a consultation."""
        return self.alea.choice((3, 3, 3, 4, 2))

    def repond_a_l_enquete(self):
        """Four structures in five answer."""
        return self.alea.random() < 0.8

    @contextmanager
    def geste(self, au_moins=0, au_plus=0, heure=10):
        """Play what the block does at the hour of the day reached after the wait."""
        self.attendre(au_moins, au_plus)
        with horloge.voyage(a_l_heure(self.jour, heure)):
            yield self.jour


def a_l_heure(jour, heure):
    """Return the aware datetime of a day at some hour of Europe/Paris."""
    return timezone.make_aware(datetime.combine(jour, time(heure)))
