"""Creating and editing forms as view bodies: once means once, nobody overwrites anybody."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render

from dla_portal.comptes.droits import Refus
from dla_portal.socle import brouillons, envois
from dla_portal.socle.formulaires import FormulaireNaissance
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee


def creer(request, classe, executer, *, gabarit="formulaire.html", contexte=None, **options):
    """Serve a creating form. `executer(formulaire)` returns the object created.

    `classe` is a FormulaireModele (it carries `cle_envoi`); `options` go to its constructor.
    The same sending received twice redirects to the first result.
    """
    if request.method != "POST":
        return _page(request, gabarit, classe(**options), contexte)
    # Before any validation: what the first sending made may well forbid the second one.
    deja = envois.resultat_de(request.POST.get("cle_envoi", ""))
    if deja:
        messages.warning(
            request,
            "Ce formulaire était déjà envoyé : voici ce qui est enregistré. Ce que vous avez changé "
            "depuis n'est pas pris ; corrigez-le ici.",
        )
        return redirect(deja)
    formulaire = classe(request.POST, request.FILES, **options)
    if formulaire.is_valid():
        try:
            with transaction.atomic():
                envoi, premier = envois.reserver(formulaire.cleaned_data["cle_envoi"])
                if not premier:
                    return redirect(envoi.resultat or request.path)
                objet = executer(formulaire)
                envoi.resultat = objet.get_absolute_url()
                envoi.save(update_fields=["resultat"])
        except (Manques, ValidationError) as erreur:
            formulaire.add_error(None, erreur)
        except IntegrityError as erreur:
            formulaire.add_error(None, phrase_contrainte(_objet_de(formulaire), erreur))
        except Refus as refus:
            formulaire.add_error(None, refus.motif)
        else:
            brouillons.remis(request)
            messages.success(request, "C'est enregistré.")
            return redirect(objet)
    return _page(request, gabarit, formulaire, contexte, 422)


def modifier(
    request, objet, classe, *, retour="", gabarit="formulaire.html", contexte=None, **options
):
    """Serve an editing form of a `FormulaireVerrouille`; a stale version gives 409, text kept."""
    contexte = {"url_annuler": retour or objet.get_absolute_url(), **(contexte or {})}
    if request.method != "POST":
        return _page(request, gabarit, classe(instance=objet, **options), contexte)
    formulaire = classe(request.POST, request.FILES, instance=objet, **options)
    if formulaire.is_valid():
        try:
            with transaction.atomic():
                formulaire.save()
        except VersionPerimee:
            return _conflit(request, objet, formulaire, gabarit, contexte)
        except ValidationError as erreur:
            formulaire.add_error(None, erreur)
        except IntegrityError as erreur:
            formulaire.add_error(None, phrase_contrainte(objet, erreur))
        else:
            brouillons.remis(request)
            messages.success(request, "Modifications enregistrées.")
            return redirect(retour or objet.get_absolute_url())
    return _page(request, gabarit, formulaire, contexte, 422)


def _objet_de(formulaire):
    return getattr(formulaire, "instance", None)


def phrase_contrainte(objet, erreur):
    """Return the French message of the database constraint named in an IntegrityError."""
    for contrainte in objet._meta.constraints if objet is not None else ():
        if contrainte.name in str(erreur):
            return contrainte.violation_error_message
    return "L'enregistrement est refusé : une valeur contredit ce qui existe déjà."


def _conflit(request, objet, formulaire, gabarit, contexte):
    """Answer 409: what is stored beside what was typed; sending again applies what was typed."""
    actuel = type(objet)._base_manager.get(pk=objet.pk)
    intacts = _intacts(objet, formulaire)
    lignes = []
    for nom in formulaire.changed_data:
        connu, enregistre = _en_base(formulaire, actuel, nom)
        if nom == "version" or nom in intacts or not connu:
            continue
        lignes.append(
            {
                "libelle": formulaire.fields[nom].label,
                "enregistre": enregistre,
                "saisi": formulaire[nom].value(),
            }
        )
    formulaire.data = formulaire.data.copy()
    formulaire.data["version"] = actuel.version
    for nom in intacts:  # what the person has not touched follows what is stored
        (stocke,) = _stocke(formulaire, actuel, objet, nom)
        valeur = formulaire.fields[nom].prepare_value(stocke)
        if isinstance(valeur, list):
            formulaire.data.setlist(formulaire.add_prefix(nom), valeur)
        else:
            formulaire.data[formulaire.add_prefix(nom)] = "" if valeur is None else valeur
    return _page(
        request, gabarit, formulaire, {**contexte, "conflit": lignes, "en_conflit": True}, 409
    )


def _intacts(objet, formulaire):
    """Names of the plain fields left as they were in the version that the person has read."""
    lue = formulaire.cleaned_data.get("version")
    historique = getattr(objet, "history", None)
    ancien = historique.filter(version=lue).first() if historique is not None else None
    if ancien is None:
        return set()
    return {
        nom
        for nom, champ in formulaire.fields.items()
        if nom != "version"
        and (stocke := _stocke(formulaire, ancien, objet, nom)) is not None
        and not champ.has_changed(stocke[0], formulaire[nom].data)
    }


def _stocke(formulaire, etat, objet, nom):
    """Return (value,) of a field in a state of the object, past or present; None: not a plain one.

    A form whose field is no column says where it lies: `valeur_stockee(etat, nom)`, same answer.
    """
    if nom in {f.attname for f in objet._meta.concrete_fields}:
        return (getattr(etat, nom, None),)
    ailleurs = getattr(formulaire, "valeur_stockee", None)
    return ailleurs(etat, nom) if ailleurs else None


def _en_base(formulaire, objet, nom):
    """Return (whether something is stored under a field, what it is), rows of the form included."""
    if hasattr(objet, nom):
        return True, _en_mots(objet, nom)
    return formulaire.en_base(objet, nom) if hasattr(formulaire, "en_base") else (False, None)


def _en_mots(objet, nom):
    """Return the stored value of a field as the page shows it."""
    affiche = getattr(objet, f"get_{nom}_display", None)
    if affiche:
        return affiche()
    valeur = getattr(objet, nom)
    return ", ".join(map(str, valeur.all())) if hasattr(valeur, "all") else valeur


def _page(request, gabarit, formulaire, contexte, statut=200):
    garde = brouillons.contexte(request, formulaire)
    page = {"formulaire": formulaire, **garde, **(contexte or {})}
    return render(request, gabarit, page, status=statut)


def naitre(request, executer, *, titre, sous_titre="", consequence="", url_annuler=""):
    """Serve a creating gesture without any field: GET confirms, POST creates once.

    `executer()` returns the object created; sending twice shows the first result.
    """
    return creer(
        request,
        FormulaireNaissance,
        lambda formulaire: executer(),
        contexte={
            "titre": titre,
            "sous_titre": sous_titre,
            "libelle_bouton": titre,
            "consequence": consequence,
            "url_annuler": url_annuler,
        },
    )
