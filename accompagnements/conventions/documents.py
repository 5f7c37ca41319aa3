"""PDFs of the convention tripartite (domaine.md §6.7) and of its avenants."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from accompagnements import marques
from accompagnements.conventions import redaction
from accompagnements.conventions.models import Convention
from accompagnements.conventions.trames import Trame
from dla_portal.socle import documents, horloge
from dla_portal.socle.templatetags.portail import date_courte, euros, jours

CENTIME = Decimal("0.01")
# The figures that an avenant may change: how they are named and said.
TERMES = {
    "jours": ("Nombre de jours", jours),
    "montant_ht": ("Montant hors taxes", euros),
    "montant_ttc": ("Montant toutes taxes comprises", euros),
    "debut": ("Début de la mission", date_courte),
    "fin": ("Fin de la mission", date_courte),
}


@dataclass(frozen=True)
class Montants:
    """The amounts of the table, in euros, and the share paid at the signature, in percent."""

    ht: Decimal
    ttc: Decimal
    acompte: int

    @property
    def tva(self):
        return self.ttc - self.ht

    @property
    def acompte_ttc(self):
        """To the cent, halves up: the balance takes the rest, both add up to the total."""
        return (self.ttc * self.acompte / 100).quantize(CENTIME, ROUND_HALF_UP)

    @property
    def solde_ttc(self):
        return self.ttc - self.acompte_ttc

    def valeurs(self):
        """The fields of the trame that they fill."""
        return {
            "montant_ht": euros(self.ht),
            "tva": euros(self.tva),
            "montant_ttc": euros(self.ttc),
            "acompte_pourcentage": f"{self.acompte} %",
            "acompte": euros(self.acompte_ttc),
            "solde": euros(self.solde_ttc),
        }


def trame_de(convention):
    """The version kept since the sending, else the one in force in the region."""
    return convention.trame or Trame.objects.en_vigueur(convention.operateur.region)


def convention(convention):
    """Return the bytes of the PDF of a convention."""
    return rediger_convention(convention, trame_de(convention).sections)


def rediger_convention(convention, sections):
    """Return the PDF of a convention written with these sections (a trame, or one being edited)."""
    etablie_le = convention.envoyee_le or horloge.aujourdhui()
    financeurs, images = marques.de(convention)
    montants = Montants(convention.montant_ht, convention.montant_ttc, convention.acompte)
    return _produire(
        "convention",
        sections,
        _valeurs(convention, montants, financeurs),
        images,
        reference=convention.reference,
        intitule=convention.ingenierie.intitule,
        etablie_le=etablie_le,
        montants=montants,
        financeurs=financeurs,
        parties=[signature.nom_partie for signature in _signatures(convention)],
    )


def _signatures(acte):
    return acte.signatures.select_related("structure")


def _valeurs(convention, montants, financeurs):
    """The fields of the trame for a real convention, all plain text."""
    operateur, proposition = convention.operateur, convention.proposition
    structures = [
        d.structure for d in convention.ingenierie.accompagnements().select_related("structure")
    ]
    return {
        "reference": convention.reference,
        "intitule": convention.ingenierie.intitule,
        "operateur": ", ".join(filter(None, [operateur.nom, operateur.adresse])),
        "structure": " ; ".join(map(_identite, structures)),
        "prestataire": _identite(convention.prestataire) if convention.prestataire else "",
        "objet": convention.objet,
        "intervenants": proposition.intervenants if proposition else "",
        "jours": jours(convention.jours),
        "date_debut": date_courte(convention.debut),
        "date_fin": date_courte(convention.fin),
        "financeurs": ", ".join(f["nom"] for f in financeurs),
        "mention_financeurs": "\n".join(f["mention"] for f in financeurs if f["mention"]),
        **montants.valeurs(),
    }


def _identite(personne):
    """Name, SIRET and address of a structure or of a prestataire."""
    adresse = " ".join(filter(None, [personne.adresse, personne.code_postal, personne.ville]))
    siret = f"SIRET {personne.siret}" if personne.siret else ""
    return ", ".join(filter(None, [personne.nom, siret, adresse]))


def exemple(sections):
    """Return the PDF of these sections on an invented convention."""
    annee = horloge.aujourdhui().year
    montants = Montants(Decimal(4500), Decimal(5400), 30)
    financeurs, images = marques.pour(["État", "Région"], annee, europe=True)
    valeurs = {
        "reference": "EXEMPLE-0001-CONV",
        "intitule": "Consolider le modèle économique (exemple inventé)",
        "operateur": "Opérateur d'exemple, 1 place du Marché",
        "structure": "Association d'exemple, SIRET 000 000 000 00000, 2 rue des Ateliers",
        "prestataire": "Cabinet d'exemple, SIRET 000 000 000 00000, 3 rue du Conseil",
        "objet": "Trouver un équilibre durable entre ventes et subventions.",
        "intervenants": "Deux personnes expérimentées.",
        "jours": jours(Decimal("4.5")),
        "date_debut": f"01/03/{annee}",
        "date_fin": f"30/09/{annee}",
        "financeurs": ", ".join(f["nom"] for f in financeurs),
        "mention_financeurs": "\n".join(f["mention"] for f in financeurs if f["mention"]),
        **montants.valeurs(),
    }
    return _produire(
        "convention",
        sections,
        valeurs,
        images,
        reference=valeurs["reference"],
        intitule=valeurs["intitule"],
        etablie_le=horloge.aujourdhui(),
        montants=montants,
        financeurs=financeurs,
        parties=["La structure", "Le prestataire", "L'opérateur DLA"],
    )


def _produire(gabarit, sections, valeurs, images, **contexte):
    contexte["sections"] = redaction.rediger(sections, valeurs)
    chemin = f"accompagnements/conventions/pdf/{gabarit}.html"
    return documents.produire(chemin, contexte, images, archive=True)


def avenant(avenant):
    """Return the bytes of the PDF of an avenant: what changes, before and after."""
    convention = avenant.convention
    etabli_le = avenant.envoyee_le or horloge.aujourdhui()
    financeurs, images = marques.de(convention)
    contexte = {
        "avenant": avenant,
        "convention": convention,
        "changements": changements(avenant),
        "etabli_le": etabli_le,
        "financeurs": financeurs,
        "parties": [signature.nom_partie for signature in _signatures(avenant)],
    }
    chemin = "accompagnements/conventions/pdf/avenant.html"
    return documents.produire(chemin, contexte, images, archive=True)


def changements(avenant):
    """What an avenant changes of the figures: {libelle, avant, apres}, in words."""
    avant, change = avenant.avant, avenant.change
    return [
        {"libelle": libelle, "avant": dire(avant[nom]), "apres": dire(change[nom])}
        for nom, (libelle, dire) in TERMES.items()
        if nom in change
    ]


def termes(acte):
    """What a convention commits its parties to, for who signs it: (label, words)."""
    if not isinstance(acte, Convention):
        return []
    montants = Montants(acte.montant_ht, acte.montant_ttc, acte.acompte)
    dits = [(libelle, dire(getattr(acte, nom))) for nom, (libelle, dire) in TERMES.items()]
    acompte = f"{acte.acompte} %, soit {euros(montants.acompte_ttc, 'TTC')}"
    return [*dits, ("Acompte à la signature", acompte)]


def de(acte):
    """Return the PDF of a convention or of an avenant."""
    return convention(acte) if isinstance(acte, Convention) else avenant(acte)
