"""Asking for a relecture, returning it, doing without it."""

from django.db import transaction

from accompagnements import droits
from accompagnements.diagnostics import courriels, etats, regles
from accompagnements.diagnostics.relectures import LECTEURS, Commentaire, Relecture
from dla_portal.comptes.droits import exiger, repondre
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques, exiger_aucun_manque

CLOSE = "Cette relecture n'est plus attendue."


@transaction.atomic
def demander(diagnostic, *, par, lecteur, question=""):
    """Open the diagnostic to one reader, for as long as the reading lasts. Returns the diagnostic."""
    exiger(droits.instruit(par, diagnostic))
    exiger_aucun_manque(regles.manques_pour_relire(diagnostic))
    if not regles.lecteurs_possibles(diagnostic).filter(pk=lecteur.pk).exists():
        raise Manques(["Cette personne ne relit pas les diagnostics de votre région."])
    etats.DEMANDER_RELECTURE.appliquer(diagnostic, par=par, motif=question)
    relecture = Relecture.objects.create(diagnostic=diagnostic, lecteur=lecteur, question=question)
    courriels.relecture_demandee(relecture)
    return diagnostic


@transaction.atomic
def rendre(relecture, *, par, avis, commentaires=None):
    """Return the comments (text by section) and close the diagnostic to the reader."""
    sienne = relecture.lecteur_id == par.pk and par.role in LECTEURS
    exiger(repondre(sienne, "Cette relecture est demandée à quelqu'un d'autre."))
    if not Relecture.objects.select_for_update().ouvertes().filter(pk=relecture.pk).exists():
        raise Manques([CLOSE])
    if not avis.strip():
        raise Manques(["Écrivez votre avis d'ensemble."])
    relecture.avis, relecture.rendue_le = avis.strip(), horloge.aujourdhui()
    etats.RENDRE_RELECTURE.appliquer(relecture.diagnostic, par=par)
    relecture.save()
    for section, texte in (commentaires or {}).items():
        if texte.strip():
            Commentaire.objects.create(relecture=relecture, section=section, texte=texte.strip())
    courriels.relecture_rendue(relecture)
    return relecture


@transaction.atomic
def clore(diagnostic, *, par, motif):
    """Take the writing up again without waiting for the comments; the reader no longer reads."""
    exiger(droits.instruit(par, diagnostic))
    etats.CLORE_RELECTURE.appliquer(diagnostic, par=par, motif=motif)
    diagnostic.relectures.ouvertes().update(retiree_le=horloge.aujourdhui())
    return diagnostic
