"""PDF documents of the consultation: cahier des charges, opening, comparison, minutes."""

from accompagnements.consultations import regles
from accompagnements.consultations.comparaison import comparer, notes_moyennes
from accompagnements.consultations.courriels import moment
from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Depot
from dla_portal.socle import documents, horloge

LONGUEURS = (300, 150, 70, 25)  # signs kept of each text of the comparison, tried in turn
GENRES = {"ING_IND": "individuel", "ING_COL": "collectif", "ING_MIX": "mixte"}


def _commun(consultation):
    ingenierie = consultation.ingenierie
    return {
        "consultation": consultation,
        "cahier": consultation.cahier,
        "ingenierie": ingenierie,
        "genre": GENRES[ingenierie.genre],
        "operateur": ingenierie.operateur,
        "structures": [
            d.structure for d in ingenierie.accompagnements().select_related("structure")
        ],
        "limite": moment(consultation.date_limite) if consultation.date_limite else "",
        "criteres": list(consultation.criteres.all()),
        "etabli_le": horloge.aujourdhui(),
        "financeurs": [
            {"nom": nom, "logo_url": "", "mention": "", "europe": "FSE" in nom}
            for nom in ingenierie.operateur.liste_financeurs
        ],
    }


def cahier_des_charges(consultation):
    """Return the PDF of the cahier des charges (domaine.md §6.3)."""
    contexte = _commun(consultation) | {"reference": consultation.reference}
    return documents.produire("accompagnements/consultations/pdf/cahier.html", contexte)


def pv_d_ouverture(consultation):
    """Return the PDF of the minutes of the opening: who, when, what was received and its hashes."""
    sollicitations = list(consultation.sollicitations.select_related("prestataire"))
    depots = Depot.objects.filter(sollicitation__consultation=consultation).select_related(
        "sollicitation__prestataire", "fichier", "cv"
    )
    lignes = [
        {
            "depot": depot,
            "recu_le": moment(depot.recu_le),
            "arrivee_le": moment(depot.arrivee_le) if depot.arrivee_le else "",
            "ouvert": depot.remplace_le is None and not depot.hors_delai,
        }
        for depot in depots
    ]
    contexte = _commun(consultation) | {
        "reference": consultation.reference,
        "ouverte_le": moment(consultation.ouverte_le),
        "depots": [ligne for ligne in lignes if ligne["ouvert"]],
        "autres": [ligne for ligne in lignes if not ligne["ouvert"]],
        "sans_depot": [s for s in sollicitations if s.etat != EtatSollicitation.DEPOSEE],
    }
    return documents.produire("accompagnements/consultations/pdf/ouverture.html", contexte)


def comparaison_pdf(consultation):
    """Return the PDF of the comparison in columns, on one A4 landscape page.

    The texts of the propositions are cut shorter until the page is one: long grids leave less
    room, and the propositions themselves are at hand.
    """
    contexte = _commun(consultation) | {
        "reference": consultation.reference,
        "ouverte_le": moment(consultation.ouverte_le),
        "comparaison": comparer(consultation),
    }
    return documents.produire_sur_une_page(
        "accompagnements/consultations/pdf/comparaison.html",
        [contexte | {"abrege": abrege} for abrege in LONGUEURS],
    )


def pv_de_choix(consultation):
    """Return the PDF of the minutes of the choice with its grid (domaine.md §6.6)."""
    totaux = regles.totaux(consultation)
    fiches = regles.fiches_lisibles(consultation)
    moyennes = notes_moyennes(fiches)
    propositions = list(consultation.propositions.select_related("sollicitation__prestataire"))
    propositions.sort(key=lambda p: -totaux[p.pk])
    criteres = list(consultation.criteres.all())
    contexte = _commun(consultation) | {
        "reference": consultation.reference,
        "propositions": [
            {"proposition": p, "total": totaux[p.pk], "rang": rang}
            for rang, p in enumerate(propositions, 1)
        ],
        "grille": [
            (critere, [moyennes.get((p.pk, critere.pk)) for p in propositions])
            for critere in criteres
        ],
        "fiches": fiches,
        "renoncements": [f.renoncement for f in consultation.fiches.all() if f.renoncement],
        "total_points": sum(critere.points for critere in criteres),
        "sollicitations": list(consultation.sollicitations.select_related("prestataire")),
        "ouverte_le": moment(consultation.ouverte_le),
        "deposees": consultation.sollicitations.filter(etat=EtatSollicitation.DEPOSEE).count(),
        "retenue": consultation.retenue,
    }
    return documents.produire("accompagnements/consultations/pdf/pv.html", contexte)
