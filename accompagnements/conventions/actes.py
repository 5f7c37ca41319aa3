"""What is signed by several parties in a set order: the convention and its avenants."""

from dataclasses import dataclass

from django.db import models

from dla_portal.socle.etats import AEtats, Transition


@dataclass(frozen=True)
class Circuit:
    """The transitions of the round of signatures of one kind of acte."""

    envoyer: Transition
    signer: Transition
    refuser: Transition
    corriger: Transition


class ActeASigner(AEtats):
    """Base of the convention and of the avenant; the bytes signed are made once and kept."""

    CIRCUIT: Circuit

    envoyee_le = models.DateField("mise à la signature le", null=True, blank=True, editable=False)
    signee_le = models.DateField(
        "signée par tous le", null=True, blank=True, db_index=True, editable=False
    )
    document = models.ForeignKey(
        "socle.Fichier",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    preuve = models.ForeignKey(
        "socle.Fichier",
        verbose_name="exemplaire signé, avec ses preuves",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )

    class Meta:
        abstract = True

    @property
    def en_signature(self):
        """Waits for signatures."""
        return self.etat == self.CIRCUIT.envoyer.vers

    @property
    def operateur(self):
        return self.ingenierie.operateur

    def attendues(self):
        """Signatures still to come, in their order."""
        return self.signatures.filter(signee_le=None).select_related("structure")

    @property
    def au_tour(self):
        """The expected signature of the party whose turn it is, or None."""
        return self.attendues().first() if self.en_signature else None
