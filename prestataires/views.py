"""Pages of the register."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from prestataires import droits, encarts, regles, transitions
from prestataires.filters import PrestataireFilter
from prestataires.forms import PrestataireForm, PrestataireModifierForm
from prestataires.gestes import GESTES
from prestataires.models import Prestataire


class ListePrestataires(Liste):
    titre = "Prestataires"
    nom_fichier = "prestataires"
    singulier, pluriel = "prestataire", "prestataires"
    filtre = PrestataireFilter
    tri_initial = "nom_normalise"
    vide = "Aucun prestataire. Enregistrez une première candidature."
    colonnes = [
        Colonne("nom", "Prestataire", lambda p: p.nom, "nom_normalise"),
        Colonne("statut", "Statut", lambda p: p.get_statut_display(), "statut"),
        Colonne("ville", "Ville", lambda p: p.ville, "ville"),
        Colonne("tjm", "Tarif jour HT", lambda p: p.tjm_ht, "tjm_ht", "euros"),
        Colonne("jusquau", "Référencé jusqu'au", lambda p: p.reference_jusquau, "", "date"),
        Colonne("etat", "État", lambda p: p.get_etat_display(), "etat", "badge", lambda p: p.ton),
        Colonne("siret", "SIRET", lambda p: p.siret, "siret", montree=False),
        Colonne("contact", "Personne à joindre", lambda p: p.contact, montree=False),
        Colonne("telephone", "Téléphone", lambda p: p.telephone, montree=False),
        Colonne("email", "Courriel", lambda p: p.email, montree=False),
        Colonne(
            "vigilance",
            "Vigilance jusqu'au",
            lambda p: p.vigilance_jusquau,
            "vigilance_jusquau",
            "date",
            montree=False,
        ),
    ]

    def base(self):
        return Prestataire.objects.visibles_par(self.request.user)

    @property
    def action(self):
        if droits.peut_candidater(self.request.user):
            return {"url": reverse("prestataires:nouveau"), "libelle": "Nouveau prestataire"}
        return None


def liste(request):
    """The register, by its three facets."""
    return page_de_liste(request, ListePrestataires)


def _visible(request, pk):
    lignes = Prestataire.objects.visibles_par(request.user)
    return get_object_or_404(lignes.select_related("region", "reseau"), pk=pk)


def fiche(request, pk):
    """The fiche type: complete or not, sentence by sentence; past missions and marks."""
    prestataire = _visible(request, pk)
    attestations = list(prestataire.attestations.select_related("fichier__depose_par"))
    return render(
        request,
        "prestataires/fiche.html",
        {
            "prestataire": prestataire,
            "competences": list(prestataire.competences.all()),
            "secteurs": list(prestataire.secteurs.all()),
            "departements": list(prestataire.departements.all()),
            "attestations": attestations,
            "vigilance_sans_document": prestataire.vigilance_jusquau is not None
            and prestataire.vigilance_jusquau not in {a.valable_jusquau for a in attestations},
            "manques": regles.manques_pour_referencer(prestataire),
            "encarts": encarts.pour(prestataire, request.user),
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                prestataire,
                lambda geste: reverse("prestataires:geste", args=[pk, geste.nom]),
                a_qui="" if prestataire.responsable == "personne" else prestataire.responsable,
            ),
            "evenements": chronologie.evenements([prestataire.fil]),
            "modifiable": bool(droits.modifie(request.user, prestataire)),
        },
    )


def nouveau(request):
    """Propose a prestataire to the register."""
    exiger(droits.peut_candidater(request.user))

    def candidater(formulaire):
        prestataire = formulaire.save(commit=False)
        transitions.candidater(prestataire, par=request.user)
        formulaire.save_m2m()
        return prestataire

    return edition.creer(
        request,
        PrestataireForm,
        candidater,
        contexte={
            "titre": "Nouveau prestataire",
            "libelle_bouton": "Enregistrer la candidature",
            "url_annuler": reverse("prestataires:liste"),
        },
    )


def modifier(request, pk):
    """Bring a fiche up to date."""
    prestataire = _visible(request, pk)
    exiger(droits.modifie(request.user, prestataire))
    return edition.modifier(
        request,
        prestataire,
        PrestataireModifierForm,
        contexte={"titre": "Modifier la fiche", "sous_titre": prestataire.nom},
    )


def geste(request, pk, nom):
    """Serve one gesture on a fiche."""
    prestataire = _visible(request, pk)
    choisi = gestes.trouver(GESTES, nom)
    return gestes.servir(request, choisi, prestataire, retour=prestataire.get_absolute_url())
