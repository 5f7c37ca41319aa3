"""What time and activities must respect: rights, and sentences of what is missing.

Values without a source in domaine.md are ours: the limits of entry and the warning of a long day.
"""

from datetime import timedelta

from django.db.models import Q

from accompagnements import droits
from accompagnements.activites.etats import Etat as EtatActivite
from accompagnements.activites.models import Activite, Temps, reference_de
from accompagnements.demandes.etats import OUVERTES, Etat, EtatAccompagnement
from accompagnements.demandes.models import Demande
from accompagnements.nomenclatures import SUR_DOSSIER
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus, repondre
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import durees, horloge

ARRIERE = timedelta(days=92)  # how far back one enters one's own time
ARRIERE_RESPONSABLE = timedelta(days=366)
LONGUE_JOURNEE = 10 * 60  # minutes from which a day deserves a second look
NOTENT = roles.EQUIPE_OPERATEUR | {roles.DlaRegional.code}
EQUIPE_SEULE = "Seule l'équipe d'un opérateur note du temps."
ANIMATION = "animation"


def note(utilisateur):
    """Right: the team of an operator enters its time."""
    return repondre(
        utilisateur.is_active
        and utilisateur.role in NOTENT
        and droits.operateur_de(utilisateur) is not None,
        EQUIPE_SEULE,
    )


def pour_l_equipe(utilisateur):
    """Right: the responsable enters and corrects the time of a colleague."""
    return repondre(
        bool(note(utilisateur)) and utilisateur.role == roles.Responsable.code,
        "Le temps d'une autre personne est noté par elle ou par le responsable de l'opérateur.",
    )


def corrige(utilisateur, temps):
    """Right: one's own lines; those of the team for the responsable."""
    if not note(utilisateur):
        return Refus(EQUIPE_SEULE)
    if droits.operateur_de(utilisateur) != temps.operateur_id:
        return Refus(droits.AUTRE_OPERATEUR)
    return repondre(
        temps.personne_id == utilisateur.pk or pour_l_equipe(utilisateur),
        pour_l_equipe(utilisateur).motif or EQUIPE_SEULE,
    )


def equipe(operateur, le=None):
    """The people whose time may be entered at an operator on a date."""
    rattaches = Rattachement.objects.en_cours(le).filter(operateur=operateur, role__in=NOTENT)
    return Utilisateur.objects.filter(pk__in=rattaches.values("utilisateur"))


def plus_ancien(par):
    """The first day on which this person may still enter or correct time."""
    recul = ARRIERE_RESPONSABLE if pour_l_equipe(par) else ARRIERE
    return horloge.aujourdhui() - recul


def manques_du_jour(le, par):
    """A day passed, not too long ago."""
    if le > horloge.aujourdhui():
        return ["Le temps se note une fois passé : cette date est dans le futur."]
    if le < plus_ancien(par):
        return [
            f"Cette date est trop ancienne : le temps se note jusqu'au {plus_ancien(par):%d/%m/%Y} "
            "au plus loin."
        ]
    return []


def manques_du_dossier(nature, demande):
    """A kind spent on a dossier names it."""
    if nature.famille == SUR_DOSSIER and demande is None:
        return [f"« {nature} » se rattache à un dossier : indiquez lequel."]
    return []


def manques_de_la_journee(personne, le, minutes, sauf=None):
    """A day has 24 hours, whatever the dossiers; `minutes` are those about to be added."""
    deja = Temps.objects.notes().filter(personne=personne, le=le).exclude(pk=sauf).minutes()
    if deja + minutes <= durees.MINUTES_MAX:
        return []
    return [f"Le {le:%d/%m/%Y} dépasserait 24 heures : {durees.en_mots(deja)} y sont déjà notées."]


def manques_du_temps(temps, par):
    """Everything that forbids to enter or correct a line, beyond the right."""
    manques = manques_du_jour(temps.le, par)
    if not equipe(temps.operateur_id, temps.le).filter(pk=temps.personne_id).exists():
        manques.append(f"{temps.personne} n'était pas de l'équipe le {temps.le:%d/%m/%Y}.")
    if temps.demande_id and temps.demande.operateur_id != temps.operateur_id:
        manques.append(droits.AUTRE_OPERATEUR)
    if temps.activite_id and temps.nature.code != ANIMATION:
        manques.append("Le temps d'une animation est du temps d'animation.")
    manques += manques_du_dossier(temps.nature, temps.demande)
    return manques + manques_de_la_journee(temps.personne, temps.le, temps.minutes, temps.pk)


def manques_pour_retirer(temps):
    """A line too old for anybody is part of the accounts rendered."""
    if temps.le < horloge.aujourdhui() - ARRIERE_RESPONSABLE:
        return ["Cette ligne a plus d'un an : elle ne change plus."]
    return []


def longue_journee(personne, le):
    """The sentence which warns of a day of more than ten hours, or ""."""
    minutes = Temps.objects.notes().filter(personne=personne, le=le).minutes()
    if minutes <= LONGUE_JOURNEE:
        return ""
    return (
        f"Le {le:%d/%m/%Y} compte {durees.en_mots(minutes)} : vérifiez que rien n'y est en double."
    )


def dossiers_a_noter(utilisateur, aussi=()):
    """The demandes of the operator on which time may be entered: those alive, and `aussi` (pk)."""
    ouvert = Q(etat=Etat.DIAGNOSTIC_OUVERT, accompagnement__etat=EtatAccompagnement.OUVERT)
    lignes = droits.portee(utilisateur, Demande.objects.all()).filter(
        Q(etat__in=OUVERTES) | ouvert | Q(pk__in=list(aussi))
    )
    return lignes.select_related("structure", "accompagnement").order_by("structure__nom", "pk")


def nom_du_dossier(demande):
    """How a dossier is named in a list to choose from."""
    return f"{demande.structure.nom} · {reference_de(demande)}"


def inscrit(utilisateur):
    """Right: the team of an operator and the DLA régional keep a register of animation."""
    if not utilisateur.is_active or utilisateur.role not in NOTENT:
        return Refus("Le registre des animations est tenu par les équipes DLA.")
    if utilisateur.role == roles.DlaRegional.code:
        return repondre(droits.region_de(utilisateur), "Votre rattachement ne porte pas de région.")
    return repondre(droits.operateur_de(utilisateur), "Votre rattachement n'a pas d'opérateur.")


def tient(utilisateur, activite: Activite):
    """Right: whoever keeps the register in which the activity is written."""
    permis = inscrit(utilisateur)
    if not permis:
        return permis
    meme = droits.operateur_de(utilisateur) == activite.operateur_id
    if activite.operateur_id is None:
        meme = (
            utilisateur.role == roles.DlaRegional.code
            and droits.region_de(utilisateur) == activite.region_id
        )
    return repondre(meme, "Cette animation est celle d'une autre équipe.")


def manques_si_annulee(activite):
    """What is cancelled stays as it was."""
    if activite.etat == EtatActivite.INSCRITE:
        return []
    return ["Cette animation est annulée : elle ne se modifie plus."]


def equipe_d_animation(utilisateur):
    """The people who may carry an activity: the user's own team, herself at least."""
    operateur = droits.operateur_de(utilisateur)
    elle = Utilisateur.objects.filter(pk=utilisateur.pk)
    return (equipe(operateur) | elle).distinct() if operateur else elle
