"""What is missing before each gesture on a consultation, in sentences."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accompagnements.consultations.etats import Etat, EtatSollicitation
from accompagnements.consultations.models import Depot
from accompagnements.consultations.notation import Fiche
from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.plans.etats import Etat as EtatPlan
from accompagnements.plans.etats import StatutAction
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ecart_ouvre, ouvre
from dla_portal.socle.regles import exiger_ordre
from prestataires.etats import Etat as EtatPrestataire
from prestataires.regles import manques_fiche

CHARGE = Fiche.Evaluateur.CHARGE
LIMITE_MAX = timedelta(days=365)
CORRIGEABLES = (Etat.PUBLIEE, Etat.EN_ANALYSE, Etat.ATTRIBUEE)
DELAI_MIN = 5  # working days to answer without a written justification
MINIMUM, MAXIMUM = 2, 4  # prestataires asked without a written justification (W21, S4)
SECTIONS = ("contexte", "problematique", "objectifs", "contenu", "livrables", "profil")


def manques_pour_preparer(ingenierie):
    """One consultation at a time per engineering, for a plan agreed to."""
    manques = manques_du_plan(ingenierie)
    vivante = ingenierie.consultations.exclude(
        etat__in=[Etat.SANS_SUITE, Etat.INFRUCTUEUSE]
    ).first()
    if vivante is not None:
        etat = vivante.get_etat_display().lower()
        manques.append(
            f"La consultation {vivante.reference} existe déjà pour cette ingénierie ({etat})."
        )
    return manques


def manques_du_plan(ingenierie):
    """At least one open dossier whose structure agreed to this engineering and keeps it."""
    vivantes = ingenierie.actions.filter(
        plan__accompagnement__etat=EtatAccompagnement.OUVERT,
        plan__valide_le__isnull=False,
    ).exclude(statut=StatutAction.ABANDONNEE)
    if vivantes.exclude(plan__etat=EtatPlan.ABANDONNE).exists():
        return []
    return ["Aucun dossier ouvert n'a de plan accepté par la structure pour cette ingénierie."]


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
    """The points of the criteria add up to the total of the grid."""
    total = sum(critere.points for critere in consultation.criteres.all())
    if total != consultation.total_points:
        return [f"Les critères totalisent {total} points au lieu de {consultation.total_points}."]
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
    manques = manques_du_prestataire(prestataire)
    if consultation.sollicitations.filter(prestataire=prestataire).exists():
        manques.append(f"{prestataire} est déjà dans la liste.")
    return manques


def manques_du_prestataire(prestataire):
    """Why a prestataire may not be asked: out of the register, expired, or incomplete."""
    manques = []
    if prestataire.etat != EtatPrestataire.REFERENCE:
        etat = prestataire.get_etat_display().lower()
        manques.append(f"{prestataire} ne peut être sollicité : {etat}.")
    elif prestataire.reference_jusquau and prestataire.reference_jusquau < horloge.aujourdhui():
        fin = prestataire.reference_jusquau
        manques.append(f"{prestataire} : son référencement a pris fin le {fin:%d/%m/%Y}.")
    return manques + [f"{prestataire} : {phrase}" for phrase in manques_fiche(prestataire)]


def manques_pour_publier(consultation):
    """At least one prestataire, each still askable, criteria that add up, a plan still alive."""
    manques = manques_des_criteres(consultation) + manques_du_plan(consultation.ingenierie)
    sollicitations = list(consultation.sollicitations.select_related("prestataire"))
    if not sollicitations:
        manques.append("Aucun prestataire n'est choisi.")
    for sollicitation in sollicitations:
        manques += manques_du_prestataire(sollicitation.prestataire)
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


def etat_de_la_liste(nombre):
    """Where a list of `nombre` prestataires stands against the rule of two to four, in words."""
    if not nombre:
        return f"Personne dans la liste : la règle est de {MINIMUM} à {MAXIMUM} prestataires."
    compte = f"{nombre} prestataire{'s' if nombre > 1 else ''} dans la liste"
    if MINIMUM <= nombre <= MAXIMUM:
        return f"{compte}, dans la règle de {MINIMUM} à {MAXIMUM}."
    ecart = "au-dessous" if nombre < MINIMUM else "au-dessus"
    return (
        f"{compte}, {ecart} de la règle de {MINIMUM} à {MAXIMUM} : une justification écrite sera "
        "demandée à l'envoi."
    )


def manques_de_la_limite(date_limite):
    """The deadline lies in the future of the server's clock."""
    if date_limite is None:
        return ["Indiquez la date et l'heure limites de réponse."]
    if date_limite <= horloge.maintenant():
        return ["La date limite de réponse doit être dans le futur."]
    if date_limite > horloge.maintenant() + LIMITE_MAX:
        return ["La date limite de réponse est à plus d'un an."]
    return []


