"""Dossier page, list of accompagnements and "Aujourd'hui"."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.comites.models import Passage
from accompagnements.demandes.filters import AccompagnementFilter
from accompagnements.demandes.gestes import CONFIER_EN_LOT, GESTES_ACCOMPAGNEMENT
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.parcours import prochain
from accompagnements.parcours.etapes import Dossier, etapes
from accompagnements.parcours.taches import taches
from dla_portal.comptes import roles
from dla_portal.socle import chronologie, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste

GROUPES = [
    ("retard", "En retard"),
    ("aujourdhui", "Aujourd'hui"),
    ("semaine", "Dans les sept jours"),
    ("plus_tard", "Plus tard"),
]


class ListeAccompagnements(Liste):
    titre = "Accompagnements"
    nom_fichier = "accompagnements"
    singulier, pluriel = "accompagnement", "accompagnements"
    filtre = AccompagnementFilter
    tri_initial = "-ouvert_le"
    vide = "Aucun accompagnement ne correspond. Un dossier s'ouvre depuis une demande accueillie."
    colonnes = [
        Colonne("reference", "Référence", lambda a: a.reference, "reference"),
        Colonne("structure", "Structure", lambda a: a.structure.nom, "structure__nom_normalise"),
        Colonne("departement", "Département", lambda a: a.departement_id, "departement"),
        Colonne("secteur", "Secteur", lambda a: str(a.secteur or ""), "secteur__libelle"),
        Colonne("ouvert_le", "Ouvert le", lambda a: a.ouvert_le, "ouvert_le", "date"),
        Colonne("etat", "État", lambda a: a.get_etat_display(), "etat", "badge", lambda a: a.ton),
        Colonne("charge", "Suivi par", lambda a: str(a.charge or ""), "charge__nom"),
        Colonne("siret", "SIRET", lambda a: a.structure.siret or "", montree=False),
        Colonne(
            "commune",
            "Commune",
            lambda a: a.structure.commune.nom if a.structure.commune else "",
            "structure__commune__nom",
            montree=False,
        ),
        Colonne("effectif", "Effectif", lambda a: a.effectif, "effectif", "nombre", montree=False),
        Colonne("clos_le", "Clos le", lambda a: a.clos_le, "clos_le", "date", montree=False),
    ]
    lots = (CONFIER_EN_LOT,)

    def base(self):
        lignes = Accompagnement.objects.visibles_par(self.request.user)
        return lignes.select_related("structure__commune", "secteur", "charge")


def liste(request):
    """The accompagnements the user sees."""
    return page_de_liste(request, ListeAccompagnements)


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


def dossier(request, pk):
    """The one page of an accompagnement."""
    accompagnement = get_object_or_404(
        Accompagnement.objects.visibles_par(request.user).select_related(
            "demande__prescripteur",
            "structure__commune",
            "operateur",
            "departement",
            "charge",
            "secteur",
        ),
        pk=pk,
    )
    vue = Dossier(accompagnement)
    instruit = bool(droits.suit(request.user, accompagnement))
    lit_le_diagnostic = (
        Diagnostic.objects.visibles_par(request.user).filter(accompagnement=accompagnement).exists()
    )
    page = {
        "accompagnement": accompagnement,
        "dossier": vue,
        "etapes": prochain.liens_ouverts(etapes(vue), instruit, lit_le_diagnostic),
        "a_faire": prochain.a_faire(vue, request.user),
        "instruit": instruit,
        "lit_le_diagnostic": lit_le_diagnostic,
        "presentable": prochain.presentable(vue, request.user),
        "passages": Passage.objects.visibles_par(request.user)
        .filter(accompagnement=accompagnement)
        .select_related("seance"),
        "evenements": chronologie.evenements(vue.fils) if instruit else [],
        "pieces": prochain.pieces(vue) if instruit else [],
    }
    return render(request, "accompagnements/parcours/dossier.html", page)


def geste(request, pk, nom):
    """Serve one gesture on the accompagnement itself: close, abandon, reopen."""
    accompagnement = get_object_or_404(Accompagnement.objects.visibles_par(request.user), pk=pk)
    choisi = gestes.trouver(GESTES_ACCOMPAGNEMENT, nom)
    return gestes.servir(
        request, choisi, accompagnement, retour=reverse("accompagnements:dossier", args=[pk])
    )
