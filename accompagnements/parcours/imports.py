"""Importer of past accompagnements: one row per action, rows of one `reference` are one dossier.

Everything goes through the `reprendre*` transitions, so that what is taken over is journalled and
counted exactly like what is lived in the portal.
"""

from django.db import transaction

from accompagnements.conventions import transitions as conventions
from accompagnements.demandes import transitions as demandes
from accompagnements.demandes.models import Demande
from accompagnements.diagnostics import transitions as diagnostics
from accompagnements.missions import transitions as missions
from accompagnements.parcours.dossier_repris import DossierRepris
from accompagnements.plans import transitions as plans
from accompagnements.plans.models import Ingenierie
from accompagnements.restitutions import transitions as restitutions
from accompagnements.structures.doublons import trouver_ou_creer
from accompagnements.suites import transitions as suites
from dla_portal.socle.imports import champs
from dla_portal.socle.imports.champs import Rejet
from dla_portal.socle.imports.moteur import CREE, IGNORE, Colonne, Importateur, importateur
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import normaliser
from dla_portal.territoires.models import Departement, Mandat, OperateurDLA
from prestataires.models import Prestataire

GENRES = {
    "ING_IND": "Ingénierie individuelle",
    "ING_COL": "Ingénierie collective",
    "ING_MIX": "Ingénierie mixte",
    "EXP_INT": "Expertise interne",
    "OFFRE_PART": "Offre partenaire",
    "ACT_STRUCT": "Action de la structure",
}
ISSUES = {
    "en_cours": "en cours",
    "termine": "terminé",
    "abandonne": "abandonné",
    "reoriente": "réorienté",
}


def _siret_facultatif(brut):
    return champs.siret(brut) if brut.strip() else ""


def _satisfaction(brut):
    valeur = champs.entier(brut)
    if valeur is not None and valeur not in (1, 2, 3, 4):
        raise Rejet(f"Satisfaction « {brut} » : attendu 1, 2, 3 ou 4.")
    return valeur


SOLIDAIRE = Rejet(
    "Une autre ligne de la même référence est rejetée : un accompagnement se reprend entier."
)


