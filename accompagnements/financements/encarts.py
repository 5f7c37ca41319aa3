"""The section « Financement » of the page of a convention: its shares, what is left to do."""

from accompagnements import droits
from accompagnements.conventions.etats import Etat, EtatAvenant
from accompagnements.financements import compte, regles
from accompagnements.financements.models import Repartition
from dla_portal.socle.templatetags.portail import euros


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
        "avertissements": regles.avertissements_de_l_europe(
            convention, [ligne.imputation.enveloppe for ligne in lignes]
        )
        if repartition
        else [],
        "liberable": not rien_a_rendre and bool(droits.gere(utilisateur, convention)),
        "a_repartir": convention.etat == Etat.SIGNEE,
    }


def depassement(avenant):
    """Say when the enveloppes of the split cannot bear what an avenant adds, before it is sent."""
    ouvert = avenant.etat in (EtatAvenant.EN_PREPARATION, EtatAvenant.A_SIGNER)
    repartition = Repartition.objects.filter(convention=avenant.convention_id).first()
    if not ouvert or repartition is None or avenant.montant_ttc is None:
        return []
    en_plus = avenant.montant_ttc - repartition.cout
    enveloppes = [part.enveloppe for part in repartition.imputations.select_related("enveloppe")]
    libre = sum((c.reste for c in compte.comptes(enveloppes).values()), compte.RIEN)
    if en_plus <= 0 or en_plus <= libre:
        return []
    return [
        f"L'avenant ajoute {euros(en_plus, 'TTC')} ; les enveloppes de la répartition n'ont plus que "
        f"{euros(max(libre, compte.RIEN))} à engager : trouvez le financement avant de l'envoyer."
    ]
