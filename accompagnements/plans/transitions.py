"""Every change of state of a plan, its actions, and the birth of the Ingenieries."""

from django.db import transaction

from accompagnements import droits
from accompagnements.plans import courriels, etats, regles
from accompagnements.plans.contenu import contenu_de, empreinte
from accompagnements.plans.etats import INGENIERIES, TERMINAUX, Etat, StatutAction
from accompagnements.plans.lignes import RevuePlan
from accompagnements.plans.models import Action, Ingenierie, Plan, VersionPlan
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import plus_mois
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

RELU = "Le plan a changé depuis que vous l'avez lu : relisez-le avant de donner votre accord."
REPRIS = "Ce plan n'attend plus votre accord : rechargez la page."


@transaction.atomic
def preparer(accompagnement, *, par, preconisations=(), **champs):
    """Start the plan of a dossier whose diagnostic is validated. Returns it.

    Each of the `preconisations` (rows of that diagnostic) becomes an action to be completed.
    """
    exiger(droits.instruit(par, accompagnement))
    exiger_aucun_manque(regles.manques_pour_preparer(accompagnement))
    plan = Plan(accompagnement=accompagnement, **champs)
    etats.PREPARER.appliquer(plan, par=par)
    if plan.revue_le:
        RevuePlan.objects.create(plan=plan, prevue_le=plan.revue_le)
    for conseil in preconisations:
        echeance = None
        if conseil.delai is not None:
            echeance = plus_mois(horloge.aujourdhui(), conseil.delai)
        ajouter_action(
            Action(plan=plan, genre=conseil.genre, intitule=_intitule(conseil), echeance=echeance),
            par=par,
        )
    return plan


@transaction.atomic
def soumettre(plan, *, par):
    """Submit the plan to the structure, which gets its personal link by mail."""
    exiger(droits.instruit(par, plan))
    _tenir(plan)
    exiger_aucun_manque(regles.manques_pour_soumettre(plan))
    plan.soumis_le = horloge.aujourdhui()
    etats.SOUMETTRE.appliquer(plan, par=par)
    courriels.soumis(plan)
    return plan


@transaction.atomic
def corriger(plan, *, par, motif):
    """Take the writing up again; what the structure holds opens nothing any more."""
    exiger(droits.instruit(par, plan))
    _reprendre_la_redaction(plan, par, motif)
    courriels.revoquer(plan)
    return plan


@transaction.atomic
def demander_correction(plan, *, par, remarque):
    """The structure asks for corrections by its link; the chargé is told what they are."""
    exiger(droits.par_lien(par))
    _relire(plan)
    if plan.etat != Etat.PARTAGE:
        raise Manques([REPRIS])
    _reprendre_la_redaction(plan, par, remarque)
    courriels.a_corriger(plan)
    return plan


def _reprendre_la_redaction(plan, par, motif):
    plan.soumis_le = None
    etats.CORRIGER.appliquer(plan, par=par, motif=motif)


@transaction.atomic
def valider(plan, *, par, valide_le, accord_de, organe=""):
    """Record an agreement given to the team, on paper or in a meeting."""
    exiger(droits.instruit(par, plan))
    _tenir(plan)
    return _accepter(plan, par, valide_le, accord_de, organe)


@transaction.atomic
def valider_par_lien(plan, *, par, valide_le, accord_de, organe, lu, commentaire=""):
    """The structure agrees by its link to the very text that it has read (its fingerprint `lu`)."""
    exiger(droits.par_lien(par))
    _relire(plan)
    if plan.etat != Etat.PARTAGE:
        raise Manques([REPRIS])
    if empreinte(plan) != lu:
        raise Manques([RELU])
    if not organe.strip():
        raise Manques(["Indiquez l'instance de la structure qui a donné son accord."])
    _accepter(plan, par, valide_le, accord_de, organe, commentaire)
    courriels.accord(plan)
    return plan


def _accepter(plan, par, valide_le, accord_de, organe, commentaire=""):
    """The agreement dated; each engineering action gets its Ingenierie."""
    exiger_aucun_manque(
        regles.manques_pour_valider(plan) + regles.ordre_de_l_accord(plan, valide_le)
    )
    plan.valide_le, plan.accord_de = valide_le, accord_de.strip()
    plan.organe, plan.accord_note = organe.strip(), commentaire.strip()
    etats.VALIDER.appliquer(plan, par=par, motif=plan.accord_note)
    for action in plan.actions.filter(genre__in=INGENIERIES, ingenierie=None):
        if action.statut != StatutAction.ABANDONNEE:
            _ouvrir_ingenierie(action)
    return plan


@transaction.atomic
def actualiser(plan, *, par, motif):
    """Freeze the version in force and open the next one for writing."""
    exiger(droits.instruit(par, plan))
    _tenir(plan)
    version = VersionPlan(
        plan=plan,
        numero=plan.numero,
        contenu=contenu_de(plan),
        valide_le=plan.valide_le,
        mobilisees=plan.mobilisees,
        motif=motif,
    )
    plan.numero += 1
    plan.soumis_le = None
    etats.ACTUALISER.appliquer(plan, par=par, motif=motif)
    version.save()
    courriels.revoquer(plan)
    return plan


