"""Aujourd'hui: the first page after sign-in."""

from django.shortcuts import redirect, render

from accompagnements.demandes.commenter import mentions_non_lues
from accompagnements.demandes.models import Demande
from accompagnements.parcours import compteur, equipe
from accompagnements.parcours.taches import taches, trier
from dla_portal.comptes import roles
from dla_portal.comptes.models import Suppleance
from dla_portal.socle import compteurs

GROUPES = [
    ("retard", "En retard"),
    ("aujourdhui", "Aujourd'hui"),
    ("semaine", "Dans les sept jours"),
    ("plus_tard", "Plus tard"),
]
VUES = ("miennes", "equipe")


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
    initiale = compteur.vue_initiale(request.user)
    peut_choisir = request.user.role in roles.INSTRUCTEURS
    demandee = request.GET.get("vue")
    vue = demandee if demandee in VUES and peut_choisir else initiale
    page = _de_l_equipe(request) if vue == "equipe" else _les_miennes(request)
    if vue == initiale:
        compteurs.garder(request, compteur.NOM, page["pressantes"])
    contexte = {
        **page,
        "vue": vue,
        "peut_choisir": peut_choisir,
        "attente": list(_en_attente(request.user)[:20]),
        "suppleances": _suppleances(request.user),
        "mentions": mentions_non_lues(request.user).count(),
        "fonds": equipe.fonds_de_l_annee(request.user) if vue == "equipe" else None,
    }
    return render(request, "accompagnements/parcours/aujourdhui.html", contexte)


def _les_miennes(request):
    """One's own tasks, those put off apart."""
    a_faire, reportees = trier(request.user, taches(request.user))
    return {
        "groupes": _groupes([{"tache": t, "reports": [], "qui": ""} for t in a_faire]),
        "pressantes": compteur.pressantes(a_faire),
        "reportees": reportees,
        "rangees": [],
        "choix": None,
    }


def _de_l_equipe(request):
    """The tasks of the team; `personne` in the address keeps those of one row of the table."""
    liste = taches(request.user, personnelles=False)
    rangees = equipe.tableau(request.user, liste)
    choix = next((r for r in rangees if r["cle"] == request.GET.get("personne")), None)
    reports = equipe.reports_de_l_equipe(request.user)
    montrees = [t for t in liste if choix is None or choix["cle"] in equipe.cles_de(t)]
    noms = {r["cle"]: r["nom"] for r in rangees}
    return {
        "groupes": _groupes(
            [
                {
                    "tache": t,
                    "reports": reports.get((t.cle, t.cycle), []),
                    "qui": ", ".join(noms[cle] for cle in equipe.cles_de(t)),
                }
                for t in montrees
            ]
        ),
        "pressantes": compteur.pressantes(liste),
        "reportees": [],
        "rangees": rangees,
        "choix": choix,
    }


def _groupes(lignes):
    groupes = [
        {"cle": cle, "titre": titre, "lignes": [li for li in lignes if li["tache"].groupe == cle]}
        for cle, titre in GROUPES
    ]
    return [groupe for groupe in groupes if groupe["lignes"]]


def _en_attente(utilisateur):
    lignes = Demande.objects.visibles_par(utilisateur).filter(etat="en_attente")
    return lignes.select_related("structure", "operateur").order_by("priorite", "en_attente_le")


def _suppleances(utilisateur):
    """Those in force that concern the user, absent or standing in."""
    lignes = Suppleance.objects.visibles_par(utilisateur).en_cours()
    lignes = lignes.select_related("absent", "suppleant")
    return [s for s in lignes if utilisateur.pk in (s.absent_id, s.suppleant_id)]
