"""What the search box finds of the consultations, conventions and missions, below the dossiers."""

from django.db.models import Q

from accompagnements.consultations.models import Consultation
from accompagnements.conventions.models import Convention
from accompagnements.demandes.trouvailles import notes_de_reference
from accompagnements.plans.models import ingenieries_de, nom_de_la_structure
from dla_portal.socle import recherche_globale
from dla_portal.socle.recherche import Normalise, q_reference
from dla_portal.socle.recherche_globale import Rubrique, Trouvaille

AU_DESSOUS = 8  # what belongs to a dossier comes after it


def _chercher(lignes, question):
    """By reference, by the title of the engineering, or by the structure."""
    lignes = lignes.annotate(
        intitule_normal=Normalise("ingenierie__intitule"), pour=nom_de_la_structure("ingenierie")
    )
    condition = question.parmi("intitule_normal") | q_reference(question.texte)
    if not question.approche:
        condition |= Q(ingenierie__in=ingenieries_de(question.texte))
    notees = question.noter(
        lignes.filter(condition).select_related("ingenierie"),
        *notes_de_reference(question),
        *question.notes_du_nom("intitule_normal"),
        nom="intitule_normal",
        ordre=["-pk"],
        sinon=recherche_globale.PAR_AILLEURS,
    )
    for ligne in notees:
        par_reference = ligne.note >= recherche_globale.NUMERO_VOISIN
        detail = f"{ligne.reference} · {ligne.ingenierie.intitule} · {ligne.get_etat_display()}"
        yield Trouvaille(
            ligne.pour or ligne.reference,
            ligne.get_absolute_url(),
            detail,
            ligne.note if par_reference else ligne.note - AU_DESSOUS,
        )


def consultations(utilisateur, question):
    return _chercher(Consultation.objects.visibles_par(utilisateur), question)


def conventions(utilisateur, question):
    return _chercher(Convention.objects.visibles_par(utilisateur), question)


RUBRIQUES = [
    Rubrique(40, "consultations", "Consultations", consultations, "accompagnements:consultations"),
    Rubrique(50, "conventions", "Conventions", conventions, "accompagnements:conventions"),
]
