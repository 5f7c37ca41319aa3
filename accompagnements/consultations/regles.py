"""What is missing before each gesture on a consultation, in sentences."""

from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Depot, Note
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre
from prestataires.etats import Etat as EtatPrestataire
from prestataires.regles import manques_fiche

TOTAL_DES_POINTS = 100
MINIMUM, MAXIMUM = 2, 4  # prestataires asked without a written justification (W21, S4)
SECTIONS = ("contexte", "problematique", "objectifs", "contenu", "livrables", "profil")


def manques_du_cahier(consultation):
    """Return what the cahier des charges lacks before the structure may validate it."""
    cahier, manques = consultation.cahier, []
    for champ in SECTIONS:
        if not getattr(cahier, champ).strip():
            libelle = cahier._meta.get_field(champ).verbose_name
            manques.append(f"Cahier des charges : « {libelle} » est vide.")
    if not cahier.jours_max:
        manques.append("Cahier des charges : le nombre de jours maximum manque.")
    if not cahier.budget_max:
        manques.append("Cahier des charges : le budget maximum manque.")
    return manques + manques_des_criteres(consultation)


def manques_des_criteres(consultation):
    """The points of the criteria add up to 100."""
    total = sum(critere.points for critere in consultation.criteres.all())
    if total != TOTAL_DES_POINTS:
        return [f"Les critères totalisent {total} points au lieu de {TOTAL_DES_POINTS}."]
    return []


def ordre_de_validation(consultation, valide_le):
    """The validation is neither in the future nor before the plan."""
    manques = []
    if valide_le and valide_le > horloge.aujourdhui():
        manques.append("La validation ne peut être dans le futur.")
    plans = consultation.ingenierie.actions.values_list("plan__valide_le", flat=True)
    debut = min((jour for jour in plans if jour), default=None)
    return manques + exiger_ordre(
        ("L'accord sur le plan", debut), ("La validation du cahier des charges", valide_le)
    )


def manques_pour_pressentir(consultation, prestataire):
    """A prestataire may be asked when referenced, complete and not asked yet."""
    manques = []
    if prestataire.etat != EtatPrestataire.REFERENCE:
        etat = prestataire.get_etat_display().lower()
        manques.append(f"{prestataire} ne peut être sollicité : {etat}.")
    manques += [f"{prestataire} : {phrase}" for phrase in manques_fiche(prestataire)]
    if consultation.sollicitations.filter(prestataire=prestataire).exists():
        manques.append(f"{prestataire} est déjà dans la liste.")
    return manques


def manques_pour_publier(consultation):
    """At least one prestataire, each still askable, and criteria that add up."""
    manques = manques_des_criteres(consultation)
    sollicitations = list(consultation.sollicitations.select_related("prestataire"))
    if not sollicitations:
        manques.append("Aucun prestataire n'est choisi.")
    for sollicitation in sollicitations:
        if not sollicitation.prestataire.email:
            manques.append(f"{sollicitation.prestataire} n'a pas de courriel.")
    return manques


def manque_de_justification(consultation, justification):
    """Fewer than two or more than four prestataires is explained in writing."""
    nombre = consultation.sollicitations.count()
    if MINIMUM <= nombre <= MAXIMUM or justification.strip():
        return []
    return [
        f"{nombre} prestataire{'s' if nombre > 1 else ''} sollicité{'s' if nombre > 1 else ''} : "
        f"la règle est de {MINIMUM} à {MAXIMUM}, écrivez pourquoi."
    ]


def manques_de_la_limite(date_limite):
    """The deadline lies in the future of the server's clock."""
    if date_limite is None:
        return ["Indiquez la date et l'heure limites de réponse."]
    if date_limite <= horloge.maintenant():
        return ["La date limite de réponse doit être dans le futur."]
    return []


def manques_pour_ouvrir(consultation):
    """Propositions open together, after the deadline, when there is at least one."""
    manques = []
    if not consultation.limite_passee:
        manques.append("La date limite de réponse n'est pas passée : rien ne s'ouvre avant.")
    if not depots_valables(consultation).exists():
        manques.append("Aucune proposition n'est arrivée dans les délais.")
    return manques


def manques_pour_constater(consultation):
    """The absence of any proposition is stated after the deadline only."""
    manques = []
    if not consultation.limite_passee:
        manques.append("La date limite de réponse n'est pas passée.")
    if depots_valables(consultation).exists():
        manques.append("Des propositions sont arrivées : ouvrez-les.")
    return manques


def depots_valables(consultation):
    """The last deposit in time of each prestataire."""
    return Depot.objects.filter(
        sollicitation__consultation=consultation,
        sollicitation__etat=EtatSollicitation.DEPOSEE,
        hors_delai=False,
        remplace_le=None,
    )


def manques_pour_attribuer(consultation):
    """Every proposition is scored on every criterion before the choice."""
    attendues = consultation.propositions.count() * consultation.criteres.count()
    faites = Note.objects.filter(proposition__consultation=consultation).count()
    if faites < attendues:
        return [f"La grille n'est pas complète : {faites} notes sur {attendues}."]
    return []


def motif_de_choix_requis(consultation, proposition, motif):
    """A choice that departs from the ranking, or without competition, is motivated."""
    if motif.strip():
        return []
    classement = totaux(consultation)
    if len(classement) == 1:
        return ["Une seule proposition : écrivez pourquoi elle est retenue."]
    meilleur = max(classement.values())
    if classement[proposition.pk] < meilleur:
        return ["Le choix s'écarte du classement : écrivez pourquoi."]
    return []


def totaux(consultation):
    """Return {proposition pk: total of points}."""
    sommes = dict.fromkeys(consultation.propositions.values_list("pk", flat=True), 0)
    for note in Note.objects.filter(proposition__consultation=consultation):
        sommes[note.proposition_id] += note.points
    return sommes
