"""View body of every list: the page, its exports, its columns, its saved views, its bulk actions.

All is asked at the address of the list: `?export=`, `?vue=`, `?enregistrer=vue`, `?lot=`. What
changes something is a POST.
"""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from dla_portal.socle import exports, lots, vues_de_liste
from dla_portal.socle.formulaires import FormulaireBase
from dla_portal.socle.listes import FORMATS
from dla_portal.socle.saisies import entier
from dla_portal.socle.vues_de_liste import VUES_MAX, VueListe


def page_de_liste(request, classe, gabarit="liste.html", **contexte):
    """Serve a list."""
    liste = classe(request)
    if request.method == "POST" and request.POST.get("geste") in GESTES:
        return GESTES[request.POST["geste"]](request, liste)
    if request.GET.get("enregistrer") == "vue":
        return _enregistrer_la_vue(request, liste)
    choisis = request.POST if request.method == "POST" else request.GET
    if choisis.get("export") in FORMATS:
        lignes = liste.selection(choisis) if request.method == "POST" else None
        return _exporter(liste, choisis["export"], lignes)
    if request.POST.get("lot") or request.GET.get("lot"):
        return lots.servir(request, liste)
    if request.method == "GET" and not request.GET and liste.vue_par_defaut:
        return redirect(request.path + adresse_de_la_vue(liste.vue_par_defaut))
    page = {"liste": liste, "menu_vues": _menu_des_vues(liste), **contexte}
    return render(request, gabarit, page)


def _exporter(liste, format_, lignes):
    entetes = [colonne.libelle for colonne in liste.colonnes_affichees]
    valeurs = liste.valeurs(lignes)
    if format_ == "csv":
        return exports.csv_en_flux(liste.nom_fichier, entetes, valeurs)
    if format_ == "ods":
        return exports.reponse_ods(liste.nom_fichier, liste.titre, entetes, valeurs)
    return exports.reponse_xlsx(liste.nom_fichier, [(liste.titre, entetes, valeurs)])


def adresse_de_la_vue(vue):
    """Address, relative to the list, which shows a view."""
    suite = f"&{vue.parametres}" if vue.parametres else ""
    return f"?{urlencode({'vue': vue.pk})}{suite}"


def _menu_des_vues(liste):
    """What the menu of the views shows: each view with its address and what may be done to it."""
    utilisateur = liste.request.user
    choisie, defaut = liste.vue, liste.vue_par_defaut
    partages = {VueListe.Portee.OPERATEUR: "mon opérateur", VueListe.Portee.REGION: "ma région"}
    return {
        "courante": choisie,
        "defaut": defaut,
        "url_toute": "?vue=0" if defaut else liste.request.path,
        "url_enregistrer": liste.url_avec(enregistrer="vue", page=None),
        "vues": [
            {
                "pk": vue.pk,
                "nom": vue.nom,
                "url": adresse_de_la_vue(vue),
                "choisie": vue == choisie,
                "par_defaut": vue == defaut,
                "partage": _partage(vue, utilisateur, partages),
                "supprimable": bool(vues_de_liste.supprime(utilisateur, vue)),
            }
            for vue in liste.vues
        ],
    }


def _partage(vue, utilisateur, partages):
    """Say with whom a view is shared, and by whom when it is not one's own."""
    if vue.portee == VueListe.Portee.PERSONNELLE:
        return ""
    auteur = "" if vue.auteur_id == utilisateur.pk else f", par {vue.auteur}"
    return f"pour {partages[vue.portee]}{auteur}"


