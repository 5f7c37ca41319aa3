"""Importer of structures: one row per SIRET; absent cells never erase what is known."""

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accompagnements.structures.models import DonneesAnnuelles, Structure
from dla_portal.socle import horloge
from dla_portal.socle.imports import champs
from dla_portal.socle.imports.champs import Rejet
from dla_portal.socle.imports.moteur import (
    CREE,
    IGNORE,
    MIS_A_JOUR,
    Colonne,
    Importateur,
    importateur,
)
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import normaliser
from dla_portal.territoires.models import Commune, Departement

# Types as the public files write them → agrément codes.
TYPES_SIAE = {
    "siae atelier et chantier d insertion": "ACI",
    "siae association intermediaire": "AI",
    "siae entreprise d insertion": "EI",
    "siae entreprise de travail temporaire d insertion": "ETTI",
    "esat": "ESAT",
    "geiq": "GEIQ",
    "entreprise adaptee": "EA",
}
# First digits of the INSEE legal category → family (domaine.md §3.1).
FAMILLES = [
    ("93", "fondation"),
    ("92", "association"),
    ("91", "association"),
    ("8", "mutuelle"),
    ("64", "mutuelle"),
    ("631", "cooperative"),
    ("545", "cooperative"),
    ("546", "cooperative"),
    ("555", "cooperative"),
    ("556", "cooperative"),
    ("565", "cooperative"),
    ("566", "cooperative"),
    ("57", "esus"),
    ("54", "esus"),
    ("55", "esus"),
    ("7", "public"),
    ("6", "autre"),
]
_MOTS_DE_FAMILLE = [
    ("association", "association"),
    ("cooperati", "cooperative"),
    ("scop", "cooperative"),
    ("scic", "cooperative"),
    ("mutuelle", "mutuelle"),
    ("fondation", "fondation"),
    ("esat", "association"),
]
SIMPLES = ("nom", "sigle", "forme_juridique", "adresse", "naf", "rna", "date_creation")


def famille_de(forme, nature):
    """Return the family of a legal category code, else of a label, else ""."""
    if forme.isdigit():
        return next((famille for debut, famille in FAMILLES if forme.startswith(debut)), "autre")
    mots = normaliser(f"{forme} {nature}")
    return next((famille for mot, famille in _MOTS_DE_FAMILLE if mot in mots), "")


