"""One list mechanism for all: filter, search, sort, page, select and export from one queryset.

A list is declared once; its page, its count, its exports and its bulk actions come from the same
scoped queryset, so that count = rows = export holds by construction. All that a list does happens
at its own address, behind the guard of its own view: there is no other door to its rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator

from dla_portal.socle import vues_de_liste
from dla_portal.socle.saisies import entier
from dla_portal.socle.templatetags.portail import date_courte, euros, nombre
from dla_portal.socle.tris import vides_en_dernier
from dla_portal.socle.vues_de_liste import PAR_PAGE, TAILLES, VueListe

FORMATS = {"xlsx": "Excel (XLSX)", "ods": "LibreOffice (ODS)", "csv": "CSV"}


@dataclass(frozen=True)
class Colonne:
    """One column. `valeur(objet)` is the raw value (export); `texte` what the screen shows."""

    cle: str
    libelle: str
    valeur: Callable
    tri: str = ""
    genre: str = "texte"  # texte, date, euros, nombre, badge
    ton: Callable | None = None
    montree: bool = True  # False: offered by the choice of columns, not shown at first

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
    par_page = PAR_PAGE
    vide = "Aucune ligne ne correspond à ces filtres."
    action = None  # {"url": …, "libelle": …}
    lots = ()  # bulk actions, see lots.py

    def __init__(self, request):
        self.request = request

    def base(self):
        """Return the queryset of what the user may see (`visibles_par` first)."""
        raise NotImplementedError

    @property
    def cle(self):
        """Name under which columns and views of this list are kept."""
        return self.nom_fichier

    @cached_property
    def preference(self):
        """What the person keeps of this list, or None."""
        return vues_de_liste.preference_de(self.request.user, self.cle)

    @cached_property
    def vues(self):
        """Saved views open to the person on this list."""
        visibles = VueListe.objects.visibles_par(self.request.user)
        return list(visibles.filter(liste=self.cle).select_related("auteur"))

    def vue_de(self, brut):
        """Return the view of this key when the person may use it, or None."""
        cle = entier(str(brut or ""))
        return next((vue for vue in self.vues if vue.pk == cle), None)

    @cached_property
    def vue(self):
        """The view which the address names, or None."""
        return self.vue_de(self.request.GET.get("vue")) if "vue" in self.request.GET else None

    @property
    def vue_par_defaut(self):
        """The view on which the person opens this list, or None."""
        return self.vue_de(self.preference.vue_id) if self.preference else None

    @cached_property
    def colonnes_affichees(self):
        """The columns on screen and in the exports: of the view, of the person, or the first ones.

        The first column carries the link of the row: it always stays.
        """
        voulues = self.vue.colonnes if self.vue else []
        voulues = voulues or (self.preference.colonnes if self.preference else [])
        colonnes = list(self.colonnes)
        if not any(colonne.cle in voulues for colonne in colonnes):
            return [colonne for colonne in colonnes if colonne.montree]
        return [c for c in colonnes if c.cle in voulues or c is colonnes[0]]

    @property
    def choix_de_colonnes(self):
        """Every column, for the form which chooses them."""
        affichees = self.colonnes_affichees
        return [
            {
                "cle": colonne.cle,
                "libelle": colonne.libelle,
                "affichee": any(colonne.cle == autre.cle for autre in affichees),
                "fixe": rang == 0,
            }
            for rang, colonne in enumerate(self.colonnes)
        ]

    tailles = TAILLES

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
        return lignes.order_by(*vides_en_dernier(lignes.model, *self._tri()))

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
        taille = self.preference.par_page if self.preference else self.par_page
        return Paginator(self.queryset, taille).get_page(self.request.GET.get("page"))

    def url_avec(self, **changements):
        """Address of the list with some parameters replaced (None removes one)."""
        parametres = self.request.GET.copy()
        for cle, valeur in changements.items():
            parametres.pop(cle, None)
            if valeur is not None:
                parametres[cle] = valeur
        if not parametres and self.vue_par_defaut:
            parametres["vue"] = "0"  # an empty address opens the default view
        return f"?{parametres.urlencode()}"

    @property
    def formulaire_filtres(self):
        return self.filtres.form if self.filtres else None

    @property
    def puces(self):
        """Active filters, each removable by its own address."""
        formulaire = self.formulaire_filtres
        if formulaire is None:
            return []
        formulaire.is_valid()  # a filter that means nothing says so at its field; the others apply
        puces = []
        for nom, champ in formulaire.fields.items():
            valeur = formulaire.cleaned_data.get(nom)
            if champ.widget.is_hidden:  # it keeps a state of the page, it filters nothing
                continue
            if valeur in (None, "", []) or (hasattr(valeur, "count") and not len(valeur)):
                continue
            texte = dict(getattr(champ, "choices", []) or []).get(str(valeur), valeur)
            puces.append(
                {
                    "libelle": f"{champ.label} : {texte}",
                    "url_retrait": self.url_avec(**{nom: None, "page": None}),
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
        for colonne in self.colonnes_affichees:
            sens = ""
            if demande.lstrip("-") == colonne.cle:
                sens = "desc" if demande.startswith("-") else "asc"
            cible = f"-{colonne.cle}" if sens == "asc" else colonne.cle
            entetes.append(
                {
                    "cle": colonne.cle,
                    "libelle": colonne.libelle,
                    "url_tri": self.url_avec(tri=cible, page=None) if colonne.tri else "",
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
            for colonne in self.colonnes_affichees:
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
                    "pk": objet.pk,
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
                "url": self.url_avec(page=numero) if isinstance(numero, int) else "",
                "courante": numero == self.page.number,
            }
            for numero in numeros
        ]

    @property
    def exports(self):
        """Addresses of the exports of the rows and columns on screen."""
        return [
            {"libelle": libelle, "url": self.url_avec(export=format_, page=None)}
            for format_, libelle in FORMATS.items()
        ]

    def valeurs(self, lignes=None):
        """All rows (or those given) as raw values, for the exports."""
        lignes = self.queryset if lignes is None else lignes
        for objet in lignes.iterator(chunk_size=2000):
            yield [colonne.valeur(objet) for colonne in self.colonnes_affichees]

    @property
    def lots_ouverts(self):
        """The bulk actions that the role opens."""
        return [lot for lot in self.lots if lot.ouvert_a(self.request.user)]

    def selection(self, donnees):
        """Return the selected rows: those ticked, or all that the filters of the address keep.

        Ticked or not, a row comes from the queryset of the list: its scope is checked again here.
        """
        if donnees.get("tout"):
            return self.queryset
        cochees = [entier(brut) for brut in donnees.getlist("ligne")]
        return self.queryset.filter(pk__in=[cle for cle in cochees if cle is not None])
