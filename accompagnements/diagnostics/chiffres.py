"""The figures N-2, N-1, N: lines of the grid, checks of sums and dates, the fiche of the structure."""

from dataclasses import dataclass
from decimal import Decimal

from accompagnements.structures.models import DonneesAnnuelles
from dla_portal.socle import horloge
from dla_portal.socle.templatetags.portail import euros, nombre

ANNEES = 3
ANNEE_MIN = 1990
TOLERANCE = Decimal(1)  # euros: accounts are often told rounded


@dataclass(frozen=True)
class Ligne:
    """One line of the grid. `signee`: an amount which may be below zero."""

    nom: str
    libelle: str
    euros: bool = False
    signee: bool = False
    decimales: bool = False


PARTIES = [
    (
        "Comptes de l'année (€)",
        [
            Ligne("produits", "Total des produits", euros=True),
            Ligne("subventions", "dont subventions", euros=True),
            Ligne("charges", "Total des charges", euros=True),
            Ligne("resultat", "Résultat", euros=True, signee=True),
        ],
    ),
    (
        "Situation au 31 décembre (€)",
        [
            Ligne("tresorerie", "Trésorerie", euros=True, signee=True),
            Ligne("fonds_propres", "Fonds propres", euros=True, signee=True),
            Ligne("dettes", "Dettes", euros=True),
        ],
    ),
    (
        "Personnes au 31 décembre",
        [
            Ligne("cdi", "CDI"),
            Ligne("cdd", "CDD de droit commun"),
            Ligne("aides", "Contrats aidés"),
            Ligne("apprentis", "Apprentis, alternants"),
            Ligne("insertion", "Salariés en insertion"),
            Ligne("effectif", "Effectif total"),
            Ligne("etp", "Équivalents temps plein", decimales=True),
            Ligne("benevoles", "Bénévoles actifs"),
        ],
    ),
]
LIGNES = [ligne for _, lignes in PARTIES for ligne in lignes]
CONTRATS = ("cdi", "cdd", "aides", "apprentis", "insertion")


def annee_proposee(diagnostic):
    """Year N chosen, else the last one that was over at the first interview."""
    depart = diagnostic.entretien_le or horloge.aujourdhui()
    return diagnostic.annee_n or depart.year - 1


def annees_de(annee_n):
    """The three years of the grid, oldest first."""
    return [annee_n - recul for recul in reversed(range(ANNEES))]


def fautes(annee, chiffres, creation=None):
    """Return [(line, sentence)] of what contradicts itself in the figures of one year.

    `chiffres` holds the values by line, None when unknown; `creation` is the date of birth of the
    structure, None when unknown.
    """
    if creation and annee < creation.year and any(v is not None for v in chiffres.values()):
        premiere = next(nom for nom, valeur in chiffres.items() if valeur is not None)
        phrase = f"La structure a été créée en {creation.year} : {annee} n'a pas de chiffres."
        return [(premiere, phrase)]
    return _fautes_des_comptes(chiffres) + _fautes_des_emplois(chiffres)


def _fautes_des_comptes(chiffres):
    produits, charges = chiffres["produits"], chiffres["charges"]
    subventions, resultat = chiffres["subventions"], chiffres["resultat"]
    trouvees = []
    if None not in (subventions, produits) and subventions > produits:
        phrase = f"Les subventions dépassent le total des produits ({euros(produits)})."
        trouvees.append(("subventions", phrase))
    if None not in (produits, charges, resultat):
        attendu = produits - charges
        if abs(attendu - resultat) > TOLERANCE:
            trouvees.append(("resultat", f"Produits moins charges font {euros(attendu)}."))
    return trouvees


def _fautes_des_emplois(chiffres):
    connus = [chiffres[nom] for nom in CONTRATS if chiffres[nom] is not None]
    total = chiffres["effectif"]
    if total is None or not connus:
        return []
    if sum(connus) > total:
        return [("effectif", f"Les contrats ci-dessus font {sum(connus)} personnes.")]
    if len(connus) == len(CONTRATS) and sum(connus) < total:
        phrase = f"Les contrats ci-dessus font {sum(connus)} personnes : il en manque."
        return [("effectif", phrase)]
    return []


def completer(chiffres):
    """Return the figures with the sums left empty: the total of jobs, the result."""
    complets = dict(chiffres)
    connus = [chiffres[nom] for nom in CONTRATS if chiffres[nom] is not None]
    if complets["effectif"] is None and connus:
        complets["effectif"] = sum(connus)
    if complets["resultat"] is None and None not in (chiffres["produits"], chiffres["charges"]):
        complets["resultat"] = chiffres["produits"] - chiffres["charges"]
    return complets


def point_de_depart(chiffres):
    """Return the baseline of the follow-up drawn from the figures of year N."""
    charges, produits = chiffres["charges"], chiffres["produits"]
    return {
        "effectif": chiffres["effectif"],
        "etp": chiffres["etp"],
        "budget": produits if charges is None else charges,
    }


def de_la_fiche(structure, annees):
    """Return {year: figures known on the fiche of the structure}, in the lines of the grid."""
    return {
        donnees.annee: {
            "effectif": donnees.effectif,
            "cdi": donnees.cdi,
            "insertion": donnees.insertion,
            "etp": donnees.etp,
            "charges": donnees.budget,
            "resultat": donnees.resultat,
        }
        for donnees in structure.annees.filter(annee__in=annees)
    }


def vers_la_fiche(structure, annee, chiffres):
    """Write on the fiche of the structure what the grid knows of a year; the rest stays."""
    donnees = DonneesAnnuelles.objects.filter(structure=structure, annee=annee).first()
    donnees = donnees or DonneesAnnuelles(structure=structure, annee=annee)
    connus = {
        nom: chiffres[nom]
        for nom in ("effectif", "cdi", "insertion", "etp", "resultat")
        if chiffres[nom] is not None
    }
    budget = point_de_depart(chiffres)["budget"]
    if budget is not None:
        connus["budget"] = budget
    for nom, valeur in connus.items():
        setattr(donnees, nom, valeur)
    donnees.full_clean(exclude=["structure"])
    donnees.save()


def tableau(diagnostic, titre="Chiffres de trois années"):
    """Describe the figures for the page, the PDF and the comparison; empty without any."""
    lignes_annees = list(diagnostic.annees.all())
    utiles = [
        ligne
        for ligne in LIGNES
        if any(getattr(annee, ligne.nom) is not None for annee in lignes_annees)
    ]
    return {
        "titre": titre,
        "vide": f"{titre} : rien encore.",
        "entetes": ["", *[_entete(a.annee, diagnostic.annee_n) for a in lignes_annees]],
        "num": True,
        "lignes": [
            [ligne.libelle, *[rendre(ligne, getattr(a, ligne.nom)) for a in lignes_annees]]
            for ligne in utiles
        ],
    }


def _entete(annee, annee_n):
    return f"{annee} (N)" if annee == annee_n else str(annee)


def rendre(ligne, valeur):
    """One figure as it is read: « 12 500,00 € », « 8 », « — »."""
    if valeur is None:
        return "—"
    if ligne.euros:
        return euros(valeur)
    return nombre(valeur, 2 if ligne.decimales else 0)
