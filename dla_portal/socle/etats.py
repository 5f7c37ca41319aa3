"""State engine: a transition is data, and `appliquer` is the only writer of a state.

Always in this order in a `transitions.py`: right → rules → fields → `appliquer` → outbox.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction

from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import Verrouille

PAR_QUI_MAX = 120  # characters kept of the name of an author without account
TONS = ("attente", "en-cours", "fait", "alerte", "neutre")


@dataclass(frozen=True)
class Transition:
    """A gesture which moves an object from one of the states `depuis` to the state `vers`.

    An empty `depuis` is a birth: the object must not be saved yet, or be in no state.
    """

    nom: str
    libelle: str
    depuis: tuple
    vers: str
    motif_requis: bool = False

    def possible(self, objet):
        """Say whether the state of the object allows this transition."""
        return objet.etat in self.depuis if self.depuis else objet._state.adding

    @transaction.atomic
    def appliquer(self, objet, *, par, motif=""):
        """Save the object in its new state and write the journal.

        Raises Manques when the state does not allow it or when the motive is required and empty,
        VersionPerimee when somebody else saved the object meanwhile.
        """
        if not self.possible(objet):
            raise Manques([self.refus(objet)])
        if self.motif_requis and not motif.strip():
            raise Manques(["Indiquez le motif."])
        de = "" if objet._state.adding else objet.etat
        objet.etat = self.vers
        objet.save()
        sujet = getattr(objet, "sujet_journal", "")
        libelle = f"{self.libelle} : {sujet}"[:200] if sujet else self.libelle
        return journaliser(objet, libelle, par=par, motif=motif, nom=self.nom, de=de)

    def refus(self, objet):
        """Sentence telling why the state of the object does not allow the transition."""
        etat = objet.get_etat_display() if objet.etat else "nouveau"
        return f"« {self.libelle} » n'est pas possible à l'état « {etat} »."


class Evenement(models.Model):
    """One line of the journal: who did what to which object, when, from which state to which.

    `fil` is the thread shown together ("accompagnement:12"). Append-only.
    """

    objet_type = models.CharField(max_length=60)
    objet_id = models.BigIntegerField()
    fil = models.CharField(max_length=60)
    transition = models.CharField(max_length=60)
    libelle = models.CharField(max_length=200)
    de = models.CharField(max_length=30, blank=True)
    vers = models.CharField(max_length=30, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    par_qui = models.CharField("auteur sans compte", max_length=PAR_QUI_MAX, blank=True)
    motif = models.TextField(blank=True)
    le = models.DateTimeField(default=horloge.maintenant)

    class Meta:
        verbose_name = "événement du journal"
        verbose_name_plural = "journal"
        ordering = ["-le", "-pk"]
        indexes = [
            models.Index(fields=["fil", "-le"], name="evenement_fil"),
            models.Index(fields=["objet_type", "objet_id"], name="evenement_objet"),
        ]

    def __str__(self):
        return self.libelle

    @property
    def nom_auteur(self):
        """Name of the author: a user, a person acting by a link, or the portal itself."""
        return str(self.auteur) if self.auteur_id else self.par_qui or "Portail"


def journaliser(objet, libelle, *, par=None, motif="", nom="", de=""):
    """Write one line of the journal about an object. `par` is a user, a name, or None."""
    return Evenement.objects.create(
        objet_type=objet._meta.label_lower,
        objet_id=objet.pk,
        fil=objet.fil,
        transition=nom or "note",
        libelle=libelle,
        de=de,
        vers=getattr(objet, "etat", ""),
        auteur=None if isinstance(par, str) else par,
        par_qui=par[:PAR_QUI_MAX] if isinstance(par, str) else "",
        motif=motif,
    )


class AEtats(Verrouille):
    """Base of every stateful model. The subclass declares `etat` and the property `fil`."""

    RESPONSABLES = {}  # state → whose turn it is; total over the states
    TONS = {}  # state → tone of the badge, one of TONS

    class Meta:
        abstract = True

    @property
    def responsable(self):
        """Whose turn it is."""
        return self.RESPONSABLES[self.etat]

    @property
    def ton(self):
        """Tone of the state badge."""
        return self.TONS[self.etat]

    @property
    def fil(self):
        """Thread of the journal in which the events of this object are shown."""
        return f"{self._meta.model_name}:{self.pk}"

    def journal(self):
        """Events of this very object, latest first."""
        return Evenement.objects.filter(objet_type=self._meta.label_lower, objet_id=self.pk)


def champ_etat(choix, initial):
    """Return the `etat` field: an indexed char field with the choices of a TextChoices."""
    return models.CharField(
        "état", max_length=30, choices=choix, default=initial, editable=False, db_index=True
    )
