"""Pages of the missions."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.conventions.models import Convention
from accompagnements.missions import transitions
from accompagnements.missions.etats import Etat
from accompagnements.missions.filters import MissionFilter
from accompagnements.missions.forms import LancerForm, NoteForm
from accompagnements.missions.gestes import GESTES
from accompagnements.missions.models import Mission, NoteMiParcours
from accompagnements.plans.models import nom_de_la_structure
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste, page_de_liste


class ListeMissions(Liste):
    titre = "Missions"
    nom_fichier = "missions"
    singulier, pluriel = "mission", "missions"
    filtre = MissionFilter
    vide = "Aucune mission. Elle commence par la réunion de lancement d'une convention signée."
    colonnes = [
        Colonne("reference", "Convention", lambda m: m.convention.reference),
        Colonne("structure", "Structure", lambda o: o.pour or "", "pour"),
        Colonne("intitule", "Intitulé", lambda m: m.convention.ingenierie.intitule),
        Colonne("prestataire", "Prestataire", lambda m: str(m.convention.prestataire or "")),
        Colonne("lancee_le", "Lancée le", lambda m: m.lancee_le, "lancee_le", "date"),
        Colonne("fin", "Fin prévue", lambda m: m.convention.fin, "convention__fin", "date"),
        Colonne("etat", "État", lambda m: m.get_etat_display(), "etat", "badge", lambda m: m.ton),
        Colonne("a_qui", "À qui le tour", lambda m: m.responsable),
    ]

    def base(self):
        lignes = Mission.objects.visibles_par(self.request.user)
        lignes = lignes.annotate(pour=nom_de_la_structure("convention__ingenierie"))
        return lignes.select_related("convention__ingenierie", "convention__prestataire")


def liste(request):
    """The missions the user sees."""
    return page_de_liste(request, ListeMissions)


def lancer(request, pk):
    """Record the launch meeting."""
    convention = get_object_or_404(Convention.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, convention))
    return edition.creer(
        request,
        LancerForm,
        lambda formulaire: transitions.lancer(
            convention,
            par=request.user,
            **{nom: formulaire.cleaned_data[nom] for nom in ("lancee_le", "presents", "notes")},
        ),
        convention=convention,
        contexte={
            "titre": "Enregistrer le lancement",
            "sous_titre": convention.reference,
            "libelle_bouton": "Enregistrer le lancement",
            "url_annuler": convention.get_absolute_url(),
        },
    )


def _visible(request, pk):
    lignes = Mission.objects.visibles_par(request.user)
    return get_object_or_404(
        lignes.select_related("convention__ingenierie", "convention__prestataire"), pk=pk
    )


def detail(request, pk):
    """The page of a mission."""
    mission = _visible(request, pk)
    restitution = getattr(mission, "restitution", None)
    instruit = bool(droits.instruit(request.user, mission))
    en_cours = mission.etat == Etat.EN_COURS
    return render(
        request,
        "accompagnements/missions/mission.html",
        {
            "mission": mission,
            "convention": mission.convention,
            "restitution": restitution,
            "notes": list(mission.notes.all()),
            "alertes": list(mission.alertes.select_related("decidee_par")),
            "dossiers": list(
                mission.convention.ingenierie.accompagnements().select_related("structure")
            ),
            "note_possible": instruit and en_cours,
            "facture_possible": bool(droits.suit(request.user, mission)),
            "rapport_possible": instruit and en_cours and restitution is None,
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                mission,
                lambda geste: reverse("accompagnements:mission_geste", args=[pk, geste.nom]),
                a_qui=mission.responsable,
            ),
            "evenements": chronologie.evenements([mission.fil]),
        },
    )


def note_ajouter(request, pk):
    """Record the mid-term note."""
    mission = _visible(request, pk)
    exiger(droits.instruit(request.user, mission))

    def ajouter(formulaire):
        note = formulaire.save(commit=False)
        note.mission = mission
        transitions.ajouter_note(note, par=request.user)
        return mission

    return edition.creer(
        request,
        NoteForm,
        ajouter,
        instance=NoteMiParcours(mission=mission),
        contexte={
            "titre": "Note à mi-parcours",
            "sous_titre": mission.convention.reference,
            "libelle_bouton": "Enregistrer la note",
            "url_annuler": mission.get_absolute_url(),
        },
    )


def geste(request, pk, nom):
    """Serve one gesture on a mission."""
    mission = _visible(request, pk)
    choisi = gestes.trouver(GESTES, nom)
    return gestes.servir(request, choisi, mission, retour=mission.get_absolute_url())
