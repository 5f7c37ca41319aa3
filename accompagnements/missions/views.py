"""Pages of the missions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.conventions.avenants import fin_en_vigueur
from accompagnements.conventions.models import Convention
from accompagnements.missions import documents, etats, forms, transitions
from accompagnements.missions.etats import Etat
from accompagnements.missions.filters import MissionFilter
from accompagnements.missions.gestes import GESTES, GESTES_HORS_CADRE, GESTES_JOURNEE
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.journees import Journee
from accompagnements.missions.models import Mission
from accompagnements.plans.models import nom_de_la_structure
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste


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
        Colonne("fin", "Fin prévue", lambda m: m.fin_prevue, "fin_prevue", "date"),
        Colonne("etat", "État", lambda m: m.get_etat_display(), "etat", "badge", lambda m: m.ton),
        Colonne("a_qui", "À qui le tour", lambda m: m.responsable),
    ]

    def base(self):
        lignes = Mission.objects.visibles_par(self.request.user)
        lignes = lignes.annotate(
            pour=nom_de_la_structure("convention__ingenierie"),
            fin_prevue=fin_en_vigueur("convention"),
        )
        return lignes.select_related("convention__ingenierie", "convention__prestataire")


def liste(request):
    """The missions the user sees."""
    return page_de_liste(request, ListeMissions)


def lancer(request, pk):
    """Record the launch meeting."""
    convention = get_object_or_404(Convention.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, convention))
    champs = ("lancee_le", *transitions.RELEVE)
    return edition.creer(
        request,
        forms.LancerForm,
        lambda formulaire: transitions.lancer(
            convention, par=request.user, **{nom: formulaire.cleaned_data[nom] for nom in champs}
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
    lignes = lignes.select_related("convention__ingenierie__operateur", "convention__prestataire")
    return get_object_or_404(lignes, pk=pk)


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
            **suivi_de(mission),
            "instruit": instruit,
            "alerte_ouverte": mission.alertes.filter(decision="").first(),
            "dossiers": list(
                mission.convention.ingenierie.accompagnements().select_related("structure")
            ),
            "ouverte": instruit and mission.etat in etats.OUVERTES,
            "note_possible": instruit and en_cours,
            "facture_possible": bool(droits.suit(request.user, mission)),
            **_a_faire(request, mission, instruit and en_cours and restitution is None),
            "evenements": chronologie.evenements([mission.fil]),
        },
    )


DECISIONS = ("poursuivre", "reorienter", "suspendre", "arreter")


def _a_faire(request, mission, rapport_possible):
    """What can be done; the decisions that an alert awaits stand side by side, none put forward."""
    a_faire = gestes.a_faire(
        GESTES,
        request.user,
        mission,
        lambda geste: reverse("accompagnements:mission_geste", args=[mission.pk, geste.nom]),
        a_qui=mission.responsable,
    )
    if rapport_possible:
        adresse = reverse("accompagnements:restitution_recevoir", args=[mission.pk])
        a_faire = gestes.mettre_en_avant(a_faire, "Enregistrer le rapport final", adresse)
    if a_faire is None:
        return {"a_faire": None, "decisions": []}
    ouverts = [g for g in (a_faire["principal"], *a_faire["secondaires"]) if g]
    decisions = [g for nom in DECISIONS for g in ouverts if g["nom"] == nom]
    if decisions:
        a_faire["secondaires"] = [g for g in ouverts if g not in decisions]
    return {"a_faire": a_faire, "decisions": decisions}


def suivi_de(mission):
    """What the page of the mission and that of the personal link both show."""
    faits, convenus = mission.jours_realises, mission.jours_convenus
    part = min(faits / convenus, 1) if convenus else 0
    return {
        "corrections": list(mission.corrections_du_lancement()),
        "journees": list(mission.journees.select_related("feuille")),
        "notes": list(mission.notes.all()),
        "alertes": list(mission.alertes.select_related("decidee_par")),
        "demandes": list(mission.hors_cadre.select_related("decidee_par")),
        "jours_faits": faits,
        "jours_convenus": convenus,
        "jours_reste": max(convenus - faits, 0),
        "jours_part": round(part * 100),
    }


def _ajouter(request, pk, classe, executer, titre, bouton):
    """Serve a creating form about a mission; `executer(mission, formulaire)`."""
    mission = _visible(request, pk)
    exiger(droits.instruit(request.user, mission))

    def ajouter(formulaire):
        executer(mission, formulaire)
        return mission

    options = {} if classe is forms.HorsCadreForm else {"mission": mission}
    contexte = {
        "titre": titre,
        "sous_titre": mission.convention.reference,
        "libelle_bouton": bouton,
        "url_annuler": mission.get_absolute_url(),
    }
    return edition.creer(request, classe, ajouter, contexte=contexte, **options)


def journee_ajouter(request, pk):
    """Write an intervention in the journal, for the prestataire."""

    def executer(mission, formulaire):
        transitions.inscrire_journee(mission, par=request.user, **formulaire.contenu())

    return _ajouter(request, pk, forms.JourneeForm, executer, "Intervention", "Inscrire au journal")


def feuille_ajouter(request, pk):
    """Attach the scan of a signed attendance sheet."""

    def executer(mission, formulaire):
        transitions.joindre_feuille(mission, par=request.user, **formulaire.contenu())

    return _ajouter(
        request, pk, forms.FeuilleForm, executer, "Feuille d'émargement", "Joindre la feuille"
    )


def note_ajouter(request, pk):
    """Record the mid-term note, for the prestataire."""

    def executer(mission, formulaire):
        transitions.ajouter_note(formulaire.save(commit=False), par=request.user)

    return _ajouter(
        request, pk, forms.NoteForm, executer, "Note à mi-parcours", "Enregistrer la note"
    )


def hors_cadre_demander(request, pk):
    """Record a request out of the scope, for the prestataire."""

    def executer(mission, formulaire):
        transitions.demander_hors_cadre(mission, par=request.user, **formulaire.contenu())

    return _ajouter(
        request,
        pk,
        forms.HorsCadreForm,
        executer,
        "Demande hors cadre",
        "Enregistrer la demande",
    )


def geste(request, pk, nom):
    """Serve one gesture on a mission."""
    mission = _visible(request, pk)
    choisi = gestes.trouver(GESTES, nom)
    return gestes.servir(request, choisi, mission, retour=mission.get_absolute_url())


def journee_geste(request, pk, nom):
    """Serve one gesture on an entry of the journal."""
    journee = get_object_or_404(Journee.objects.visibles_par(request.user), pk=pk)
    choisi = gestes.trouver(GESTES_JOURNEE, nom)
    return gestes.servir(request, choisi, journee, retour=journee.get_absolute_url())


def hors_cadre_geste(request, pk, nom):
    """Serve the decision on a request out of the scope."""
    demande = get_object_or_404(HorsCadre.objects.visibles_par(request.user), pk=pk)
    choisi = gestes.trouver(GESTES_HORS_CADRE, nom)
    return gestes.servir(
        request,
        choisi,
        demande,
        retour=demande.get_absolute_url(),
        gabarit="accompagnements/missions/hors_cadre.html",
    )


def lancement_pdf(request, pk):
    """The record of the launch meeting."""
    mission = _visible(request, pk)
    return pdf(documents.lancement(mission), f"lancement-{mission.convention.reference}")


def emargement_pdf(request, pk):
    """A blank attendance sheet."""
    mission = _visible(request, pk)
    return pdf(documents.emargement(mission), f"emargement-{mission.convention.reference}")


def journee_pdf(request, pk):
    """The attendance sheet of an entry of the journal."""
    journee = get_object_or_404(Journee.objects.visibles_par(request.user), pk=pk)
    octets = documents.emargement(journee.mission, journee)
    return pdf(octets, f"emargement-{journee.le:%Y-%m-%d}")


def pdf(octets, nom):
    """Answer with a PDF shown in the browser."""
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}.pdf"'
    return reponse
