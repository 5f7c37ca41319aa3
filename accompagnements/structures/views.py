"""Pages of the register of structures."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.structures import forms, regles
from accompagnements.structures.filters import StructureFilter
from accompagnements.structures.models import Contact, DonneesAnnuelles, Structure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle import edition
from dla_portal.socle.listes import Colonne, Liste, page_de_liste


class ListeStructures(Liste):
    titre = "Structures"
    nom_fichier = "structures"
    singulier, pluriel = "structure", "structures"
    filtre = StructureFilter
    tri_initial = "nom_normalise"
    vide = "Aucune structure ne correspond. Vérifiez le nom ou le SIRET, ou créez sa fiche."
    colonnes = [
        Colonne("nom", "Nom", lambda s: s.nom, "nom_normalise"),
        Colonne("siret", "SIRET", lambda s: s.siret or "", "siret"),
        Colonne("commune", "Commune", lambda s: s.commune.nom if s.commune else "", "commune__nom"),
        Colonne("departement", "Département", lambda s: s.departement_id or "", "departement"),
        Colonne("secteur", "Secteur", lambda s: str(s.secteur or ""), "secteur__libelle"),
        Colonne("famille", "Famille", lambda s: s.get_famille_display(), "famille"),
    ]

    def base(self):
        lignes = Structure.objects.visibles_par(self.request.user)
        return lignes.select_related("commune", "secteur")

    @property
    def action(self):
        if regles.tient_le_registre(self.request.user):
            return {
                "url": reverse("accompagnements:structure_nouvelle"),
                "libelle": "Nouvelle structure",
            }
        return None


@dataclass
class Suite:
    """Where to go once the structure is created: what asked for it."""

    adresse: str

    def get_absolute_url(self):
        return self.adresse


def liste(request):
    """The structures the user sees."""
    return page_de_liste(request, ListeStructures)


def nouvelle(request):
    """Create a structure; `?pour=demande` comes back to the demande being recorded."""
    exiger(regles.tient_le_registre(request.user))
    pour_demande = request.GET.get("pour") == "demande"

    def executer(formulaire):
        structure = formulaire.save()
        if not pour_demande:
            return structure
        return Suite(f"{reverse('accompagnements:demande_nouvelle')}?structure={structure.pk}")

    return edition.creer(
        request,
        forms.StructureForm,
        executer,
        utilisateur=request.user,
        initial={"nom": request.GET.get("nom", "")[:250]},
        contexte={
            "titre": "Nouvelle structure",
            "sous_titre": "Vous enregistrerez ensuite sa demande." if pour_demande else "",
            "libelle_bouton": "Créer la structure",
            "url_annuler": reverse(
                "accompagnements:demande_nouvelle" if pour_demande else "accompagnements:structures"
            ),
        },
    )


def detail(request, pk):
    """The page of a structure: identity, people, figures, accompaniments whoever led them."""
    structure = get_object_or_404(_visibles(request), pk=pk)
    dossiers = structure.accompagnements.select_related("operateur").order_by("-ouvert_le")
    demande = f"{reverse('accompagnements:demande_nouvelle')}?structure={pk}"
    demandeur = a_role(request.user, *roles.INSTRUCTEURS) and droits.operateur_de(request.user)
    return render(
        request,
        "accompagnements/structures/structure.html",
        {
            "structure": structure,
            "agrements": structure.agrements.all(),
            "reseaux": structure.reseaux.all(),
            "contacts": structure.contacts.all(),
            "annees": structure.annees.all(),
            "dossiers": [(d, bool(droits.suit(request.user, d))) for d in dossiers],
            "modifiable": bool(regles.tient_le_registre(request.user)),
            "action": {"url": demande, "libelle": "Enregistrer une demande"} if demandeur else None,
        },
    )


def modifier(request, pk):
    """Correct the identity of a structure."""
    structure = get_object_or_404(_visibles(request), pk=pk)
    exiger(regles.tient_le_registre(request.user))
    return edition.modifier(
        request,
        structure,
        forms.StructureModifierForm,
        utilisateur=request.user,
        contexte={"titre": "Modifier la structure", "sous_titre": structure.nom},
    )


def contact_ajouter(request, pk):
    """Add a person to talk to."""
    return _ajouter(request, pk, forms.ContactForm, Contact, "Ajouter un contact")


def contact_modifier(request, pk):
    """Correct a contact."""
    return _corriger(request, pk, forms.ContactModifierForm, Contact, "Modifier le contact")


def annee_ajouter(request, pk):
    """Add the jobs and budget of one more year."""
    return _ajouter(
        request, pk, forms.AnneeForm, DonneesAnnuelles, "Ajouter les chiffres d'une année"
    )


def annee_modifier(request, pk):
    """Correct the figures of a year."""
    return _corriger(
        request, pk, forms.AnneeModifierForm, DonneesAnnuelles, "Modifier les chiffres de l'année"
    )


def _ajouter(request, pk, formulaire, modele, titre):
    structure = get_object_or_404(_visibles(request), pk=pk)
    exiger(regles.tient_le_registre(request.user))
    return edition.creer(
        request,
        formulaire,
        lambda rempli: rempli.save(),
        instance=modele(structure=structure),
        contexte={
            "titre": titre,
            "sous_titre": structure.nom,
            "libelle_bouton": "Ajouter",
            "url_annuler": structure.get_absolute_url(),
        },
    )


def _corriger(request, pk, formulaire, modele, titre):
    ligne = get_object_or_404(
        modele.objects.select_related("structure"),
        pk=pk,
        structure__in=Structure.objects.visibles_par(request.user).values("pk"),
    )
    exiger(regles.tient_le_registre(request.user))
    return edition.modifier(
        request,
        ligne,
        formulaire,
        contexte={"titre": titre, "sous_titre": ligne.structure.nom},
    )


def _visibles(request):
    lignes = Structure.objects.visibles_par(request.user)
    return lignes.select_related("commune__epci", "departement", "secteur")
