"""Gestures: the button, its guard, its form and its POST, declared once per transition.

A stage declares `Geste(...)` objects and serves them with `servir`; the page of the object shows
`disponibles(...)`: open gestures as buttons, closed ones greyed with the very sentences of the
guard.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render

from dla_portal.comptes.droits import Refus, exiger
from dla_portal.socle import brouillons
from dla_portal.socle.edition import phrase_contrainte
from dla_portal.socle.formulaires import FormulaireBase
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from dla_portal.socle.verrou import VersionPerimee

PERSONNE = "personne"  # whose turn it is when the object has come to its end


class FormulaireMotif(FormulaireBase):
    """Form of the gestures which only need a written reason."""

    motif = forms.CharField(label="Motif", widget=forms.Textarea, max_length=2000)


def aucun_manque(objet):
    """Rules of a gesture which has none beyond the state."""
    return []


def toujours(objet):
    """Fact of the gestures that only depend on the state."""
    return True


@dataclass(frozen=True)
class Geste:
    """What a person may do to an object in some states.

    `executer(objet, par=, **form data)` is a function of a `transitions.py`;
    `manques(objet)` lists in sentences what is missing; `droit(utilisateur, objet)` answers.
    """

    nom: str
    libelle: str
    executer: Callable
    droit: Callable
    depuis: tuple
    manques: Callable = aucun_manque
    formulaire: type = FormulaireBase
    consequence: str = ""
    fait: str = "C'est enregistré."
    principal: bool = True
    danger: bool = False
    si: Callable = toujours  # a fact about the object, beyond its state, that offers the gesture

    def ouvert(self, utilisateur, objet):
        """Say whether the state, the facts and the right allow to show the gesture."""
        permis = objet.etat in self.depuis and bool(self.droit(utilisateur, objet))
        return permis and self.si(objet)


def disponibles(gestes, utilisateur, objet, url_de):
    """Describe the gestures that the state and the right open, for `composants/a_faire.html`.

    `url_de(geste)` gives the address; the first main gesture comes first.
    """
    ouverts = [geste for geste in gestes if geste.ouvert(utilisateur, objet)]
    decrits = [
        {
            "nom": geste.nom,
            "libelle": geste.libelle,
            "url": url_de(geste),
            "manques": geste.manques(objet),
            "danger": geste.danger,
            "principal": geste.principal and not geste.danger,
        }
        for geste in ouverts
    ]
    return sorted(decrits, key=lambda g: not g["principal"])


def a_faire(gestes, utilisateur, objet, url_de, a_qui="", phrase="", depuis=None):
    """Return the context of `composants/a_faire.html`, or None when nobody has anything to do."""
    decrits = disponibles(gestes, utilisateur, objet, url_de)
    a_qui = "" if a_qui == PERSONNE else a_qui
    if not decrits and not a_qui:
        return None
    principal = next((g for g in decrits if g["principal"]), None)
    manques = [{"texte": texte, "url": ""} for texte in (principal or {}).get("manques", [])]
    return {
        "a_qui": a_qui,
        "depuis": depuis,
        "phrase": phrase,
        "manques": manques,
        "principal": principal,
        "secondaires": [g for g in decrits if g is not principal],
    }


def mettre_en_avant(a_faire, libelle, url):
    """Put first, in the context of `composants/a_faire.html`, what is done on another page.

    The next step then stands in the box which announces it, not above it.
    """
    vide = {"a_qui": "", "depuis": None, "phrase": "", "principal": None, "secondaires": []}
    a_faire = a_faire or vide
    avant = a_faire["principal"]
    pas = {"nom": "", "libelle": libelle, "url": url, "danger": False, "principal": True}
    secondaires = [*([avant] if avant else []), *a_faire["secondaires"]]
    return {
        **a_faire,
        "manques": [],
        "principal": {**pas, "manques": []},
        "secondaires": secondaires,
    }


def servir(request, geste, objet, *, retour, gabarit="geste.html", contexte=None, initial=None):
    """View body of every gesture: GET shows the form, POST acts; errors keep what was typed.

    `retour` is the address shown after success (a string, or a function of the result).
    """
    exiger(geste.droit(request.user, objet))
    kwargs = {"initial": initial or {}}
    if issubclass(geste.formulaire, forms.ModelForm):
        kwargs["instance"] = objet
    elif getattr(geste.formulaire, "avec_objet", False):
        kwargs["objet"] = objet
    statut = 200
    if request.method == "POST":
        formulaire = geste.formulaire(request.POST, request.FILES, **kwargs)
        reponse, statut = _tenter(request, geste, objet, formulaire, retour)
        if reponse is not None:
            return reponse
        objet.refresh_from_db()  # the page shows what is stored, the form what was typed
    else:
        formulaire = geste.formulaire(**kwargs)
    hors_etat = objet.etat not in geste.depuis
    page = {
        "geste": geste,
        "objet": objet,
        "formulaire": formulaire,
        "manques": [] if hors_etat else geste.manques(objet),
        "hors_etat": hors_etat,
        **brouillons.contexte(request, formulaire),
        "url_retour": retour if isinstance(retour, str) else objet.get_absolute_url(),
        **(contexte or {}),
    }
    return render(request, gabarit, page, status=409 if hors_etat and statut != 200 else statut)


def _tenter(request, geste, objet, formulaire, retour):
    """Try the gesture; return (redirect, 302), or (None, status) when the form comes back."""
    lue = entier(request.POST.get("version_lue"))
    if lue is None:
        formulaire.add_error(None, "Rechargez la page : sa version est inconnue.")
    if not formulaire.is_valid():
        return None, 422
    # The compare-and-swap works on what the person had on screen.
    objet.version = lue
    try:
        with transaction.atomic():
            resultat = geste.executer(objet, par=request.user, **formulaire.cleaned_data)
    except Manques as erreur:
        for phrase in erreur.phrases:
            formulaire.add_error(None, phrase)
        return None, 422
    except VersionPerimee:
        formulaire.add_error(
            None,
            "Quelqu'un a modifié cette fiche pendant votre saisie : rien n'a été écrasé. "
            "Vérifiez son état, puis confirmez de nouveau.",
        )
        return None, 409
    except IntegrityError as erreur:
        formulaire.add_error(None, phrase_contrainte(objet, erreur))
        return None, 409
    except Refus as refus:
        formulaire.add_error(None, refus.motif)
        return None, 403
    brouillons.remis(request)
    messages.success(request, geste.fait)
    return redirect(retour(resultat) if callable(retour) else retour), 302


def trouver(gestes, nom):
    """Return the gesture of this name, or raise Http404."""
    for geste in gestes:
        if geste.nom == nom:
            return geste
    raise Http404
