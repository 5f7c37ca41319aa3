"""What one takes away from a dossier: its printed summary, and everything in one zip."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.demandes.commentaires import CommentaireDossier, Portee
from accompagnements.parcours import archive as complet
from accompagnements.parcours.inventaire import inventaire
from accompagnements.parcours.synthese import synthese_pdf
from accompagnements.parcours.views.commun import lit_le_diagnostic, ouvrir
from dla_portal.comptes.droits import exiger


def synthese(request, pk):
    """The printable summary of a dossier, as much as its page shows to this reader."""
    dossier = ouvrir(request, pk)
    accompagnement = dossier.accompagnement
    octets = synthese_pdf(
        dossier,
        request.user,
        equipe=bool(droits.suit(request.user, accompagnement)),
        lit_le_diagnostic=lit_le_diagnostic(request, accompagnement),
    )
    reponse = HttpResponse(octets, content_type="application/pdf")
    nom = f"synthese-{accompagnement.reference}.pdf"
    reponse["Content-Disposition"] = f'inline; filename="{nom}"'
    return reponse


def contenu(request, pk):
    """What the complete dossier holds and lacks, before it is downloaded."""
    dossier = ouvrir(request, pk)
    accompagnement = dossier.accompagnement
    exiger(droits.suit(request.user, accompagnement))
    pieces = inventaire(dossier, request.user)
    commentaires = CommentaireDossier.objects.visibles_par(request.user).filter(
        accompagnement=accompagnement, retire_le=None
    )
    lit = lit_le_diagnostic(request, accompagnement)
    return render(
        request,
        "accompagnements/parcours/dossier_complet.html",
        {
            "accompagnement": accompagnement,
            "titre": "Dossier complet",
            "sous_titre": str(accompagnement),
            "pieces": pieces,
            "taille": sum(piece.fichier.taille for piece in pieces if piece.fichier),
            "manques": complet.manques_de_l_archive(pieces),
            "manquantes": [
                entree
                for entree in complet.manquantes(dossier, pieces, lit)
                if entree.presence != complet.A_VENIR
            ],
            "internes": commentaires.filter(portee=Portee.INTERNE).count(),
        },
    )


@require_POST
def archive(request, pk):
    """The complete dossier as one zip; the download is written in the journal."""
    dossier = ouvrir(request, pk)
    accompagnement = dossier.accompagnement
    flux = complet.archive(
        dossier,
        par=request.user,
        droit=droits.suit(request.user, accompagnement),
        lit_le_diagnostic=lit_le_diagnostic(request, accompagnement),
        avec_internes=request.POST.get("internes") == "oui",
    )
    return FileResponse(
        flux,
        as_attachment=True,
        filename=f"dossier-{accompagnement.reference}.zip",
        content_type="application/zip",
    )
