"""Copies of every row of the business tables, to see whether a page asks more of the database."""

import copy
import uuid
from datetime import timedelta
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import IntegrityError, models, transaction

APPLICATIONS = {"accompagnements", "prestataires", "socle", "pilotage"}


class Multiplication:
    """Copies of the rows met at the start.

    A copy keeps the keys of its model, so that its parent has many children. Where the database
    wants another parent (one-to-one, or a named uniqueness), it takes the copy of that parent of
    the same rank: lists then show whole dossiers. `refuses` names the models of which the
    database accepted no copy.
    """

    def __init__(self):
        self.copies = {}
        self.rang = 0
        self.originaux = {m: list(m._base_manager.all()) for m in _modeles()}
        self.originaux = {m: lignes for m, lignes in self.originaux.items() if lignes}
        self.refuses = {}

    def jusqu_a(self, fois):
        """Copy until each row of the start stands `fois` times."""
        for rang in range(self.rang + 1, fois):
            for modele, lignes in self.originaux.items():
                for ligne in lignes:
                    self._copier(modele, ligne, rang)
        self.rang = fois - 1

    def _copier(self, modele, ligne, rang):
        copie = copy.copy(ligne)
        copie._state = copy.copy(ligne._state)
        copie.pk, copie._state.adding = None, True
        for champ in _uniques(modele):
            self._distinguer(champ, copie, rang)
        try:
            with transaction.atomic():
                modele._base_manager.bulk_create([copie])
        except IntegrityError as erreur:
            self.refuses[modele._meta.label] = str(erreur)
        else:
            self.refuses.pop(modele._meta.label, None)
            self.copies[modele, ligne.pk, rang] = copie.pk

    def _distinguer(self, champ, copie, rang):
        valeur = getattr(copie, champ.attname)
        if champ.is_relation:
            autre = self.copies.get((champ.related_model, valeur, rang))
            setattr(copie, champ.attname, autre or valeur)
        elif valeur not in (None, "") and not isinstance(valeur, bool):
            setattr(copie, champ.attname, _autre(champ, valeur, rang))


def _modeles():
    """The tables of the business, parents before children."""
    tous = {
        m
        for m in apps.get_models()
        if m._meta.app_label in APPLICATIONS
        and not m._meta.auto_created
        and not m.__name__.startswith("Historical")
    }
    graphe = {
        m: {c.related_model for c in m._meta.fields if c.is_relation and c.related_model in tous}
        - {m}
        for m in sorted(tous, key=lambda m: m._meta.label)
    }
    return TopologicalSorter(graphe).static_order()


def _uniques(modele):
    """The fields by which the database tells two rows apart."""
    champs = {c for c in modele._meta.fields if c.unique and not c.primary_key}
    for contrainte in modele._meta.constraints:
        if isinstance(contrainte, models.UniqueConstraint):
            noms = [
                f.name
                for e in contrainte.expressions
                for f in _feuilles(e)
                if isinstance(f, models.F)
            ]
            champs |= {modele._meta.get_field(nom) for nom in (*contrainte.fields, *noms)}
    return champs


def _feuilles(expression):
    """The expression and all that it is made of."""
    yield expression
    if hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            yield from _feuilles(source)


def _autre(champ, valeur, rang):
    """Another value of the same shape, or none where the field may be empty."""
    if isinstance(champ, models.UUIDField):
        return uuid.uuid4()
    if isinstance(champ, models.DateField):
        return valeur + timedelta(days=rang)
    if isinstance(champ, models.IntegerField):
        return valeur + 100 * rang
    if champ.null:
        return None
    if isinstance(champ, models.BinaryField):
        return valeur + bytes([rang])
    return f"{valeur[: (champ.max_length or 100) - 3]}~{rang:02}" if not champ.choices else valeur
