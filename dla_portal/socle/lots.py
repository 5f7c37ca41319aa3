"""Bulk actions: the same gesture on many rows of a list, with its preview and its report.

A `Lot` is data. The gesture is a real transition: it demands the right, then the rules, row by
row, each in its own transaction; a refused row says why and stops nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import render

from dla_portal.comptes.droits import Refus, exiger
from dla_portal.socle.edition import phrase_contrainte
from dla_portal.socle.formulaires import FormulaireBase
from dla_portal.socle.gestes import aucun_manque
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from dla_portal.socle.templatetags.portail import nombre
from dla_portal.socle.verrou import VersionPerimee

LIGNES_MAX = 500  # rows of one go: more would outlast the patience of a browser
MONTREES = 20  # accepted rows quoted by the preview
HORS_LISTE = "Cette ligne n'est plus dans la liste, ou n'est pas de votre ressort."


class FormulaireLot(FormulaireBase):
    """What a bulk action asks once for all its rows; knows who asks."""

    def __init__(self, *args, utilisateur, **kwargs):
        self.utilisateur = utilisateur
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class Lot:
    """A gesture offered on the selected rows of a list.

    `executer(objet, par=, **form data)` is the gesture itself; `droit(utilisateur, objet)` and
    `manques(objet)` tell the preview, without any query, which rows will be refused.
    """

    nom: str
    libelle: str
    executer: Callable
    droit: Callable
    ouvert_a: Callable  # (utilisateur) → the role may do it on some row
    formulaire: type = FormulaireLot
    manques: Callable = aucun_manque
    consequence: str = ""

    def refus(self, utilisateur, objet):
        """Why the row will be refused, as far as can be told before the form; "" otherwise."""
        droit = self.droit(utilisateur, objet)
        if not droit:
            return droit.motif
        return " ".join(self.manques(objet))


@dataclass
class Rapport:
    """What became of a selection: rows done, rows refused with their sentence."""

    faits: list = field(default_factory=list)
    refuses: list = field(default_factory=list)  # (row or None, sentence)

    @property
    def en_mots(self):
        """« 50 lignes choisies, 47 faites, 3 refusées. »"""
        choisies = accorder(len(self.faits) + len(self.refuses), "ligne choisie", "lignes choisies")
        faites = accorder(len(self.faits), "faite", "faites")
        refusees = accorder(len(self.refuses), "refusée", "refusées")
        return f"{choisies}, {faites}, {refusees}."


def accorder(total, singulier, pluriel):
    """Return a number with its words; in French nought and one are singular."""
    return f"{nombre(total)} {singulier if total < 2 else pluriel}"


def executer(lot, objets, *, par, donnees):
    """Do the gesture on each row; return the Rapport."""
    rapport = Rapport()
    for objet in objets:
        try:
            with transaction.atomic():
                lot.executer(objet, par=par, **donnees)
        except Refus as refus:
            rapport.refuses.append((objet, refus.motif))
        except PermissionDenied:
            rapport.refuses.append((objet, "Cette action ne vous est pas ouverte."))
        except Manques as manques:
            rapport.refuses.append((objet, " ".join(manques.phrases)))
        except ValidationError as erreur:
            rapport.refuses.append((objet, " ".join(erreur.messages)))
        except VersionPerimee:
            rapport.refuses.append((objet, "Quelqu'un vient de modifier cette fiche."))
        except IntegrityError as erreur:
            rapport.refuses.append((objet, phrase_contrainte(objet, erreur)))
        else:
            rapport.faits.append(objet)
    return rapport


def servir(request, liste):
    """Serve a bulk action of a list: preview first, then the report.

    The bar of the list posts `lot` and the rows; the preview posts back to `?lot=…` with the rows,
    the fields of the form and the number of rows seen.
    """
    nom = request.POST.get("lot") or request.GET.get("lot")
    lot = next((lot for lot in liste.lots if lot.nom == nom), None)
    if lot is None:
        raise Http404("Action inconnue.")
    exiger(lot.ouvert_a(request.user))
    apercu = request.method != "POST" or bool(request.POST.get("lot"))
    envoi = request.POST.copy() if request.method == "POST" else request.GET.copy()
    if request.GET.get("tout"):
        envoi["tout"] = "1"
    objets = list(liste.selection(envoi)[: LIGNES_MAX + 1])
    demandees = 0 if envoi.get("tout") else len(set(envoi.getlist("ligne")))
    page = _page(request, liste, lot, objets, demandees, envoi)
    if apercu or page["trop"]:
        formulaire = lot.formulaire(utilisateur=request.user)
        return _apercu(request, page, formulaire, 200 if apercu else 409)
    formulaire = lot.formulaire(request.POST, utilisateur=request.user)
    if not formulaire.is_valid():
        return _apercu(request, page, formulaire, 422)
    vues = entier(request.POST.get("vues"))
    if vues != len(objets):
        formulaire.add_error(
            None,
            "La liste a changé depuis votre aperçu : voici les lignes qu'elle compte à présent. "
            "Vérifiez, puis confirmez de nouveau.",
        )
        return _apercu(request, page, formulaire, 409)
    rapport = executer(lot, objets, par=request.user, donnees=formulaire.cleaned_data)
    rapport.refuses += [(None, HORS_LISTE)] * max(demandees - len(objets), 0)
    return render(request, "lot_rapport.html", {**page, "rapport": rapport})


def _page(request, liste, lot, objets, demandees, envoi):
    """What the preview and the report both show."""
    refuses = [(objet, lot.refus(request.user, objet)) for objet in objets]
    permis = [objet for objet, phrase in refuses if not phrase]
    choisies = accorder(len(objets), "ligne choisie", "lignes choisies")
    refusees = accorder(len(objets) - len(permis), "refusée", "refusées")
    tout = bool(envoi.get("tout"))
    return {
        "liste": liste,
        "lot": lot,
        "objets": objets,
        "tout": tout,
        "en_mots": f"{choisies} : {len(permis)} à traiter, {refusees}",
        "a_traiter": accorder(len(permis), "ligne", "lignes"),
        "trop": len(objets) > LIGNES_MAX,
        "lignes_max": LIGNES_MAX,
        "permis": permis,
        "cites": permis[:MONTREES],
        "autres": max(len(permis) - MONTREES, 0),
        "refuses": [(objet, phrase) for objet, phrase in refuses if phrase],
        "absentes": max(demandees - len(objets), 0),
        "url_envoi": liste.url_avec(lot=lot.nom, tout="1" if tout else None, page=None),
        "url_retour": liste.url_avec(lot=None, tout=None),
    }


def _apercu(request, page, formulaire, statut):
    return render(request, "lot.html", {**page, "formulaire": formulaire}, status=statut)
