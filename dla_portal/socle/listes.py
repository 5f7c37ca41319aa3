"""One list mechanism for all: filter, search, sort, page and export from one scoped queryset.

A list is declared once; its page, its count and its exports come from the same queryset, so that
count = rows = export holds by construction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.shortcuts import render

from dla_portal.socle import exports
from dla_portal.socle.templatetags.portail import date_courte, euros, nombre

PAR_PAGE = 50


@dataclass(frozen=True)
class Colonne:
    """One column. `valeur(objet)` is the raw value (export); `texte` what the screen shows."""

    cle: str
    libelle: str
    valeur: Callable
    tri: str = ""
    genre: str = "texte"  # texte, date, euros, nombre, badge
    ton: Callable | None = None

    @property
    def numerique(self):
        """Right-aligned with tabular digits."""
        return self.genre in {"euros", "nombre"}

    def texte(self, brut):
        """The value as the screen shows it."""
        if brut is None or brut == "":
            return "—"
        rendus = {"date": date_courte, "euros": euros, "nombre": nombre}
        rendu = rendus.get(self.genre)
        return rendu(brut) if rendu else str(brut)


class Liste:
    """Base of all lists. A subclass gives the class attributes and `base(utilisateur)`."""

    titre = ""
    phrase = ""
    nom_fichier = "liste"
    singulier, pluriel = "ligne", "lignes"
    filtre = None  # a django_filters.FilterSet
    colonnes = []
    tri_initial = "-pk"
    vide = "Aucune ligne ne correspond à ces filtres."
    action = None  # {"url": …, "libelle": …}

    def __init__(self, request):
        self.request = request

    def base(self):
        """Return the queryset of what the user may see (`visibles_par` first)."""
        raise NotImplementedError

    def url_ligne(self, objet):
        """Address opened by a row."""
        return objet.get_absolute_url()

    def libelle_acces(self, objet):
        """Accessible name of the row's link."""
        return str(objet)

    @cached_property
    def filtres(self):
        """The bound FilterSet, or None."""
        if self.filtre is None:
            return None
        return self.filtre(self.request.GET, queryset=self.base(), request=self.request)

    @cached_property
    def queryset(self):
        """Filtered and sorted rows."""
        lignes = self.filtres.qs if self.filtres else self.base()
        return lignes.order_by(*self._tri())

    def _tri(self):
        demande = self.request.GET.get("tri", "")
        champ = demande.lstrip("-")
        tris = {colonne.cle: colonne.tri for colonne in self.colonnes if colonne.tri}
        if champ in tris:
            sens = "-" if demande.startswith("-") else ""
            return [f"{sens}{tris[champ]}", "pk"]
        return (
            [self.tri_initial, "pk"] if self.tri_initial.lstrip("-") != "pk" else [self.tri_initial]
        )

    @cached_property
    def page(self):
        """The asked page; an impossible number gives the nearest one."""
        return Paginator(self.queryset, PAR_PAGE).get_page(self.request.GET.get("page"))

    def _url(self, **changements):
        parametres = self.request.GET.copy()
        for cle, valeur in changements.items():
            parametres.pop(cle, None)
            if valeur is not None:
                parametres[cle] = valeur
        return f"?{parametres.urlencode()}"

    @property
    def formulaire_filtres(self):
        return self.filtres.form if self.filtres else None

    @property
    def puces(self):
        """Active filters, each removable by its own address."""
        formulaire = self.formulaire_filtres
        if formulaire is None or not formulaire.is_valid():
            return []
        puces = []
        for nom, champ in formulaire.fields.items():
            valeur = formulaire.cleaned_data.get(nom)
            if valeur in (None, "", []) or (hasattr(valeur, "count") and not len(valeur)):
                continue
            texte = dict(getattr(champ, "choices", []) or []).get(str(valeur), valeur)
            puces.append(
                {
                    "libelle": f"{champ.label} : {texte}",
                    "url_retrait": self._url(**{nom: None, "page": None}),
                }
            )
        return puces

    @property
    def compte_en_mots(self):
        total = self.page.paginator.count
        return f"{nombre(total)} {self.singulier if total < 2 else self.pluriel}"

    @property
    def entetes(self):
        """Columns with their sorting addresses, for the template."""
        demande = self.request.GET.get("tri", "")
        entetes = []
        for colonne in self.colonnes:
            sens = ""
            if demande.lstrip("-") == colonne.cle:
                sens = "desc" if demande.startswith("-") else "asc"
            cible = f"-{colonne.cle}" if sens == "asc" else colonne.cle
            entetes.append(
                {
                    "cle": colonne.cle,
                    "libelle": colonne.libelle,
                    "url_tri": self._url(tri=cible, page=None) if colonne.tri else "",
                    "tri": sens,
                    "numerique": colonne.numerique,
                }
            )
        return entetes

    @cached_property
    def lignes(self):
        """Rows of the page, ready for the template."""
        lignes = []
        for objet in self.page.object_list:
            cellules = []
            for colonne in self.colonnes:
                brut = colonne.valeur(objet)
                cellules.append(
                    {
                        "valeur": colonne.texte(brut),
                        "libelle_colonne": colonne.libelle,
                        "ton": colonne.ton(objet) if colonne.ton else "",
                        "numerique": colonne.numerique,
                    }
                )
            lignes.append(
                {
                    "url": self.url_ligne(objet),
                    "libelle_acces": self.libelle_acces(objet),
                    "cellules": cellules,
                }
            )
        return lignes

    @property
    def pages(self):
        """Neighbouring pages with their addresses."""
        if self.page.paginator.num_pages < 2:
            return []
        numeros = self.page.paginator.get_elided_page_range(
            self.page.number, on_each_side=2, on_ends=1
        )
        return [
            {
                "numero": numero,
                "url": self._url(page=numero) if isinstance(numero, int) else "",
                "courante": numero == self.page.number,
            }
            for numero in numeros
        ]

    @property
    def exports(self):
        return [
            {"libelle": "Tableur (XLSX)", "url": self._url(export="xlsx", page=None)},
            {"libelle": "CSV", "url": self._url(export="csv", page=None)},
        ]

    def valeurs(self):
        """All rows as raw values, for the exports."""
        for objet in self.queryset.iterator(chunk_size=2000):
            yield [colonne.valeur(objet) for colonne in self.colonnes]


def page_de_liste(request, classe, gabarit="liste.html", **contexte):
    """View body of every list: the page, or the export asked by `?export=xlsx|csv`."""
    liste = classe(request)
    entetes = [colonne.libelle for colonne in liste.colonnes]
    demande = request.GET.get("export")
    if demande == "csv":
        return exports.csv_en_flux(liste.nom_fichier, entetes, liste.valeurs())
    if demande == "xlsx":
        return exports.reponse_xlsx(liste.nom_fichier, [(liste.titre, entetes, liste.valeurs())])
    return render(request, gabarit, {"liste": liste, **contexte})
