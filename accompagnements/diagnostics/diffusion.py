"""Who else may read a diagnostic: its class, the authorisations of the structure, the log."""

from django.db import transaction
from django.utils import timezone

from accompagnements import droits
from accompagnements.diagnostics import regles
from accompagnements.diagnostics.relectures import Autorisation
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

LECTURE = "lecture"  # name of the lines of the log in the journal


def noter_la_lecture(diagnostic, *, par, comment):
    """Log a reading outside the team (`par`: an account or a name), once a day for each way."""
    libelle = f"Diagnostic lu hors de l'équipe : {comment}"[:200]
    minuit = timezone.localtime(horloge.maintenant()).replace(hour=0, minute=0, second=0)
    deja = diagnostic.journal().filter(transition=LECTURE, libelle=libelle, le__gte=minuit)
    qui = {"par_qui": par} if isinstance(par, str) else {"auteur": par}
    if not deja.filter(**qui).exists():
        journaliser(diagnostic, libelle, par=par, nom=LECTURE)


def lectures(diagnostic):
    """The readings outside the team, latest first."""
    return diagnostic.journal().filter(transition=LECTURE).select_related("auteur")


@transaction.atomic
def classer(diagnostic, *, par, confidentialite):
    """Say how far the diagnostic may go."""
    exiger(droits.instruit(par, diagnostic))
    exiger_aucun_manque(regles.manques_pour_classer(diagnostic, confidentialite))
    diagnostic.confidentialite = confidentialite
    diagnostic.save()
    classe = diagnostic.get_confidentialite_display()
    journaliser(diagnostic, f"Confidentialité : {classe}", par=par)
    return diagnostic


@transaction.atomic
def autoriser(diagnostic, *, par, destinataire, raison, accordee_par, accordee_le):
    """Record the agreement of the structure to a disclosure. Returns the diagnostic."""
    exiger(droits.instruit(par, diagnostic))
    exiger_aucun_manque(
        regles.manques_pour_communiquer(diagnostic)
        + regles.ordre_de_l_autorisation(diagnostic, accordee_le)
    )
    diagnostic.save()  # the compare-and-swap: the class has not changed meanwhile
    Autorisation.objects.create(
        diagnostic=diagnostic,
        destinataire=destinataire,
        raison=raison,
        accordee_par=accordee_par,
        accordee_le=accordee_le,
    )
    journaliser(diagnostic, f"Communication autorisée : {destinataire}", par=par, motif=raison)
    return diagnostic


@transaction.atomic
def retirer(autorisation, *, par):
    """The structure takes its agreement back: no other copy leaves."""
    diagnostic = autorisation.diagnostic
    exiger(droits.instruit(par, diagnostic))
    if autorisation.retiree_le:
        raise Manques(["Cette autorisation est déjà retirée."])
    autorisation.retiree_le = horloge.aujourdhui()
    autorisation.save()
    journaliser(diagnostic, f"Autorisation retirée : {autorisation.destinataire}", par=par)
    return autorisation
