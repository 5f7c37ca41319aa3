"""Optimistic lock: saving is a compare-and-swap in the database; nobody overwrites anybody."""

from django.db import models, transaction

from dla_portal.socle import horloge


class VersionPerimee(Exception):
    """The row changed since it was read. Carries the object as it was about to be saved."""

    def __init__(self, objet):
        super().__init__("Cet enregistrement a été modifié entre-temps.")
        self.objet = objet


class Verrouille(models.Model):
    """Base of every editable model: `version` grows at each save."""

    version = models.PositiveIntegerField("version", default=0, editable=False)
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save if the stored version is still the one read; raise VersionPerimee otherwise."""
        self._history_date = horloge.maintenant()
        if self._state.adding:
            return super().save(*args, **kwargs)
        lue = self.version
        with transaction.atomic():
            prises = type(self)._base_manager.filter(pk=self.pk, version=lue)
            if not prises.update(version=lue + 1):
                raise VersionPerimee(self)
            self.version = lue + 1
            champs = kwargs.get("update_fields")
            if champs is not None:
                kwargs["update_fields"] = {*champs, "version"}
            try:
                return super().save(*args, **kwargs)
            except Exception:
                self.version = lue
                raise
