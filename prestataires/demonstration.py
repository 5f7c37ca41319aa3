"""Demonstration, second part: an invented register of about sixty prestataires in every state."""

from datetime import timedelta

from dla_portal.socle import horloge
from dla_portal.socle.demonstration import partie
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import Departement
from prestataires import transitions
from prestataires.models import Prestataire

NOMBRE = 60
PREMIERS = "Atelier Agence Cabinet Collectif Coopérative Maison Boussole Fabrique Passerelle Relais".split()
SECONDS = (
    "Trame Rivière Sillage Horizon Mosaïque Balise Cordée Levain Estran Garance Aubier Myrtille"
).split()


def siret_invente(rang):
    """Return a well-formed SIRET of a SIREN series that INSEE never gave (0000…)."""
    siren = f"0000{rang:04d}"
    siren += _cle(siren)
    nic = "0001"
    return siren + nic + _cle(siren + nic)


def _cle(chiffres):
    """Return the Luhn check digit to append to some digits."""
    somme = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        valeur = int(chiffre) * (2 if rang % 2 == 0 else 1)
        somme += valeur - 9 if valeur > 9 else valeur
    return str(-somme % 10)


@partie(20, "registre des prestataires")
def jouer(scene):
    """Create the register: most referenced, some to examine, to update, suspended, withdrawn."""
    listes = {nom: list(Terme.objects.de(nom)) for nom in ("thematique", "secteur", "reseau")}
    departements = list(Departement.objects.filter(region=scene.region))
    for rang in range(max(30, int(NOMBRE * scene.taille))):
        prestataire = _candidat(scene, rang, listes, departements)
        if rang % 15 != 14:
            scene.prestataires.append(_referencer(scene, prestataire))
    ans = horloge.maintenant() - timedelta(days=20)
    with horloge.voyage(ans):
        for prestataire, geste, motif in (
            (
                scene.prestataires[-1],
                transitions.suspendre,
                "Deux notes à mi-parcours jamais remises.",
            ),
            (scene.prestataires[-2], transitions.demander_mise_a_jour, ""),
            (
                scene.prestataires[-3],
                transitions.rendre_inactif,
                "Fiche sans réponse depuis un an.",
            ),
        ):
            geste(prestataire, par=scene.c2ra, **({"motif": motif} if motif else {}))
    scene.prestataires = scene.prestataires[:-3]
    _ecarter(scene)


def _ecarter(scene):
    """A candidacy is refused, a prestataire leaves the register."""
    candidat = Prestataire.objects.filter(etat="candidat").first()
    transitions.refuser(
        candidat, par=scene.c2ra, motif="Aucune référence auprès de structures de l'ESS."
    )
    partant = scene.prestataires.pop()
    transitions.retirer(partant, par=scene.c2ra, motif="Cessation d'activité.")


def _candidat(scene, rang, listes, departements):
    alea = scene.alea
    nom = f"{PREMIERS[rang % len(PREMIERS)]} {SECONDS[(rang * 5) % len(SECONDS)]}"
    if rang >= len(PREMIERS) * len(SECONDS) // 2:
        nom += " et associés"
    prestataire = Prestataire(
        siret=siret_invente(9000 + rang),
        nom=nom,
        statut=alea.choice(Prestataire.Statut.values[:5]),
        adresse=f"{rang + 1} rue des Tisserands",
        code_postal=f"{alea.choice(departements).pk}000",
        ville="Ville-Témoin",
        contact="Accueil du cabinet",
        email=f"prestataire{rang}@demo.example",
        telephone="04 00 00 00 00",
        presentation="Accompagnement de structures de l'économie sociale et solidaire.",
        tjm_ht=alea.choice([750, 800, 850, 900, 950]),
        vigilance_jusquau=horloge.aujourdhui() + timedelta(days=alea.randint(30, 170)),
        region=scene.region,
    )
    if prestataire.statut == "reseau":
        prestataire.reseau = alea.choice(listes["reseau"])
    quand = horloge.maintenant() - timedelta(days=365 * 3 if rang % 15 != 14 else 9)
    with horloge.voyage(quand):
        transitions.candidater(prestataire, par=scene.c2ra)
    prestataire.competences.set(alea.sample(listes["thematique"], 7))
    prestataire.secteurs.set(alea.sample(listes["secteur"], 6))
    prestataire.departements.set(alea.sample(departements, min(len(departements), 4)))
    return prestataire


def _referencer(scene, prestataire):
    quand = horloge.maintenant() - timedelta(days=365 * 3 - 10)
    with horloge.voyage(quand):
        fin = horloge.aujourdhui() + timedelta(days=365 * 3 + scene.alea.randint(60, 300))
        return transitions.referencer(prestataire, par=scene.c2ra, jusqu_au=fin)
