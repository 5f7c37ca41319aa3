"""Demonstration: invented organisations on real communes of the region."""

from datetime import date, timedelta

from accompagnements.structures.models import Contact, DonneesAnnuelles, Structure
from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import ClassementCommune, Commune

PREMIERS = (
    "Les Ateliers|La Fabrique|Le Relais|La Maison|L'Escale|Les Jardins|Le Théâtre|La Ressourcerie|"
    "Les Amis|Le Comptoir|La Ferme|Le Cercle|Les Passeurs|La Régie|L'Atelier|Le Pôle"
).split("|")
SECONDS = (
    "du Mistral|des Calanques|de la Sainte-Baume|des Oliviers|du Lubéron|de la Tinée|des Maures|"
    "de la Durance|du Verdon|des Lavandes|de l'Estérel|des Alpilles|du Champsaur|de la Roya|"
    "des Cigales|du Vieux Lavoir|de la Colline|des Deux Rives|du Grand Large|de la Garrigue"
).split("|")
COMPLEMENTS = ("", " et voisins", " solidaire", " en commun", " pour tous", " ensemble")
FONCTIONS = ("présidence", "direction", "coordination")
# Rural communes are those below this population: the zoning of the demonstration is simulated.
SEUIL_RURAL = 2500
SOURCE_ZONAGE = "démonstration (zonage simulé)"


def simuler_zonages(scene):
    """Class the small communes of the region as ZRR until 30/06/2024, FRR afterwards."""
    communes = Commune.objects.filter(
        departement__region=scene.region, population__lt=SEUIL_RURAL
    ).values_list("pk", flat=True)
    lignes = []
    for commune in communes:
        lignes.append(
            ClassementCommune(
                commune_id=commune, couche="ZRR", fin=date(2024, 6, 30), source=SOURCE_ZONAGE
            )
        )
        lignes.append(
            ClassementCommune(
                commune_id=commune, couche="FRR", debut=date(2024, 7, 1), source=SOURCE_ZONAGE
            )
        )
    ClassementCommune.objects.bulk_create(lignes)


class Annuaire:
    """Invents structures one after the other, each in a real commune of a department."""

    def __init__(self, scene, siret_invente, debut=0):
        self.alea, self.siret_invente, self.rang = scene.alea, siret_invente, debut
        self.secteurs = list(Terme.objects.de("secteur"))
        self.agrements = {t.code: t for t in Terme.objects.de("agrement")}
        self.reseaux = list(Terme.objects.de("reseau"))
        communes = Commune.objects.filter(departement__region=scene.region, population__gt=300)
        self.communes = {}
        for commune in communes.select_related("departement"):
            self.communes.setdefault(commune.departement_id, []).append(commune)

    def inventer(self, departement):
        """Create and return one structure of a department, with a contact and its figures."""
        self.rang += 1
        alea, commune = self.alea, self._commune(departement)
        secteur = alea.choices(self.secteurs, self._poids())[0]
        nom = f"{PREMIERS[self.rang % 16]} {SECONDS[(self.rang * 3 + self.rang // 16) % 20]}"
        structure = Structure.objects.create(
            siret=self.siret_invente(self.rang),
            nom=nom + COMPLEMENTS[(self.rang // 80) % len(COMPLEMENTS)],
            famille=alea.choices(("association", "cooperative", "esus"), (95, 4, 1))[0],
            naf="94.99Z",
            date_creation=date(alea.randint(1985, 2018), alea.randint(1, 12), 1),
            adresse=f"{alea.randint(1, 120)} rue de l'Entraide",
            code_postal=commune.codes_postaux.split("|")[0][:5],
            ville=commune.nom,
            commune=commune,
            secteur=secteur,
            telephone="04 00 00 00 00",
            email=f"structure{self.rang}@demo.example",
        )
        Contact.objects.create(
            structure=structure,
            nom=f"Personne {self.rang}",
            fonction=alea.choice(FONCTIONS),
            email=f"structure{self.rang}@demo.example",
        )
        self._chiffres(structure)
        if secteur.code == "insertion":
            self._agreer(structure, alea.choice(("ACI", "AI", "EI", "ETTI")))
        if alea.random() < 0.6:
            structure.reseaux.add(alea.choice(self.reseaux))
        return structure

    def _agreer(self, structure, code):
        """A SIAE convention of three years; one in three was renewed, some end within weeks."""
        fin = horloge.aujourdhui().replace(month=12, day=31) + timedelta(days=365 * (self.rang % 3))
        terme, numero = self.agrements[code], f"{structure.commune.departement_id}-{self.rang:04d}"
        trois_ans = timedelta(days=3 * 365)
        structure.agrements.create(
            terme=terme,
            numero=numero,
            depuis_le=fin - trois_ans + timedelta(days=1),
            jusqu_au=fin,
        )
        if self.rang % 3 == 0:
            structure.agrements.create(
                terme=terme, depuis_le=fin - 2 * trois_ans, jusqu_au=fin - trois_ans
            )

    def _poids(self):
        """Culture, insertion, childhood and sport weigh most, as in the published tables."""
        lourds = {"culture": 18, "insertion": 17, "enfance": 12, "services_personne": 9, "sport": 9}
        return [lourds.get(secteur.code, 3) for secteur in self.secteurs]

    def _commune(self, departement):
        """A commune of the department, the more likely the more people live there."""
        communes = self.communes[departement]
        if self.alea.random() < 0.3:
            rurales = [c for c in communes if c.population < SEUIL_RURAL]
            return self.alea.choice(rurales or communes)
        return self.alea.choices(communes, [c.population for c in communes])[0]

    def _chiffres(self, structure):
        effectif = self.alea.choice((0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 18, 25, 60))
        annee = horloge.aujourdhui().year - 1
        DonneesAnnuelles.objects.create(
            structure=structure,
            annee=annee,
            effectif=effectif,
            cdi=effectif // 2,
            etp=round(effectif * 0.8, 2),
            budget=20000 + effectif * 38000,
        )
