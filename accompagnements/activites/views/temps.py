"""Pages of the time: the list and its totals, one line, the weekly sheet."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.activites import comptes, forms, regles
from accompagnements.activites.etats import EtatTemps
from accompagnements.activites.filters import TempsFilter
from accompagnements.activites.forms.semaine import lundi_de, lundi_lu
from accompagnements.activites.gestes import GESTES_TEMPS
from accompagnements.activites.models import Activite, Temps, reference_de
from accompagnements.demandes.models import Demande
from dla_portal.comptes.droits import exiger
from dla_portal.socle import brouillons, chronologie, durees, edition, gestes, horloge
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from dla_portal.socle.verrou import VersionPerimee

LISTE = "accompagnements:temps"


@dataclass(frozen=True)
class ColonneDuree(Colonne):
    """Hours as a number in the exports, in words on screen."""

    genre: str = "nombre"

    def texte(self, brut):
        return durees.en_mots(round(brut * 60))


class ListeTemps(Liste):
    titre = "Temps passé"
    phrase = "Ce que l'équipe a noté, par dossier et par nature."
    nom_fichier = "temps-passe"
    singulier, pluriel = "ligne", "lignes"
    filtre = TempsFilter
    tri_initial = "-le"
    vide = "Aucun temps noté. Ouvrez « Ma semaine » pour saisir plusieurs jours à la fois."
    colonnes = [
        Colonne("le", "Date", lambda t: t.le, "le", "date"),
        Colonne("personne", "Personne", lambda t: str(t.personne), "personne__nom"),
        Colonne("nature", "Nature", lambda t: str(t.nature), "nature__rang"),
        Colonne("dossier", "Dossier ou animation", lambda t: _sujet(t), "demande__structure__nom"),
        ColonneDuree("duree", "Durée (heures)", lambda t: durees.en_heures(t.minutes), "minutes"),
        Colonne("commentaire", "Commentaire", lambda t: t.commentaire),
        Colonne("reference", "Référence", lambda t: t.dossier, montree=False),
        Colonne("etat", "État", lambda t: t.get_etat_display(), "etat", "badge", lambda t: t.ton),
    ]

    def base(self):
        lignes = Temps.objects.visibles_par(self.request.user)
        return lignes.select_related(
            "personne", "nature", "demande__structure", "demande__accompagnement", "activite"
        )

    @property
    def totaux(self):
        """What the lines kept by the filters add up to."""
        return comptes.totaux(self.queryset)

    @property
    def action(self):
        if regles.note(self.request.user):
            return {"url": reverse("accompagnements:temps_semaine"), "libelle": "Ma semaine"}
        return None


def _sujet(temps):
    if temps.demande_id:
        return temps.demande.structure.nom
    return str(temps.activite) if temps.activite_id else ""


def liste(request):
    """The time that the user may read, and what it adds up to."""
    return page_de_liste(request, ListeTemps, gabarit="accompagnements/activites/temps.html")


def _visible(request, pk):
    lignes = Temps.objects.visibles_par(request.user).select_related(
        "personne", "nature", "demande__structure", "demande__accompagnement", "activite"
    )
    return get_object_or_404(lignes, pk=pk)


def _sujet_demande(request):
    """(demande, activity) named by the address, in scope; 404 when out of it."""
    demande = activite = None
    cle = entier(request.GET.get("dossier"))
    if "dossier" in request.GET:
        demandes = droits.portee(request.user, Demande.objects.all())
        demande = get_object_or_404(demandes.select_related("structure", "accompagnement"), pk=cle)
    elif "activite" in request.GET:
        cle = entier(request.GET.get("activite"))
        siennes = Activite.objects.visibles_par(request.user).inscrites()
        activite = get_object_or_404(siennes, pk=cle)
    return demande, activite


def nouveau(request):
    """Enter a line, from a dossier, from an activity or from nowhere."""
    exiger(regles.note(request.user))
    demande, activite = _sujet_demande(request)
    origine = _page_de(demande) if demande else activite

    def executer(formulaire):
        temps = formulaire.noter()
        phrase = regles.longue_journee(temps.personne, temps.le)
        if phrase:
            messages.warning(request, phrase)
        return origine or temps

    return edition.creer(
        request,
        forms.TempsForm,
        executer,
        par=request.user,
        operateur=request.user.rattachement.operateur,
        demande=demande,
        activite=activite,
        contexte={
            "titre": "Noter du temps",
            "sous_titre": regles.nom_du_dossier(demande) if demande else activite or "",
            "libelle_bouton": "Noter ce temps",
            "url_annuler": (origine.get_absolute_url() if origine else reverse(LISTE)),
        },
    )


def _page_de(demande):
    """The page on which the team follows a dossier."""
    return getattr(demande, "accompagnement", None) or demande


def ligne(request, pk):
    """One line: what it says, who entered it, what may still be done."""
    temps = _visible(request, pk)
    corrigeable = bool(regles.corrige(request.user, temps)) and temps.etat == EtatTemps.NOTE
    trop_tard = regles.manques_du_jour(temps.le, request.user)
    return render(
        request,
        "accompagnements/activites/ligne.html",
        {
            "temps": temps,
            "badge": {"ton": temps.ton, "libelle": temps.get_etat_display()},
            "reference": reference_de(temps.demande) if temps.demande_id else "",
            "page_du_dossier": _page_de(temps.demande) if temps.demande_id else None,
            "corrigeable": corrigeable and not trop_tard,
            "trop_tard": trop_tard if corrigeable else [],
            "longue": regles.longue_journee(temps.personne, temps.le),
            "evenements": chronologie.evenements([temps.fil], avec_fichiers=False),
        },
    )


def modifier(request, pk):
    """Correct a line."""
    temps = _visible(request, pk)
    exiger(regles.corrige(request.user, temps))
    if temps.etat != EtatTemps.NOTE:
        raise Manques(["Cette ligne est retirée : elle ne se corrige plus."])
    return edition.modifier(
        request,
        temps,
        forms.TempsModifierForm,
        par=request.user,
        contexte={"titre": "Corriger du temps", "sous_titre": str(temps)},
    )


def geste(request, pk, nom):
    """Serve one gesture on a line."""
    temps = _visible(request, pk)
    return gestes.servir(
        request, gestes.trouver(GESTES_TEMPS, nom), temps, retour=temps.get_absolute_url()
    )


def semaine(request):
    """The week of a person, one's own unless the responsable looks at a colleague's."""
    exiger(regles.note(request.user))
    operateur = request.user.rattachement.operateur
    personne = _personne_de_la_semaine(request, operateur)
    lundi = lundi_lu(request.GET.get("du"))
    options = {"personne": personne, "operateur": operateur, "lundi": lundi, "par": request.user}
    statut = 200
    if request.method == "POST":
        formulaire = forms.FeuilleForm(request.POST, **options)
        statut = _enregistrer(request, formulaire)
        if statut == 302:
            return redirect(request.get_full_path())
    else:
        formulaire = forms.FeuilleForm(**options)
    page = {
        "formulaire": formulaire,
        "en_conflit": statut == 409,
        "conflit": formulaire.ecarts if statut == 409 else [],
        "personne": personne,
        "pour_elle_meme": personne == request.user,
        "lundi": lundi,
        "dimanche": lundi + timedelta(days=6),
        "semaines": _autour(lundi),
        "equipe": regles.equipe(operateur) if regles.pour_l_equipe(request.user) else [],
        **brouillons.contexte(request, formulaire),
    }
    return render(request, "accompagnements/activites/semaine.html", page, status=statut)


def _enregistrer(request, formulaire):
    """Try to save the sheet; return the status of the answer."""
    if not formulaire.is_valid():
        return 422
    try:
        with transaction.atomic():
            changees = formulaire.enregistrer()
    except Manques as erreur:
        formulaire.add_error(None, erreur)
        return 422
    except VersionPerimee:
        formulaire.apres_conflit()
        return 409
    brouillons.remis(request)
    s = "s" if changees > 1 else ""
    messages.success(request, f"Semaine enregistrée : {changees} case{s} changée{s}.")
    for le in sorted({case.le for case in formulaire.changees}):
        phrase = regles.longue_journee(formulaire.personne, le)
        if phrase:
            messages.warning(request, phrase)
    return 302


def _personne_de_la_semaine(request, operateur):
    cle = entier(request.GET.get("personne"))
    if "personne" not in request.GET or cle == request.user.pk:
        return request.user
    if not regles.pour_l_equipe(request.user):
        raise Http404
    return get_object_or_404(regles.equipe(operateur), pk=cle)


def _autour(lundi):
    """Mondays of the week before and of the one after, None when it is to come."""
    apres = lundi + timedelta(days=7)
    en_cours = lundi_de(horloge.aujourdhui())
    return {
        "avant": lundi - timedelta(days=7),
        "apres": apres if apres <= en_cours else None,
        "en_cours": en_cours,
    }
