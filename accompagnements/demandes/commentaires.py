"""Comments on a dossier: internal to the team that follows it, or shared with its other readers.

They live in this stage, which owns the Accompagnement, rather than in a mechanism of the socle:
who reads them is said in the words of the chain (team, DLA régional, comité d'appui), and a
foreign key ties each of them to its dossier. The later stages and the whole picture read them.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement
from dla_portal.comptes import roles
from dla_portal.comptes.droits import repondre
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.verrou import Verrouille


class Portee(models.TextChoices):
    """Who reads a comment. It never changes: what was internal would show by its history."""

    INTERNE = "interne", "Interne"
    PARTAGE = "partage", "Partagé"


def de_son_equipe(utilisateur):
    """The dossiers whose internal comments the user reads: those that `droits.suit` opens.

    The administrator opens every dossier and follows none.
    """
    if utilisateur.role == droits.ADMIN:
        return Accompagnement.objects.none()
    return droits.portee(utilisateur, Accompagnement.objects.all())


class CommentaireDossierQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The shared ones of the dossiers the user may open; the internal ones of its own team."""
        ouverts = Accompagnement.objects.visibles_par(utilisateur)
        siens = de_son_equipe(utilisateur)
        return self.filter(
            Q(portee=Portee.PARTAGE, accompagnement__in=ouverts.values("pk"))
            | Q(accompagnement__in=siens.values("pk"))
        )

    def partages(self):
        """Those which are not for the team alone."""
        return self.filter(portee=Portee.PARTAGE)


class CommentaireDossier(Verrouille):
    """What somebody notes about a dossier. Withdrawn, it keeps its place and loses its text."""

    accompagnement = models.ForeignKey(
        Accompagnement, related_name="commentaires", on_delete=models.PROTECT, editable=False
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT, editable=False
    )
    portee = models.CharField("qui le lit", max_length=10, choices=Portee, default=Portee.INTERNE)
    texte = models.TextField("commentaire")
    corrige_le = models.DateTimeField("corrigé le", null=True, editable=False)
    retire_le = models.DateTimeField("retiré le", null=True, editable=False)

    objects = CommentaireDossierQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "commentaire de dossier"
        verbose_name_plural = "commentaires de dossier"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["accompagnement", "-cree_le"], name="commentaire_dossier")]
        constraints = [
            models.CheckConstraint(
                condition=Q(portee__in=Portee.values),
                name="commentaire_portee_connue",
                violation_error_message="Un commentaire est interne ou partagé.",
            ),
            models.CheckConstraint(
                condition=(Q(retire_le=None) & ~Q(texte="")) | Q(retire_le__isnull=False, texte=""),
                name="commentaire_texte_ou_retrait",
                violation_error_message="Un commentaire a un texte, sauf une fois retiré.",
            ),
            models.CheckConstraint(
                condition=Q(corrige_le=None) | Q(corrige_le__gte=F("cree_le")),
                name="commentaire_corrige_apres",
                violation_error_message="La correction ne peut précéder le commentaire.",
            ),
            models.CheckConstraint(
                condition=Q(retire_le=None) | Q(retire_le__gte=F("cree_le")),
                name="commentaire_retire_apres",
                violation_error_message="Le retrait ne peut précéder le commentaire.",
            ),
        ]

    def __str__(self):
        # Never the text: this is what the admin site and the logs show.
        return f"Commentaire n° {self.pk} · {self.accompagnement.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:commentaire", args=[self.pk])

    @property
    def interne(self):
        return self.portee == Portee.INTERNE

    @property
    def operateur_id(self):
        return self.accompagnement.operateur_id


class Mention(models.Model):
    """A colleague called to a comment, until they say they have read it."""

    commentaire = models.ForeignKey(
        CommentaireDossier, related_name="mentions", on_delete=models.PROTECT
    )
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="mentions", on_delete=models.PROTECT
    )
    cree_le = models.DateTimeField("mentionné le", default=horloge.maintenant)
    lue_le = models.DateTimeField("lue le", null=True, blank=True)

    class Meta:
        verbose_name = "mention"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["personne", "lue_le"], name="mention_non_lue")]
        constraints = [
            models.UniqueConstraint(
                fields=["commentaire", "personne"],
                name="mention_unique",
                violation_error_message="Cette personne est déjà mentionnée.",
            ),
            models.CheckConstraint(
                condition=Q(lue_le=None) | Q(lue_le__gte=F("cree_le")),
                name="mention_lue_apres",
                violation_error_message="La lecture ne peut précéder la mention.",
            ),
        ]

    def __str__(self):
        return f"{self.personne} · {self.commentaire}"


