"""Dashboards, the CoSTRAT table, the rows behind a figure, definitions, objectives."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode

from dla_portal.comptes import roles
from dla_portal.comptes.droits import OUI, Refus, exiger
from dla_portal.socle import edition, exports, horloge
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from dla_portal.territoires.models import Departement, Region
from pilotage.forms import ObjectifForm, ObjectifModifierForm
from pilotage.indicateurs import perimetres
from pilotage.indicateurs.registre import REGISTRE, Quantite
from pilotage.models import Objectif
from pilotage.tableaux import costrat as tableau_costrat
from pilotage.tableaux import operateurs as tableau_operateurs
from pilotage.tableaux.lignes import liste_des_lignes, nominatif

SECTIONS = [
    ("Activité", ["I-02", "I-06", "I-07", "I-09", "I-10", "I-11"]),
    ("Objectifs et parcours", ["I-20", "I-21", "I-30", "I-91"]),
    ("Coûts et délais", ["I-40", "I-42", "I-50a", "I-50b", "I-50f", "I-50g"]),
]
REPARTITIONS = ["I-22", "I-12a", "I-12b", "I-12c", "I-60", "I-72", "I-73"]
TETE = ["I-09", "I-10", "I-42", "I-91"]
PREMIERE_ANNEE = 2003  # the year after the scheme began: nothing is counted before
REPONSES_MINIMALES = 3
ANNEES = 6  # how many years the selector offers


def _annee(request):
    brut = request.GET.get("annee", "")
    if not brut:
        return horloge.aujourdhui().year
    annee = entier(brut)
    if annee is None or not PREMIERE_ANNEE <= annee <= horloge.aujourdhui().year + 1:
        raise Http404("Année hors de portée.")
    return annee


def _url_lignes(resultat, quoi, part=None):
    parametres = {
        "code": resultat.indicateur.code,
        "quoi": quoi,
        "perimetre": resultat.perimetre.code,
        "annee": resultat.annee,
    }
    if part:
        parametres["part"] = part.cle
    return f"{reverse('pilotage:lignes')}?{urlencode(parametres)}"


def _tu(utilisateur, resultat):
    """A rate of satisfaction over very few answers would tell what each structure said."""
    denominateur = resultat.denominateur
    return (
        resultat.indicateur.code == "I-91"
        and 0 < denominateur.valeur < REPONSES_MINIMALES
        and not nominatif(utilisateur, denominateur.lignes.model)
    )


def _chiffre(utilisateur, resultat, precedent=None):
    """One figure with the addresses of its rows and of its definition."""
    detail = ""
    if _tu(utilisateur, resultat):
        rien = Quantite(0)
        resultat = replace(resultat, numerateur=rien, denominateur=None, valeur=None)
        detail = "moins de trois réponses : taux non montré"
    elif precedent and not _tu(utilisateur, precedent):
        detail = f"{precedent.affichage} en {precedent.annee}"
    quantites = [("numerateur", resultat.numerateur), ("denominateur", resultat.denominateur)]
    return {
        "resultat": resultat,
        "url_lignes": _url_lignes(resultat, "numerateur")
        if resultat.numerateur.lignes is not None
        else "",
        "indicateur": resultat.indicateur,
        "affichage": resultat.affichage,
        "detail": detail,
        "quantites": [
            {"quantite": quantite, "url": _url_lignes(resultat, quoi)}
            for quoi, quantite in quantites
            if quantite is not None and quantite.lignes is not None
        ],
        "url_definition": f"{reverse('pilotage:definitions')}#{resultat.indicateur.code}",
        "parts": [
            {
                "part": part,
                "url": _url_lignes(resultat, "numerateur", part),
                "largeur": float(part.valeur or 0),
            }
            for part in resultat.parts
        ],
    }


def tableau(request):
    """The figures of one scope and one year; every one opens its rows."""
    annee = _annee(request)
    perimetre = perimetres.choisir(request.user, request.GET.get("perimetre", ""))
    calcules = {code: i.resultat(perimetre, annee) for code, i in REGISTRE.items()}
    avant = {code: REGISTRE[code].resultat(perimetre, annee - 1) for code in TETE}
    aujourdhui = horloge.aujourdhui().year
    contexte = {
        "annee": annee,
        "annees": range(aujourdhui, aujourdhui - ANNEES, -1),
        "perimetre": perimetre,
        "perimetres": perimetres.ouverts(request.user),
        "tete": [_chiffre(request.user, calcules[code], avant[code]) for code in TETE],
        "taux": calcules["I-20"],
        "sections": [
            (titre, [_chiffre(request.user, calcules[code]) for code in codes])
            for titre, codes in SECTIONS
        ],
        "repartitions": [_chiffre(request.user, calcules[code]) for code in REPARTITIONS],
        "region": perimetre.cle if perimetre.genre == "region" else "",
    }
    return render(request, "pilotage/tableau.html", contexte)


def costrat(request):
    """Objective, result, rate and gap of each department of a region; XLSX of the same table."""
    annee = _annee(request)
    code = request.GET.get("region", "")
    if not code:
        permis = [p for p in perimetres.ouverts(request.user) if p.genre == "region"]
        exiger(OUI if permis else Refus("Votre rattachement ne porte pas sur une région."))
        code = permis[0].cle
    perimetre = perimetres.choisir(request.user, f"region-{code}")
    region = get_object_or_404(Region, pk=code)
    lignes, total = tableau_costrat.tableau(region, annee)
    if request.GET.get("export") == "xlsx":
        toutes = tableau_costrat.en_lignes([*lignes, total])
        feuille = (f"CoSTRAT {annee}", tableau_costrat.ENTETES, toutes)
        return exports.reponse_xlsx(f"costrat-{code}-{annee}", [feuille])
    aujourdhui = horloge.aujourdhui().year
    return render(
        request,
        "pilotage/costrat.html",
        {
            "region": region,
            "perimetre": perimetre,
            "annee": annee,
            "annees": range(aujourdhui, aujourdhui - ANNEES, -1),
            "lignes": lignes,
            "total": total,
            "url_export": f"?{urlencode({'region': code, 'annee': annee, 'export': 'xlsx'})}",
        },
    )


def operateurs(request):
    """What the sum of the operators of a territory is made of, operator by operator."""
    annee = _annee(request)
    perimetre = perimetres.choisir(request.user, request.GET.get("perimetre", ""))
    trouves, sommes = tableau_operateurs.tableau(perimetre, annee)
    codes = tableau_operateurs.CODES
    totaux = {code: REGISTRE[code].resultat(perimetre, annee) for code in codes}
    aujourdhui = horloge.aujourdhui().year
    contexte = {
        "annee": annee,
        "annees": range(aujourdhui, aujourdhui - ANNEES, -1),
        "perimetre": perimetre,
        "perimetres": perimetres.ouverts(request.user),
        "indicateurs": [(REGISTRE[code], titre) for code, titre in codes.items()],
        "lignes": [
            {"operateur": operateur, "cellules": [_cellule(c) for c in chiffres.values()]}
            for operateur, chiffres in trouves
        ],
        "sommes": [{"libelle": titre, "valeur": sommes[c]} for c, titre in codes.items()],
        "totaux": [_cellule(resultat) for resultat in totaux.values()],
    }
    return render(request, "pilotage/operateurs.html", contexte)


def _cellule(resultat):
    return {
        "libelle": resultat.indicateur.libelle,
        "valeur": resultat.valeur,
        "url": _url_lignes(resultat, "numerateur"),
    }


def lignes(request):
    """The rows that make one figure: same count, exportable."""
    indicateur = REGISTRE.get(request.GET.get("code", ""))
    quoi = request.GET.get("quoi", "numerateur")
    if indicateur is None or quoi not in ("numerateur", "denominateur"):
        raise Http404("Chiffre inconnu.")
    perimetre = perimetres.choisir(request.user, request.GET.get("perimetre", ""))
    resultat = indicateur.resultat(perimetre, _annee(request))
    cle = request.GET.get("part", "")
    part = next((p for p in resultat.parts if p.cle == cle), None)
    if cle and part is None:
        raise Http404("Part inconnue.")
    if _tu(request.user, resultat):
        raise Refus("Moins de trois réponses : le détail ne se montre pas.")
    source = part or resultat
    if quoi == "denominateur" and source.denominateur is None:
        raise Http404("Ce chiffre n'a pas de dénominateur.")
    return page_de_liste(request, liste_des_lignes(resultat, quoi, part))


def definitions(request):
    """The published definition of every indicator."""
    return render(request, "pilotage/definitions.html", {"indicateurs": list(REGISTRE.values())})


def _fixe_les_objectifs(utilisateur):
    if utilisateur.role in (roles.DlaRegional.code, roles.Administrateur.code):
        return OUI
    return Refus("Les objectifs se saisissent au DLA régional.")


def _departements(utilisateur):
    """Departments whose objectives the user may set."""
    if utilisateur.role == roles.Administrateur.code:
        return Departement.objects.all()
    return Departement.objects.filter(region=utilisateur.rattachement.region_id)


class ListeObjectifs(Liste):
    titre = "Objectifs"
    phrase = "La version signée la plus haute compte ; un avenant est une version de plus."
    nom_fichier = "objectifs"
    singulier, pluriel = "objectif", "objectifs"
    tri_initial = "-annee"
    vide = "Aucun objectif. Saisissez ceux de l'année, département par département."
    colonnes = [
        Colonne("departement", "Département", lambda o: str(o.departement), "departement"),
        Colonne("annee", "Année", lambda o: str(o.annee), "annee"),
        Colonne("indicateur", "Indicateur", lambda o: o.indicateur, "indicateur"),
        Colonne("genre", "Type", lambda o: o.get_genre_display()),
        Colonne("numero", "Version", lambda o: o.numero, "numero", "nombre"),
        Colonne("valeur", "Objectif", lambda o: o.valeur, "valeur", "nombre"),
        Colonne("signe_le", "Signé le", lambda o: o.signe_le, "signe_le", "date"),
    ]

    def base(self):
        permis = perimetres.ouverts(self.request.user)
        codes = [d for p in permis for d in p.departements().values_list("pk", flat=True)]
        return Objectif.objects.filter(departement__in=codes).select_related("departement")

    def url_ligne(self, objet):
        if objet.signe_le or not _fixe_les_objectifs(self.request.user):
            return ""
        return reverse("pilotage:objectif_modifier", args=[objet.pk])

    @property
    def action(self):
        if not _fixe_les_objectifs(self.request.user):
            return None
        return {"url": reverse("pilotage:objectif_nouveau"), "libelle": "Nouvel objectif"}


def objectifs(request):
    """The objectives of the scopes the user reads."""
    if not perimetres.ouverts(request.user):
        raise Refus("Votre rôle ne lit pas les objectifs.")
    return page_de_liste(request, ListeObjectifs)


def objectif_nouveau(request):
    """Set an objective, or its next version by an avenant."""
    exiger(_fixe_les_objectifs(request.user))

    def enregistrer(formulaire):
        return formulaire.save()

    return edition.creer(
        request,
        ObjectifForm,
        enregistrer,
        departements=_departements(request.user),
        contexte={"titre": "Nouvel objectif", "url_annuler": reverse("pilotage:objectifs")},
    )


def objectif_modifier(request, pk):
    """Correct an objective not signed yet, or its date of signature."""
    exiger(_fixe_les_objectifs(request.user))
    permis = _departements(request.user).values("pk")
    objectif = get_object_or_404(Objectif.objects.filter(departement__in=permis), pk=pk)
    if objectif.signe_le:
        raise Manques(
            ["Cette version est signée : saisissez la version suivante, celle de l'avenant."]
        )
    return edition.modifier(
        request,
        objectif,
        ObjectifModifierForm,
        retour=reverse("pilotage:objectifs"),
        contexte={"titre": "Modifier l'objectif", "sous_titre": str(objectif)},
    )
