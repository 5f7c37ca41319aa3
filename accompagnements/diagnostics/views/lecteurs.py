"""Who reads from outside: the reader asked for a relecture, the copies handed with an agreement."""

import io

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.diagnostics import diffusion, documents, forms, regles, relire, sections
from accompagnements.diagnostics.relectures import Autorisation, Relecture
from accompagnements.diagnostics.views.commun import visibles
from dla_portal.comptes.droits import exiger
from dla_portal.socle import brouillons
from dla_portal.socle.regles import Manques, exiger_aucun_manque


def _a_relire(request):
    return Relecture.objects.visibles_par(request.user).select_related(
        "diagnostic__accompagnement__structure__commune",
        "diagnostic__accompagnement__operateur",
        "diagnostic__accompagnement__demande",
        "diagnostic__accompagnement__charge",
    )


def relectures(request):
    """The diagnostics that wait for the reading of the person."""
    return render(
        request,
        "accompagnements/diagnostics/relectures.html",
        {"titre": "Diagnostics à relire", "relectures": _a_relire(request)},
    )


def relecture(request, pk):
    """Read one diagnostic and return the comments; it closes with them."""
    demandee = get_object_or_404(_a_relire(request), pk=pk)
    diagnostic = demandee.diagnostic
    if request.method == "GET":
        diffusion.noter_la_lecture(diagnostic, par=request.user, comment="relecture")
    statut, formulaire = 200, forms.RendreForm(sections=sections.SECTIONS)
    if request.method == "POST":
        statut, formulaire = 422, forms.RendreForm(request.POST, sections=sections.SECTIONS)
        if formulaire.is_valid() and _rendre(request, demandee, formulaire):
            return redirect("accompagnements:relectures")
    return render(
        request,
        "accompagnements/diagnostics/relecture.html",
        {
            "titre": "Relecture d'un diagnostic partagé",
            "sous_titre": diagnostic.accompagnement.structure.nom,
            "relecture": demandee,
            "dossier": diagnostic.accompagnement,
            "sections": sections.lire_ce_qui_est_dit(diagnostic),
            "formulaire": formulaire,
            **brouillons.contexte(request, formulaire),
        },
        status=statut,
    )


def _rendre(request, demandee, formulaire):
    try:
        relire.rendre(
            demandee,
            par=request.user,
            avis=formulaire.cleaned_data["avis"],
            commentaires=formulaire.commentaires(),
        )
    except Manques as erreur:
        formulaire.add_error(None, erreur)
        return False
    brouillons.remis(request)
    messages.success(request, "Votre relecture est rendue. Merci.")
    return True


def _autorisation(request, pk):
    autorisation = get_object_or_404(
        Autorisation.objects.filter(diagnostic__in=visibles(request)), pk=pk
    )
    exiger(droits.instruit(request.user, autorisation.diagnostic))
    return autorisation


def exemplaire(request, pk):
    """The copy of the diagnostic handed to somebody the structure agreed to, bearing their name."""
    autorisation = _autorisation(request, pk)
    diagnostic = get_object_or_404(visibles(request), pk=autorisation.diagnostic_id)
    manques = ["L'autorisation est retirée."] if autorisation.retiree_le else []
    exiger_aucun_manque(manques + regles.manques_pour_communiquer(diagnostic))
    nom, octets = documents.diagnostic_pdf(diagnostic, destinataire=autorisation.destinataire)
    comment = f"exemplaire pour {autorisation.destinataire}"
    diffusion.noter_la_lecture(diagnostic, par=request.user, comment=comment)
    return FileResponse(io.BytesIO(octets), as_attachment=True, filename=nom)


@require_POST
def retirer(request, pk):
    """The structure takes its agreement back."""
    autorisation = _autorisation(request, pk)
    diffusion.retirer(autorisation, par=request.user)
    messages.success(request, "L'autorisation est retirée.")
    return redirect(f"{autorisation.diagnostic.get_absolute_url()}#diffusion")
