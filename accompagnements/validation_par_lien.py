"""A text that the structure validates, or wants changed, by its personal link.

The stage gives the text, the forms and the gestures; the code, the double sending and the answer
are the same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.shortcuts import redirect, render

from dla_portal.socle import codes, jetons
from dla_portal.socle.regles import Manques


def lien_pour(usage, objet, adresse, jours):
    """Return the address of a fresh link; the former ones of this use stop working."""
    jetons.revoquer(objet, usage)
    return jetons.adresse(jetons.creer(usage, objet, adresse, jours))


@dataclass(frozen=True)
class PageALire:
    """The page of one text.

    `formulaires` maps the name of an action to what builds its form, bound or not; `gestes` to the
    transition it plays; `contexte(objet)` is what the template shows, read again after a refusal.
    """

    gabarit: str
    par: str
    formulaires: dict
    gestes: dict
    contexte: Callable = field(default=lambda objet: {})


def servir(request, jeton, objet, page):
    """Show the text; do what is asked once the code is given, or say at the field why not."""
    confirme, statut = codes.est_confirme(request, jeton), 200
    formulaires = {nom: construire() for nom, construire in page.formulaires.items()}
    if request.method == "POST":
        nom = request.POST.get("action", "")
        if nom in formulaires:
            formulaires[nom] = page.formulaires[nom](request.POST)
            if _agir(objet, page, nom, formulaires[nom], confirme):
                return redirect(request.path)
        statut = 422
        objet.refresh_from_db()
    contexte = {
        **page.contexte(objet),
        "formulaires": formulaires,
        "lit": confirme,
        "confirme": confirme or any(f.is_bound for f in formulaires.values()),
        "courriel_masque": jeton.courriel_masque,
    }
    return render(request, page.gabarit, contexte, status=statut)


def _agir(objet, page, nom, formulaire, confirme):
    """Do what the form asks; return whether it is done, the form telling why it is not."""
    if not confirme:
        formulaire.add_error(None, codes.A_CONFIRMER)
    if not formulaire.is_valid():
        return False
    try:
        page.gestes[nom](objet, par=page.par, **formulaire.cleaned_data)
    except Manques as erreur:
        formulaire.add_error(None, erreur)
        return False
    return True
