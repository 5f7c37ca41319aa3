"""Every change of state of a diagnostic partagé."""

from django.db import transaction

from accompagnements import droits
from accompagnements.diagnostics import courriels, etats, regles
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques, exiger_aucun_manque

RELU = "Le diagnostic a changé depuis que vous l'avez lu : relisez-le avant de valider."


@transaction.atomic
def commencer(accompagnement, *, par, **champs):
    """Start the diagnostic of an open dossier. `champs` are fields of Diagnostic. Returns it."""
    exiger(droits.instruit(par, accompagnement))
    exiger_aucun_manque(regles.manques_pour_commencer(accompagnement))
    diagnostic = Diagnostic(accompagnement=accompagnement, **champs)
    etats.COMMENCER.appliquer(diagnostic, par=par)
    return diagnostic


@transaction.atomic
def soumettre(diagnostic, *, par):
    """Submit the written diagnostic to the structure, which gets its personal link by mail."""
    exiger(droits.instruit(par, diagnostic))
    exiger_aucun_manque(regles.manques_pour_soumettre(diagnostic))
    diagnostic.soumis_le = horloge.aujourdhui()
    etats.SOUMETTRE.appliquer(diagnostic, par=par)
    diagnostic.relectures.ouvertes().update(retiree_le=horloge.aujourdhui())
    courriels.soumis(diagnostic)
    return diagnostic


@transaction.atomic
def corriger(diagnostic, *, par, motif):
    """Take the writing up again, because the structure asks for corrections."""
    exiger(droits.instruit(par, diagnostic))
    return _reprendre_la_redaction(diagnostic, par, motif)


@transaction.atomic
def demander_correction(diagnostic, *, par, remarque):
    """The structure asks for corrections by its link; the chargé is told what they are."""
    exiger(droits.par_lien(par))
    _reprendre_la_redaction(diagnostic, par, remarque)
    courriels.a_corriger(diagnostic)
    return diagnostic


def _reprendre_la_redaction(diagnostic, par, motif):
    diagnostic.soumis_le = None
    etats.CORRIGER.appliquer(diagnostic, par=par, motif=motif)
    return diagnostic


@transaction.atomic
def valider(diagnostic, *, par, valide_le, organe, valide_par=""):
    """Record the validation by the structure: its date, the body which decided, who says so."""
    exiger(droits.instruit(par, diagnostic))
    return _valider(diagnostic, par, valide_le, organe, valide_par)


@transaction.atomic
def valider_par_lien(diagnostic, *, par, valide_le, organe, valide_par, version_lue):
    """The structure validates by its link the very text that it has read."""
    exiger(droits.par_lien(par))
    if diagnostic.version != version_lue:
        raise Manques([RELU])
    _valider(diagnostic, par, valide_le, organe, valide_par)
    courriels.valide(diagnostic)
    return diagnostic


def _valider(diagnostic, par, valide_le, organe, valide_par):
    exiger_aucun_manque(regles.ordre_de_la_validation(diagnostic, valide_le))
    if not organe.strip():
        raise Manques(["Indiquez l'instance de la structure qui a validé."])
    diagnostic.valide_le, diagnostic.organe = valide_le, organe.strip()
    diagnostic.valide_par = valide_par.strip()
    etats.VALIDER.appliquer(diagnostic, par=par)
    return diagnostic


@transaction.atomic
def clore_sans_plan(diagnostic, *, par, motif):
    """End at the diagnostic: the structure needs no further accompaniment."""
    exiger(droits.instruit(par, diagnostic))
    exiger_aucun_manque(regles.manques_pour_clore_sans_plan(diagnostic))
    etats.CLORE_SANS_PLAN.appliquer(diagnostic, par=par, motif=motif)
    return diagnostic


@transaction.atomic
def abandonner(diagnostic, *, par, motif):
    """Give up a diagnostic before its validation; another may be started."""
    exiger(droits.instruit(par, diagnostic))
    etats.ABANDONNER.appliquer(diagnostic, par=par, motif=motif)
    diagnostic.relectures.ouvertes().update(retiree_le=horloge.aujourdhui())
    return diagnostic


@transaction.atomic
def reprendre(accompagnement, *, par=None, le, **champs):
    """Take over the diagnostic of a past year, validated on the date `le`. Returns it."""
    diagnostic = Diagnostic(accompagnement=accompagnement, valide_le=le, organe="Reprise", **champs)
    etats.REPRENDRE.appliquer(diagnostic, par=par)
    return diagnostic
