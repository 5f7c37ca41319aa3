"""What the search box finds in the register: the prestataires, by name, SIRET, town or person."""

from django.db.models import Q, Value, When

from dla_portal.socle import recherche, recherche_globale
from dla_portal.socle.recherche import Normalise
from dla_portal.socle.recherche_globale import Rubrique, Trouvaille, note_de_numero
from prestataires.models import Prestataire


def prestataires(utilisateur, question):
    """By name, SIRET, town, or person to reach."""
    lignes = Prestataire.objects.visibles_par(utilisateur).annotate(
        ville_normale=Normalise("ville"), contact_normal=Normalise("contact")
    )
    condition = question.parmi("nom_normalise", "ville_normale", "contact_normal")
    if question.compact.isdigit():
        condition |= Q(siret__startswith=question.compact)
    notees = question.noter(
        lignes.filter(condition),
        note_de_numero("siret", question, 14),
        *question.notes_du_nom("nom_normalise"),
        When(contact_normal=question.normal, then=Value(recherche_globale.MOT_ENTIER)),
        When(ville_normale=question.normal, then=Value(recherche_globale.LIEU_EXACT - 4)),
        nom="nom_normalise",
    )
    for ligne in notees:
        details = [ligne.contact, ligne.ville, ligne.get_etat_display()]
        detail = " · ".join(filter(None, details))
        yield Trouvaille(ligne.nom, ligne.get_absolute_url(), detail, ligne.note)


def indexer():
    """Index what the search box and the list read of the register."""
    recherche.indexer([(Prestataire, "nom_normalise")])


RUBRIQUES = [
    Rubrique(60, "prestataires", "Prestataires", prestataires, "prestataires:liste"),
]
