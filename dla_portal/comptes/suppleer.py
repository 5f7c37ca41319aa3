"""Setting and ending a suppléance: who may, what is in the way, in sentences by field."""

from django.core.exceptions import ValidationError
from django.db import transaction

from dla_portal.comptes import roles
from dla_portal.comptes.droits import OUI, Refus, exiger
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.comptes.suppleances import Suppleance
from dla_portal.socle import horloge

DUREE_MAX = 366  # days
# Whose tasks a role may take on. It changes no right: the signature of the responsable, for one,
# does not go to a chargé de mission who stands in for her on her dossiers.
SUPPLEES = {
    roles.ChargeMission.code: roles.INSTRUCTEURS,
    roles.Responsable.code: roles.EQUIPE_OPERATEUR,
    roles.Gestionnaire.code: frozenset({roles.Gestionnaire.code}),
}


def equipe(operateur_id):
    """The active people who work for an operator as of today."""
    rattaches = Rattachement.objects.en_cours().filter(
        operateur=operateur_id, role__in=roles.EQUIPE_OPERATEUR
    )
    return Utilisateur.objects.filter(pk__in=rattaches.values("utilisateur"), is_active=True)


def roles_chez(operateur_id, personnes):
    """Return {pk of a person: set of her roles in the team of an operator, as of today}."""
    rattaches = Rattachement.objects.en_cours().filter(
        operateur=operateur_id, role__in=roles.EQUIPE_OPERATEUR, utilisateur__in=personnes
    )
    tenus = {}
    for personne, role in rattaches.values_list("utilisateur", "role"):
        tenus.setdefault(personne, set()).add(role)
    return tenus


def organise(utilisateur, absent, operateur_id):
    """Each for herself; the responsable for the whole team."""
    if utilisateur.role not in roles.EQUIPE_OPERATEUR:
        return Refus("Seule l'équipe d'un opérateur organise ses suppléances.")
    if utilisateur.rattachement.operateur_id != operateur_id:
        return Refus("Cette suppléance est celle d'un autre opérateur.")
    if utilisateur.pk == absent.pk or utilisateur.role == roles.Responsable.code:
        return OUI
    return Refus("Seul le responsable organise la suppléance d'une autre personne.")


def manques(operateur_id, *, absent, suppleant, du, au):
    """Return {field: sentences} of what is in the way of a suppléance."""
    par_champ = {
        **_manques_des_dates(du, au),
        **_manques_du_suppleant(operateur_id, absent, suppleant),
    }
    return par_champ or _manques_de_rencontre(absent, suppleant, du, au)


def _manques_des_dates(du, au):
    if du < horloge.aujourdhui():
        return {"du": ["Une suppléance commence aujourd'hui ou plus tard."]}
    if au < du:
        return {"au": [f"La fin précède le début ({du:%d/%m/%Y})."]}
    if (au - du).days >= DUREE_MAX:
        return {"au": ["Une suppléance dure un an au plus : au-delà, confiez les dossiers."]}
    return {}


def _manques_du_suppleant(operateur_id, absent, suppleant):
    if absent.pk == suppleant.pk:
        return {"suppleant": ["Une personne ne se supplée pas elle-même."]}
    tenus = roles_chez(operateur_id, [absent.pk, suppleant.pk])
    ouverts = set().union(*(SUPPLEES[role] for role in tenus.get(suppleant.pk, ())))
    if suppleant.pk not in tenus or not suppleant.is_active:
        return {"suppleant": [f"{suppleant} ne fait pas partie de l'équipe de l'opérateur."]}
    if not ouverts & tenus.get(absent.pk, set()):
        return {"suppleant": [f"Le rôle de {suppleant} n'ouvre pas les gestes de {absent}."]}
    return {}


def _manques_de_rencontre(absent, suppleant, du, au):
    """One substitute at a time, who is there herself and stands in for nobody through another."""
    ce_temps = Suppleance.objects.croisant(du, au).select_related("absent", "suppleant")
    deja = ce_temps.filter(absent=absent).first()
    if deja:
        return {"du": [f"{deja.suppleant} supplée déjà {absent} {_periode(deja)}."]}
    absente = ce_temps.filter(absent=suppleant).first()
    if absente:
        return {
            "suppleant": [
                f"{suppleant} est alors en absence {_periode(absente)}, "
                f"suppléance assurée par {absente.suppleant}."
            ]
        }
    tenue = ce_temps.filter(suppleant=absent).first()
    if tenue:
        return {
            "du": [
                f"{absent} supplée alors {tenue.absent} {_periode(tenue)} : "
                "mettez d'abord fin à cette suppléance."
            ]
        }
    return {}


def _periode(suppleance):
    return f"du {suppleance.du:%d/%m/%Y} au {suppleance.au:%d/%m/%Y}"


@transaction.atomic
def poser(operateur_id, *, par, absent, suppleant, du, au):
    """Say who stands in for whom; raise ValidationError by field when something is in the way."""
    exiger(organise(par, absent, operateur_id))
    # Both people are held: two gestures at once about one of them wait for each other.
    tous = Utilisateur.objects.select_for_update().order_by("pk")
    list(tous.filter(pk__in=[absent.pk, suppleant.pk]))
    par_champ = manques(operateur_id, absent=absent, suppleant=suppleant, du=du, au=au)
    if par_champ:
        raise ValidationError(par_champ)
    return Suppleance.objects.create(
        operateur_id=operateur_id,
        absent=absent,
        suppleant=suppleant,
        du=du,
        au=au,
        posee_par=par,
    )


@transaction.atomic
def retirer(suppleance, *, par):
    """End a suppléance at once; ended already, by a person or by its date, it stays as it is."""
    exiger(organise(par, suppleance.absent, suppleance.operateur_id))
    suppleance = Suppleance.objects.select_for_update().get(pk=suppleance.pk)
    if suppleance.retiree_le is None and suppleance.au >= horloge.aujourdhui():
        suppleance.retiree_le, suppleance.retiree_par = horloge.maintenant(), par
        suppleance.save()
    return suppleance


def tenues_par(utilisateur):
    """Return [(absent, her roles)]: those whose tasks the user sees today, for her operator."""
    if utilisateur.role not in roles.EQUIPE_OPERATEUR:
        return []
    operateur_id = utilisateur.rattachement.operateur_id
    lignes = Suppleance.objects.visibles_par(utilisateur).en_cours()
    absents = [s.absent for s in lignes.filter(suppleant=utilisateur).select_related("absent")]
    if not absents:
        return []
    tenus = roles_chez(operateur_id, [absent.pk for absent in absents])
    return [(absent, tenus[absent.pk]) for absent in absents if absent.pk in tenus]
