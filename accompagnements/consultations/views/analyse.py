"""After the opening: the score sheet, the minutes of the choice, the motive of a rejection."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404

from accompagnements import droits
from accompagnements.consultations import documents, forms, transitions
from accompagnements.consultations.models import Proposition
from accompagnements.consultations.notation import Fiche
from accompagnements.consultations.pieces import controler, manques_du_controle
from accompagnements.consultations.views.commun import par_version, pdf, repondre, visible
from dla_portal.comptes.droits import exiger
from dla_portal.socle.regles import Manques, exiger_aucun_manque
from dla_portal.socle.verrou import VersionPerimee


def grille(request, pk):
    """Score the propositions side by side."""
    consultation = visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    if not consultation.ouverte_le:
        raise Http404
    fiche = consultation.fiches.filter(evaluateur=Fiche.Evaluateur.CHARGE).first()
    if fiche is not None and not fiche.attendue:
        raise Manques(["Votre grille est close : ses notes ne changent plus."])
    return par_version(
        request,
        consultation,
        partial(forms.GrilleForm, fiche=fiche),
        lambda f: transitions.noter(
            consultation,
            par=request.user,
            **f.feuille(),
        ),
        gabarit="accompagnements/consultations/grille.html",
        contexte={},
    )


def pv_pdf(request, pk):
    """The minutes of the choice as PDF, once the choice is made."""
    consultation = visible(request, pk)
    if consultation.choix_le is None:
        raise Http404
    return pdf(documents.pv_de_choix(consultation), f"{consultation.reference}-pv")


def _proposition(request, pk):
    """A proposition the user leads, or 404, or 403."""
    visibles = Proposition.objects.visibles_par(request.user)
    proposition = get_object_or_404(
        visibles.select_related("consultation__ingenierie", "sollicitation__prestataire"), pk=pk
    )
    exiger(droits.instruit(request.user, proposition))
    return proposition


def proposition_motif(request, pk):
    """Tell a prestataire who asked why his proposition is not retained."""
    proposition = _proposition(request, pk)
    return repondre(
        request,
        proposition.consultation,
        forms.MotifForm,
        partial(transitions.donner_motif, proposition, par=request.user),
        {
            "titre": "Motif du rejet",
            "consequence": f"{proposition.prestataire} l'a expressément demandé ; il le reçoit par "
            "courriel.",
            "libelle_bouton": "Envoyer le motif",
        },
    )


def _controler(proposition, par, pieces, version):
    if proposition.version != version:  # what somebody else ticked meanwhile is not overwritten
        raise VersionPerimee(proposition)
    controler(proposition, par=par, pieces=pieces)


def pieces(request, pk):
    """Tick the pieces found in a proposition."""
    proposition = _proposition(request, pk)
    exiger_aucun_manque(manques_du_controle(proposition))
    return repondre(
        request,
        proposition.consultation,
        partial(
            forms.PiecesForm,
            initial={"pieces": proposition.pieces, "version": proposition.version},
        ),
        partial(_controler, proposition, request.user),
        {
            "titre": "Pièces de la proposition",
            "sous_titre": proposition.prestataire,
            "libelle_bouton": "Enregistrer",
        },
        fait="Les pièces sont notées.",
    )


def ouverture_pdf(request, pk):
    """The minutes of the opening as PDF."""
    consultation = visible(request, pk)
    if consultation.ouverte_le is None:
        raise Http404
    return pdf(documents.pv_d_ouverture(consultation), f"{consultation.reference}-ouverture")


def comparaison_pdf(request, pk):
    """The comparison on one A4 landscape page, once the propositions are open."""
    consultation = visible(request, pk)
    if consultation.ouverte_le is None:
        raise Http404
    return pdf(documents.comparaison_pdf(consultation), f"{consultation.reference}-comparaison")
