"""The dossier on one or two printed pages: what its page shows to this very reader, and no more.

Whoever does not follow the dossier gets its identity and its stages. Nothing of the diagnostic, of
a sealed deposit or of a comment is printed, whoever asks.
"""

from django.db.models import Q, Sum

from accompagnements import marques
from accompagnements.parcours import prochain
from accompagnements.parcours.etapes import etapes
from accompagnements.restitutions.etats import EtatFacture
from accompagnements.restitutions.models import Facture
from dla_portal.socle import documents, horloge
from dla_portal.socle.templatetags.portail import date_courte

# Dates printed for each stage: (word, field).
DATES = {
    "demande": [("reçue le", "recue_le"), ("accueil le", "accueil_le")],
    "diagnostic": [
        ("entretien le", "entretien_le"),
        ("soumis le", "soumis_le"),
        ("validé le", "valide_le"),
    ],
    "plan": [("accord le", "valide_le"), ("revue le", "revue_le")],
    "comite": [("séance le", "quand")],
    "consultation": [
        ("envoyée le", "publiee_le"),
        ("réponses le", "date_limite"),
        ("choix le", "choix_le"),
    ],
    "convention": [("en signature le", "envoyee_le"), ("signée le", "signee_le")],
    "mission": [("lancée le", "lancee_le")],
    "restitution": [
        ("rapport le", "rapport_recu_le"),
        ("tenue le", "tenue_le"),
        ("solde le", "soldee_le"),
    ],
    "enquete": [("envoyée le", "envoyee_le"), ("réponse le", "repondue_le")],
    "suivi": [("prévu avant le", "prevu_au"), ("réalisé le", "realise_le")],
}
ACTIONS_MAX, CONTACTS_MAX = 12, 5  # beyond, the page of the dossier tells the rest


def synthese_pdf(dossier, utilisateur, *, equipe, lit_le_diagnostic):
    """Return the bytes of the PDF."""
    accompagnement = dossier.accompagnement
    financeurs, images = marques.de_l_operateur(accompagnement.operateur)
    contexte = {
        "accompagnement": accompagnement,
        "structure": accompagnement.structure,
        "financeurs": financeurs,
        "etapes": _etapes(dossier),
        "equipe": equipe,
        "confidentialite": _confidentialite(dossier, equipe, lit_le_diagnostic),
        "le": horloge.maintenant(),
        "par": utilisateur,
        **(_de_l_equipe(dossier, utilisateur) if equipe else {}),
    }
    return documents.produire("accompagnements/parcours/synthese_pdf.html", contexte, images)


def _confidentialite(dossier, equipe, lit_le_diagnostic):
    """Who may hold this paper, in one sentence at its top."""
    operateur = dossier.accompagnement.operateur.nom
    if not equipe:
        return "Identité et avancement seulement. Ne pas diffuser."
    phrase = f"Document de travail de l'équipe de {operateur}. Ne pas diffuser."
    if lit_le_diagnostic and dossier.diagnostic is not None:
        classe = dossier.diagnostic.get_confidentialite_display()
        phrase += f" Diagnostic partagé, non reproduit ici : {classe[0].lower()}{classe[1:]}."
    return phrase


def _de_l_equipe(dossier, utilisateur):
    contacts = list(dossier.accompagnement.structure.contacts.en_poste())
    a_faire = prochain.a_faire(dossier, utilisateur)
    factures = _factures(dossier)
    return {
        "contacts": contacts[:CONTACTS_MAX],
        "autres_contacts": max(0, len(contacts) - CONTACTS_MAX),
        "actions": dossier.actions[:ACTIONS_MAX],
        "autres_actions": max(0, len(dossier.actions) - ACTIONS_MAX),
        "pistes": [
            (piste, factures.get(piste.mission.pk if piste.mission else None, {}))
            for piste in dossier.pistes
        ],
        "a_faire": a_faire,
    }


def _factures(dossier):
    """Mission → what is invoiced and paid, in euros TTC, in one query; rejected ones left out."""
    missions = [piste.mission.pk for piste in dossier.pistes if piste.mission]
    lignes = (
        Facture.objects.filter(mission__in=missions)
        .exclude(etat=EtatFacture.REJETEE)
        .values("mission")
        .annotate(
            facture=Sum("montant_ttc"),
            paye=Sum("montant_ttc", filter=Q(payee_le__isnull=False)),
        )
    )
    return {ligne["mission"]: ligne for ligne in lignes}


def _etapes(dossier):
    """The stepper with the dates of each stage."""
    dates = _dates(dossier)
    return [
        {
            **etape,
            "dates": " ; ".join(f"{mot} {date_courte(le)}" for mot, le in dates[etape["cle"]]),
        }
        for etape in etapes(dossier)
    ]


def _dates(dossier):
    """Stage → [(word, date)] of what happened, in order."""
    piste = dossier.piste_courante
    passage = dossier.passages[0] if dossier.passages else None
    objets = {
        "demande": dossier.accompagnement.demande,
        "diagnostic": dossier.diagnostic,
        "plan": dossier.plan,
        "comite": passage and passage.seance,
        "consultation": piste and piste.consultation,
        "convention": piste and piste.convention,
        "mission": piste and piste.mission,
        "restitution": piste and piste.restitution,
        "enquete": dossier.enquetes[0] if dossier.enquetes else None,
        "suivi": dossier.suivis[0] if dossier.suivis else None,
    }
    return {
        cle: [(mot, le) for mot, champ in DATES[cle] if objet and (le := getattr(objet, champ))]
        for cle, objet in objets.items()
    }
