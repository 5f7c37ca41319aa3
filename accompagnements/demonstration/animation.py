"""The time of the last weeks and a year of animation, so that the agenda and the totals live."""

import random
from datetime import time, timedelta

from accompagnements.activites import transitions
from accompagnements.activites.models import Activite, Temps
from accompagnements.activites.regles import dossiers_a_noter
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.demonstration import GRAINE, partie
from dla_portal.socle.nomenclatures import Terme

# (kind, title, days from today, people registered, people who came)
ANIMATIONS = (
    ("matinale", "Matinale : recruter son premier salarié", -320, 25, 21),
    ("webinaire", "Webinaire : lire un compte de résultat", -210, 60, 43),
    ("visite", "Visite d'une ressourcerie et de ses ateliers", -120, None, 9),
    ("reunion", "Le DLA, pour qui, pour quoi ?", -45, 30, 34),
    ("matinale", "Matinale : mutualiser un emploi", -12, 22, 18),
    ("technique", "Groupe de travail : l'emploi dans la culture", 9, 12, None),
    ("webinaire", "Webinaire : préparer un renouvellement de direction", 24, 40, None),
    ("visite", "Visite d'un tiers-lieu nourricier", 40, None, None),
)
REGIONALES = (
    ("inter_dla", "Réunion inter-DLA de printemps", -150, None, 16),
    ("cafe", "Café des prestataires", -30, 20, 17),
    ("inter_dla", "Réunion inter-DLA : cahiers des charges collectifs", 16, None, None),
    ("evenement", "Rencontre régionale avec les fondations", 60, 50, None),
)
NATURES = ("accueil", "diagnostic", "parcours", "ingenierie", "expertise", "suivi")
DUREES = (30, 45, 60, 90, 120, 180)  # minutes
JOURS = 12  # working days of time


@partie(38, "temps passé et animations")
def jouer(scene):
    """Own random source: the rest of the story stays as it was."""
    alea = random.Random(GRAINE)
    termes = {(terme.liste, terme.code): terme for terme in Terme.objects.all()}
    for operateur in scene.operateurs:
        equipe = scene.equipes[operateur.pk]
        for personne in (*equipe["charge_mission"], *equipe["responsable"]):
            _noter(alea, termes, operateur, personne)
        _animer(alea, termes, ANIMATIONS, operateur, operateur.region, equipe["charge_mission"][0])
    regional = scene.c2ra.rattachement
    _animer(alea, termes, REGIONALES, regional.operateur, regional.region, scene.c2ra)


def _noter(alea, termes, operateur, personne):
    demandes = list(dossiers_a_noter(personne)[:6])
    for recul in range(1, JOURS + 1):
        le = ajouter_jours_ouvres(horloge.aujourdhui(), -recul)
        for _ in range(alea.randint(1, 3)):
            demande = alea.choice([*demandes, None])
            code = alea.choice(NATURES) if demande else alea.choice(("animation", "autre"))
            temps = transitions.noter(
                Temps(
                    operateur=operateur,
                    personne=personne,
                    demande=demande,
                    nature=termes["temps", code],
                    le=le,
                    minutes=alea.choice(DUREES),
                ),
                par=personne,
            )
    transitions.retirer(temps, par=personne, motif="Noté aussi par une collègue")


def _animer(alea, termes, animations, operateur, region, porteur):
    for code, titre, jours, inscrits, presents in animations:
        decalage = jours + alea.randint(0, 3)
        activite = transitions.inscrire(
            Activite(
                operateur=operateur,
                region=region,
                nature=termes["animation", code],
                titre=titre,
                le=ajouter_jours_ouvres(horloge.aujourdhui() + timedelta(days=decalage), 1),
                heure_debut=time(9),
                heure_fin=time(12),
                format="visio" if code == "webinaire" else "presentiel",
                lieu="" if code == "webinaire" else "Maison des associations",
                porteur=porteur,
                inscrits=inscrits,
                presents=presents if decalage < 0 else None,
                structures=presents // 2 if presents and decalage < 0 else None,
            ),
            par=porteur,
        )
    transitions.annuler(activite, par=porteur, motif="Reportée à une date plus commode")