@transaction.atomic
def clore(plan, *, par):
    """Close a plan whose actions are all carried out or given up."""
    exiger(droits.instruit(par, plan))
    exiger_aucun_manque(regles.manques_pour_clore(plan))
    etats.CLORE.appliquer(plan, par=par)
    return plan


@transaction.atomic
def abandonner(plan, *, par, motif):
    """Give up a plan none of whose actions is under way."""
    exiger(droits.instruit(par, plan))
    exiger_aucun_manque(regles.manques_pour_abandonner(plan))
    plan.soumis_le = None
    etats.ABANDONNER.appliquer(plan, par=par, motif=motif)
    courriels.revoquer(plan)
    return plan


@transaction.atomic
def rouvrir(plan, *, par, motif):
    """Take up a plan given up: a decision of the responsable."""
    exiger(droits.arbitre(par, plan))
    etats.ROUVRIR.appliquer(plan, par=par, motif=motif)
    return plan


@transaction.atomic
def ajouter_action(action, *, par):
    """Add an action (not yet saved, its plan set) to a plan being prepared. Returns it."""
    exiger(droits.instruit(par, action.plan))
    _tenir(action.plan)
    exiger_aucun_manque(regles.manques_pour_modifier(action.plan))
    action.save()
    return action


@transaction.atomic
def retirer_action(action, *, par):
    """Remove an action from a plan being prepared. Returns the plan."""
    exiger(droits.instruit(par, action.plan))
    plan = _tenir(action.plan)
    exiger_aucun_manque(regles.manques_pour_modifier(plan) + regles.manques_pour_retirer(action))
    journaliser(plan, f"Action retirée du plan : {action.intitule}", par=par)
    action.delete()
    return plan


@transaction.atomic
def rattacher(action, *, par, ingenierie):
    """Join an existing collective engineering instead of opening another. Returns the action."""
    exiger(droits.instruit(par, action.plan))
    _tenir(action.plan)
    exiger_aucun_manque(regles.manques_pour_modifier(action.plan))
    if not regles.ingenieries_a_partager(action).filter(pk=ingenierie.pk).exists():
        raise Manques(["Cette ingénierie ne peut pas être partagée avec cette action."])
    action.ingenierie = ingenierie
    action.thematique = action.thematique or ingenierie.thematique
    action.save()
    journaliser(action.plan, f"Action rattachée à l'ingénierie {ingenierie.reference}", par=par)
    return action


@transaction.atomic
def avancer_action(ingenierie, statut):
    """Set the progress of the actions of an engineering; those already ended keep their end."""
    for action in ingenierie.actions.exclude(statut__in=[*TERMINAUX, statut]):
        action.statut = statut
        action.save()


@transaction.atomic
def reprendre(accompagnement, *, par=None, valide_le, actions):
    """Take over the plan of a past year, already agreed to. Returns it, in the state VALIDE.

    `actions` is a list of dictionaries of Action fields: `genre` and `intitule` at least, and
    `thematique`, `intervenant`, `echeance`, `jours_prevus` (days), `montant_prevu` (euros TTC),
    `statut`, `resultat`; `ingenierie` holds the Ingenierie when several dossiers share it, and
    is opened here otherwise. The caller has checked the rows.
    """
    plan = Plan(accompagnement=accompagnement, valide_le=valide_le, accord_de="Reprise")
    etats.REPRENDRE.appliquer(plan, par=par)
    for champs in actions:
        action = Action.objects.create(plan=plan, **champs)
        if action.genre in INGENIERIES and action.ingenierie_id is None:
            _ouvrir_ingenierie(action)
    return plan


def _intitule(conseil):
    """The first line of a preconisation, in the room of a title."""
    ligne = conseil.texte.strip().splitlines()[0]
    taille = Action._meta.get_field("intitule").max_length
    return ligne if len(ligne) <= taille else f"{ligne[: taille - 1]}…"


def _ouvrir_ingenierie(action):
    """Open the Ingenierie of an action, numbered within its dossier: `<référence>-I1`."""
    dossier = action.plan.accompagnement
    # The plan is held: nobody numbers another engineering of this dossier meanwhile.
    deja = Ingenierie.objects.filter(reference__startswith=f"{dossier.reference}-I").count()
    action.ingenierie = Ingenierie.objects.create(
        reference=f"{dossier.reference}-I{deja + 1}",
        genre=action.genre,
        intitule=action.intitule,
        thematique=action.thematique,
        operateur_id=dossier.operateur_id,
        cree_le=horloge.maintenant(),
    )
    action.save()


def _tenir(plan):
    """Lock the row of the plan until the commit: its actions and its state move together."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    plan.refresh_from_db(fields=["etat"])
    return plan


def _relire(plan):
    """Lock the plan, then read all of it again: what the structure acts on is what is stored."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    plan.refresh_from_db()


def exiger_modifiable(plan):
    """Within the transaction that writes a part of the plan: nobody has submitted it meanwhile."""
    exiger_aucun_manque(regles.manques_pour_modifier(_tenir(plan)))
