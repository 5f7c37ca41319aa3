"""What arrived by the public page this week: one to confirm, one shared, one taken, one routed,
one from a region without operator."""

from datetime import timedelta

from accompagnements.demandes import reception
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demonstration.recit import a_l_heure
from dla_portal.socle import horloge
from dla_portal.socle.demonstration import partie
from dla_portal.territoires.models import Commune, Departement, Mandat, OperateurDLA

DEPARTEMENT, VOISIN = 0, 1  # ranks of two operators: the second one replaces the first a while
BESOINS = (
    ("Les Ateliers de la Durance", "Nos ventes ne couvrent plus les salaires."),
    ("Coopérative du Plateau", "Deux salariées arrivent : comment nous organiser ?"),
    ("Maison commune des Vallons", "Le conseil se renouvelle et cherche son projet."),
    ("Recyclerie du Verdon", "Nous voulons ouvrir un second lieu."),
    ("Les Jardins du large", "Nous cherchons qui peut nous aider, loin de tout."),
)


def _envoyer(scene, rang, jours, departement=None):
    """Send one request so many days ago; return it with the hour at which it was sent."""
    nom, besoin = BESOINS[rang]
    departement = departement or scene.operateurs[DEPARTEMENT].departements_couverts().first()
    commune = Commune.objects.filter(departement=departement).order_by("-population", "pk").first()
    quand = a_l_heure(horloge.aujourdhui() - timedelta(days=jours), 8)
    with horloge.voyage(quand):
        en_ligne = reception.recevoir(
            DemandeEnLigne(
                origine=DemandeEnLigne.Origine.STRUCTURE,
                structure_nom=nom,
                commune=commune,
                departement=departement,
                objet=besoin,
                nom="Présidence de la structure",
                courriel=f"presidence{rang}@structure.demo.example",
            ),
            adresse=f"192.0.2.{rang}",
        )
    return en_ligne, quand


@partie(37, "demandes en ligne")
def jouer(scene):
    """The neighbour replaces the operator for one day, when two requests are confirmed."""
    _envoyer(scene, 0, 0)
    directe, quand = _envoyer(scene, 1, 1)
    with horloge.voyage(quand + timedelta(minutes=20)):
        reception.confirmer(directe)
    _partager(scene)
    _loin_de_tout(scene)


def _loin_de_tout(scene):
    """Where no operator works, the DLA régional or the administrator says to whom it goes."""
    servies = OperateurDLA.objects.values("region")
    ailleurs = Departement.objects.exclude(region__in=servies).filter(commune__isnull=False)
    en_ligne, quand = _envoyer(scene, 4, 1, ailleurs.order_by("-pk").first())
    with horloge.voyage(quand + timedelta(minutes=20)):
        reception.confirmer(en_ligne)


def _partager(scene):
    jour = horloge.aujourdhui() - timedelta(days=2)
    premier, voisin = scene.operateurs[DEPARTEMENT], scene.operateurs[VOISIN]
    departement = premier.departements_couverts().first()
    Mandat.objects.create(operateur=voisin, departement=departement, debut=jour, fin=jour)
    for rang in (2, 3):
        en_ligne, quand = _envoyer(scene, rang, 2)
        with horloge.voyage(quand + timedelta(minutes=20)):
            reception.confirmer(en_ligne)
    with horloge.voyage(quand + timedelta(hours=2)):
        reception.prendre(en_ligne, par=scene.equipes[premier.pk]["charge_mission"][0])
