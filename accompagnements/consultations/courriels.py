"""Mails of the consultation; nothing of a proposition ever leaves in a mail."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accompagnements.validation_par_lien import lien_pour
from dla_portal.socle import horloge, jetons
from dla_portal.socle.courriels import deposer
from dla_portal.socle.templatetags.portail import date_fr

USAGE, USAGE_GRILLE, USAGE_CAHIER = "consultation", "grille", "cahier"
JOURS_APRES_LA_LIMITE = 60  # the link then still shows the result


def moment(quand):
    """A deadline in words, with its hour in Paris."""
    local = timezone.localtime(quand)
    return f"{date_fr(local.date())}, {local.hour} h {local:%M} (heure de Paris)"


def seconde(quand):
    """A server time in words, to the second."""
    local = timezone.localtime(quand)
    heure = f"{local.hour} h {local:%M} min {local:%S} s"
    return f"{date_fr(local.date())}, {heure} (heure de Paris)"


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
    jours = _duree(sollicitation).days
    brut = jetons.creer(USAGE, sollicitation, sollicitation.prestataire.email, jours)
    return jetons.adresse(brut)


def _duree(sollicitation):
    restant = sollicitation.consultation.date_limite - horloge.maintenant()
    return timedelta(days=restant.days + JOURS_APRES_LA_LIMITE)


def inviter(sollicitation):
    """Invite a prestataire, with his personal link."""
    consultation, lien = sollicitation.consultation, _lien(sollicitation)
    large = consultation.date_limite - consultation.publiee_le > timedelta(days=7)
    sous = "sous une semaine" if large else "dès que possible"
    return _ecrire(sollicitation, "Appel à proposition DLA", "invitation", lien=lien, sous=sous)


def _autre_lien(sollicitation):
    """Another link; the former ones live as long, for who is typing behind one of them.

    The raw token of a former link is stored nowhere: it cannot be sent a second time.
    """
    jetons.Jeton.objects.filter(
        objet_type=ContentType.objects.get_for_model(sollicitation),
        objet_id=sollicitation.pk,
        usage=USAGE,
        revoque_le=None,
        expire_le__gt=horloge.maintenant(),
    ).update(expire_le=horloge.maintenant() + _duree(sollicitation))
    return _lien(sollicitation)


def prolongation(sollicitation, motif):
    """Tell the new deadline, with a link that outlives it; the former one still works."""
    return _ecrire(
        sollicitation,
        "Date limite prolongée",
        "prolongation",
        motif=motif,
        lien=_autre_lien(sollicitation),
    )


def positionnement(sollicitation):
    """Ask again whether the prestataire means to answer, with a link; the former one still works."""
    lien = _autre_lien(sollicitation)
    return _ecrire(sollicitation, "Comptez-vous répondre ?", "positionnement", lien=lien)


def choix_attendu(consultation):
    """Tell the chargé that the candidates wait for the choice."""
    limite = moment(consultation.date_limite)
    return _au_charge(consultation, "Choix du prestataire attendu", "choix_attendu", limite=limite)


def question_posee(question):
    """Tell the chargé that a question waits; it is read in the portal."""
    return _au_charge(question.sollicitation.consultation, "Question d'un prestataire", "question")


def _au_charge(consultation, sujet, gabarit, **contexte):
    dossiers = consultation.ingenierie.accompagnements().select_related("charge")
    charge = next((dossier.charge for dossier in dossiers if dossier.charge), None)
    return deposer(
        charge.email if charge else consultation.ingenierie.operateur.email,
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
    """Receipt of a deposit: server time and hashes, nothing of its content.

    For a paper: when it arrived, when it was recorded, and what became of a deposit on line.
    """
    en_ligne = depot.sollicitation.depots.filter(hors_delai=False, recu_par_courrier=False)
    if depot.remplace_le is None:
        en_ligne = en_ligne.filter(remplace_le=depot.recu_le)  # replaced by this very act
    en_ligne = en_ligne.last() if depot.recu_par_courrier else None
    return _ecrire(
        depot.sollicitation,
        "Récépissé de votre proposition",
        "recepisse",
        depot=depot,
        recu_le=moment(depot.recu_le),
        arrivee_le=moment(depot.arrivee_le) if depot.arrivee_le else "",
        en_ligne_le=moment(en_ligne.recu_le) if en_ligne else "",
    )


def refus_note(sollicitation):
    """Tell a prestataire what was noted in his name, and that he may take it back."""
    return _ecrire(sollicitation, "Votre refus est noté", "refus_note")


def refus_annule(sollicitation):
    """Tell a prestataire that he may answer again, with a link; the former one still works."""
    lien = _autre_lien(sollicitation)
    return _ecrire(sollicitation, "Vous pouvez de nouveau répondre", "refus_annule", lien=lien)


def depot_ecarte(depot):
    """Tell a prestataire that his deposit could not be opened, and why it is set aside."""
    return _ecrire(
        depot.sollicitation,
        "Votre dépôt n'a pas pu être ouvert",
        "depot_ecarte",
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
    lien = lien_pour(usage, objet, adresse, JOURS_APRES_LA_LIMITE)
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


def choix_fait(consultation):
    """Tell each structure who is retained and what comes next; no amount, no mark, no motive."""
    retenue, ingenierie = consultation.retenue, consultation.ingenierie
    return [
        deposer(
            structure.courriel_principal(),
            f"Choix du prestataire — {consultation.reference}",
            "accompagnements/consultations/courriels/choix_fait",
            {
                "consultation": consultation,
                "operateur": ingenierie.operateur,
                "prestataire": retenue.prestataire,
            },
            fil=consultation.fil,
        )
        for structure in structures_de(consultation)
    ]


def choix_annule(consultation):
    """Tell each structure that the choice it was told of no longer holds."""
    return [
        deposer(
            structure.courriel_principal(),
            f"Choix du prestataire annulé — {consultation.reference}",
            "accompagnements/consultations/courriels/choix_annule",
            {"consultation": consultation, "operateur": consultation.ingenierie.operateur},
            fil=consultation.fil,
        )
        for structure in structures_de(consultation)
    ]


def structures_de(consultation):
    """The structures helped by the engineering of a consultation."""
    dossiers = consultation.ingenierie.accompagnements().select_related("structure")
    return [dossier.structure for dossier in dossiers]


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
