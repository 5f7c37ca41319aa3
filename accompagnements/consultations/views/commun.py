"""What the pages of a consultation share: its visibility, forms by version, PDF answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accompagnements.consultations.etats import Etat
from accompagnements.consultations.models import Consultation
from dla_portal.socle import brouillons
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee

LISTE_OUVERTE = (Etat.BROUILLON, Etat.VALIDEE)  # the prestataires may still be chosen
CONFLIT = (
    "Quelqu'un a enregistré entre-temps : rien n'a été écrasé. Vérifiez, puis enregistrez de nouveau "
    "pour garder votre saisie."
)


def visible(request, pk):
    """The consultation, or 404 for who may not see it."""
    lignes = Consultation.objects.visibles_par(request.user)
    return get_object_or_404(lignes.select_related("ingenierie__operateur", "cahier"), pk=pk)


def envoye(request):
    """The data of a POST, even empty, or None to show a fresh form."""
    return request.POST if request.method == "POST" else None


def par_version(request, consultation, classe, executer, *, gabarit, contexte):
    """Serve a form about the parts of a consultation; a stale version gives 409, text kept."""
    formulaire = classe(envoye(request), objet=consultation)
    statut = 200
    if request.method == "POST":
        statut = 422
        if formulaire.is_valid():
            consultation.version = formulaire.cleaned_data["version"]
            try:
                executer(formulaire)
            except VersionPerimee:
                statut = 409
                formulaire.add_error(None, CONFLIT)
            except Manques as erreur:
                formulaire.add_error(None, erreur)
            else:
                messages.success(request, "C'est enregistré.")
                return redirect(consultation)
            consultation.refresh_from_db()
            formulaire.data = {**formulaire.data.dict(), "version": consultation.version}
    contexte = {"consultation": consultation, "formulaire": formulaire, **contexte}
    return render(request, gabarit, contexte, status=statut)


def repondre(request, consultation, classe, executer, contexte, fait="C'est envoyé."):
    """Serve a plain form about a consultation: done once, text kept when refused."""
    formulaire = classe(envoye(request))
    if request.method == "POST" and formulaire.is_valid():
        try:
            executer(**formulaire.cleaned_data)
        except Manques as erreur:
            formulaire.add_error(None, erreur)
        else:
            brouillons.remis(request)
            messages.success(request, fait)
            return redirect(consultation)
    contexte = {
        "formulaire": formulaire,
        **brouillons.contexte(request, formulaire),
        "sous_titre": consultation.reference,
        "url_annuler": consultation.get_absolute_url(),
        **contexte,
    }
    return render(request, "formulaire.html", contexte, status=422 if formulaire.errors else 200)


def pdf(octets, nom):
    """Answer a PDF, shown in the browser under this file name."""
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}.pdf"'
    return reponse
