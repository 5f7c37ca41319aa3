"""The list, the pages and the forms of the register of structures."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.structures import annuaire, forms, fusions, regles, salle, series
from accompagnements.structures.agrements import libelles
from accompagnements.structures.filters import StructureFilter
from accompagnements.structures.fusions import Fusion
from accompagnements.structures.gestes import AJOUTER_RESEAU
from accompagnements.structures.lieu import quartier_de, zonages_de
from accompagnements.structures.models import (
    Contact,
    DonneesAnnuelles,
    Signalement,
    Structure,
    Verification,
)
from accompagnements.structures.views.aides import consulter
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle import chronologie, edition, horloge
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.sorties import SortieEnPanne, SortieRefusee


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
        Colonne("sigle", "Sigle", lambda s: s.sigle, "sigle", montree=False),
        Colonne("rna", "RNA", lambda s: s.rna, "rna", montree=False),
        Colonne("agrements", "Agréments", libelles, montree=False),
        Colonne("telephone", "Téléphone", lambda s: s.telephone, montree=False),
        Colonne("email", "Courriel", lambda s: s.email, montree=False),
        Colonne(
            "verification",
            "Identité",
            lambda s: s.get_verification_display() if s.verification else "",
            "verification",
        ),
    ]
    lots = (AJOUTER_RESEAU,)

    def base(self):
        lignes = Structure.objects.visibles_par(self.request.user)
        return lignes.select_related("commune", "secteur").prefetch_related("agrements__terme")

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
    initial, aide = _depuis_l_annuaire(request)

    def executer(formulaire):
        structure = formulaire.save()
        if not pour_demande:
            return structure
        return Suite(f"{reverse('accompagnements:demande_nouvelle')}?structure={structure.pk}")

    return edition.creer(
        request,
        forms.StructureForm,
        executer,
        gabarit="accompagnements/structures/nouvelle.html",
        utilisateur=request.user,
        initial={"nom": request.GET.get("nom", "")[:250], **initial},
        contexte={
            **aide,
            "pour_demande": pour_demande,
            "titre": "Nouvelle structure",
            "sous_titre": "Vous enregistrerez ensuite sa demande." if pour_demande else "",
            "libelle_bouton": "Créer la structure",
            "url_annuler": reverse(
                "accompagnements:demande_nouvelle" if pour_demande else "accompagnements:structures"
            ),
        },
    )


def _depuis_l_annuaire(request):
    """(initial values, context): a search in the directory, or the record chosen there.

    `?annuaire=` is a name or a number to look for, `?siret=` the record to start from.
    """
    texte = request.GET.get("annuaire", "").strip()[:150]
    siret = request.GET.get("siret", "").strip()[:60]
    aide = {
        "annuaire_ouvert": annuaire.ouvert(),
        "annuaire_texte": texte,
        "fiches": [],
        "panne": "",
    }
    if request.method == "POST" or not aide["annuaire_ouvert"]:
        return {}, aide
    if siret:
        fiche, aide["panne"] = consulter(siret)
        return (annuaire.champs_du_formulaire(fiche) if fiche else {}), aide
    if texte:
        try:
            aide["fiches"] = annuaire.chercher(texte)
        except (SortieEnPanne, SortieRefusee) as panne:
            aide["panne"] = f"{panne} Saisissez la fiche : elle sera vérifiée plus tard."
        else:
            for fiche in aide["fiches"]:
                annuaire.garder(fiche, fiche.siret)
            aide["panne"] = "" if aide["fiches"] else f"L'annuaire ne connaît pas « {texte} »."
    return {}, aide


def detail(request, pk):
    """The page of a structure: identity, people, figures, accompaniments whoever led them."""
    toutes = Structure.toutes.visibles_par(request.user)
    structure = get_object_or_404(
        toutes.select_related("commune__epci", "departement", "secteur", "verifiee_par"), pk=pk
    )
    if structure.fusionnee_dans_id:
        return redirect(Structure.toutes.de_pk(pk))
    dossiers = structure.accompagnements.select_related("operateur").order_by("-ouvert_le")
    annees = list(structure.annees.all())
    lit = bool(salle.lit_les_pieces(request.user, structure))
    demande = f"{reverse('accompagnements:demande_nouvelle')}?structure={pk}"
    demandeur = a_role(request.user, *roles.INSTRUCTEURS) and droits.operateur_de(request.user)
    return render(
        request,
        "accompagnements/structures/structure.html",
        {
            "structure": structure,
            "agrements": structure.agrements.select_related("terme", "piece"),
            **_lieu(structure),
            "reseaux": structure.reseaux.all(),
            "contacts": structure.contacts.en_poste(),
            "anciens": structure.contacts.partis(),
            "annees": annees,
            "courbes": series.courbes(annees),
            "signalements": salle.signalements_lisibles(request.user, structure),
            "primo": _primo(structure),
            "douteuse": structure.verification
            in (Verification.A_VERIFIER, Verification.DIVERGENTE, Verification.INTROUVABLE),
            "annuaire_ouvert": annuaire.ouvert(),
            "fusionnable": bool(fusions.peut_fusionner(request.user, structure)),
            "fusions": Fusion.objects.filter(gardee=structure, defaite_le=None),
            "evenements": chronologie.evenements([structure.fil], avec_fichiers=lit),
            "pieces": salle.lignes(structure) if lit else [],
            "lit_les_pieces": lit,
            "dossiers": [(d, bool(droits.suit(request.user, d))) for d in dossiers],
            "modifiable": bool(regles.tient_le_registre(request.user)),
            "action": {"url": demande, "libelle": "Enregistrer une demande"} if demandeur else None,
        },
    )


def _lieu(structure):
    """Zonings of today, and the neighbourhood with how it is known."""
    jour = horloge.aujourdhui()
    return {"zonages": zonages_de(structure, jour), "quartier": quartier_de(structure, jour)}


def _primo(structure):
    """« oui (déclaré) », « oui (d'après les effectifs) »…; "" when there is nothing to say."""
    if structure.primo_employeur is None and not structure.premier_emploi:
        return ""
    origine = "d'après les effectifs" if structure.primo_employeur is None else "déclaré"
    return f"{'oui' if structure.premier_emploi else 'non'} ({origine})"


def modifier(request, pk):
    """Correct the identity of a structure."""
    structure = get_object_or_404(_visibles(request), pk=pk)
    exiger(regles.tient_le_registre(request.user))
    return edition.modifier(
        request,
        structure,
        forms.StructureModifierForm,
        gabarit="accompagnements/structures/modifier.html",
        utilisateur=request.user,
        contexte={
            "titre": "Modifier la structure",
            "sous_titre": structure.nom,
            "sauf": structure.pk,
        },
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


def signalement_ajouter(request, pk):
    """Note a difficulty, under the name of who noticed it."""
    return _ajouter(
        request,
        pk,
        forms.SignalementForm,
        Signalement,
        "Signaler une difficulté",
        auteur=request.user,
        constate_le=horloge.aujourdhui(),
    )


def signalement_modifier(request, pk):
    """Correct a difficulty, or say that it is over."""
    structure = get_object_or_404(_visibles(request), signalements=pk)
    get_object_or_404(salle.signalements_lisibles(request.user, structure), pk=pk)
    return _corriger(
        request, pk, forms.SignalementModifierForm, Signalement, "Suivre la difficulté"
    )


def piece_ajouter(request, pk):
    """Add a document to the room of a structure."""
    structure = get_object_or_404(_visibles(request), pk=pk)
    exiger(regles.tient_le_registre(request.user))
    return edition.creer(
        request,
        forms.PieceForm,
        lambda rempli: rempli.deposer(request.user),
        instance=salle.PieceStructure(structure=structure),
        contexte={
            "titre": "Ajouter une pièce",
            "sous_titre": structure.nom,
            "libelle_bouton": "Ajouter",
            "url_annuler": structure.get_absolute_url(),
        },
    )


def _ajouter(request, pk, formulaire, modele, titre, **valeurs):
    structure = get_object_or_404(_visibles(request), pk=pk)
    exiger(regles.tient_le_registre(request.user))
    return edition.creer(
        request,
        formulaire,
        lambda rempli: rempli.save(),
        instance=modele(structure=structure, **valeurs),
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
