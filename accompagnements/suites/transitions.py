"""Every change of state of a survey and of a follow-up."""

from django.db import transaction

from accompagnements import droits
from accompagnements.demandes import transitions as demandes
from accompagnements.demandes.models import Demande
from accompagnements.diagnostics.chiffres import point_de_depart
from accompagnements.diagnostics.lignes import Preconisation
from accompagnements.suites import courriels, etats, regles
from accompagnements.suites.models import Enquete, Suivi
from accompagnements.suites.releves import ConseilSuivi, Releve
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


@transaction.atomic
def envoyer_enquete(restitution, accompagnement, *, par):
    """Send the survey to one structure, with its personal link; plan its follow-up."""
    exiger(droits.instruit(par, restitution))
    exiger_aucun_manque(regles.manques_pour_enqueter(restitution, accompagnement))
    enquete = Enquete(
        restitution=restitution,
        accompagnement=accompagnement,
        destinataire=accompagnement.structure.courriel_principal(),
        envoyee_le=horloge.aujourdhui(),
    )
    etats.ENVOYER.appliquer(enquete, par=par)
    courriels.enquete(enquete)
    for diagnostic in accompagnement.diagnostics.valides().filter(suivi=None):
        prevoir_suivi(diagnostic, par=par)
    return enquete


@transaction.atomic
def envoyer_toutes(restitution, *, par):
    """Send the survey to every structure of the mission which has not got it. Returns the list."""
    dossiers = list(regles.a_enqueter(restitution))
    if not dossiers:
        raise Manques(["L'enquête est déjà partie pour toutes les structures."])
    # One structure without an address must not keep the others waiting.
    joignables = [d for d in dossiers if not regles.manques_pour_enqueter(restitution, d)]
    if not joignables:
        raise Manques(regles.manques_pour_enqueter(restitution, dossiers[0]))
    return [envoyer_enquete(restitution, dossier, par=par) for dossier in joignables]


@transaction.atomic
def repondre(enquete, *, par, **reponses):
    """Record the answers, given by the personal link or entered from paper by the chargé.

    `reponses` holds the questions (1 to 4), recommande, commentaire and consent_publication.
    """
    exiger(OUI if droits.par_lien(par) else droits.instruit(par, enquete))
    for champ, valeur in reponses.items():
        setattr(enquete, champ, valeur)
    if not enquete.globale:
        raise Manques(["Indiquez votre satisfaction globale."])
    enquete.repondue_le = horloge.aujourdhui()
    etats.REPONDRE.appliquer(enquete, par=par)
    return enquete


@transaction.atomic
def clore(enquete, *, par, motif):
    """Close a survey which stays without answer."""
    exiger(droits.instruit(par, enquete))
    etats.CLORE.appliquer(enquete, par=par, motif=motif)
    return enquete


@transaction.atomic
def prevoir_suivi(diagnostic, *, par=None):
    """Plan the follow-up of a validated diagnostic, 12 to 18 months later."""
    debut, fin = regles.fenetre_de_suivi(diagnostic.valide_le)
    suivi = Suivi(
        accompagnement=diagnostic.accompagnement,
        diagnostic=diagnostic,
        prevu_du=debut,
        prevu_au=fin,
    )
    etats.PREVOIR.appliquer(suivi, par=par)
    return suivi


@transaction.atomic
def realiser(suivi, *, par, realise_le, chiffres=None, suites=(), **constats):
    """Record the follow-up: figures of the year, advice followed, effects, new needs.

    `chiffres` holds fields of Releve (`annee` at least), `suites` what became of each advice as
    (Preconisation or Action, suite, why); `constats` are fields of Suivi. The sizes kept on the
    follow-up are those of the figures, when there are any.
    """
    exiger(droits.instruit(par, suivi))
    exiger_aucun_manque(
        regles.manques_du_suivi(suivi, realise_le) + regles.manques_des_conseils(suites)
    )
    suivi.realise_le = realise_le
    for champ, valeur in constats.items():
        setattr(suivi, champ, valeur)
    if chiffres:
        depart = point_de_depart(chiffres)
        suivi.effectif, suivi.budget = depart["effectif"], depart["budget"]
    etats.REALISER.appliquer(suivi, par=par)
    if chiffres:
        Releve.objects.create(suivi=suivi, **chiffres)
    for conseil, suite, pourquoi in suites:
        if suite:
            _noter_la_suite(suivi, conseil, suite, pourquoi)
    return suivi


def _noter_la_suite(suivi, conseil, suite, pourquoi):
    origine = "preconisation" if isinstance(conseil, Preconisation) else "action"
    texte = conseil.texte if origine == "preconisation" else conseil.intitule
    ConseilSuivi.objects.create(
        suivi=suivi, texte=texte, suite=suite, pourquoi=pourquoi.strip(), **{origine: conseil}
    )


@transaction.atomic
def redemander(suivi, *, par):
    """The new need becomes a demande of the same structure, linked to its follow-up."""
    exiger(droits.instruit(par, suivi))
    exiger_aucun_manque(regles.manques_pour_redemander(suivi))
    dossier = suivi.accompagnement
    suivi.demande = demandes.enregistrer(
        Demande(
            structure=dossier.structure,
            operateur=dossier.operateur,
            departement=dossier.demande.departement,
            canal=Demande.Canal.RENDEZ_VOUS,
            objet=f"Besoin exprimé au suivi du dossier {dossier.reference} : {suivi.besoins}",
            recue_le=suivi.realise_le,
        ),
        par=par,
    )
    suivi.save()
    journaliser(suivi, f"Nouvelle demande : {suivi.demande.reference}", par=par, nom="redemander")
    return suivi


@transaction.atomic
def constater_injoignable(suivi, *, par, motif):
    """State that the structure cannot be reached."""
    exiger(droits.instruit(par, suivi))
    etats.CONSTATER_INJOIGNABLE.appliquer(suivi, par=par, motif=motif)
    return suivi


@transaction.atomic
def constater_disparition(suivi, *, par, motif):
    """State that the structure no longer exists."""
    exiger(droits.instruit(par, suivi))
    etats.CONSTATER_DISPARITION.appliquer(suivi, par=par, motif=motif)
    return suivi


@transaction.atomic
def reprendre_satisfaction(restitution, accompagnement, *, par=None, globale, repondue_le):
    """Take over the satisfaction told for a past mission."""
    enquete = Enquete(
        restitution=restitution,
        accompagnement=accompagnement,
        globale=globale,
        repondue_le=repondue_le,
        reprise=True,
    )
    etats.REPRENDRE.appliquer(enquete, par=par)
    return enquete
