"""What each person keeps of a list: columns, page size, saved views, the one it opens on.

A view is a name given to filters, a sort and columns. It never widens what its reader sees: the
list scopes its rows before any filter. It is kept for oneself, shared with the operator by any
of its team, or with the region by its DLA régional.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus, exiger, repondre
from dla_portal.socle import horloge

TAILLES = (25, 50, 100, 200)  # rows of a page
PAR_PAGE = 50
VUES_MAX = 100  # of one person on one list: more is a slip, or a script
PASSAGERS = ("page", "vue", "export", "enregistrer", "lot", "tout")  # not part of a view


def _portee(utilisateur):
    """Return (operator id, region code) of the current rattachement; None where it has none."""
    rattachement = utilisateur.rattachement
    if rattachement is None:
        return None, None
    lieux = (rattachement.region_id, rattachement.operateur, rattachement.departement)
    region = lieux[0] or next((lieu.region_id for lieu in lieux[1:] if lieu), None)
    return rattachement.operateur_id, region


class VueListeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """One's own, those shared with one's operator, those shared with one's region."""
        operateur, region = _portee(utilisateur)
        permises = Q(auteur=utilisateur)
        if operateur:
            permises |= Q(portee=VueListe.Portee.OPERATEUR, operateur=operateur)
        if region:
            permises |= Q(portee=VueListe.Portee.REGION, region=region)
        return self.filter(permises)


class VueListe(models.Model):
    """Filters, sort and columns of a list under a name."""

    class Portee(models.TextChoices):
        PERSONNELLE = "personnelle", "Moi"
        OPERATEUR = "operateur", "Mon opérateur"
        REGION = "region", "Ma région"

    liste = models.CharField(max_length=80)
    nom = models.CharField("nom de la vue", max_length=80)
    parametres = models.CharField(max_length=2000, blank=True)
    colonnes = models.JSONField(default=list, blank=True)
    portee = models.CharField("pour", max_length=12, choices=Portee, default=Portee.PERSONNELLE)
    # A convenience of its author: it goes with the account.
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="vues_de_liste"
    )
    operateur = models.ForeignKey(
        "territoires.OperateurDLA", null=True, blank=True, on_delete=models.PROTECT
    )
    region = models.ForeignKey(
        "territoires.Region", null=True, blank=True, on_delete=models.PROTECT
    )
    enregistree_le = models.DateTimeField(default=horloge.maintenant)

    objects = VueListeQuerySet.as_manager()

    class Meta:
        verbose_name = "vue de liste"
        verbose_name_plural = "vues de liste"
        ordering = ["nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["auteur", "liste", "nom"],
                name="vue_de_liste_unique_par_auteur",
                violation_error_message="Vous avez déjà une vue de ce nom sur cette liste.",
            ),
            models.CheckConstraint(
                condition=Q(portee="personnelle", operateur=None, region=None)
                | Q(portee="operateur", operateur__isnull=False, region=None)
                | Q(portee="region", operateur=None, region__isnull=False),
                name="vue_de_liste_partagee_avec_quelqu_un",
                violation_error_message="Une vue partagée dit avec quel opérateur ou quelle région.",
            ),
        ]

    def __str__(self):
        return self.nom


class PreferenceListe(models.Model):
    """Columns, page size and first view of one person on one list."""

    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences_de_liste"
    )
    liste = models.CharField(max_length=80)
    colonnes = models.JSONField(default=list, blank=True)
    par_page = models.PositiveSmallIntegerField(default=PAR_PAGE)
    # Without its view, the list opens as it does for everybody.
    vue = models.ForeignKey(
        VueListe, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "préférence de liste"
        verbose_name_plural = "préférences de liste"
        constraints = [
            models.UniqueConstraint(
                fields=["compte", "liste"],
                name="une_preference_par_liste",
                violation_error_message="Cette liste est déjà réglée pour ce compte.",
            ),
            models.CheckConstraint(
                condition=Q(par_page__in=TAILLES),
                name="preference_taille_de_page",
                violation_error_message="Une page montre 25, 50, 100 ou 200 lignes.",
            ),
        ]

    def __str__(self):
        return f"{self.compte} · {self.liste}"


def portees_ouvertes(utilisateur):
    """Return the sharings open to the user, as (value, label) pairs."""
    operateur, region = _portee(utilisateur)
    portees = [VueListe.Portee.PERSONNELLE]
    if operateur:
        portees.append(VueListe.Portee.OPERATEUR)
    if region and utilisateur.role == roles.DlaRegional.code:
        portees.append(VueListe.Portee.REGION)
    return [(portee.value, portee.label) for portee in portees]


def supprime(utilisateur, vue):
    """Right: its author; for a shared one, who answers for the operator or for the region."""
    if vue.auteur_id == utilisateur.pk:
        return repondre(True, "")
    operateur, region = _portee(utilisateur)
    repond = {
        VueListe.Portee.OPERATEUR: utilisateur.role == roles.Responsable.code
        and operateur == vue.operateur_id,
        VueListe.Portee.REGION: utilisateur.role == roles.DlaRegional.code
        and region == vue.region_id,
    }
    return repondre(
        repond.get(vue.portee, False),
        "Une vue partagée se supprime par son auteur ou par le responsable.",
    )


def parametres_de(requete):
    """Return what a view keeps of an address: filters and sort, without empty ones."""
    gardes = QueryDict(mutable=True)
    for cle, valeurs in requete.lists():
        pleines = [valeur for valeur in valeurs if valeur]
        if cle not in PASSAGERS and pleines:
            gardes.setlist(cle, pleines)
    return gardes


def preference_de(utilisateur, liste):
    """Return the stored PreferenceListe of the user on a list (its key), or None."""
    lignes = PreferenceListe.objects.filter(compte=utilisateur, liste=liste)
    return lignes.select_related("vue").first()


def regler(utilisateur, liste, **valeurs):
    """Keep columns, page size or first view of the user on a list."""
    PreferenceListe.objects.update_or_create(compte=utilisateur, liste=liste, defaults=valeurs)


def enregistrer(utilisateur, liste, *, nom, portee, parametres, colonnes):
    """Keep a view under a name; one's own of the same name is replaced. Returns it."""
    if portee not in dict(portees_ouvertes(utilisateur)):
        raise Refus("Votre rôle ne permet pas de partager une vue aussi largement.")
    operateur, region = _portee(utilisateur)
    vue, _ = VueListe.objects.update_or_create(
        auteur=utilisateur,
        liste=liste,
        nom=nom,
        defaults={
            "portee": portee,
            "operateur_id": operateur if portee == VueListe.Portee.OPERATEUR else None,
            "region_id": region if portee == VueListe.Portee.REGION else None,
            "parametres": parametres,
            "colonnes": colonnes,
            "enregistree_le": horloge.maintenant(),
        },
    )
    return vue


def supprimer(vue, *, par):
    """Delete a view; those who opened the list on it find it whole again."""
    exiger(supprime(par, vue))
    vue.delete()