@importateur("accompagnements")
class ImportAccompagnements(Importateur):
    """Takes over past years; a reference already in the portal is left as it is."""

    par_lots = False
    groupe = "reference"
    colonnes = {
        "reference": Colonne(champs.texte(40, obligatoire="Référence absente."), obligatoire=True),
        "siret": Colonne(champs.siret, obligatoire=True),
        "operateur": Colonne(champs.texte(160, obligatoire="Opérateur absent."), obligatoire=True),
        "departement": Colonne(champs.texte(3)),
        "prescripteur": Colonne(champs.texte(120)),
        "date_demande": Colonne(champs.jour),
        "date_accueil": Colonne(champs.jour),
        "date_diagnostic": Colonne(champs.jour),
        "type_action": Colonne(champs.choix(GENRES, nom="Type d'action")),
        "collectif": Colonne(champs.texte(60)),
        "thematique": Colonne(champs.texte(120)),
        "prestataire_siret": Colonne(_siret_facultatif),
        "jours": Colonne(champs.decimal),
        "montant_ht": Colonne(champs.decimal),
        "montant_ttc": Colonne(champs.decimal),
        "date_convention": Colonne(champs.jour),
        "date_restitution": Colonne(champs.jour),
        "satisfaction": Colonne(_satisfaction),
        "issue": Colonne(champs.choix(ISSUES, nom="Issue")),
    }

    def preparer(self):
        self.departements = {d.pk: d for d in Departement.objects.select_related("region")}
        self.operateurs = {normaliser(o.nom): o for o in OperateurDLA.objects.all()}
        self.operateurs |= {normaliser(o.sigle): o for o in OperateurDLA.objects.all() if o.sigle}
        self.termes = {}
        for terme in Terme.objects.filter(liste__in=("prescripteur", "thematique")):
            self.termes[terme.liste, normaliser(terme.code)] = terme
            self.termes[terme.liste, terme.libelle_normalise] = terme
        self.du_collectif = {}  # reference of the collective → what its rows told

    def traiter(self, lot):
        """Group the rows by reference; a dossier is written whole or not at all."""
        connues = set(Demande.objects.values_list("reference", flat=True))
        dossiers, issues = {}, [None] * len(lot)
        fautives = set(self.groupes_rejetes)
        for rang, valeurs in enumerate(lot):
            if valeurs["reference"] in connues:
                issues[rang] = IGNORE
                continue
            try:
                dossier = dossiers.setdefault(valeurs["reference"], DossierRepris(self))
                dossier.ajouter(rang, valeurs)
            except Rejet as rejet:
                issues[rang] = rejet
                fautives.add(valeurs["reference"])
        for reference, dossier in dossiers.items():
            issue = SOLIDAIRE if reference in fautives else self._ecrire(dossier)
            for rang, _ in dossier.lignes:
                issues[rang] = issue
        return issues

    def _ecrire(self, dossier):
        try:
            with transaction.atomic():
                self._reprendre(dossier)
        except Rejet as rejet:
            return rejet
        return CREE

    def _reprendre(self, dossier):
        """Replay one dossier: demande, diagnostic, plan, then each engineering."""
        demande = demandes.reprendre(dossier.demande(), par=self.par)
        if dossier.issue == "reoriente":
            demandes.reprendre_orientation(demande, par=self.par)
            return
        if not dossier.accompagne:
            if dossier.issue == "abandonne":
                demandes.reprendre_abandon(demande, par=self.par)
            return
        accompagnement = demandes.reprendre_accompagnement(
            demande, par=self.par, le=dossier.ouvert_le
        )
        if dossier.diagnostic_le:
            diagnostics.reprendre(accompagnement, par=self.par, le=dossier.diagnostic_le)
        if dossier.actions:
            self._reprendre_plan(dossier, accompagnement)
        if dossier.issue in ("termine", "abandonne"):
            demandes.reprendre_issue(
                accompagnement,
                par=self.par,
                le=dossier.clos_le,
                abandon=dossier.issue == "abandonne",
            )

    def _reprendre_plan(self, dossier, accompagnement):
        actions = [self._action(action, accompagnement) for action in dossier.actions]
        plan = plans.reprendre(
            accompagnement, par=self.par, valide_le=dossier.plan_le, actions=actions
        )
        for action, valeurs in zip(plan.actions.order_by("pk"), dossier.actions, strict=True):
            if action.ingenierie_id:
                self._nommer_collectif(action.ingenierie, valeurs["collectif"])
                self._reprendre_ingenierie(action.ingenierie, valeurs, accompagnement)

    def _nommer_collectif(self, ingenierie, nom):
        """Keep the name of the collective: a later file finds the same engineering."""
        if nom and not ingenierie.collectif_repris:
            ingenierie.collectif_repris = nom
            ingenierie.save()

    def collectif(self, nom):
        """Return the Ingenierie taken over under this name of collective, or None."""
        return Ingenierie.objects.filter(collectif_repris=nom).first() if nom else None

    def _action(self, valeurs, accompagnement):
        """Fields of one action of the plan."""
        return {
            "genre": valeurs["type_action"],
            "intitule": valeurs["thematique"] or GENRES[valeurs["type_action"]],
            "thematique": self.terme("thematique", valeurs["thematique"]),
            "jours_prevus": valeurs["jours"],
            "montant_prevu": valeurs["montant_ttc"],
            "statut": "realisee" if valeurs["date_restitution"] else "en_cours",
            "ingenierie": self.collectif(valeurs["collectif"]),
        }

    def _reprendre_ingenierie(self, ingenierie, valeurs, accompagnement):
        """Signed convention, restitution and satisfaction of one engineering."""
        convention = ingenierie.conventions.first()
        if convention is None and valeurs["date_convention"]:
            convention = conventions.reprendre(
                ingenierie,
                par=self.par,
                signee_le=valeurs["date_convention"],
                prestataire=self._prestataire(valeurs["prestataire_siret"]),
                montant_ht=valeurs["montant_ht"] or 0,
                montant_ttc=valeurs["montant_ttc"] or valeurs["montant_ht"] or 0,
                jours=valeurs["jours"] or 0,
            )
        if convention is None or not valeurs["date_restitution"]:
            return
        mission = getattr(convention, "mission", None)
        if mission is None:
            mission = missions.reprendre_terminee(convention, par=self.par)
        restitution = getattr(mission, "restitution", None)
        if restitution is None:
            restitution = restitutions.reprendre(
                mission, par=self.par, tenue_le=valeurs["date_restitution"]
            )
        if valeurs["satisfaction"]:
            suites.reprendre_satisfaction(
                restitution,
                accompagnement,
                par=self.par,
                globale=valeurs["satisfaction"],
                repondue_le=valeurs["date_restitution"],
            )

    def terme(self, liste, brut):
        """Return the Terme of a code or a label, None when blank; Rejet when unknown."""
        if not brut:
            return None
        terme = self.termes.get((liste, normaliser(brut)))
        if terme is None:
            noms = {"prescripteur": "Prescripteur", "thematique": "Thématique"}
            raise Rejet(f"{noms[liste]} « {brut} » inconnu de la nomenclature.")
        return terme

    def structure(self, siret, departement):
        """Return the structure of a SIRET; one not in the register yet is created to complete."""
        structure, _ = trouver_ou_creer(
            siret=siret, nom=f"Structure {siret} (nom à compléter)", departement=departement
        )
        return structure

    def _prestataire(self, siret):
        """Return the prestataire of a SIRET, created to complete; None when blank."""
        if not siret:
            return None
        connu = Prestataire.objects.filter(siret=siret).first()
        if connu:
            return connu
        nouveau = Prestataire(siret=siret, nom=f"Prestataire {siret} (nom à compléter)")
        nouveau.save()
        return nouveau

    def operateur(self, nom, departement, annee):
        """Return the operator of a name; an unknown one is created with its mandate."""
        operateur = self.operateurs.get(normaliser(nom))
        if operateur is None:
            if departement is None:
                raise Rejet(f"Opérateur « {nom} » inconnu : indiquez son département.")
            operateur = OperateurDLA.objects.create(nom=nom, region=departement.region)
            self.operateurs[normaliser(nom)] = operateur
        if departement and not operateur.mandats.filter(departement=departement).exists():
            Mandat.objects.create(
                operateur=operateur, departement=departement, debut=f"{annee}-01-01"
            )
        return operateur
