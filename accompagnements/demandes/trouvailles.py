"""What the search box finds of the demandes, of the dossiers and of the team that leads them."""

from urllib.parse import urlencode

from django.db.models import Value, When
from django.urls import reverse

from accompagnements import droits
from accompagnements.demandes.etats import Etat, EtatAccompagnement
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.demandes.regles import equipe_de
from accompagnements.structures.trouvailles import condition_de_structure, notes_de_structure
from dla_portal.comptes import roles
from dla_portal.socle import recherche_globale
from dla_portal.socle.recherche import Normalise, q_reference
from dla_portal.socle.recherche_globale import Rubrique, Trouvaille

CLOS = 3  # a dossier which is over comes after its structure


def _lignes(lignes, question, *ordre):
    """The rows of a structure or of a reference, marked: whole reference first."""
    condition = condition_de_structure(question, "structure__") | q_reference(question.texte)
    return question.noter(
        lignes.filter(condition).select_related("structure", "operateur"),
        *notes_de_reference(question),
        *notes_de_structure(question, "structure__"),
        nom="structure__nom_normalise",
        ordre=ordre,
    )


def notes_de_reference(question):
    """Return the When clauses marking a reference: whole, or its beginning."""
    return [
        When(q_reference(question.texte, entiere=True), then=Value(recherche_globale.NUMERO)),
        When(q_reference(question.texte), then=Value(recherche_globale.NUMERO_VOISIN)),
    ]


def _trouvaille(ligne, bonus):
    detail = f"{ligne.reference} · {ligne.operateur} · {ligne.get_etat_display()}"
    return Trouvaille(ligne.structure.nom, ligne.get_absolute_url(), detail, ligne.note + bonus)


def accompagnements(utilisateur, question):
    """By reference, or by the structure."""
    lignes = Accompagnement.objects.visibles_par(utilisateur)
    for ligne in _lignes(lignes, question, "-etat", "-pk"):
        par_reference = ligne.note == recherche_globale.NUMERO
        ouvert = ligne.etat == EtatAccompagnement.OUVERT or par_reference
        yield _trouvaille(ligne, 0.5 if ouvert else -CLOS)


def demandes(utilisateur, question):
    """Those which opened no dossier, by reference or by the structure."""
    lignes = Demande.objects.visibles_par(utilisateur).exclude(etat=Etat.DIAGNOSTIC_OUVERT)
    for ligne in _lignes(lignes, question, "-pk"):
        yield _trouvaille(ligne, 0.3)


def equipe(utilisateur, question):
    """The colleagues, with the dossiers they lead."""
    operateur = droits.operateur_de(utilisateur)
    if operateur is None or utilisateur.role == roles.MembreComite.code:
        return
    for personne in (
        equipe_de(operateur)
        .annotate(prenom_normal=Normalise("prenom"), nom_normal=Normalise("nom"))
        .filter(question.parmi("prenom_normal", "nom_normal"))[: recherche_globale.PAR_RUBRIQUE]
    ):
        adresse = reverse("accompagnements:accompagnements")
        note = recherche_globale.APPROCHE if question.approche else recherche_globale.NOM_COMMENCE
        yield Trouvaille(
            str(personne),
            f"{adresse}?{urlencode({'charge': personne.pk})}",
            "Votre équipe : les dossiers de cette personne",
            note,
        )


RUBRIQUES = [
    Rubrique(
        10, "accompagnements", "Accompagnements", accompagnements, "accompagnements:accompagnements"
    ),
    Rubrique(30, "demandes", "Demandes", demandes, "accompagnements:demandes"),
    Rubrique(70, "personnes", "Personnes", equipe),
]