def portees_ouvertes(utilisateur, dossier):
    """What kinds of comment the user may write on a dossier that they open.

    The team writes both; the DLA régional of the region answers by shared ones; the members of a
    comité say what they think by their avis, and the administrator only reads.
    """
    if droits.suit(utilisateur, dossier):
        return [Portee.INTERNE, Portee.PARTAGE]
    if utilisateur.is_active and utilisateur.role == roles.DlaRegional.code:
        ouverts = Accompagnement.objects.visibles_par(utilisateur)
        return [Portee.PARTAGE] if ouverts.filter(pk=dossier.pk).exists() else []
    return []


def commente(utilisateur, dossier):
    """Whether the user may write a comment on the dossier."""
    return repondre(
        bool(portees_ouvertes(utilisateur, dossier)),
        "L'équipe de l'opérateur et le DLA régional peuvent commenter ce dossier.",
    )


def reprend(utilisateur, commentaire):
    """Only the author corrects or withdraws a comment, as long as they may write on the dossier."""
    permise = commentaire.portee in portees_ouvertes(utilisateur, commentaire.accompagnement)
    return repondre(
        permise and commentaire.auteur_id == utilisateur.pk,
        "Seule la personne qui a écrit un commentaire peut le corriger ou le retirer.",
    )


def equipe(dossier):
    """The people who read the internal comments of a dossier."""
    codes = [*roles.EQUIPE_OPERATEUR, roles.DlaRegional.code]
    tenus = Rattachement.objects.en_cours().filter(operateur=dossier.operateur_id, role__in=codes)
    return Utilisateur.objects.filter(is_active=True, pk__in=tenus.values("utilisateur"))


def autres_lecteurs(dossier):
    """The people called to a shared comment beyond the team: DLA régional, members convened.

    The members are those of `AccompagnementQuerySet.visibles_par`. The administrator, who may
    read as well, is nobody's correspondent.
    """
    en_cours = Rattachement.objects.en_cours()
    region = en_cours.filter(role=roles.DlaRegional.code, region=dossier.departement.region_id)
    membres = en_cours.filter(role=roles.MembreComite.code)
    convoques = Accompagnement.objects.filter(
        pk=dossier.pk,
        passages__etat__in=["inscrit", "avis_rendu", "decide"],
        passages__seance__etat__in=["planifiee", "tenue"],
    ).values("passages__seance__convocations__membre")
    deportes = Accompagnement.objects.filter(
        pk=dossier.pk, passages__deports__membre__isnull=False
    ).values("passages__deports__membre")
    actifs = Utilisateur.objects.filter(is_active=True)
    return (
        actifs.filter(
            Q(pk__in=region.values("utilisateur"))
            | Q(pk__in=membres.filter(utilisateur__in=convoques).values("utilisateur"))
        )
        .exclude(pk__in=deportes)
        .exclude(pk__in=equipe(dossier).values("pk"))
    )


def lecteurs(dossier, portee):
    """The people who may be mentioned in a comment of this kind."""
    if portee == Portee.INTERNE:
        return equipe(dossier)
    siens = equipe(dossier).values("pk")
    return Utilisateur.objects.filter(
        Q(pk__in=siens) | Q(pk__in=autres_lecteurs(dossier).values("pk"))
    )


def lecteurs_en_mots(dossier, portee):
    """Say beside the choice who will read: the sentence is exact for this dossier."""
    operateur = dossier.operateur.nom
    if portee == Portee.INTERNE:
        return (
            f"Lu seulement par l'équipe de {operateur} : chargés de mission, responsable, gestion."
        )
    region = dossier.departement.region.nom
    return (
        f"Lu aussi par le DLA régional ({region}), les membres du comité d'appui convoqués pour "
        "ce dossier et l'administration du portail."
    )
