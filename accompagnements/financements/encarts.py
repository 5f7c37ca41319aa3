"""The section « Financement » of the page of a convention: its shares, what is left to do."""

from accompagnements import droits
from accompagnements.conventions.etats import Etat
from accompagnements.financements import compte, regles
from accompagnements.financements.models import Repartition


def financement(convention, utilisateur):
    """Who bears the cost of a convention signed by all, and how far it is invoiced and paid."""
    if convention.signee_le is None:
        return None
    repartition = Repartition.objects.filter(convention=convention).first()
    lignes = []
    if repartition is not None:
        siennes = compte.lignes(Repartition.objects.filter(pk=repartition.pk))
        lignes = sorted(siennes.values(), key=lambda ligne: ligne.imputation.pk)
    facture = sum((ligne.facture for ligne in lignes), compte.RIEN)
    fermee = regles.manques_pour_repartir(convention)
    rien_a_rendre = regles.manques_pour_liberer(convention)
    return {
        "gabarit": "accompagnements/financements/_financement.html",
        "repartition": repartition,
        "lignes": lignes,
        "facture": facture,
        # Received above what was split: after an avenant, or on a convention given back.
        "non_porte": compte.facture_total(convention) - facture if repartition else compte.RIEN,
        "paye": sum((ligne.paye for ligne in lignes), compte.RIEN),
        "repartissable": not fermee and bool(droits.suit(utilisateur, convention)),
        "liberable": not rien_a_rendre and bool(droits.gere(utilisateur, convention)),
        "a_repartir": convention.etat == Etat.SIGNEE,
    }
