"""PDF documents of the consultation: cahier des charges, opening, comparison, minutes."""

from django.utils import timezone

from accompagnements import marques
from accompagnements.consultations import regles
from accompagnements.consultations.comparaison import comparer, justifications, notes_moyennes
from accompagnements.consultations.courriels import moment
from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Depot
from accompagnements.consultations.pieces import PIECES
from dla_portal.socle import documents, fichiers, horloge

LONGUEURS = (300, 150, 70, 25)  # signs kept of each text of the comparison, tried in turn
PROCES_VERBAUX = {"ouverture": "procès-verbal d'ouverture", "choix": "procès-verbal de choix"}
GENRES = {"ING_IND": "individuel", "ING_COL": "collectif", "ING_MIX": "mixte"}


def _commun(consultation):
    ingenierie = consultation.ingenierie
    return {
        "consultation": consultation,
        "reference": consultation.reference,
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
    }


def _produire(gabarit, consultation, **contexte):
    """The PDF of a template of the consultation, under the marks of the operator's funders."""
    financeurs, images = _marques(consultation)
    return documents.produire(
        f"accompagnements/consultations/pdf/{gabarit}.html",
        _commun(consultation) | {"financeurs": financeurs} | contexte,
        images,
    )


def _marques(consultation):
    """(funders, images): the year is that of the call to the prestataires."""
    le = timezone.localdate(consultation.publiee_le) if consultation.publiee_le else None
    return marques.de_l_operateur(consultation.ingenierie.operateur, le)


def cahier_des_charges(consultation):
    """Return the PDF of the cahier des charges (domaine.md §6.3)."""
    return _produire("cahier", consultation, pieces=list(PIECES.values()))


def conserver(consultation, acte, octets, par):
    """Store the minutes of an act, "ouverture" or "choix", as they stand; return the Fichier."""
    return fichiers.enregistrer(
        f"{consultation.reference}-pv-{acte}.pdf",
        octets,
        "application/pdf",
        fil=consultation.fil,
        categorie=PROCES_VERBAUX[acte],
        par=par,
    )


def pv_d_ouverture(consultation):
    """Return the minutes of the opening as they were stored that day.

    Made again only for what was opened before the minutes were stored; so are those of the choice.
    """
    pv = consultation.pv_ouverture
    return pv.lire() if pv else etablir_pv_d_ouverture(consultation)


def pv_de_choix(consultation):
    """Return the minutes of the choice as they were stored that day."""
    return (
        consultation.pv_choix.lire() if consultation.pv_choix else etablir_pv_de_choix(consultation)
    )


def etablir_pv_d_ouverture(consultation):
    """Return the PDF of the minutes of the opening: who, when, what was received and its hashes."""
    sollicitations = list(consultation.sollicitations.select_related("prestataire"))
    depots = Depot.objects.filter(sollicitation__consultation=consultation).select_related(
        "sollicitation__prestataire", "fichier", "cv"
    )
    lignes = [_ligne(depot) for depot in depots]
    return _produire(
        "ouverture",
        consultation,
        etabli_le=timezone.localdate(consultation.ouverte_le),
        ouverte_le=moment(consultation.ouverte_le),
        depots=[ligne for ligne in lignes if ligne["ouvert"]],
        autres=[ligne for ligne in lignes if not ligne["ouvert"]],
        sans_depot=[s for s in sollicitations if s.etat != EtatSollicitation.DEPOSEE],
    )


def comparaison_pdf(consultation):
    """Return the PDF of the comparison in columns, on one A4 landscape page.

    The texts of the propositions are cut shorter until the page is one: long grids leave less
    room, and the propositions themselves are at hand.
    """
    financeurs, images = _marques(consultation)
    contexte = _commun(consultation) | {
        "financeurs": financeurs,
        "ouverte_le": moment(consultation.ouverte_le),
        "comparaison": comparer(consultation),
    }
    return documents.produire_sur_une_page(
        "accompagnements/consultations/pdf/comparaison.html",
        [contexte | {"abrege": abrege} for abrege in LONGUEURS],
        images,
    )


def etablir_pv_de_choix(consultation):
    """Return the PDF of the minutes of the choice with its grid (domaine.md §6.6)."""
    totaux = regles.totaux(consultation)
    fiches = regles.fiches_lisibles(consultation)
    moyennes = notes_moyennes(fiches)
    propositions = list(consultation.propositions.select_related("sollicitation__prestataire"))
    propositions.sort(key=lambda p: -totaux[p.pk])
    criteres = list(consultation.criteres.all())
    return _produire(
        "pv",
        consultation,
        etabli_le=consultation.choix_le,
        tardives=_hors_delai(consultation),
        propositions=[
            {"proposition": p, "total": totaux[p.pk], "rang": rang_de(p.pk, totaux)}
            for p in propositions
        ],
        grille=[
            (critere, [moyennes.get((p.pk, critere.pk)) for p in propositions])
            for critere in criteres
        ],
        justifications=justifications(fiches, criteres, propositions),
        fiches=fiches,
        renoncements=[f.renoncement for f in consultation.fiches.all() if f.renoncement],
        total_points=sum(critere.points for critere in criteres),
        sollicitations=list(consultation.sollicitations.select_related("prestataire")),
        ouverte_le=moment(consultation.ouverte_le),
        deposees=consultation.sollicitations.filter(etat=EtatSollicitation.DEPOSEE).count(),
        retenue=consultation.retenue,
    )


def rang_de(proposition, totaux):
    """Rank of a proposition: equal totals have an equal rank."""
    return 1 + sum(total > totaux[proposition] for total in totaux.values())


def _hors_delai(consultation):
    """Answers that came or were recorded too late: none was opened."""
    depots = Depot.objects.filter(sollicitation__consultation=consultation, hors_delai=True)
    return [_ligne(depot) for depot in depots.select_related("sollicitation__prestataire")]


def _ligne(depot):
    """A deposit and its moments, in words."""
    return {
        "depot": depot,
        "recu_le": moment(depot.recu_le),
        "arrivee_le": moment(depot.arrivee_le) if depot.arrivee_le else "",
        "ouvert": not (depot.remplace_le or depot.hors_delai or depot.ecarte_le),
    }
