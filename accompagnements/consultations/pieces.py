"""What a proposition must hold (domaine.md §6.5), ticked by the chargé after the opening."""

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations.etats import Etat
from accompagnements.consultations.models import Proposition
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import exiger_aucun_manque

PIECES = {
    "garde": "page de garde avec les coordonnées et la date",
    "logos": "logos des financeurs",
    "commande": "rappel de la commande en bref",
    "methode": "modalités d'intervention et méthodologie",
    "personnes": "personnes ressources",
    "secteur": "connaissance du secteur",
    "jours": "nombre de jours",
    "calendrier": "planification",
    "budget": "budget détaillé",
    "cv": "CV des intervenants",
    "references": "références",
}


def manques_du_controle(proposition):
    """The pieces are checked between the opening and the choice."""
    if proposition.consultation.etat != Etat.EN_ANALYSE:
        return ["Les pièces se vérifient entre l'ouverture et le choix."]
    return []


@transaction.atomic
def controler(proposition, *, par, pieces):
    """Record the pieces found (keys of PIECES) in a proposition. Returns it."""
    exiger(droits.instruit(par, proposition))
    proposition = Proposition.objects.select_for_update().get(pk=proposition.pk)
    exiger_aucun_manque(manques_du_controle(proposition))
    proposition.pieces = [piece for piece in PIECES if piece in pieces]
    proposition.pieces_le = horloge.maintenant()
    proposition.save()
    journaliser(proposition, f"Pièces vérifiées : {proposition.prestataire}", par=par)
    return proposition


def manques_des_pieces(proposition):
    """What the choice of a proposition passes over: nobody has checked its pieces, or some miss."""
    if proposition.pieces_le is None:
        return [f"Les pièces de la proposition de {proposition.prestataire} ne sont pas vérifiées."]
    manquent = [libelle for piece, libelle in PIECES.items() if piece not in proposition.pieces]
    if not manquent:
        return []
    return [f"Il manque à la proposition de {proposition.prestataire} : {', '.join(manquent)}."]


def en_mots(proposition):
    """Say what is missing of a proposition, or that nobody has checked yet."""
    if proposition.pieces_le is None:
        return "à vérifier"
    manquent = [libelle for piece, libelle in PIECES.items() if piece not in proposition.pieces]
    return f"manque : {', '.join(manquent)}" if manquent else "complètes"
