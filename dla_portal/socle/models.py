"""Tables of the socle, each defined beside the mechanism that owns it."""

from dla_portal.socle.brouillons import Brouillon
from dla_portal.socle.codes import Code
from dla_portal.socle.courriels import Courriel
from dla_portal.socle.envois import Envoi
from dla_portal.socle.etats import Evenement
from dla_portal.socle.fichiers import Fichier
from dla_portal.socle.jetons import Jeton
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.references import Compteur
from dla_portal.socle.vues_de_liste import PreferenceListe, VueListe

__all__ = [
    "Brouillon",
    "Code",
    "Compteur",
    "Courriel",
    "Envoi",
    "Evenement",
    "Fichier",
    "Jeton",
    "PreferenceListe",
    "Terme",
    "VueListe",
]
