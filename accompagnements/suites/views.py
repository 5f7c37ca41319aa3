"""Pages of the surveys and of the follow-ups."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.diagnostics import sections
from accompagnements.restitutions.models import Restitution
from accompagnements.suites import depart, regles, transitions
from accompagnements.suites.filters import SuiviFilter
from accompagnements.suites.gestes import GESTES, GESTES_SUIVI
from accompagnements.suites.models import Enquete, Suivi
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste


def envoyer(request, pk):
    """Send the survey of a restitution to its structures."""
    visibles = Restitution.objects.visibles_par(request.user)
    restitution = get_object_or_404(
        visibles.select_related("mission__convention__ingenierie"), pk=pk
    )
    exiger(droits.instruit(request.user, restitution))
    dossiers = regles.a_enqueter(restitution)
    noms = ", ".join(
        str(d.structure) for d in dossiers if not regles.manques_pour_enqueter(restitution, d)
    )
    sans = [m for d in dossiers for m in regles.manques_pour_enqueter(restitution, d)]
    return edition.naitre(
        request,
        lambda: transitions.envoyer_toutes(restitution, par=request.user)[0],
        titre="Envoyer l'enquête de satisfaction",
        sous_titre=restitution.mission.convention.reference,
        consequence=" ".join(
            [f"Un lien personnel part à : {noms}." if noms else "", *sans]
        ).strip(),
        url_annuler=restitution.get_absolute_url(),
    )


def enquete(request, pk):
    """The page of a survey: sent, answered or closed."""
    visibles = Enquete.objects.visibles_par(request.user)
    objet = get_object_or_404(
        visibles.select_related("accompagnement__structure", "restitution__mission__convention"),
        pk=pk,
    )
    questions = [
        (Enquete._meta.get_field(nom).verbose_name, getattr(objet, f"get_{nom}_display")())
        for nom in regles.QUESTIONS
    ]
    return render(
        request,
        "accompagnements/suites/enquete.html",
        {
            "enquete": objet,
            "accompagnement": objet.accompagnement,
            "questions": questions,
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                objet,
                lambda geste: reverse("accompagnements:enquete_geste", args=[pk, geste.nom]),
                a_qui=objet.responsable,
            ),
        },
    )


def enquete_geste(request, pk, nom):
    """Serve one gesture on a survey."""
    objet = get_object_or_404(Enquete.objects.visibles_par(request.user), pk=pk)
    choisi = gestes.trouver(GESTES, nom)
    return gestes.servir(request, choisi, objet, retour=objet.get_absolute_url())


class ListeSuivis(Liste):
    titre = "Suivis à 12–18 mois"
    nom_fichier = "suivis"
    singulier, pluriel = "suivi", "suivis"
    filtre = SuiviFilter
    tri_initial = "prevu_au"
    vide = "Aucun suivi. Il se prévoit 12 à 18 mois après un diagnostic validé."
    colonnes = [
        Colonne("reference", "Dossier", lambda s: s.accompagnement.reference),
        Colonne("structure", "Structure", lambda s: s.accompagnement.structure.nom),
        Colonne("prevu_du", "À partir du", lambda s: s.prevu_du, "prevu_du", "date"),
        Colonne("prevu_au", "Avant le", lambda s: s.prevu_au, "prevu_au", "date"),
        Colonne("realise_le", "Réalisé le", lambda s: s.realise_le, "realise_le", "date"),
        Colonne("etat", "État", lambda s: s.get_etat_display(), "etat", "badge", lambda s: s.ton),
    ]

    def base(self):
        lignes = Suivi.objects.visibles_par(self.request.user)
        return lignes.select_related("accompagnement__structure")


def suivis(request):
    """The follow-ups the user sees."""
    return page_de_liste(request, ListeSuivis)


def suivi(request, pk):
    """The page of a follow-up, beside the figures of the diagnostic."""
    visibles = Suivi.objects.visibles_par(request.user)
    objet = get_object_or_404(
        visibles.select_related("accompagnement__structure", "diagnostic", "releve", "demande"),
        pk=pk,
    )
    releve = getattr(objet, "releve", None)
    return render(
        request,
        "accompagnements/suites/suivi.html",
        {
            "suivi": objet,
            "diagnostic": objet.diagnostic,
            "reperes": sections.reperes(objet.diagnostic),
            "mesures": depart.comparer(objet),
            "annee_suivi": releve.annee if releve else None,
            "conseils": list(objet.conseils.all()),
            "accompagnement": objet.accompagnement,
            "a_faire": gestes.a_faire(
                GESTES_SUIVI,
                request.user,
                objet,
                lambda geste: reverse("accompagnements:suivi_geste", args=[pk, geste.nom]),
                a_qui=objet.responsable,
            ),
            "evenements": chronologie.evenements([objet.fil]),
        },
    )


def suivi_geste(request, pk, nom):
    """Serve one gesture on a follow-up."""
    visibles = Suivi.objects.visibles_par(request.user).select_related(
        "diagnostic", "accompagnement__structure", "accompagnement__demande"
    )
    objet = get_object_or_404(visibles, pk=pk)
    choisi = gestes.trouver(GESTES_SUIVI, nom)
    return gestes.servir(request, choisi, objet, retour=objet.get_absolute_url())
