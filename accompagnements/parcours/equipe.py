"""The tasks of the whole team, by person: who is late, what nobody follows."""

from django.db.models import Q

from accompagnements import acteurs, droits
from accompagnements.demandes.regles import equipe_de
from accompagnements.financements import compte
from accompagnements.financements.models import Enveloppe
from accompagnements.parcours.models import TacheReportee
from dla_portal.comptes import roles
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.saisies import entier

PERSONNE, DIRECTION = "aucune", "direction"
GROUPES = ("retard", "aujourdhui", "semaine", "plus_tard")


def cles_de(tache):
    """Whose rows of the table a task belongs to: several when several follow it."""
    if tache.acteur == acteurs.DIRECTION:
        return [DIRECTION]
    return [str(pk) for pk in tache.personnes] or [PERSONNE]


def tableau(utilisateur, liste):
    """Return the rows of the table: the team, those who left with tasks, nobody, the direction."""
    comptes = {}
    for tache in liste:
        for cle in cles_de(tache):
            comptes.setdefault(cle, dict.fromkeys(GROUPES, 0))[tache.groupe] += 1
    equipe = equipe_de(droits.operateur_de(utilisateur)).values("pk")
    avec = [entier(cle) for cle in comptes if entier(cle)]
    personnes = Utilisateur.objects.filter(Q(pk__in=equipe) | Q(pk__in=avec))
    noms = {str(personne.pk): str(personne) for personne in personnes}
    if PERSONNE in comptes:
        noms[PERSONNE] = "À personne"
    if DIRECTION in comptes:
        noms[DIRECTION] = "À signer par le responsable"
    return [
        _rangee(cle, nom, comptes.get(cle) or dict.fromkeys(GROUPES, 0))
        for cle, nom in noms.items()
    ]


def _rangee(cle, nom, comptes):
    return {"cle": cle, "nom": nom, **comptes, "total": sum(comptes.values())}


def reports_de_l_equipe(utilisateur):
    """Return {(task, cycle): [reports]}, for the responsable: a report hides nothing from her."""
    if utilisateur.role != roles.Responsable.code:
        return {}
    lignes = TacheReportee.objects.visibles_par(utilisateur).en_cours()
    par_tache = {}
    for report in lignes.select_related("utilisateur"):
        par_tache.setdefault((report.cle, report.cycle), []).append(report)
    return par_tache


def fonds_de_l_annee(utilisateur):
    """Return the account of the year's enveloppes together, for the responsable; None without any."""
    if utilisateur.role != roles.Responsable.code:
        return None
    annee = horloge.aujourdhui().year
    enveloppes = list(Enveloppe.objects.visibles_par(utilisateur).filter(annee=annee))
    if not enveloppes:
        return None
    ensemble = compte.Compte()
    for celui in compte.comptes(enveloppes).values():
        ensemble.ajouter(celui)
    return {"annee": annee, "compte": ensemble}
