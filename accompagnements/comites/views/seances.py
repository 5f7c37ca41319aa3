"""Pages of the séances: the operator's team prepares, the members give their avis."""

import io

from django.db.models import Count, Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accompagnements import droits
from accompagnements.comites import documents, forms, lecture, regles, transitions
from accompagnements.comites.agenda import reponse as reponse_ics
from accompagnements.comites.etats import EtatPassage
from accompagnements.comites.filters import SeanceFilter
from accompagnements.comites.gestes import GESTES, GESTES_PASSAGE
from accompagnements.comites.models import Passage, Seance
from accompagnements.demandes.models import Accompagnement
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import Manques

ORGANISATEURS = (*sorted(roles.INSTRUCTEURS), roles.DlaRegional.code)


class ListeSeances(Liste):
    titre = "Comités d'appui"
    phrase = "Le comité conseille, l'opérateur décide."
    nom_fichier = "comites-d-appui"
    singulier, pluriel = "séance", "séances"
    filtre = SeanceFilter
    tri_initial = "-quand"
    vide = "Aucune séance pour l'instant."
    colonnes = [
        Colonne("quand", "Date et heure", lambda s: s.quand, "quand", "date"),
        Colonne("operateur", "Opérateur", lambda s: str(s.operateur), "operateur__nom"),
        Colonne("format", "Format", lambda s: s.get_format_display(), "format"),
        Colonne("lieu", "Lieu ou lien", lambda s: s.lieu),
        Colonne("dossiers", "Dossiers", lambda s: s.dossiers, "dossiers", "nombre"),
        Colonne("etat", "État", lambda s: s.get_etat_display(), "etat", "badge", lambda s: s.ton),
    ]

    def base(self):
        lignes = Seance.objects.visibles_par(self.request.user).select_related("operateur")
        presents = ~Q(passages__etat=EtatPassage.RETIRE)
        return lignes.annotate(dossiers=Count("passages", filter=presents))

    @property
    def action(self):
        utilisateur = self.request.user
        if a_role(utilisateur, *ORGANISATEURS) and droits.operateur_de(utilisateur):
            return {"url": reverse("accompagnements:seance_nouvelle"), "libelle": "Nouvelle séance"}
        return None


def liste(request):
    """The séances of the operator, or those the member is convened to."""
    return page_de_liste(request, ListeSeances)


def nouvelle(request):
    """Plan a séance and convene its members."""
    exiger(a_role(request.user, *ORGANISATEURS))
    if droits.operateur_de(request.user) is None:
        raise Http404
    return edition.creer(
        request,
        forms.SeanceForm,
        lambda formulaire: transitions.planifier(
            formulaire.save(commit=False),
            par=request.user,
            membres=formulaire.cleaned_data["membres"],
        ),
        operateur=request.user.rattachement.operateur,
        contexte={
            "titre": "Nouvelle séance de comité d'appui",
            "libelle_bouton": "Planifier et convoquer",
            "url_annuler": reverse("accompagnements:seances"),
        },
    )


def detail(request, pk):
    """The page of a séance: its agenda, as the reader may see it."""
    seance = get_object_or_404(_visibles(request), pk=pk)
    membre = request.user if request.user.role == roles.MembreComite.code else None
    organise = bool(droits.instruit(request.user, seance))
    contexte = {
        "seance": seance,
        "badge": {"ton": seance.ton, "libelle": seance.get_etat_display()},
        "membre": membre,
        "passages": [_decrire(request, p, membre) for p in lecture.passages_lus(seance, membre)],
        "hors_siege": lecture.hors_siege(seance, membre) if membre else 0,
        "convocations": lecture.membres(seance),
        "organise": organise,
        "ouverte": not regles.manques_si_close(seance),
        "evenements": [] if membre else chronologie.evenements([seance.fil]),
        "a_faire": None
        if membre
        else gestes.a_faire(
            GESTES,
            request.user,
            seance,
            lambda geste: reverse("accompagnements:seance_geste", args=[pk, geste.nom]),
            a_qui="" if seance.responsable == "personne" else seance.responsable,
        ),
    }
    return render(request, "accompagnements/comites/seance.html", contexte)


