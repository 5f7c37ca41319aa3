"""Gestures on a structure: ask the directory again, confirm the identity, merge, undo."""

from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accompagnements.structures import doublons, fusions, regles, salle, verifications
from accompagnements.structures.choix import FusionForm
from accompagnements.structures.filters import chercher
from accompagnements.structures.fusions import Fusion
from accompagnements.structures.models import Structure
from dla_portal.comptes.droits import exiger
from dla_portal.socle import edition
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from dla_portal.socle.sorties import SortieEnPanne, SortieRefusee
from dla_portal.socle.verrou import VersionPerimee

TROUVEES = 20  # structures offered at once
CHANGEE = "Une de ces fiches vient d'être modifiée : relisez-les, puis confirmez de nouveau."


@require_POST
def verifier(request, pk):
    """Ask the directory now about a structure."""
    structure = _structure(request, pk)
    exiger(regles.tient_le_registre(request.user))
    try:
        verifications.interroger(structure)
    except (SortieEnPanne, SortieRefusee) as panne:
        messages.warning(request, f"{panne} La fiche reste à vérifier.")
    except (VersionPerimee, IntegrityError):
        messages.warning(request, CHANGEE)
    else:
        messages.success(request, f"Annuaire : {structure.get_verification_display().lower()}.")
    return redirect(structure)


@require_POST
def confirmer(request, pk):
    """Take the flag away: the identity was checked by other means."""
    structure = _structure(request, pk)
    lue = entier(request.POST.get("version"))
    structure.version = structure.version if lue is None else lue
    try:
        verifications.confirmer(structure, par=request.user)
    except Manques as manques:
        messages.warning(request, manques.phrases[0])
    except VersionPerimee:
        messages.warning(request, CHANGEE)
    else:
        messages.success(request, "Identité vérifiée : c'est noté à votre nom.")
    return redirect(structure)


def fusionner(request, pk):
    """Choose the other record, see both side by side, then make one of them."""
    visibles = Structure.toutes.visibles_par(request.user)
    gardee = get_object_or_404(visibles, pk=pk)
    exiger(fusions.peut_fusionner(request.user, gardee))
    avec = entier(request.GET.get("avec"))
    if avec is None and not gardee.fusionnee_dans_id:
        return _choisir(request, gardee)
    absorbee = get_object_or_404(visibles.exclude(pk=pk), pk=avec)
    exiger(fusions.peut_fusionner(request.user, gardee, absorbee))
    if fusions.manques_pour_fusionner(gardee, absorbee):
        return redirect(Structure.toutes.de_pk(pk))  # done already, by this sending or another
    vue = fusions.apercu(gardee, absorbee)

    def executer(formulaire):
        gardee.version = formulaire.cleaned_data["version_gardee"]
        absorbee.version = formulaire.cleaned_data["version_absorbee"]
        try:
            return fusions.fusionner(gardee, absorbee, par=request.user, **formulaire.choix())
        except VersionPerimee as perimee:
            raise Manques([CHANGEE]) from perimee

    return edition.creer(
        request,
        FusionForm,
        executer,
        gabarit="accompagnements/structures/fusionner.html",
        apercu=vue,
        versions=(gardee.version, absorbee.version),
        contexte={
            "gardee": gardee,
            "absorbee": absorbee,
            "apercu": vue,
            "deplacements": [
                (lien.nom, _noms(request.user, absorbee, lien, lignes))
                for lien, lignes in vue.deplacements
            ],
        },
    )


def _noms(utilisateur, absorbee, lien, lignes):
    """The rows that move, in words; those that the user may not read are only counted."""
    lues = salle.nommables(utilisateur, absorbee, lien.modele)
    nommees = lignes if lues is None else [ligne for ligne in lignes if ligne.pk in lues]
    tues = len(lignes) - len(nommees)
    if not tues:
        return lien.noms(nommees)
    return [*lien.noms(nommees), f"{tues} que vous ne lisez pas"]


def _choisir(request, gardee):
    """First page of a fusion: which other record is the same organisation?"""
    texte = request.GET.get("q", "").strip()[:120]
    visibles = Structure.objects.visibles_par(request.user).exclude(pk=gardee.pk)
    if texte:
        lues = chercher(visibles, texte).select_related("commune").order_by("nom_normalise")
        trouvees = [(structure, "") for structure in lues[:TROUVEES]]
    else:
        proches = doublons.chercher(
            request.user,
            siret=gardee.siret or gardee.siren,
            rna=gardee.rna,
            nom=gardee.nom,
            commune=gardee.commune,
            sauf=gardee.pk,
        )
        trouvees = [(d.structure, d.raison) for d in proches]
    return render(
        request,
        "accompagnements/structures/choisir_fusion.html",
        {"gardee": gardee, "texte": texte, "trouvees": trouvees},
    )


def defaire(request, pk):
    """Undo a fusion, unless something since forbids it."""
    fusion = get_object_or_404(
        Fusion.objects.select_related("gardee", "absorbee"),
        pk=pk,
        gardee__in=Structure.toutes.visibles_par(request.user).values("pk"),
    )
    exiger(fusions.peut_fusionner(request.user, fusion.gardee))
    manques = fusions.manques_pour_defaire(fusion)
    return edition.naitre(
        request,
        lambda: fusions.defaire(fusion, par=request.user),
        titre="Défaire la fusion",
        sous_titre=str(fusion),
        consequence=" ".join(manques)
        or f"« {fusion.absorbee} » revient dans le registre avec tout ce qu'elle avait.",
        url_annuler=fusion.get_absolute_url(),
    )


def _structure(request, pk):
    return get_object_or_404(Structure.objects.visibles_par(request.user), pk=pk)
