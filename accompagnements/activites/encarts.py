"""What the page of a dossier shows of its time, with a quick entry for today."""

from django.urls import reverse

from accompagnements import droits
from accompagnements.activites import comptes, regles
from accompagnements.nomenclatures import SUR_DOSSIER
from dla_portal.socle import envois, horloge
from dla_portal.socle.nomenclatures import Terme


def temps_du_dossier(accompagnement, utilisateur, diagnostic=None):
    """The slot of a dossier for the team of its operator, None for the others; two queries.

    `diagnostic` when the user may read it: its own days show beside, never added.
    """
    if not droits.suit(utilisateur, accompagnement):
        return None
    temps = comptes.du_dossier(utilisateur, accompagnement.demande_id, diagnostic)
    if not regles.note(utilisateur):
        return temps | {"saisie": None}
    natures = Terme.objects.de("temps").en_vigueur().filter(famille=SUR_DOSSIER)
    adresse = reverse("accompagnements:temps_nouveau")
    saisie = {
        "adresse": f"{adresse}?dossier={accompagnement.demande_id}",
        "demande": accompagnement.demande_id,
        "cle_envoi": envois.nouvelle_cle(),
        "le": horloge.aujourdhui(),
        "natures": list(natures),
    }
    return temps | {"saisie": saisie}
