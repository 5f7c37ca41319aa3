"""Mails of the consultation; nothing of a proposition ever leaves in a mail."""

from django.utils import timezone

from dla_portal.socle import horloge, jetons
from dla_portal.socle.courriels import deposer
from dla_portal.socle.templatetags.portail import date_fr

USAGE, USAGE_GRILLE, USAGE_CAHIER = "consultation", "grille", "cahier"
JOURS_APRES_LA_LIMITE = 60  # the link then still shows the result


def moment(quand):
    """A deadline in words, with its hour in Paris."""
    local = timezone.localtime(quand)
    return f"{date_fr(local.date())}, {local.hour} h {local:%M} (heure de Paris)"


def _ecrire(sollicitation, sujet, gabarit, **contexte):
    consultation = sollicitation.consultation
    return deposer(
        sollicitation.prestataire.email,
        f"{sujet} — {consultation.reference}",
        f"accompagnements/consultations/courriels/{gabarit}",
        {
            "sollicitation": sollicitation,
            "consultation": consultation,
            "operateur": consultation.ingenierie.operateur,
            "limite": moment(consultation.date_limite),
            **contexte,
        },
        fil=consultation.fil,
    )


def _lien(sollicitation):
    """Create a personal link which outlives the deadline: it then still shows the result."""
    restant = sollicitation.consultation.date_limite - horloge.maintenant()
    jours = restant.days + JOURS_APRES_LA_LIMITE
    brut = jetons.creer(USAGE, sollicitation, sollicitation.prestataire.email, jours)
    return jetons.adresse(brut)


def inviter(sollicitation):
    """Invite a prestataire, with his personal link."""
    lien = _lien(sollicitation)
    return _ecrire(sollicitation, "Appel à proposition DLA", "invitation", lien=lien)


def prolongation(sollicitation, motif):
    """Tell the new deadline, with a link that outlives it; the former one is revoked."""
    jetons.revoquer(sollicitation, USAGE)
    return _ecrire(
        sollicitation,
        "Date limite prolongée",
        "prolongation",
        motif=motif,
        lien=_lien(sollicitation),
    )


def question_posee(question):
    """Tell the chargé that a question waits; it is read in the portal."""
    return _au_charge(question.sollicitation.consultation, "Question d'un prestataire", "question")


def _au_charge(consultation, sujet, gabarit, **contexte):
    charge = consultation.ingenierie.accompagnements().first().charge
    return deposer(
        charge.email if charge else "",
        f"{sujet} — {consultation.reference}",
        f"accompagnements/consultations/courriels/{gabarit}",
        {"consultation": consultation, "adresse": consultation.get_absolute_url(), **contexte},
        fil=consultation.fil,
    )


def reponse(sollicitation, question):
    """Give the same answer to everybody; who asked is not said."""
    return _ecrire(sollicitation, "Réponse à une question", "reponse", question=question)


def correction(sollicitation, motif):
    """Tell that a new version of the cahier des charges is in force."""
    return _ecrire(
        sollicitation,
        "Cahier des charges corrigé",
        "correction",
        motif=motif,
        numero=sollicitation.consultation.cahier.numero,
    )


def recepisse(depot):
    """Receipt of a deposit: server time and hashes, nothing of its content."""
    return _ecrire(
        depot.sollicitation,
        "Récépissé de votre proposition",
        "recepisse",
        depot=depot,
        recu_le=moment(depot.recu_le),
    )


def demander_grille(consultation):
    """Ask the structure for its scores, with a personal link to its sheet."""
    fiche = consultation.fiches.get(evaluateur="structure")
    return _a_la_structure(
        consultation, "Votre avis sur les propositions", "grille", USAGE_GRILLE, fiche
    )


def demander_validation(consultation):
    """Ask the structure to validate the cahier des charges, with a personal link to it."""
    return _a_la_structure(
        consultation, "Cahier des charges à valider", "validation", USAGE_CAHIER, consultation
    )


def _a_la_structure(consultation, sujet, gabarit, usage, objet):
    """Write to the first structure that has an address; former links of this use stop working."""
    ingenierie = consultation.ingenierie
    dossiers = ingenierie.accompagnements().select_related("structure")
    adresse = next(filter(None, (d.structure.courriel_principal() for d in dossiers)), "")
    jetons.revoquer(objet, usage)
    lien = jetons.adresse(jetons.creer(usage, objet, adresse, JOURS_APRES_LA_LIMITE))
    return deposer(
        adresse,
        f"{sujet} — {consultation.reference}",
        f"accompagnements/consultations/courriels/{gabarit}",
        {"consultation": consultation, "operateur": ingenierie.operateur, "lien": lien},
        fil=consultation.fil,
    )


def changements_demandes(consultation, remarque):
    """Tell the chargé what the structure wants changed."""
    return _au_charge(consultation, "Cahier des charges à revoir", "changements", remarque=remarque)


def resultat(proposition, *, retenue):
    """Tell a candidate whether his proposition is retained; never why, unless he asks."""
    gabarit = "retenue" if retenue else "non_retenue"
    return _ecrire(proposition.sollicitation, "Résultat de la consultation", gabarit)


def motif(proposition):
    """Tell why a proposition is not retained, to the prestataire who has asked."""
    return _ecrire(
        proposition.sollicitation,
        "Motif du rejet de votre proposition",
        "motif",
        motif=proposition.motif_rejet,
    )


def sans_suite(sollicitation):
    """Tell that the consultation stops."""
    return _ecrire(sollicitation, "Consultation sans suite", "sans_suite")