def manque_du_delai(date_limite, justification):
    """Fewer than five working days to answer, or a deadline on a day off, is explained in writing."""
    if manques := manque_du_jour(date_limite, justification):
        return manques
    jour = timezone.localdate(date_limite)
    if not justification.strip() and ecart_ouvre(horloge.aujourdhui(), jour) < DELAI_MIN:
        return [
            f"Moins de {DELAI_MIN} jours ouvrés pour répondre : laissez plus de temps, ou écrivez "
            "pourquoi."
        ]
    return []


def manque_du_jour(date_limite, justification):
    """A deadline on a week-end or a public holiday is explained in writing, sent or moved."""
    if justification.strip() or ouvre(timezone.localdate(date_limite)):
        return []
    return ["La date limite tombe un jour non ouvré : changez-la, ou écrivez pourquoi."]


def manque_des_questions(date_limite, jours_questions):
    """Questions may still be asked once the call is sent."""
    if date_limite - timedelta(days=jours_questions) > horloge.maintenant():
        return []
    return ["Les questions seraient closes dès l'envoi : fermez-les plus près de la date limite."]


def manques_de_la_prolongation(consultation, date_limite):
    """A deadline moves before it has passed, and only further."""
    manques = manques_de_la_limite(date_limite)
    if consultation.date_limite is None:
        manques.append("La consultation n'est pas envoyée : elle n'a pas de date limite.")
    elif consultation.limite_passee:
        manques.append("La date limite est passée : elle ne se prolonge plus.")
    elif date_limite and date_limite <= consultation.date_limite:
        manques.append("La nouvelle date limite doit être postérieure à l'actuelle.")
    return manques


def manques_pour_questionner(sollicitation):
    """Questions are asked early enough for everybody to use the answers."""
    consultation = sollicitation.consultation
    if consultation.etat != Etat.PUBLIEE or sollicitation.etat == EtatSollicitation.DECLINEE:
        return ["Cette consultation ne reçoit plus de question."]
    if horloge.maintenant() >= consultation.questions_jusqu_au:
        return [
            f"Les questions sont closes depuis {consultation.jours_questions} jours avant la date "
            "limite : chacun doit avoir le temps d'utiliser les réponses."
        ]
    return []


def manques_pour_corriger(consultation):
    """A cahier des charges sent is corrected before the deadline only."""
    if consultation.limite_passee:
        return ["La date limite est passée : le cahier des charges ne se corrige plus."]
    return []


def manques_de_l_accord(consultation):
    """Only the correction of a text that was sent waits for the agreement of the structure."""
    if consultation.etat not in CORRIGEABLES:
        return ["Le cahier des charges n'est pas envoyé, ou la consultation est finie."]
    if not consultation.cahier.accord_a_recueillir:
        return ["La structure a validé la version en vigueur."]
    return []


def manques_de_la_version_lue(consultation, version_lue):
    """An answer bears on the version that its author had on screen (None: he answers on paper)."""
    numero = consultation.cahier.numero
    if version_lue is None or version_lue == numero:
        return []
    return [
        f"Le cahier des charges a changé : la version {numero} est en vigueur. Relisez-la, puis "
        "envoyez de nouveau votre réponse."
    ]


def manques_pour_relancer(consultation):
    """No convention lives on the choice. (It comes later: known by what points to us.)"""
    conventions = consultation.ingenierie.conventions
    vivante = conventions.exclude(etat__in=["abandonnee", "resiliee"]).first()
    if vivante is None:
        return []
    return [f"La convention {vivante.reference} repose sur ce choix : mettez-y fin d'abord."]


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


def manques_de_l_arrivee(sollicitation, arrivee_le):
    """An answer by post arrived after the call was sent, and is not recorded before it arrives."""
    if arrivee_le is None:
        return []
    if arrivee_le > horloge.maintenant():
        return ["L'arrivée ne peut être dans le futur."]
    if sollicitation.envoyee_le and arrivee_le < sollicitation.envoyee_le:
        return ["L'arrivée ne peut précéder l'envoi de la consultation."]
    return []