@importateur("structures")
class ImportStructures(Importateur):
    """Creates or completes structures; run twice, the second creates nothing."""

    colonnes = {
        "siret": Colonne(champs.siret, obligatoire=True),
        "nom": Colonne(
            champs.texte(250, obligatoire="Nom absent."),
            obligatoire=True,
            alias=("raison sociale", "denomination"),
        ),
        "sigle": Colonne(champs.texte(50)),
        "forme_juridique": Colonne(champs.texte(120)),
        "adresse": Colonne(champs.texte(250)),
        "code_postal": Colonne(champs.texte(5)),
        "commune": Colonne(champs.texte(120), alias=("ville",)),
        "code_insee": Colonne(champs.texte(5)),
        "departement": Colonne(champs.texte(3)),
        "type": Colonne(champs.texte(120)),
        "naf": Colonne(champs.texte(6)),
        "rna": Colonne(champs.texte(12)),
        "secteur": Colonne(champs.texte(120)),
        "reseaux": Colonne(champs.liste),
        "agrements": Colonne(champs.liste),
        "etp": Colonne(champs.decimal),
        "effectif_permanents": Colonne(champs.entier),
        "effectif_insertion": Colonne(champs.entier),
        "date_creation": Colonne(champs.jour),
    }

    def preparer(self):
        self.departements = set(Departement.objects.values_list("pk", flat=True))
        self.communes = dict(Commune.objects.values_list("pk", "departement_id"))
        self.termes = {}
        for terme in Terme.objects.filter(liste__in=("secteur", "agrement", "reseau")):
            self.termes[terme.liste, normaliser(terme.code)] = terme
            self.termes[terme.liste, terme.libelle_normalise] = terme
        self.vus = set()

    def traiter(self, lot):
        existantes = Structure.objects.in_bulk([v["siret"] for v in lot], field_name="siret")
        issues, nouvelles, changees, liens = [], [], [], []
        for valeurs in lot:
            try:
                issues.append(self._ranger(valeurs, existantes, nouvelles, changees, liens))
            except Rejet as rejet:
                issues.append(rejet)
        bulk_create_with_history(nouvelles, Structure, default_user=self.par)
        if changees:
            champs_modifiables = [*SIMPLES, "nom_normalise", "code_postal", "ville", "nature"]
            champs_modifiables += ["commune", "departement", "famille", "secteur", "version"]
            bulk_update_with_history(changees, Structure, champs_modifiables, default_user=self.par)
        self._relier(liens)
        return issues

    def _ranger(self, valeurs, existantes, nouvelles, changees, liens):
        """Put one row among the new, the changed or the unchanged; return its outcome."""
        if valeurs["siret"] in self.vus:
            raise Rejet(f"Le SIRET {valeurs['siret']} figure déjà plus haut dans le fichier.")
        attributs = self._attributs(valeurs)
        self.vus.add(valeurs["siret"])
        structure = existantes.get(valeurs["siret"])
        if structure is None:
            structure = Structure(siret=valeurs["siret"], **attributs)
            structure.nom_normalise = normaliser(f"{structure.nom} {structure.sigle}")
            nouvelles.append(structure)
            issue = CREE
        else:
            differents = {n: v for n, v in attributs.items() if getattr(structure, n) != v}
            for nom, valeur in differents.items():
                setattr(structure, nom, valeur)
            issue = MIS_A_JOUR if differents else IGNORE
            if differents:
                structure.nom_normalise = normaliser(f"{structure.nom} {structure.sigle}")
                structure.version += 1
                changees.append(structure)
        liens.append((structure, self._agrements(valeurs), self._reseaux(valeurs), valeurs))
        return issue

    def _attributs(self, valeurs):
        """Attributes told by the row; raises Rejet when a code is unknown."""
        attributs = {nom: valeurs[nom] for nom in SIMPLES if valeurs[nom]}
        if valeurs["code_postal"]:
            attributs["code_postal"] = valeurs["code_postal"].zfill(5)
        if valeurs["commune"]:
            attributs["ville"] = valeurs["commune"]
        if valeurs["type"]:
            attributs["nature"] = valeurs["type"]
        famille = famille_de(valeurs["forme_juridique"], valeurs["type"])
        if famille:
            attributs["famille"] = famille
        if valeurs["secteur"]:
            attributs["secteur"] = self._terme("secteur", valeurs["secteur"])
        attributs.update(self._lieu(valeurs))
        return attributs

    def _lieu(self, valeurs):
        """Commune by its INSEE code; the department is the given one, else the commune's."""
        lieu, code = {}, valeurs["code_insee"].zfill(5) if valeurs["code_insee"] else ""
        if code in self.communes:
            lieu["commune_id"], lieu["departement_id"] = code, self.communes[code]
        if valeurs["departement"]:
            departement = valeurs["departement"].upper()
            departement = departement.zfill(2) if len(departement) == 1 else departement
            if departement not in self.departements:
                raise Rejet(f"Département « {valeurs['departement']} » inconnu.")
            lieu["departement_id"] = departement
        return lieu

    def _terme(self, liste, brut):
        terme = self.termes.get((liste, normaliser(brut)))
        if terme is None:
            noms = {"secteur": "Secteur", "agrement": "Agrément", "reseau": "Réseau"}
            raise Rejet(f"{noms[liste]} « {brut} » inconnu de la nomenclature.")
        return terme

    def _agrements(self, valeurs):
        trouves = [self._terme("agrement", brut) for brut in valeurs["agrements"]]
        for nature in valeurs["type"].split(" / "):
            code = TYPES_SIAE.get(normaliser(nature))
            if code:
                trouves.append(self._terme("agrement", code))
        return trouves

    def _reseaux(self, valeurs):
        return [self._terme("reseau", brut) for brut in valeurs["reseaux"]]

    def _relier(self, liens):
        """Add agréments and réseaux (never remove), and the headcounts of the current year."""
        for champ, rang in (("agrements", 1), ("reseaux", 2)):
            passage = getattr(Structure, champ).through
            lignes = [
                passage(structure_id=lien[0].pk, terme_id=terme.pk)
                for lien in liens
                for terme in lien[rang]
            ]
            passage.objects.bulk_create(lignes, ignore_conflicts=True)
        annee = horloge.aujourdhui().year
        chiffres = [
            DonneesAnnuelles(
                structure_id=structure.pk,
                annee=annee,
                etp=valeurs["etp"],
                permanents=valeurs["effectif_permanents"],
                insertion=valeurs["effectif_insertion"],
                effectif=_total(valeurs),
            )
            for structure, _, _, valeurs in liens
            if valeurs["etp"] is not None or _total(valeurs) is not None
        ]
        DonneesAnnuelles.objects.bulk_create(
            chiffres,
            update_conflicts=True,
            unique_fields=["structure", "annee"],
            update_fields=["etp", "permanents", "insertion", "effectif"],
        )


def _total(valeurs):
    connus = [valeurs[nom] for nom in ("effectif_permanents", "effectif_insertion")]
    return sum(n for n in connus if n is not None) if any(n is not None for n in connus) else None
