"""Every change of state of a consultation; deposits are in `depots`, the choice in `choix`."""

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, etats, regles
from accompagnements.consultations.cahier import CahierDesCharges, Critere
from accompagnements.consultations.choix import (
    attribuer,
    demander_grille,
    demander_motif,
    donner_motif,
    noter,
    relancer_grille,
    se_passer_de_la_grille,
)
from accompagnements.consultations.depots import annoncer, deposer
from accompagnements.consultations.echanges import (
    corriger_cdc,
    poser_question,
    reconfirmer,
    repondre_question,
    s_engager_au_secret,
)
from accompagnements.consultations.etats import CRITERES, EtatSollicitation
from accompagnements.consultations.grilles import GrilleType
from accompagnements.consultations.models import Consultation, Sollicitation
from accompagnements.consultations.ouverture import constater_silences, ouvrir
from accompagnements.consultations.refus import decliner, noter_refus, revenir_sur_refus
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

__all__ = [
    "abandonner",
    "annoncer",
    "attribuer",
    "choisir_grille",
    "constater_infructueuse",
    "corriger_cdc",
    "decliner",
    "demander_grille",
    "demander_motif",
    "donner_motif",
    "deposer",
    "fixer_criteres",
    "noter",
    "noter_refus",
    "ouvrir",
    "poser_question",
    "preparer",
    "pressentir",
    "prolonger",
    "publier",
    "reconfirmer",
    "relancer",
    "relancer_grille",
    "renoncer",
    "repondre_question",
    "reprendre_cdc",
    "revenir_sur_refus",
    "s_engager_au_secret",
    "se_passer_de_la_grille",
    "valider_cdc",
]


@transaction.atomic
def preparer(ingenierie, *, par):
    """Start the consultation of an engineering; the cahier des charges comes pre-filled."""
    exiger(droits.instruit(par, ingenierie))
    exiger_aucun_manque(regles.manques_pour_preparer(ingenierie))
    rang = ingenierie.consultations.count() + 1
    consultation = Consultation(ingenierie=ingenierie, reference=f"{ingenierie.reference}-C{rang}")
    etats.PREPARER.appliquer(consultation, par=par)
    CahierDesCharges.objects.create(consultation=consultation, **_prerempli(ingenierie))
    Critere.objects.bulk_create(
        Critere(consultation=consultation, rang=rang, libelle=libelle, points=points, prix=prix)
        for rang, (libelle, points, prix) in enumerate(CRITERES, 1)
    )
    return consultation


def _prerempli(ingenierie):
    """What the diagnostic and the plan already say, to be edited afterwards."""
    dossiers = list(ingenierie.accompagnements().select_related("structure", "plan"))
    diagnostics = [d.diagnostics.valides().first() for d in dossiers]
    connus = [diagnostic for diagnostic in diagnostics if diagnostic]
    action = ingenierie.actions.first()
    return {
        "contexte": "\n\n".join(
            f"{d.accompagnement.structure} : {d.historique}\n{d.activites}".strip() for d in connus
        ),
        "problematique": "\n\n".join(d.problematique for d in connus),
        "objectifs": "\n\n".join(d.plan.objectifs for d in dossiers if d.plan.objectifs),
        "jours_max": action.jours_prevus if action else None,
        "budget_max": action.montant_prevu if action else None,
    }


@transaction.atomic
def valider_cdc(consultation, *, par, valide_le, valide_par):
    """The structure validates the cahier des charges: by its link, or told to the chargé."""
    exiger(OUI if droits.par_lien(par) else droits.instruit(par, consultation))
    exiger_aucun_manque(
        regles.manques_du_cahier(consultation) + regles.ordre_de_validation(consultation, valide_le)
    )
    cahier = consultation.cahier
    cahier.valide_le, cahier.valide_par = valide_le, valide_par
    cahier.version_validee = cahier.numero
    cahier.save()
    etats.VALIDER_CDC.appliquer(consultation, par=par)
    return consultation


@transaction.atomic
def reprendre_cdc(consultation, *, par, motif):
    """Open the cahier des charges for writing again, before it is sent; a new version."""
    exiger(droits.instruit(par, consultation))
    cahier = consultation.cahier
    cahier.valide_le, cahier.valide_par, cahier.numero = None, "", cahier.numero + 1
    cahier.version_validee = None
    cahier.save()
    etats.REPRENDRE_CDC.appliquer(consultation, par=par, motif=motif)
    return consultation


@transaction.atomic
def fixer_criteres(consultation, *, par, points):
    """Set the points of the criteria while the cahier is written; {criterion pk: points}."""
    exiger(droits.instruit(par, consultation))
    consultation.save()  # the compare-and-swap: nobody changes the state or the points meanwhile
    if consultation.etat != etats.Etat.BROUILLON:
        raise Manques(["Le cahier des charges est validé : ses critères sont figés avec lui."])
    for critere in consultation.criteres.all():
        critere.points = points[critere.pk]
        critere.save()
    journaliser(consultation, "Points des critères fixés", par=par)
    return consultation


