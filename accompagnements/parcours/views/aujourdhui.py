"""Aujourd'hui: the first page after sign-in."""

from django.shortcuts import redirect, render

from accompagnements.demandes.models import Demande
from accompagnements.parcours.taches import taches
from dla_portal.comptes import roles

GROUPES = [
    ("retard", "En retard"),
    ("aujourdhui", "Aujourd'hui"),
    ("semaine", "Dans les sept jours"),
    ("plus_tard", "Plus tard"),
]


def aujourdhui(request):
    """First page after sign-in: what is mine to do, or the first screen of the role."""
    role = request.user.role
    if role in roles.EQUIPE_OPERATEUR:
        return _taches_du_jour(request)
    if role == roles.MembreComite.code:
        return redirect("accompagnements:seances")
    if role == "":
        return render(request, "accompagnements/parcours/sans_rattachement.html", status=403)
    return redirect("pilotage:tableau")


def _taches_du_jour(request):
    equipe = request.user.role != roles.ChargeMission.code or "equipe" in request.GET
    liste_taches = taches(request.user, personnelles=not equipe)
    groupes = [
        {"cle": cle, "titre": titre, "taches": [t for t in liste_taches if t.groupe == cle]}
        for cle, titre in GROUPES
    ]
    attente = (
        Demande.objects.visibles_par(request.user)
        .filter(etat="en_attente")
        .select_related("structure", "operateur")
        .order_by("priorite", "en_attente_le")
    )
    contexte = {
        "groupes": [groupe for groupe in groupes if groupe["taches"]],
        "total": len(liste_taches),
        "equipe": equipe,
        "attente": list(attente[:20]),
        "peut_choisir": request.user.role == roles.ChargeMission.code,
    }
    return render(request, "accompagnements/parcours/aujourdhui.html", contexte)
