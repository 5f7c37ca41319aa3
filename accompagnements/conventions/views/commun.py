"""What the pages of a convention and of an avenant share."""

from dataclasses import replace
from functools import partial

from django.http import HttpResponse
from django.urls import reverse

from accompagnements.conventions import courriels, documents
from accompagnements.conventions.gestes import SIGNER_POUR_L_OPERATEUR
from accompagnements.conventions.regles import SANS_ADRESSE
from dla_portal.socle import gestes
from dla_portal.socle.traces import trace_de


def a_faire(request, declares, acte, nom_url):
    """What can be done, and whose turn it is by its very name while signatures are awaited."""
    attendue = acte.au_tour
    return gestes.a_faire(
        declares,
        request.user,
        acte,
        lambda geste: reverse(nom_url, args=[acte.pk, geste.nom]),
        a_qui=attendue.en_phrase if attendue else acte.responsable,
        phrase="" if attendue is None or courriels.destinataires(attendue) else SANS_ADRESSE,
        depuis=attendue.invitee_le if attendue else None,
    )


def servir(request, declares, acte, nom):
    """Serve one gesture; a signature keeps where it comes from."""
    choisi = gestes.trouver(declares, nom)
    if nom == SIGNER_POUR_L_OPERATEUR:
        signer = partial(choisi.executer, trace=trace_de(request))
        choisi = replace(choisi, executer=signer)
    return gestes.servir(request, choisi, acte, retour=acte.get_absolute_url())


def pdf(acte, *, fige):
    """A preview while it is being prepared; afterwards the very bytes which are signed."""
    # Frozen when it is sent to be signed; a GET stores nothing.
    conserve = acte.document if fige else None
    octets = conserve.lire() if conserve else documents.de(acte)
    return reponse_pdf(octets, acte.reference)


def reponse_pdf(octets, nom):
    """A PDF shown in the browser under a name."""
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}.pdf"'
    return reponse
