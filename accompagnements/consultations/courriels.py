"""Mails of the consultation; nothing of a proposition ever leaves in a mail."""

from django.utils import timezone
from django.utils.formats import date_format

from dla_portal.socle import jetons
from dla_portal.socle.courriels import deposer

USAGE = "consultation"
JOURS_APRES_LA_LIMITE = 60  # the link then still shows the result


def moment(quand):
    """A deadline in words, with its hour in Paris."""
    local = timezone.localtime(quand)
    return f"{date_format(local, 'l j F Y')}, {local.hour} h {local:%M} (heure de Paris)"


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


def inviter(sollicitation):
    """Invite a prestataire, with his personal link."""
    limite = sollicitation.consultation.date_limite
    jours = (limite - sollicitation.envoyee_le).days + JOURS_APRES_LA_LIMITE
    brut = jetons.creer(USAGE, sollicitation, sollicitation.prestataire.email, jours)
    return _ecrire(
        sollicitation, "Appel à proposition DLA", "invitation", lien=jetons.adresse(brut)
    )


def prolongation(sollicitation, motif):
    """Tell the new deadline."""
    return _ecrire(sollicitation, "Date limite prolongée", "prolongation", motif=motif)


def recepisse(depot):
    """Receipt of a deposit: server time and hashes, nothing of its content."""
    return _ecrire(
        depot.sollicitation,
        "Récépissé de votre proposition",
        "recepisse",
        depot=depot,
        recu_le=moment(depot.recu_le),
    )


def resultat(proposition, *, retenue):
    """Tell a candidate whether his proposition is retained; never why, unless he asks."""
    gabarit = "retenue" if retenue else "non_retenue"
    return _ecrire(proposition.sollicitation, "Résultat de la consultation", gabarit)


def sans_suite(sollicitation):
    """Tell that the consultation stops."""
    return _ecrire(sollicitation, "Consultation sans suite", "sans_suite")
