"""Pages of the trame of a region: reading it, writing its next version, previewing it."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accompagnements.conventions import documents, redaction, versions
from accompagnements.conventions.forms_trames import ApercuForm, TrameForm
from accompagnements.conventions.models import Convention
from accompagnements.conventions.trames import Trame
from accompagnements.conventions.views.commun import reponse_pdf
from accompagnements.droits import ADMIN
from dla_portal.comptes.droits import exiger
from dla_portal.socle import brouillons
from dla_portal.socle.edition import phrase_contrainte
from dla_portal.socle.regles import Manques
from dla_portal.territoires.models import Region

NATIONALE = "nationale"


def liste(request):
    """The trames that the user keeps: one for a DLA régional, all for the administrator."""
    exiger(versions.edite_des_trames(request.user))
    if request.user.role != ADMIN:
        return redirect("accompagnements:trame", request.user.rattachement.region_id)
    propres = set(Trame.objects.exclude(region=None).values_list("region", flat=True))
    regions = [(region, region.pk in propres) for region in Region.objects.all()]
    contexte = {"regions": regions, "nationale": NATIONALE}
    return render(request, "accompagnements/conventions/trames.html", contexte)


def _region(request, code):
    """The region of the address, or None for the national trame; 404 out of one's scope."""
    exiger(versions.edite_des_trames(request.user))
    region = None if code == NATIONALE else get_object_or_404(Region, pk=code)
    if not versions.edite(request.user, region):
        raise Http404
    return region


def _conventions(request):
    """The real dossiers on which the editor may preview, the latest first."""
    visibles = Convention.objects.visibles_par(request.user).filter(reprise=False)
    recentes = list(visibles.order_by("-pk").values_list("pk", flat=True)[:50])
    return visibles.filter(pk__in=recentes).select_related("ingenierie").order_by("-pk")


def detail(request, code):
    """The version in force, the former ones, the preview."""
    region = _region(request, code)
    trame = Trame.objects.en_vigueur(region)
    return render(
        request,
        "accompagnements/conventions/trame.html",
        {
            "code": code,
            "region": region,
            "trame": trame,
            "propre": trame.region_id == (region.pk if region else None),
            "versions": Trame.objects.de(region).select_related("cree_par"),
            "apercu": ApercuForm(conventions=_conventions(request)),
            "champs": redaction.CHAMPS.items(),
        },
    )


def modifier(request, code):
    """Write the next version; the preview button shows what is typed without keeping it."""
    region = _region(request, code)
    options = {"conventions": _conventions(request), "trame": Trame.objects.en_vigueur(region)}
    derniere = Trame.objects.de(region).first()
    options["numero"] = derniere.numero if derniere else 0
    formulaire, statut = TrameForm(**options), 200
    if request.method == "POST":
        formulaire, statut = TrameForm(request.POST, **options), 422
        if formulaire.is_valid():
            if "apercu" in request.POST:
                return _pdf(formulaire.sections, formulaire.cleaned_data["convention"])
            try:
                trame = versions.enregistrer(
                    region,
                    par=request.user,
                    sections=formulaire.sections,
                    numero_lu=formulaire.cleaned_data["numero"],
                )
            except Manques as erreur:
                formulaire.add_error(None, erreur)
            except IntegrityError as erreur:  # two at the very same time: the first one is kept
                formulaire.add_error(None, phrase_contrainte(Trame(), erreur))
            else:
                brouillons.remis(request)
                messages.success(request, f"La version {trame.numero} est en vigueur.")
                return redirect("accompagnements:trame", code)
    contexte = {
        "code": code,
        "region": region,
        "formulaire": formulaire,
        "champs": redaction.CHAMPS.items(),
        **brouillons.contexte(request, formulaire),
    }
    page = "accompagnements/conventions/trame_modifier.html"
    return render(request, page, contexte, status=statut)


def apercu(request, code):
    """The version in force as a PDF, on a real convention or on an invented one."""
    region = _region(request, code)
    formulaire = ApercuForm(request.GET, conventions=_conventions(request))
    if not formulaire.is_valid():
        raise Http404
    trame = Trame.objects.en_vigueur(region)
    return _pdf(trame.sections, formulaire.cleaned_data["convention"])


def _pdf(sections, convention):
    octets = (
        documents.rediger_convention(convention, sections)
        if convention
        else documents.exemple(sections)
    )
    return reponse_pdf(octets, "apercu-convention")
