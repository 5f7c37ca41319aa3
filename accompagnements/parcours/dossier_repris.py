"""The rows of one past dossier, gathered and checked before anything is written."""

from accompagnements.demandes.models import Demande
from accompagnements.plans.etats import INGENIERIES
from dla_portal.socle.imports.champs import Rejet

COMMUNS = ("siret", "operateur", "departement", "date_demande", "date_accueil", "date_diagnostic")
DU_COLLECTIF = ("jours", "montant_ht", "montant_ttc", "date_convention", "prestataire_siret")
ORDRE = [
    ("date_demande", "la demande"),
    ("date_accueil", "l'accueil"),
    ("date_diagnostic", "le diagnostic"),
    ("date_convention", "la convention"),
    ("date_restitution", "la restitution"),
]


class DossierRepris:
    """One reference: what its rows share, and one action per row that names one."""

    def __init__(self, importateur):
        self.importateur = importateur
        self.lignes = []  # (rank in the file, values)
        self.commun = {}

    def ajouter(self, rang, valeurs):
        """Take one more row, or raise Rejet when it contradicts the former ones."""
        self._verifier(valeurs)
        for nom in COMMUNS:
            connu = self.commun.get(nom)
            if valeurs[nom] and connu and valeurs[nom] != connu:
                raise Rejet(
                    f"« {nom} » diffère de la première ligne de la référence "
                    f"{valeurs['reference']} : une référence est un seul accompagnement."
                )
        self._verifier_collectif(valeurs)
        for nom in (*COMMUNS, "reference", "prescripteur", "issue"):
            self.commun[nom] = self.commun.get(nom) or valeurs[nom]
        self.lignes.append((rang, valeurs))

    def _verifier(self, valeurs):
        dates = [(valeurs[nom], mots) for nom, mots in ORDRE if valeurs[nom]]
        for (avant, nom_avant), (apres, nom_apres) in zip(dates, dates[1:], strict=False):
            if apres < avant:
                raise Rejet(
                    f"Dates dans le désordre : {nom_apres} ({apres:%d/%m/%Y}) précède "
                    f"{nom_avant} ({avant:%d/%m/%Y})."
                )
        if not dates:
            raise Rejet("Aucune date : la ligne ne dit pas quand.")
        departement = valeurs["departement"].upper()
        valeurs["departement"] = departement.zfill(2) if len(departement) == 1 else departement
        if departement and valeurs["departement"] not in self.importateur.departements:
            raise Rejet(f"Département « {departement} » inconnu.")
        self.importateur.terme("prescripteur", valeurs["prescripteur"])
        self.importateur.terme("thematique", valeurs["thematique"])
        paye = valeurs["type_action"] in INGENIERIES
        if valeurs["date_convention"] and not paye:
            raise Rejet(
                "Une convention suppose une action d'ingénierie (ING_IND, ING_COL, ING_MIX)."
            )
        if valeurs["satisfaction"] and not valeurs["date_restitution"]:
            raise Rejet("Une satisfaction suppose une date de restitution.")
        ht, ttc = valeurs["montant_ht"], valeurs["montant_ttc"]
        if ht is not None and ttc is not None and ttc < ht:
            raise Rejet("Le montant TTC est inférieur au montant HT.")

    def _verifier_collectif(self, valeurs):
        """Amounts of a collective are those of the whole: repeated, or left blank."""
        if not valeurs["collectif"]:
            return
        lus = self.importateur.du_collectif
        connus = lus.setdefault(valeurs["collectif"], self._deja_repris(valeurs["collectif"]))
        for nom in DU_COLLECTIF:
            if valeurs[nom] and connus.get(nom) and valeurs[nom] != connus[nom]:
                raise Rejet(
                    f"« {nom} » diffère de ce qui est déjà lu pour le collectif "
                    f"« {valeurs['collectif']} » : répétez la valeur de l'action entière ou "
                    "laissez vide."
                )
        for nom in DU_COLLECTIF:
            connus[nom] = connus.get(nom) or valeurs[nom]
            valeurs[nom] = valeurs[nom] or connus[nom]

    def _deja_repris(self, nom):
        """What an earlier file told of this collective."""
        ingenierie = self.importateur.collectif(nom)
        convention = (
            ingenierie.conventions.select_related("prestataire").first() if ingenierie else None
        )
        if convention is None:
            return {}
        return {
            "jours": convention.jours,
            "montant_ht": convention.montant_ht,
            "montant_ttc": convention.montant_ttc,
            "date_convention": convention.signee_le,
            "prestataire_siret": convention.prestataire.siret if convention.prestataire else "",
        }

    @property
    def issue(self):
        """How the dossier ended: en_cours unless told otherwise."""
        return self.commun["issue"] or "en_cours"

    @property
    def actions(self):
        """Rows that name an action."""
        return [valeurs for _, valeurs in self.lignes if valeurs["type_action"]]

    @property
    def diagnostic_le(self):
        return self.commun["date_diagnostic"]

    @property
    def accompagne(self):
        """The dossier went beyond the accueil."""
        return bool(self.diagnostic_le or self.actions)

    def _dates(self):
        return [valeurs[nom] for _, valeurs in self.lignes for nom, _ in ORDRE if valeurs[nom]]

    @property
    def ouvert_le(self):
        """Day of entry: the accueil, else the earliest date known."""
        return self.commun["date_accueil"] or min(self._dates())

    @property
    def plan_le(self):
        """Day of the plan: the diagnostic, else the earliest date known."""
        return self.diagnostic_le or min(self._dates())

    @property
    def clos_le(self):
        """Last date known of the dossier."""
        return max(self._dates())

    def demande(self):
        """Return the Demande to take over, not yet saved."""
        importateur, commun = self.importateur, self.commun
        recue_le = commun["date_demande"] or min(self._dates())
        departement = importateur.departements.get(commun["departement"])
        operateur = importateur.operateur(commun["operateur"], departement, recue_le.year)
        if departement is None:
            mandat = operateur.mandats.select_related("departement__region").first()
            if mandat is None:
                raise Rejet(
                    "Le département n'est ni indiqué ni connu par le mandat de l'opérateur."
                )
            departement = mandat.departement
        return Demande(
            reference=commun["reference"],
            structure=importateur.structure(commun["siret"], departement),
            operateur=operateur,
            departement=departement,
            recue_le=recue_le,
            accueil_le=commun["date_accueil"],
            prescripteur=importateur.terme("prescripteur", commun["prescripteur"]),
            objet="Reprise d'une année passée",
        )