def _decrire(request, passage, membre):
    """A dossier of the agenda, with the gestures of the reader."""
    ligne = lecture.decrire(passage, membre)
    ouverts = gestes.disponibles(
        GESTES_PASSAGE,
        request.user,
        passage,
        lambda geste: reverse("accompagnements:passage_geste", args=[passage.pk, geste.nom]),
    )
    return ligne | {"gestes": ouverts if membre is None or ligne["ouvert"] else []}


def agenda(request, pk):
    """Download the séance for one's own agenda."""
    return reponse_ics(get_object_or_404(_visibles(request), pk=pk))


def releve(request, pk):
    """Download the relevé of the avis."""
    seance = get_object_or_404(_visibles(request), pk=pk)
    exiger(droits.instruit(request.user, seance))
    return _pdf(f"releve-comite-{timezone.localdate(seance.quand)}", documents.releve(seance))


def emargement(request, pk):
    """Download the attendance sheet."""
    seance = get_object_or_404(_visibles(request), pk=pk)
    exiger(droits.instruit(request.user, seance))
    nom = f"emargement-comite-{timezone.localdate(seance.quand)}"
    return _pdf(nom, documents.emargement(seance))


def _pdf(nom, octets):
    return FileResponse(io.BytesIO(octets), as_attachment=True, filename=f"{nom}.pdf")


def geste(request, pk, nom):
    """Serve one gesture on a séance."""
    seance = get_object_or_404(_visibles(request), pk=pk)
    return gestes.servir(
        request, gestes.trouver(GESTES, nom), seance, retour=seance.get_absolute_url()
    )


def inscrire(request, pk):
    """Put a dossier on the agenda."""
    seance = get_object_or_404(_visibles(request), pk=pk)
    exiger(droits.instruit(request.user, seance))
    manques = regles.manques_si_close(seance)
    if manques:
        raise Manques(manques)
    return edition.creer(
        request,
        forms.InscrireForm,
        lambda formulaire: transitions.inscrire(
            seance,
            formulaire.cleaned_data["dossier"],
            par=request.user,
            synthese=formulaire.cleaned_data["synthese"],
        ),
        seance=seance,
        contexte={
            "titre": "Inscrire un dossier",
            "sous_titre": str(seance),
            "libelle_bouton": "Inscrire à l'ordre du jour",
            "url_annuler": seance.get_absolute_url(),
        },
    )


def presenter(request, pk):
    """Put a dossier on the agenda of a coming séance, from its own page."""
    dossier = get_object_or_404(Accompagnement.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, dossier))
    return edition.creer(
        request,
        forms.PresenterForm,
        lambda formulaire: transitions.inscrire(
            formulaire.cleaned_data["seance"],
            dossier,
            par=request.user,
            synthese=formulaire.cleaned_data["synthese"],
        ),
        dossier=dossier,
        contexte={
            "titre": "Présenter en comité d'appui",
            "sous_titre": str(dossier),
            "libelle_bouton": "Inscrire à l'ordre du jour",
            "url_annuler": dossier.get_absolute_url(),
        },
    )


def passage_geste(request, pk, nom):
    """Serve one gesture on a dossier of the agenda, a member's own avis included."""
    passage = get_object_or_404(
        Passage.objects.visibles_par(request.user).select_related(
            "seance__operateur", "accompagnement__structure"
        ),
        pk=pk,
    )
    return gestes.servir(
        request,
        gestes.trouver(GESTES_PASSAGE, nom),
        passage,
        retour=passage.get_absolute_url(),
        initial=regles.avis_rassembles(passage) if nom == "rendre-avis" else None,
    )


def _visibles(request):
    return Seance.objects.visibles_par(request.user).select_related("operateur")
