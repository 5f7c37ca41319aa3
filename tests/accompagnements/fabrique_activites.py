"""Time and animation activities, entered by the real transitions."""

from datetime import timedelta

from accompagnements.activites import transitions
from accompagnements.activites.models import Activite, Temps
from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme


def terme(liste, code):
    """One term of a nomenclature."""
    return Terme.objects.get(liste=liste, code=code)


def un_temps(personne, *, minutes=90, jours=1, nature="autre", par=None, **champs):
    """A line of time of a person, `jours` days ago; off any dossier unless `demande` is given."""
    champs.setdefault("le", horloge.aujourdhui() - timedelta(days=jours))
    champs.setdefault("operateur", personne.rattachement.operateur)
    temps = Temps(personne=personne, minutes=minutes, nature=terme("temps", nature), **champs)
    return transitions.noter(temps, par=par or personne)


def une_activite(personne, *, jours=5, nature="matinale", **champs):
    """An activity of the register of a person, `jours` days from now."""
    operateur = personne.rattachement.operateur
    region = operateur.region if operateur else personne.rattachement.region
    champs.setdefault("titre", "Matinale des employeurs")
    champs.setdefault("le", horloge.aujourdhui() + timedelta(days=jours))
    champs.setdefault("porteur", personne)
    activite = Activite(
        operateur=operateur, region=region, nature=terme("animation", nature), **champs
    )
    return transitions.inscrire(activite, par=personne)
