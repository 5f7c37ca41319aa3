"""Importer of structures: one row per SIRET; absent cells never erase what is known."""

from django.db.models import Q
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accompagnements.structures.agrements import AgrementDetenu
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
# INSEE legal categories of the families (domaine.md §3.1); a commercial company belongs to the
# ESS by its agrément, not by its category.
FAMILLES = {
    "association": "9220 9221 9222 9223 9230 9260",
    "fondation": "9300",
    "cooperative": "5195 5203 5307 5309 5443 5451 5453 5454 5455 5458 5459 5460 5543 5547 5551 5552 "
    "5553 5554 5555 5558 5559 5560 5643 5647 5651 5652 5653 5654 5655 5658 5659 5660 6316 6317 6318 "
    "6543 6551 6554 6558 6560",
    "mutuelle": "6411 8210 8250 8290",
}
_FAMILLE_DU_CODE = {code: nom for nom, codes in FAMILLES.items() for code in codes.split()}
_MOTS_DE_FAMILLE = [
    ("association", "association"),
    ("cooperati", "cooperative"),
    ("scop", "cooperative"),
    ("scic", "cooperative"),
    ("mutuelle", "mutuelle"),
    ("fondation", "fondation"),
    ("esat", "association"),
]
# Column → field of the yearly figures.
CHIFFRES = {
    "etp": "etp",
    "effectif_permanents": "permanents",
    "effectif_insertion": "insertion",
}
SIMPLES = ("nom", "sigle", "forme_juridique", "adresse", "naf", "rna", "date_creation")


