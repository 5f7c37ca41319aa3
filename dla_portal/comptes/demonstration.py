"""Demonstration, first part: six departmental operators, a regional one, and their people.

Names of people and operators are invented; the region and its departments are real.
"""

from datetime import date

from dla_portal.comptes import roles
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.demonstration import MOT_DE_PASSE, partie
from dla_portal.territoires.models import Departement, Mandat, OperateurDLA, Region

REGION = "93"
OPERATEURS = {
    "04": ("Alpes Solidaires Initiatives", "ASI 04"),
    "05": ("Cimes et Compagnie", "Cimes 05"),
    "06": ("Rivages Associés", "Rivages 06"),
    "13": ("Fabrique Solidaire des Bouches-du-Rhône", "FaSol 13"),
    "83": ("Var Économie Partagée", "VEP 83"),
    "84": ("Ventoux Coopération", "VentCoop 84"),
}
REGIONAL = ("Union régionale d'appui de Provence", "DLA R Provence")
# On whose behalf the members of the comités sit.
ORGANISMES = (
    "Réseau régional de l'insertion",
    "Caisse solidaire de crédit",
    "Service économique d'une métropole",
    "Fédération d'éducation populaire",
)
PRENOMS = (
    "Adèle Bastien Camille Dounia Élio Fanny Gaspard Hanna Ismaël Jeanne Kylian Louison Maëlle "
    "Nour Octave Prune Quitterie Romy Soren Tess Ulysse Violette Wassim Yaël Zélie Anouk"
).split()
NOMS = (
    "Abrial Bonnefoi Castagnou Delormel Estérelle Fontvieille Garrigou Hautbois Ixart Jonquère "
    "Kerloc'h Lavandon Mistralet Noguès Olivanti Pinède Quintrec Rocassier Sabliet Tamarisse "
    "Ursino Valensol Wattrelin Yserne Zéphirin Calanquis"
).split()


class EtatCivil:
    """Hands out invented names, never twice the same."""

    def __init__(self):
        self.rang = 0

    def suivant(self):
        """Return the next (first name, last name)."""
        prenom = PRENOMS[self.rang % len(PRENOMS)]
        nom = NOMS[(self.rang * 7 + self.rang // len(PRENOMS)) % len(NOMS)]
        self.rang += 1
        return prenom, nom


def _personne(scene, etat_civil, email, role, *, staff=False, **portee):
    prenom, nom = etat_civil.suivant()
    personne = Utilisateur(email=email, prenom=prenom, nom=nom, is_staff=staff, is_superuser=staff)
    personne.password = scene.mot_de_passe
    personne.save()
    Rattachement.objects.create(
        utilisateur=personne, role=role.code, debut=_il_y_a_trois_ans(), **portee
    )
    return personne


def _il_y_a_trois_ans():
    return date(horloge.aujourdhui().year - 3, 1, 1)


def _operateur(scene, nom, sigle, niveau, departements):
    operateur = OperateurDLA.objects.create(
        nom=nom,
        sigle=sigle,
        niveau=niveau,
        region=scene.region,
        adresse=f"1 place de la Coopération, {departements[0].nom}",
        email=f"contact@{sigle.lower().replace(' ', '-')}.example",
        telephone="04 00 00 00 00",
        financeurs="État (DREETS), Banque des Territoires, Conseil régional",
        cofinance_fse=True,
        rapport_papier=departements[0].pk == "05",
    )
    for departement in departements:
        Mandat.objects.create(
            operateur=operateur, departement=departement, debut=_il_y_a_trois_ans()
        )
    return operateur


@partie(10, "opérateurs et comptes")
def jouer(scene):
    """Create the region's operators and one team each, then the region's own people."""
    modele = Utilisateur()
    modele.set_password(MOT_DE_PASSE)
    scene.mot_de_passe = modele.password
    scene.region = Region.objects.get(pk=REGION)
    departements = {d.pk: d for d in Departement.objects.filter(region=scene.region)}
    etat_civil = EtatCivil()
    for code, (nom, sigle) in OPERATEURS.items():
        operateur = _operateur(scene, nom, sigle, "departemental", [departements[code]])
        scene.equipes[operateur.pk] = _equipe(scene, etat_civil, operateur, code)
        scene.operateurs.append(operateur)
    regional = _operateur(scene, *REGIONAL, "regional", list(departements.values()))
    _region(scene, etat_civil, regional, departements)


def _equipe(scene, etat_civil, operateur, code):
    """Create the team of a departmental operator; return its users by role."""
    effectifs = (
        (roles.ChargeMission, 3 if code in ("13", "06", "83") else 2),
        (roles.Responsable, 1),
        (roles.Gestionnaire, 1),
    )
    equipe = {}
    for role, nombre in effectifs:
        base = role.code.replace("_mission", "")
        equipe[role.code] = [
            _personne(
                scene,
                etat_civil,
                f"{base}{rang or ''}.{code}@demo.example",
                role,
                operateur=operateur,
            )
            for rang in range(nombre)
        ]
    return equipe


def _region(scene, etat_civil, regional, departements):
    """Create the people who work at the scale of the region or of the nation."""

    def personne(nom, role, **portee):
        return _personne(scene, etat_civil, f"{nom}@demo.example", role, **portee)

    scene.c2ra = personne("c2ra", roles.DlaRegional, region=scene.region, operateur=regional)
    scene.membres = [
        personne(f"comite{rang or ''}", roles.MembreComite, au_titre_de=organisme)
        for rang, organisme in enumerate(ORGANISMES)
    ]
    personne("pilote", roles.Pilote, region=scene.region)
    personne("pilote.13", roles.Pilote, departement=departements["13"])
    personne("crdla", roles.Crdla)
    personne("national", roles.National)
    scene.administrateur = personne("admin", roles.Administrateur, staff=True)
