"""The board: the dossiers by stage. No card is dragged: only the gestures of a stage move it."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse

from accompagnements.demandes.models import Accompagnement
from accompagnements.parcours import courante
from accompagnements.parcours.cartes import cartes, places
from accompagnements.parcours.courante import FERMEES, Etape
from accompagnements.parcours.filters import PlancheFilter
from dla_portal.socle.listes import Liste
from dla_portal.socle.templatetags.portail import nombre

MONTREES = 6  # cards of a column; the list shows them all
AUCUNE = "aucune"  # no column folded; nothing said: those of the closed dossiers are


@dataclass(frozen=True)
class Colonne:
    """One stage: how many dossiers stand there, the first cards, where the others are."""

    etape: Etape
    total: int
    pliee: bool
    url_pli: str
    url_liste: str
    cartes: list

    @property
    def autres(self):
        """How many are not shown."""
        return self.total - len(self.cartes)


class _Filtrage(Liste):
    """The filters of the board, with their chips and their addresses; the rows are `courante`'s."""

    nom_fichier = "planche"
    filtre = PlancheFilter

    def base(self):
        return Accompagnement.objects.visibles_par(self.request.user)


def planche(request):
    """The dossiers that the list shows for the same filters, one column per stage."""
    filtrage = _Filtrage(request)
    lignes = courante.depuis(courante.avec_etape(filtrage.filtres.qs))
    lieux = places(lignes)
    pliees = _pliees(request.GET)
    montrees = {
        etape: [lieu for lieu in lieux if lieu.etape == etape][:MONTREES]
        for etape in Etape
        if etape not in pliees
    }
    par_pk = {
        carte.place.pk: carte
        for carte in cartes(filtrage.base(), sum(montrees.values(), []), request.user)
    }
    filtres = _filtres(request.GET)
    colonnes = [
        Colonne(
            etape,
            total=sum(lieu.etape == etape for lieu in lieux),
            pliee=etape in pliees,
            url_pli=filtrage.url_avec(plies=",".join(_basculer(pliees, etape)) or AUCUNE),
            url_liste=_adresse("accompagnements", filtres, etape=etape),
            cartes=[par_pk[lieu.pk] for lieu in montrees.get(etape, [])],
        )
        for etape in Etape
    ]
    page = {
        "formulaire": filtrage.formulaire_filtres,
        "filtrage": {"puces": filtrage.puces},
        "colonnes": colonnes,
        "compte": f"{nombre(len(lieux))} accompagnement{'s' if len(lieux) > 1 else ''}",
        "total": len(lieux),
        "url_liste": _adresse("accompagnements", filtres),
        "url_planche": reverse("accompagnements:planche"),
    }
    return render(request, "accompagnements/parcours/planche.html", page)


def adresse_de_la_planche(parametres):
    """Address of the board for the filters that a list is read with."""
    return _adresse("planche", _filtres(parametres))


def _filtres(parametres):
    """The filters common to the list and to the board, out of an address."""
    filtres = parametres.copy()
    for nom in list(filtres):
        if nom not in PlancheFilter.Meta.fields or not filtres[nom]:
            del filtres[nom]
    return filtres


def _adresse(nom, filtres, **plus):
    filtres = filtres.copy()
    filtres.update(plus)
    suite = f"?{filtres.urlencode()}" if filtres else ""
    return reverse(f"accompagnements:{nom}") + suite


def _pliees(parametres):
    """The folded columns, in order: those of the address, else those of the closed dossiers."""
    dites = parametres.get("plies", "")
    if dites:
        return [etape for etape in Etape if etape in dites.split(",")]
    return [] if parametres.get("etat") in FERMEES else list(FERMEES)


def _basculer(pliees, etape):
    return [autre for autre in Etape if (autre in pliees) != (autre == etape)]
