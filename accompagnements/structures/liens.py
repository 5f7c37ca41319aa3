"""What points to a structure, read from the models: a relation added tomorrow is known as well."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import formats

from accompagnements.structures.models import Structure
from dla_portal.socle.regles import Manques

FUSION = "accompagnements.fusion"  # names both structures for ever


@dataclass(frozen=True)
class Lien:
    """A foreign key of some model towards Structure."""

    modele: type
    champ: str

    @property
    def cle(self):
        return [self.modele._meta.label_lower, self.champ]

    @property
    def nom(self):
        """The rows, in words: « Demandes », « Réseaux »."""
        entre = [m for m in Structure._meta.many_to_many if m.remote_field.through is self.modele]
        nom = str(entre[0].verbose_name if entre else self.modele._meta.verbose_name_plural)
        return nom[:1].upper() + nom[1:]

    def noms(self, lignes):
        """Each row, in words; of a table between two others, what it leads to."""
        if not self.modele._meta.auto_created:
            return [str(ligne) for ligne in lignes]
        autre = next(
            champ
            for champ in self.modele._meta.concrete_fields
            if champ.is_relation and champ.name != self.champ
        )
        return [str(getattr(ligne, autre.name)) for ligne in lignes]

    @property
    def titre(self):
        nom = str(self.modele._meta.verbose_name)
        return nom[:1].upper() + nom[1:]

    def titre_de(self, ligne):
        """A row of which there is one of its kind: « Données annuelles 2025 »."""
        cles = [str(getattr(ligne, nom)) for nom in self._noms_uniques() if nom != self.champ]
        return " ".join([self.titre, *cles])

    def en_mots(self, ligne):
        """What a row says, field by field, for a person who compares two of them."""
        tus, dits = {"id", self.champ, *self._noms_uniques()}, []
        for champ in ligne._meta.concrete_fields:
            valeur = getattr(ligne, champ.name)
            if champ.name not in tus and valeur not in (None, ""):
                dits.append(f"{champ.verbose_name} {_chiffre(valeur)}")
        return ", ".join(dits)

    def _noms_uniques(self):
        return next((noms for noms, _ in self._uniques()), ())

    def identiques(self, ici, la):
        """Say whether two rows hold the same, save whose they are."""
        noms = [c.attname for c in ici._meta.concrete_fields if c.name not in ("id", self.champ)]
        return all(getattr(ici, nom) == getattr(la, nom) for nom in noms)

    def lignes(self, structure):
        return self.modele._base_manager.filter(**{self.champ: structure}).order_by("pk")

    def jumelle(self, ligne, structure):
        """The row of `structure` which forbids this one to move there (uniqueness), or None."""
        for noms, condition in self._uniques():
            autres = {nom: getattr(ligne, nom) for nom in noms if nom != self.champ}
            if None in autres.values():
                continue
            trouvee = self.lignes(structure).filter(condition, **autres).first()
            concernee = self.modele._base_manager.filter(condition, pk=ligne.pk)
            if trouvee is not None and concernee.exists():
                return trouvee
        return None

    def _uniques(self):
        """(fields, condition): sets of fields of which the database wants a single row."""
        meta = self.modele._meta
        ensembles = [(tuple(noms), Q()) for noms in meta.unique_together]
        ensembles += [
            (tuple(c.fields), c.condition or Q())
            for c in meta.constraints
            if isinstance(c, models.UniqueConstraint)
        ]
        if meta.get_field(self.champ).unique:
            ensembles.append(((self.champ,), Q()))
        return [(noms, condition) for noms, condition in ensembles if self.champ in noms]


def _chiffre(valeur):
    if isinstance(valeur, Decimal):
        return formats.number_format(valeur, force_grouping=True)
    return valeur


def liens():
    """Every foreign key towards Structure, hidden and many-to-many ones included.

    The history keeps what was true, and the record of a fusion names both structures for ever.
    """
    trouves = []
    for relation in Structure._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.many_to_many:
            continue  # a many-to-many is seen through the table between the two
        modele = relation.related_model
        if modele._meta.label_lower == FUSION or _historique(modele):
            continue
        if not (modele is Structure and relation.field.name == "fusionnee_dans"):
            trouves.append(Lien(modele, relation.field.name))
    return sorted(trouves, key=lambda lien: lien.cle)


def _historique(modele):
    """Say whether a table is one of simple-history, those of its many-to-many fields included."""
    noms = {champ.name for champ in modele._meta.get_fields()}
    return modele.__name__.startswith("Historical") and bool(noms & {"history_id", "history"})


def lien_de(label, champ):
    """Return the Lien recorded by a fusion; raises Manques when the model is gone."""
    trouve = next((lien for lien in liens() if lien.cle == [label, champ]), None)
    if trouve is None:
        raise Manques([f"Le portail ne connaît plus « {label} » : la fusion ne peut être défaite."])
    return trouve
