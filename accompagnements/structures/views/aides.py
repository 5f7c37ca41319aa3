"""What helps while typing: duplicates and the directory, the addresses. Fragments, never blocking."""

import json

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accompagnements.structures import annuaire, doublons, regles
from dla_portal.comptes.droits import exiger
from dla_portal.socle.saisies import entier
from dla_portal.socle.sorties import SortieEnPanne, SortieRefusee
from dla_portal.territoires.models import Commune


@require_GET
def ressemblantes(request):
    """Structures that may be the one being typed, and what the directory says of its number."""
    exiger(regles.tient_le_registre(request.user))
    lus = {
        nom: request.GET.get(nom, "").strip()[:250] for nom in ("siret", "rna", "nom", "commune")
    }
    numero, rna = doublons.lire_numero(lus["siret"]), doublons.lire_rna(lus["rna"])
    trouvees = doublons.chercher(
        request.user,
        siret=numero,
        rna=rna,
        nom=lus["nom"],
        commune=regles.commune_ou_rien(lus["commune"], request.user),
        sauf=entier(request.GET.get("sauf")),
    )
    fiche, panne = None, ""
    if (numero or rna) and not any(d.certain for d in trouvees):
        fiche, panne = consulter(numero or rna)
    return render(
        request,
        "accompagnements/structures/_ressemblantes.html",
        {"doublons": trouvees, "fiche": fiche, "panne": panne, "champs": _champs(fiche)},
    )


def consulter(numero):
    """Return (record or None, sentence): the sentence says why there is none, "" when closed."""
    if not annuaire.ouvert():
        return None, ""
    try:
        fiche = annuaire.trouver(numero)
    except (SortieEnPanne, SortieRefusee) as panne:
        return None, f"{panne} Continuez : la fiche sera vérifiée et complétée plus tard."
    return fiche, "" if fiche else "L'annuaire des entreprises ne connaît pas ce numéro."


def _champs(fiche):
    if fiche is None:
        return ""
    valeurs = annuaire.champs_du_formulaire(fiche)
    return json.dumps({nom: str(valeur) for nom, valeur in valeurs.items()})


@require_GET
def adresses(request):
    """Addresses which complete the one being typed."""
    exiger(regles.tient_le_registre(request.user))
    trouvees = []
    texte = " ".join(request.GET.get(nom, "").strip()[:150] for nom in ("adresse", "commune"))
    try:
        trouvees = annuaire.adresses(texte) if request.GET.get("adresse", "").strip() else []
    except (SortieEnPanne, SortieRefusee):
        trouvees = []  # the address is typed by hand, as without the service
    connues = set(
        Commune.objects.filter(pk__in=[a.commune for a in trouvees]).values_list("pk", flat=True)
    )
    propositions = [
        {
            "libelle": a.libelle,
            "champs": json.dumps(
                {
                    "adresse": a.adresse,
                    "code_postal": a.code_postal,
                    "ville": a.ville,
                    "commune": f"{a.code_postal} {a.ville}",
                    "latitude": a.latitude,
                    "longitude": a.longitude,
                }
            ),
        }
        for a in trouvees
        if a.commune in connues
    ]
    return render(
        request, "accompagnements/structures/_adresses.html", {"propositions": propositions}
    )
