"""Writing a new version of a trame: the former ones stay, with the conventions written from them."""

from django.db import transaction

from accompagnements.conventions import redaction
from accompagnements.conventions.trames import Trame
from accompagnements.droits import ADMIN, region_de
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger, repondre
from dla_portal.socle.regles import Manques, exiger_aucun_manque


def edite_des_trames(utilisateur):
    """The DLA régional and the administrator keep the trames."""
    return a_role(utilisateur, roles.DlaRegional.code, ADMIN)


def edite(utilisateur, region):
    """The DLA régional keeps that of its region; the administrator all, the national one too."""
    if utilisateur.role == ADMIN:
        return edite_des_trames(utilisateur)
    code = region.pk if region else None
    return repondre(
        edite_des_trames(utilisateur) and code == region_de(utilisateur),
        "Cette trame se modifie par le DLA régional de sa région.",
    )


@transaction.atomic
def enregistrer(region, *, par, sections, numero_lu):
    """Keep the sections as the next version; `numero_lu` is the one that was on screen (0: none)."""
    exiger(edite(par, region))
    exiger_aucun_manque(redaction.manques_des_sections(sections))
    derniere = Trame.objects.de(region).first()
    numero = derniere.numero if derniere else 0
    if numero != numero_lu:
        raise Manques(
            [f"Quelqu'un a enregistré la version {numero} entre-temps : rechargez la page."]
        )
    if Trame.objects.en_vigueur(region).sections == sections:
        raise Manques(["Rien n'a changé : la version en vigueur reste la même."])
    return Trame.objects.create(region=region, numero=numero + 1, sections=sections, cree_par=par)