@transaction.atomic
def choisir_grille(consultation, *, par, grille):
    """Take the criteria of a preset (a GrilleType) while the cahier is written."""
    exiger(droits.instruit(par, consultation))
    if consultation.etat != etats.Etat.BROUILLON:
        raise Manques(["Le cahier des charges est validé : ses critères sont figés avec lui."])
    if not GrilleType.objects.pour(consultation.ingenierie.operateur).filter(pk=grille.pk).exists():
        raise Manques(["Cette grille n'est pas proposée à votre opérateur."])
    consultation.total_points = grille.total
    consultation.notee_par_structure = grille.notee_par_structure
    consultation.save()
    consultation.criteres.all().delete()
    Critere.objects.bulk_create(
        Critere(
            consultation=consultation, rang=c.rang, libelle=c.libelle, points=c.points, prix=c.prix
        )
        for c in grille.criteres.all()
    )
    journaliser(consultation, f"Grille choisie : {grille}", par=par)
    return consultation


@transaction.atomic
def pressentir(consultation, prestataire, *, par):
    """Put a prestataire on the list of those who will be asked. Returns the Sollicitation."""
    exiger(droits.instruit(par, consultation))
    exiger_aucun_manque(
        _pas_encore_envoyee(consultation)
        + regles.manques_pour_pressentir(consultation, prestataire)
    )
    sollicitation = Sollicitation(consultation=consultation, prestataire=prestataire)
    etats.PRESSENTIR.appliquer(sollicitation, par=par)
    return sollicitation


@transaction.atomic
def renoncer(sollicitation, *, par):
    """Take a prestataire off the list, before the consultation is sent."""
    consultation = sollicitation.consultation
    exiger(droits.instruit(par, consultation))
    exiger_aucun_manque(_pas_encore_envoyee(consultation))
    journaliser(consultation, f"{sollicitation.prestataire} retiré de la liste", par=par)
    sollicitation.delete()
    return consultation


def _pas_encore_envoyee(consultation):
    if consultation.etat in (etats.Etat.BROUILLON, etats.Etat.VALIDEE):
        return []
    return ["La consultation est déjà envoyée : la liste des prestataires est figée."]


@transaction.atomic
def publier(
    consultation,
    *,
    par,
    date_limite,
    jours_questions=3,
    justification_nombre="",
    justification_delai="",
):
    """Send the call: criteria and list freeze, each prestataire gets his personal link.

    The justification of the number is kept with the consultation, that of the delay in the journal.
    """
    exiger(droits.instruit(par, consultation))
    limite = regles.manques_de_la_limite(date_limite)
    limite = limite or (
        regles.manque_du_delai(date_limite, justification_delai)
        + regles.manque_des_questions(date_limite, jours_questions)
    )
    exiger_aucun_manque(
        regles.manques_pour_publier(consultation)
        + limite
        + regles.manque_de_justification(consultation, justification_nombre)
    )
    consultation.date_limite = date_limite
    consultation.justification_nombre = justification_nombre
    consultation.jours_questions = jours_questions
    consultation.publiee_le = horloge.maintenant()
    etats.PUBLIER.appliquer(consultation, par=par, motif=justification_delai)
    for sollicitation in consultation.sollicitations.select_related("prestataire"):
        sollicitation.consultation = consultation
        sollicitation.envoyee_le = consultation.publiee_le
        etats.SOLLICITER.appliquer(sollicitation, par=par)
        courriels.inviter(sollicitation)
    return consultation


@transaction.atomic
def prolonger(consultation, *, par, date_limite, motif, justification_delai=""):
    """Move the deadline before it has passed; everybody asked is told, with the motive.

    Why it falls on a day off is kept in the journal, not sent.
    """
    exiger(droits.instruit(par, consultation))
    exiger_aucun_manque(
        regles.manques_de_la_prolongation(consultation, date_limite)
        or regles.manque_du_jour(date_limite, justification_delai)
    )
    consultation.date_limite = date_limite
    etats.PROLONGER.appliquer(consultation, par=par, motif=motif)
    if justification_delai.strip():
        journaliser(
            consultation, "Date limite justifiée", par=par, motif=justification_delai.strip()
        )
    for sollicitation in consultation.sollicitations.exclude(etat=EtatSollicitation.DECLINEE):
        courriels.prolongation(sollicitation, motif)
    return consultation


@transaction.atomic
def constater_infructueuse(consultation, *, par):
    """State after the deadline that nothing arrived; another consultation may be prepared."""
    exiger(droits.instruit(par, consultation))
    # The row is held: a deposit complete in time, still being written, is waited for.
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    exiger_aucun_manque(regles.manques_pour_constater(consultation))
    etats.CONSTATER_INFRUCTUEUSE.appliquer(consultation, par=par)
    constater_silences(consultation, par=par)
    return consultation


@transaction.atomic
def relancer(consultation, *, par, motif):
    """Cancel a choice that led to no mission: another consultation may be prepared."""
    exiger(droits.arbitre(par, consultation))
    exiger_aucun_manque(regles.manques_pour_relancer(consultation))
    retenue = consultation.retenue
    etats.RELANCER.appliquer(consultation, par=par, motif=motif)
    courriels.sans_suite(retenue.sollicitation)
    courriels.choix_annule(consultation)
    return consultation


@transaction.atomic
def abandonner(consultation, *, par, motif):
    """Stop the consultation; those who were asked and did not decline are told."""
    exiger(droits.instruit(par, consultation))
    envoyee = consultation.publiee_le is not None
    etats.ABANDONNER.appliquer(consultation, par=par, motif=motif)
    if envoyee:
        interesses = consultation.sollicitations.exclude(etat=EtatSollicitation.DECLINEE)
        for sollicitation in interesses.select_related("prestataire"):
            courriels.sans_suite(sollicitation)
    return consultation
