"""Importer of prestataires: referenced firms taken over from an earlier register."""

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
from dla_portal.territoires.models import Departement
from prestataires import transitions
from prestataires.models import Prestataire

LISTES = {"competences": "thematique", "secteurs": "secteur"}
NOMS = {"thematique": "Compétence", "secteur": "Secteur", "reseau": "Réseau"}
STATUTS = dict(Prestataire.Statut.choices)


@importateur("prestataires")
class ImportPrestataires(Importateur):
    """Creates or completes fiches; run twice, the second creates nothing."""

    colonnes = {
        "siret": Colonne(champs.siret, obligatoire=True),
        "nom": Colonne(
            champs.texte(200, obligatoire="Nom absent."),
            obligatoire=True,
            alias=("raison sociale",),
        ),
        "competences": Colonne(champs.liste),
        "secteurs": Colonne(champs.liste),
        "departements": Colonne(champs.liste),
        "statut": Colonne(champs.choix(STATUTS, nom="Statut")),
        "tjm_ht": Colonne(champs.decimal),
        "reseau": Colonne(champs.texte(120)),
    }

    def preparer(self):
        self.departements = {d.pk: d for d in Departement.objects.all()}
        self.termes = {}
        for terme in Terme.objects.filter(liste__in=NOMS):
            self.termes[terme.liste, normaliser(terme.code)] = terme
            self.termes[terme.liste, terme.libelle_normalise] = terme

    def traiter(self, lot):
        existants = Prestataire.objects.in_bulk([v["siret"] for v in lot], field_name="siret")
        return [self._tenter(valeurs, existants) for valeurs in lot]

    def _tenter(self, valeurs, existants):
        try:
            return self._ranger(valeurs, existants)
        except Rejet as rejet:
            return rejet

    def _ranger(self, valeurs, existants):
        liens = {
            nom: [self._terme(liste, brut) for brut in valeurs[nom]]
            for nom, liste in LISTES.items()
        }
        liens["departements"] = [self._departement(brut) for brut in valeurs["departements"]]
        attributs = {nom: valeurs[nom] for nom in ("nom", "statut", "tjm_ht") if valeurs[nom]}
        if valeurs["reseau"]:
            attributs["reseau"] = self._terme("reseau", valeurs["reseau"])
        prestataire = existants.get(valeurs["siret"])
        if prestataire is None:
            prestataire = Prestataire(siret=valeurs["siret"], **attributs)
            transitions.reprendre(prestataire, par=self.par)
            existants[valeurs["siret"]] = prestataire
            issue = CREE
        else:
            issue = self._completer(prestataire, attributs)
        for nom, valeurs_liees in liens.items():
            manquantes = set(valeurs_liees) - set(getattr(prestataire, nom).all())
            if manquantes:
                getattr(prestataire, nom).add(*manquantes)
                issue = MIS_A_JOUR if issue == IGNORE else issue
        return issue

    def _completer(self, prestataire, attributs):
        differents = {n: v for n, v in attributs.items() if getattr(prestataire, n) != v}
        if not differents:
            return IGNORE
        for nom, valeur in differents.items():
            setattr(prestataire, nom, valeur)
        prestataire.save()
        return MIS_A_JOUR

    def _terme(self, liste, brut):
        terme = self.termes.get((liste, normaliser(brut)))
        if terme is None:
            raise Rejet(f"{NOMS[liste]} « {brut} » inconnu de la nomenclature.")
        return terme

    def _departement(self, brut):
        code = brut.upper()
        code = code.zfill(2) if len(code) == 1 else code
        if code not in self.departements:
            raise Rejet(f"Département « {brut} » inconnu.")
        return self.departements[code]