class VueForm(FormulaireBase):
    """The name of a view, whom it is for, and whether the list opens on it."""

    nom = forms.CharField(
        label="Nom de la vue",
        max_length=80,
        help_text="Par exemple « En liste d'attente, Marseille ». Une de vos vues qui porte déjà ce "
        "nom est remplacée.",
    )
    portee = forms.ChoiceField(label="Pour", choices=VueListe.Portee, widget=forms.RadioSelect)
    par_defaut = forms.BooleanField(
        label="Ouvrir cette liste sur cette vue, pour moi", required=False
    )

    def __init__(self, *args, utilisateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["portee"].choices = vues_de_liste.portees_ouvertes(utilisateur)
        self.initial.setdefault("portee", VueListe.Portee.PERSONNELLE)


def _enregistrer_la_vue(request, liste):
    """Show the form of a new view, and keep it."""
    saisie = request.POST if request.method == "POST" else None
    formulaire = VueForm(saisie, utilisateur=request.user)
    if formulaire.is_bound:
        vue = _garder(request, liste, formulaire) if formulaire.is_valid() else None
        if vue is not None:
            messages.success(request, f"La vue « {vue} » est enregistrée.")
            return redirect(request.path + adresse_de_la_vue(vue))
    elif liste.vue:
        formulaire.initial.update(nom=liste.vue.nom, portee=liste.vue.portee)
    filtres = ", ".join(puce["libelle"] for puce in liste.puces) or "aucun filtre"
    colonnes = ", ".join(colonne.libelle for colonne in liste.colonnes_affichees)
    page = {
        "titre": "Enregistrer la vue",
        "sous_titre": f"{liste.titre} — {filtres}. Colonnes : {colonnes}.",
        "formulaire": formulaire,
        "libelle_bouton": "Enregistrer la vue",
        "url_annuler": liste.url_avec(enregistrer=None),
    }
    return render(request, "formulaire.html", page, status=422 if formulaire.is_bound else 200)


def _garder(request, liste, formulaire):
    """Keep the view of a valid form; return it, or None with the reason in the form."""
    saisie = formulaire.cleaned_data
    parametres = vues_de_liste.parametres_de(request.GET).urlencode()
    if len(parametres) > VueListe._meta.get_field("parametres").max_length:
        formulaire.add_error(None, "Ces filtres sont trop longs pour être gardés : retirez-en un.")
        return None
    miennes = VueListe.objects.filter(auteur=request.user, liste=liste.cle)
    if miennes.exclude(nom=saisie["nom"]).count() >= VUES_MAX:
        formulaire.add_error(None, f"Vous avez déjà {VUES_MAX} vues ici : supprimez-en d'abord.")
        return None
    vue = vues_de_liste.enregistrer(
        request.user,
        liste.cle,
        nom=saisie["nom"],
        portee=saisie["portee"],
        parametres=parametres,
        colonnes=[colonne.cle for colonne in liste.colonnes_affichees],
    )
    if saisie["par_defaut"]:
        vues_de_liste.regler(request.user, liste.cle, vue=vue)
    return vue


def _regler_les_colonnes(request, liste):
    """Keep the columns and the page size; the view on screen is then left, its filters stay."""
    connues = [colonne.cle for colonne in liste.colonnes]
    voulues = request.POST.getlist("colonne")
    taille = entier(request.POST.get("par_page"))
    revenir = "origine" in request.POST
    vues_de_liste.regler(
        request.user,
        liste.cle,
        colonnes=[] if revenir else [c for c in connues if c in voulues or c == connues[0]],
        par_page=taille if taille in vues_de_liste.TAILLES else vues_de_liste.PAR_PAGE,
    )
    suite = liste.url_avec(vue="0" if liste.vue_par_defaut else None, page=None)
    return redirect(request.path + suite)


def _vue_demandee(request, liste):
    vue = liste.vue_de(request.POST.get("choix"))
    if vue is None:
        raise Http404("Vue inconnue.")
    return vue


def _ouvrir_sur(request, liste):
    """Open the list on a view from now on, or on the whole list when none is named."""
    vue = _vue_demandee(request, liste) if request.POST.get("choix") else None
    vues_de_liste.regler(request.user, liste.cle, vue=vue)
    if vue is None:
        messages.success(request, "La liste s'ouvrira entière.")
        return redirect(request.path + liste.url_avec())
    messages.success(request, f"La liste s'ouvrira sur la vue « {vue} ».")
    return redirect(request.path + adresse_de_la_vue(vue))


def _supprimer_la_vue(request, liste):
    vue = _vue_demandee(request, liste)
    vues_de_liste.supprimer(vue, par=request.user)
    messages.success(request, f"La vue « {vue} » est supprimée.")
    return redirect(request.path + ("" if vue == liste.vue else liste.url_avec()))


GESTES = {
    "colonnes": _regler_les_colonnes,
    "ouvrir-sur": _ouvrir_sur,
    "supprimer-vue": _supprimer_la_vue,
}