def famille_de(forme, nature):
    """Return the family of a legal category code, else of a label, else ""."""
    if forme.isdigit():
        return _FAMILLE_DU_CODE.get(forme, "public" if forme.startswith("7") else "autre")
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
        "rna": Colonne(champs.rna),
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
        self.vus, self.adoptees, self.contraires = set(), set(), {}

    def traiter(self, lot):
        existantes = self._existantes(lot)
        connues = DonneesAnnuelles.objects.filter(
            structure__in=[s.pk for s in existantes.values()], annee=horloge.aujourdhui().year
        )
        self.annees = {ligne.structure_id: ligne for ligne in connues}
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
            champs_modifiables += ["siret", "siren", "siret_absent"]
            bulk_update_with_history(changees, Structure, champs_modifiables, default_user=self.par)
        self._relier(liens)
        return issues

    def _existantes(self, lot):
        """{SIRET: its structure}, by a SIRET, by that of a record merged into it, or by the SIREN
        or the RNA of one which had no SIRET yet."""
        existantes = Structure.toutes.de_sirets([v["siret"] for v in lot])
        sans = Structure.objects.filter(siret=None).filter(
            Q(siren__in={v["siret"][:9] for v in lot}) | Q(rna__in={v["rna"] for v in lot} - {""})
        )
        par_numero = {s.siren: s for s in sans if s.siren} | {s.rna: s for s in sans if s.rna}
        for valeurs in lot:
            siret = valeurs["siret"]
            adoptee = par_numero.get(valeurs["rna"]) or par_numero.get(siret[:9])
            if siret in existantes or adoptee is None or adoptee.siret:
                continue
            if adoptee.siren and adoptee.siren != siret[:9]:
                self.contraires[siret] = adoptee
            else:
                adoptee.siret, adoptee.siren, adoptee.siret_absent = siret, siret[:9], ""
                self.adoptees.add(siret)
                existantes[siret] = adoptee
        return existantes

    def _ranger(self, valeurs, existantes, nouvelles, changees, liens):
        """Put one row among the new, the changed or the unchanged; return its outcome."""
        if valeurs["siret"] in self.vus:
            raise Rejet(f"Le SIRET {valeurs['siret']} figure déjà plus haut dans le fichier.")
        if valeurs["siret"] in self.contraires:
            autre = self.contraires[valeurs["siret"]]
            raise Rejet(
                f"Le RNA {valeurs['rna']} est celui de « {autre} », dont le SIREN ({autre.siren}) "
                f"n'est pas celui du SIRET {valeurs['siret']}."
            )
        attributs = self._attributs(valeurs)
        structure = existantes.get(valeurs["siret"])
        chiffre = structure is not None and self._change_les_chiffres(structure, valeurs)
        self.vus.add(valeurs["siret"])
        if structure is None:
            siret = valeurs["siret"]
            structure = Structure(siret=siret, siren=siret[:9], **attributs)
            structure.nom_normalise = normaliser(f"{structure.nom} {structure.sigle}")
            nouvelles.append(structure)
            issue = CREE
        else:
            differents = {n: v for n, v in attributs.items() if getattr(structure, n) != v}
            for nom, valeur in differents.items():
                setattr(structure, nom, valeur)
            adoptee = valeurs["siret"] in self.adoptees
            issue = MIS_A_JOUR if differents or chiffre or adoptee else IGNORE
            if differents or adoptee:
                structure.nom_normalise = normaliser(f"{structure.nom} {structure.sigle}")
                structure.version += 1
                changees.append(structure)
        liens.append((structure, self._agrements(valeurs), self._reseaux(valeurs), valeurs))
        return issue

    def _change_les_chiffres(self, structure, valeurs):
        """Say whether the row changes the year's figures; Rejet when it contradicts them."""
        ligne, chiffres = self.annees.get(structure.pk), _chiffres(valeurs)
        if ligne is None:
            return bool(chiffres)
        total = chiffres.get("effectif")
        if total is not None and ligne.cdi is not None and ligne.cdi > total:
            raise Rejet(f"L'effectif ({total}) est inférieur au nombre de CDI connu ({ligne.cdi}).")
        return any(getattr(ligne, nom) != valeur for nom, valeur in chiffres.items())

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
        passage = Structure.reseaux.through
        lignes = [
            passage(structure_id=structure.pk, terme_id=terme.pk)
            for structure, _, reseaux, _ in liens
            for terme in reseaux
        ]
        passage.objects.bulk_create(lignes, ignore_conflicts=True)
        self._agreer(liens)
        self._chiffrer([(structure, valeurs) for structure, _, _, valeurs in liens])

    def _agreer(self, liens):
        """Add the agréments of which nothing is held today: a file says what is, without dates."""
        siens = AgrementDetenu.objects.filter(structure__in=[lien[0].pk for lien in liens])
        connus = siens.en_vigueur_le() | siens.filter(depuis_le=None)
        tenus = set(connus.values_list("structure_id", "terme_id"))
        dits = {(lien[0].pk, terme.pk) for lien in liens for terme in lien[1]}
        bulk_create_with_history(
            [
                AgrementDetenu(structure_id=structure, terme_id=terme)
                for structure, terme in sorted(dits - tenus)
            ],
            AgrementDetenu,
            default_user=self.par,
        )

    def _chiffrer(self, lignes):
        """Write the headcounts of the current year; an empty cell erases nothing."""
        nouvelles, changees = [], []
        for structure, valeurs in lignes:
            chiffres = _chiffres(valeurs)
            ligne = self.annees.get(structure.pk)
            if not chiffres:
                continue
            if ligne is None:
                nouvelles.append(
                    DonneesAnnuelles(
                        structure_id=structure.pk, annee=horloge.aujourdhui().year, **chiffres
                    )
                )
                continue
            for nom, valeur in chiffres.items():
                setattr(ligne, nom, valeur)
            changees.append(ligne)
        DonneesAnnuelles.objects.bulk_create(nouvelles)
        DonneesAnnuelles.objects.bulk_update(changees, [*CHIFFRES.values(), "effectif"])


def _chiffres(valeurs):
    """The figures told by a row, by field; empty cells are left out."""
    lus = {champ: valeurs[colonne] for colonne, champ in CHIFFRES.items()}
    connus = {champ: valeur for champ, valeur in lus.items() if valeur is not None}
    parts = [connus[nom] for nom in ("permanents", "insertion") if nom in connus]
    return {**connus, "effectif": sum(parts)} if parts else connus