def depots_valables(consultation):
    """The last deposit in time of each prestataire, those set aside left out."""
    return Depot.objects.filter(
        sollicitation__consultation=consultation,
        sollicitation__etat=EtatSollicitation.DEPOSEE,
        hors_delai=False,
        remplace_le=None,
        ecarte_le=None,
    )


def manques_de_la_fiche(fiche):
    """A sheet is closed once every proposition is scored on every criterion."""
    consultation = fiche.consultation
    attendues = consultation.propositions.count() * consultation.criteres.count()
    faites = fiche.notes.count()
    if faites < attendues:
        return [f"La grille n'est pas complète : {faites} notes sur {attendues}."]
    return []


def manques_pour_demander_grille(consultation):
    """The structure is asked once, between the opening and the choice, and has an address."""
    if consultation.etat != Etat.EN_ANALYSE:
        return ["La grille de la structure se demande entre l'ouverture et le choix."]
    if consultation.fiches.filter(evaluateur=Fiche.Evaluateur.STRUCTURE).exists():
        return ["La structure a déjà été sollicitée pour sa grille."]
    return _manque_d_adresse(consultation)


def attend_la_grille(consultation):
    """The structure was asked for its sheet and has not closed it."""
    fiche = consultation.fiches.filter(evaluateur=Fiche.Evaluateur.STRUCTURE).first()
    return fiche is not None and fiche.attendue


def manques_pour_demander_validation(consultation):
    """A complete draft goes to a structure that has an address."""
    if consultation.etat != Etat.BROUILLON:
        return ["Le cahier des charges est déjà validé."]
    return manques_du_cahier(consultation) + _manque_d_adresse(consultation)


def _manque_d_adresse(consultation):
    dossiers = consultation.ingenierie.accompagnements().select_related("structure")
    if any(dossier.structure.courriel_principal() for dossier in dossiers):
        return []
    return ["La structure n'a pas de courriel : ajoutez un contact à sa fiche."]


def manques_pour_attribuer(consultation):
    """The operator's sheet is closed, and so is the structure's when it was asked for."""
    fiches = {fiche.evaluateur: fiche for fiche in consultation.fiches.all()}
    charge = fiches.get(Fiche.Evaluateur.CHARGE)
    structure = fiches.get(Fiche.Evaluateur.STRUCTURE)
    manques = []
    if charge is None or charge.attendue:
        manques.append("Votre grille n'est pas complète et close.")
    if structure is None and consultation.notee_par_structure:
        manques.append("La grille choisie demande la note de la structure : demandez-la-lui.")
    if structure is not None and structure.attendue:
        manques.append(
            "La structure n'a pas encore rendu sa grille : attendez-la, ou écrivez pourquoi vous "
            "vous en passez."
        )
    return manques


def manques_du_motif(proposition):
    """A motive of rejection is given once, to who has asked for it."""
    if proposition.motif_demande_le is None:
        return ["Le prestataire n'a pas demandé le motif : il se donne sur demande expresse."]
    if proposition.motif_envoye_le is not None:
        return ["Le motif est déjà envoyé."]
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


def fiches_lisibles(consultation):
    """Sheets that the operator's team reads: its own, and the structure's once both are closed."""
    fiches = [
        fiche for fiche in consultation.fiches.prefetch_related("notes") if not fiche.renoncement
    ]
    siennes = [fiche for fiche in fiches if fiche.evaluateur == CHARGE]
    toutes_closes = bool(siennes) and all(fiche.close_le for fiche in fiches)
    return fiches if toutes_closes else siennes


def totaux(consultation):
    """Return {proposition pk: total of points}: the mean of the sheets once all are closed.

    Until then, the operator's own sheet: nothing of the structure's shows through a mean.
    """
    retenues = fiches_lisibles(consultation)
    sommes = dict.fromkeys(consultation.propositions.values_list("pk", flat=True), Decimal(0))
    for fiche in retenues:
        for note in fiche.notes.all():
            sommes[note.proposition_id] += note.points
    nombre = max(len(retenues), 1)
    return {proposition: round(total / nombre, 2) for proposition, total in sommes.items()}
