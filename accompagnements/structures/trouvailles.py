"""What the search box finds of the structures: themselves, and the people in them."""

from django.db.models import Value, When

from accompagnements.structures.models import Contact, Structure
from accompagnements.structures.recherche import q_numero, q_structure
from dla_portal.socle import recherche, recherche_globale
from dla_portal.socle.recherche import Normalise
from dla_portal.socle.recherche_globale import Rubrique, Trouvaille, note_de_numero
from dla_portal.territoires.models import Commune


def notes_de_structure(question, prefixe=""):
    """Return the When clauses marking a structure: its numbers, its name, its commune."""
    lieu, moins = f"{prefixe}commune__nom_normalise", 2 if prefixe else 0
    return [
        note_de_numero(f"{prefixe}siret", question, 14, moins),
        note_de_numero(f"{prefixe}rna", question, 10, moins),
        *question.notes_du_nom(f"{prefixe}nom_normalise"),
        When(**{lieu: question.normal}, then=Value(recherche_globale.LIEU_EXACT)),
        When(**{f"{lieu}__contains": question.normal}, then=Value(recherche_globale.LIEU)),
    ]


def condition_de_structure(question, prefixe=""):
    """Return the Q of the structures that the question means."""
    if not question.approche:
        return q_structure(question.texte, prefixe)
    noms = [f"{prefixe}nom_normalise", f"{prefixe}commune__nom_normalise"]
    return question.parmi(*noms) | q_numero(question.texte, prefixe)


def structures(utilisateur, question):
    """By name, acronym, SIRET, SIREN, RNA or commune."""
    lignes = Structure.objects.visibles_par(utilisateur).filter(condition_de_structure(question))
    lignes = lignes.select_related("commune")
    for ligne in question.noter(lignes, *notes_de_structure(question), nom="nom_normalise"):
        detail = " · ".join(filter(None, [ligne.siret_lisible, str(ligne.commune or "")]))
        titre = f"{ligne.nom} ({ligne.sigle})" if ligne.sigle else ligne.nom
        yield Trouvaille(titre, ligne.get_absolute_url(), detail, ligne.note)


def contacts(utilisateur, question):
    """The people of the structures, by their name."""
    visibles = Structure.objects.visibles_par(utilisateur)
    lignes = Contact.objects.filter(structure__in=visibles.values("pk"))
    lignes = lignes.annotate(nom_normal=Normalise("nom")).filter(question.parmi("nom_normal"))
    notees = question.noter(
        lignes.select_related("structure"), *question.notes_du_nom("nom_normal"), nom="nom_normal"
    )
    for contact in notees:
        detail = " · ".join(filter(None, [contact.fonction, contact.structure.nom]))
        yield Trouvaille(contact.nom, contact.get_absolute_url(), detail, contact.note)


def indexer():
    """Index what the search box and the lists read of the structures."""
    recherche.indexer([(Structure, "nom_normalise"), (Commune, "nom_normalise")])


RUBRIQUES = [
    Rubrique(20, "structures", "Structures", structures, "accompagnements:structures"),
    Rubrique(70, "personnes", "Personnes", contacts),
]
