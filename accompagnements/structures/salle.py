"""The document room of a structure: what is expected, what is there, what is out of date."""

from dataclasses import dataclass

from django.db import models

from accompagnements.droits import operateur_de
from accompagnements.structures.models import RattacheAStructure, Signalement, Structure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus, a_role, repondre
from dla_portal.socle import horloge


class PieceStructure(RattacheAStructure):
    """A document of a structure, valid until a date when it has one."""

    class Nature(models.TextChoices):
        STATUTS = "statuts", "Statuts"
        RECEPISSE = "recepisse", "Récépissé, parution au Journal officiel"
        DIRIGEANTS = "dirigeants", "Liste des dirigeants"
        COMPTES = "comptes", "Comptes annuels"
        BUDGET = "budget", "Budget prévisionnel"
        ACTIVITE = "activite", "Rapport d'activité"
        INSTANCE = "instance", "Procès-verbal d'instance"
        AGREMENT = "agrement", "Agrément, conventionnement"
        EFFECTIF = "effectif", "Justificatif d'effectif"
        AUTRE = "autre", "Autre pièce"

    structure = models.ForeignKey(Structure, related_name="pieces", on_delete=models.CASCADE)
    nature = models.CharField("pièce", max_length=12, choices=Nature)
    exercice = models.PositiveSmallIntegerField("année concernée", null=True, blank=True)
    expire_le = models.DateField("valable jusqu'au", null=True, blank=True)
    fichier = models.ForeignKey("socle.Fichier", on_delete=models.PROTECT, editable=False)

    class Meta:
        verbose_name = "pièce de la structure"
        verbose_name_plural = "pièces de la structure"
        ordering = ["nature", models.F("exercice").desc(nulls_last=True), "-pk"]

    def __str__(self):
        return f"{self.get_nature_display()} {self.exercice or ''}".strip()

    @property
    def expiree(self):
        return self.expire_le is not None and self.expire_le < horloge.aujourdhui()


Nature = PieceStructure.Nature
REQUISES = (Nature.STATUTS, Nature.RECEPISSE, Nature.DIRIGEANTS, Nature.COMPTES, Nature.BUDGET)


@dataclass(frozen=True)
class Ligne:
    """One line of the room: a document, or a required one which is missing (`piece` is None)."""

    libelle: str
    piece: PieceStructure | None

    @property
    def etat(self):
        """(tone, words) of its badge; ("", "") when there is nothing to say."""
        if self.piece is None:
            return "attente", "Attendue"
        return ("alerte", "Périmée") if self.piece.expiree else ("", "")


def lignes(structure):
    """The required documents first, present or missing, then the others."""
    pieces = list(structure.pieces.select_related("fichier__depose_par"))
    presentes = {piece.nature for piece in pieces}
    attendues = [Ligne(n.label, None) for n in REQUISES if n not in presentes]
    deposees = sorted(pieces, key=lambda piece: piece.nature not in REQUISES)
    return [*attendues, *(Ligne(str(piece), piece) for piece in deposees)]


def lit_les_pieces(utilisateur, structure):
    """Right: the administrator, and the team of an operator that has a dossier of the structure."""
    if utilisateur.role == roles.Administrateur.code:
        return a_role(utilisateur, roles.Administrateur.code)
    operateur = operateur_de(utilisateur)
    if operateur is None or utilisateur.role not in {
        *roles.EQUIPE_OPERATEUR,
        roles.DlaRegional.code,
    }:
        return Refus("Les pièces sont à l'équipe de l'opérateur qui suit la structure.")
    return repondre(
        structure.demandes.filter(operateur=operateur).exists(),
        "Les pièces sont à l'équipe de l'opérateur qui suit la structure.",
    )


def signalements_lisibles(utilisateur, structure):
    """Difficulties are not identity: they are read as the documents are, or by who noticed them."""
    lignes = structure.signalements.select_related("auteur")
    return lignes if lit_les_pieces(utilisateur, structure) else lignes.filter(auteur=utilisateur)


def nommables(utilisateur, structure, modele):
    """Return the keys of the rows of a structure that the user may read by name; None: all of them."""
    if modele is PieceStructure and not lit_les_pieces(utilisateur, structure):
        return set()
    if modele is Signalement:
        return set(signalements_lisibles(utilisateur, structure).values_list("pk", flat=True))
    return None
