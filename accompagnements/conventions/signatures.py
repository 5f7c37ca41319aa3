"""One expected signature of a convention or of an avenant, and the evidence of it."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accompagnements.structures.models import Structure

CONSENTEMENT = (
    "J'ai lu {acte} (document « {document} », empreinte SHA-256 {empreinte}). J'en accepte les "
    "termes et je le signe électroniquement pour {partie}, que j'ai qualité pour engager."
)


class Signature(models.Model):
    """One expected signature of an acte; `signee_le` empty until received.

    Kept of an electronic one: server time, address, browser, sentence of consent as shown,
    SHA-256 of the bytes signed, link used. Wiped ones (refusal, correction) stay in the history.
    """

    class Partie(models.TextChoices):
        STRUCTURE = "structure", "La structure"
        PRESTATAIRE = "prestataire", "Le prestataire"
        OPERATEUR = "operateur", "L'opérateur DLA"

    class Canal(models.TextChoices):
        LIEN = "lien", "En ligne, par un lien personnel et un code"
        COMPTE = "compte", "En ligne, par son compte"
        PAPIER = "papier", "Sur papier"

    convention = models.ForeignKey(
        "accompagnements.Convention",
        related_name="signatures",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    avenant = models.ForeignKey(
        "accompagnements.Avenant",
        related_name="signatures",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    partie = models.CharField("partie", max_length=12, choices=Partie)
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT)
    rang = models.PositiveSmallIntegerField("ordre", default=0)
    invitee_le = models.DateField("invitée à signer le", null=True, blank=True)
    signataire = models.CharField("signataire", max_length=120, blank=True)
    qualite = models.CharField("qualité", max_length=120, blank=True)
    signee_le = models.DateField("signée le", null=True, blank=True)
    canal = models.CharField("moyen", max_length=10, choices=Canal, blank=True)
    signee_a = models.DateTimeField("heure du serveur", null=True, blank=True)
    consentement = models.TextField("phrase de consentement", blank=True)
    adresse_ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    navigateur = models.CharField("navigateur", max_length=300, blank=True)
    empreinte = models.CharField("empreinte du document signé", max_length=64, blank=True)
    jeton = models.ForeignKey(
        "socle.Jeton",
        verbose_name="lien employé",
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    scan = models.ForeignKey(
        "socle.Fichier",
        verbose_name="exemplaire numérisé",
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    refusee_le = models.DateTimeField("refusée le", null=True, blank=True)
    refus_motif = models.TextField("motif du refus", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "signature"
        ordering = ["rang", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(convention__isnull=False, avenant=None)
                | Q(convention=None, avenant__isnull=False),
                name="signature_d_un_seul_acte",
                violation_error_message="Une signature porte sur une convention ou sur un avenant.",
            ),
            models.UniqueConstraint(
                fields=["convention", "structure"],
                name="signature_unique_par_structure",
                violation_error_message="Cette structure a déjà sa signature.",
            ),
            models.UniqueConstraint(
                fields=["convention", "partie"],
                condition=Q(structure=None),
                name="signature_unique_par_partie",
                violation_error_message="Cette partie a déjà sa signature.",
            ),
            models.UniqueConstraint(
                fields=["avenant", "structure"],
                name="signature_avenant_par_structure",
                violation_error_message="Cette structure a déjà sa signature.",
            ),
            models.UniqueConstraint(
                fields=["avenant", "partie"],
                condition=Q(structure=None),
                name="signature_avenant_par_partie",
                violation_error_message="Cette partie a déjà sa signature.",
            ),
            models.CheckConstraint(
                condition=Q(signee_le=None) | ~Q(signataire=""),
                name="signature_datee_nommee",
                violation_error_message="Une signature datée porte le nom de la personne.",
            ),
            models.CheckConstraint(
                condition=(Q(partie="structure") & Q(structure__isnull=False))
                | (~Q(partie="structure") & Q(structure=None)),
                name="signature_structure_nommee",
                violation_error_message="La signature d'une structure dit laquelle.",
            ),
            models.CheckConstraint(
                condition=~Q(canal__in=["lien", "compte"])
                | Q(signee_le__isnull=False, signee_a__isnull=False, adresse_ip__isnull=False)
                & ~Q(consentement="")
                & ~Q(empreinte=""),
                name="signature_en_ligne_prouvee",
                violation_error_message="Une signature en ligne garde son heure, son empreinte et "
                "le consentement donné.",
            ),
            models.CheckConstraint(
                condition=~Q(canal="lien") | Q(jeton__isnull=False),
                name="signature_par_lien_dit_lequel",
                violation_error_message="Une signature par un lien dit lequel.",
            ),
            models.CheckConstraint(
                condition=Q(refusee_le=None) | Q(signee_le=None) & ~Q(refus_motif=""),
                name="signature_refus_motive",
                violation_error_message="Un refus de signer porte son motif.",
            ),
        ]

    def __str__(self):
        return f"{self.nom_partie} : {self.signataire or 'attendue'}"

    @property
    def acte(self):
        """The convention or the avenant."""
        return self.avenant if self.avenant_id else self.convention

    @property
    def nom_partie(self):
        """The party in words, with the name of the structure."""
        libelle = self.get_partie_display()
        return f"{libelle} {self.structure}" if self.structure_id else libelle

    @property
    def en_phrase(self):
        """The party inside a sentence: « la structure Les Ateliers »."""
        return self.nom_partie[0].lower() + self.nom_partie[1:]

    @property
    def partie_nommee(self):
        """The party by its own name, as in the evidence."""
        if self.structure_id:
            return self.structure.nom
        if self.partie == self.Partie.PRESTATAIRE:
            return self.acte.prestataire.nom
        return self.acte.operateur.nom

    @property
    def code_confirme_le(self):
        """When the code sent for the link was given back, or None."""
        code = self.jeton.codes.filter(utilise_le__isnull=False).first() if self.jeton_id else None
        return code.utilise_le if code else None

    def phrase_de_consentement(self):
        """The sentence that the signatory ticks; it names the very bytes which are signed."""
        document = self.acte.document
        return CONSENTEMENT.format(
            acte=self.acte.designation,
            document=document.nom,
            empreinte=document.sha256,
            partie=self.partie_nommee,
        )

    def effacer(self, *, motif=""):
        """Back to expected; what was given stays in the history."""
        self.signataire = self.qualite = self.canal = self.consentement = ""
        self.navigateur = self.empreinte = ""
        self.signee_le = self.signee_a = self.adresse_ip = None
        self.invitee_le = self.jeton = self.scan = None
        self._change_reason = motif[:100]
        self.save()
