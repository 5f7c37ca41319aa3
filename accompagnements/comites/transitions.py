"""Every change of state of a séance and of the dossiers it examines."""

from django.db import transaction

from accompagnements import droits
from accompagnements.comites import courriels, etats, regles
from accompagnements.comites.etats import EtatPassage
from accompagnements.comites.models import AvisMembre, Convocation, Deport, Passage, Seance
from dla_portal.comptes import roles
from dla_portal.comptes.droits import exiger
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


@transaction.atomic
def planifier(seance, *, par, membres=()):
    """Plan a séance (not yet saved, its operateur set) and convene its members by mail."""
    exiger(droits.instruit(par, seance))
    etats.PLANIFIER.appliquer(seance, par=par)
    convoquer(seance, par=par, membres=membres)
    return seance


@transaction.atomic
def convoquer(seance, *, par, membres):
    """Convene those of the members who are not yet; each receives a mail. Returns the séance."""
    exiger(droits.instruit(par, seance))
    exiger_aucun_manque(regles.manques_si_close(seance))
    deja = set(seance.convocations.values_list("membre", flat=True))
    nouveaux = [membre for membre in membres if membre.pk not in deja]
    convocations = [Convocation.objects.create(seance=seance, membre=membre) for membre in nouveaux]
    courriels.convoquer(seance, convocations)
    return seance


@transaction.atomic
def modifier(seance, *, par, **champs):
    """Change a séance still to come; its members are told of another day, place or way."""
    exiger(droits.instruit(par, seance))
    exiger_aucun_manque(regles.manques_si_close(seance))
    avant = Seance.objects.get(pk=seance.pk)
    for champ, valeur in champs.items():
        setattr(seance, champ, valeur)
    seance.save()
    journaliser(seance, "Séance modifiée", par=par)
    if any(getattr(avant, nom) != getattr(seance, nom) for nom in ("quand", "lieu", "format")):
        courriels.changement(seance)
    return seance


@transaction.atomic
def inscrire(seance, accompagnement, *, par, synthese=""):
    """Put a dossier on the agenda, with the synthesis handed to the members. Returns the Passage.

    An empty synthesis takes up the problem and the priorities of the diagnostic.
    """
    exiger(droits.instruit(par, seance))
    exiger_aucun_manque(regles.manques_pour_inscrire(seance, accompagnement))
    passage = Passage(
        seance=seance,
        accompagnement=accompagnement,
        synthese=synthese.strip() or regles.synthese_du_diagnostic(accompagnement),
    )
    etats.INSCRIRE.appliquer(passage, par=par)
    return passage


@transaction.atomic
def corriger_synthese(passage, *, par, synthese):
    """Correct the synthesis before the avis of the comité."""
    exiger(droits.instruit(par, passage))
    if passage.etat != EtatPassage.INSCRIT:
        raise Manques(["Le comité a déjà rendu son avis : la synthèse ne change plus."])
    passage.synthese = synthese
    passage.save()
    journaliser(passage, "Synthèse pour le comité modifiée", par=par)
    return passage


@transaction.atomic
def donner_avis(
    passage, *, par, avis, commentaire="", ressources="", jours_conseilles=None, moyen=""
):
    """A member gives his own avis, once, before he reads the others. Returns the Passage.

    `jours_conseilles` in days; `moyen` says how he came when it is not by his account.
    """
    exiger(regles.siege(par, passage))
    passage = _verrouiller(passage)
    exiger_aucun_manque(regles.manques_pour_donner_avis(passage))
    if passage.etat != EtatPassage.INSCRIT:
        raise Manques(["Le comité a déjà rendu son avis sur ce dossier."])
    if passage.avis_membres.filter(membre=par).exists():
        raise Manques(["Vous avez déjà donné votre avis sur ce dossier."])
    AvisMembre.objects.create(
        passage=passage,
        membre=par,
        avis=avis,
        commentaire=commentaire,
        ressources=ressources,
        jours_conseilles=jours_conseilles,
    )
    journaliser(passage, f"Avis d'un membre du comité d'appui{moyen}", par=par)
    return passage


@transaction.atomic
def se_deporter(passage, *, par, motif, moyen=""):
    """A member keeps out of a dossier: he no longer reads it. Returns the Passage."""
    exiger(regles.siege(par, passage))
    return _deporter(passage, par, motif, par, moyen)


@transaction.atomic
def deporter(passage, *, par, membre, motif):
    """The operator keeps a member out of a dossier, as he asked or because of what it knows."""
    exiger(droits.instruit(par, passage))
    return _deporter(passage, membre, motif, par)


def _verrouiller(passage):
    """The row as it stands, held until the end: two clicks at once come one after the other."""
    return Passage.objects.select_for_update().get(pk=passage.pk)


def _deporter(passage, membre, motif, par, moyen=""):
    passage = _verrouiller(passage)
    exiger_aucun_manque(regles.manques_pour_deporter(passage))
    if not passage.seance.convocations.filter(membre=membre).exists():
        raise Manques(["Cette personne n'est pas convoquée à la séance."])
    if passage.deports.filter(membre=membre).exists():
        raise Manques(["Cette personne s'est déjà déportée de ce dossier."])
    passage.avis_membres.filter(membre=membre).delete()  # what was said in conflict counts no more
    Deport.objects.create(passage=passage, membre=membre, motif=motif)
    journaliser(passage, f"{membre} ne siège pas sur ce dossier{moyen}", par=par)
    return passage


@transaction.atomic
def nommer_membre(operateur, *, par, email, prenom, nom, au_titre_de, debut, fin=None):
    """Give a person a term in the comité of an operator; return the Rattachement.

    Who has no account receives one without password: he acts by his personal links, and may
    choose a password later from the sign-in page. An account that exists keeps its own name.
    """
    exiger(regles.compose(par, operateur))
    exiger_aucun_manque(regles.manques_du_mandat(operateur, email, debut, fin))
    membre = Utilisateur.objects.filter(email=email.lower()).first()
    if membre is None:
        membre = Utilisateur.objects.create_user(email, prenom=prenom, nom=nom)
    return Rattachement.objects.create(
        utilisateur=membre,
        role=roles.MembreComite.code,
        operateur=operateur,
        au_titre_de=au_titre_de,
        debut=debut,
        fin=fin,
    )


@transaction.atomic
def finir_mandat(mandat, *, par, fin):
    """Say when the term of a member ends; the séances he is convened to keep his name."""
    exiger(regles.compose(par, mandat.operateur))
    if fin < mandat.debut:
        raise Manques(["La fin du mandat précède son début."])
    mandat.fin = fin
    mandat.save(update_fields=["fin"])
    return mandat


@transaction.atomic
def rendre_avis(passage, *, par, avis, reserves="", ressources="", jours_conseilles=None):
    """Record the avis of the comité, consultative. `jours_conseilles` in days."""
    exiger(droits.instruit(par, passage))
    exiger_aucun_manque(regles.manques_pour_rendre_avis(passage))
    if not avis:
        raise Manques(["Indiquez l'avis du comité."])
    passage.avis, passage.reserves, passage.ressources = avis, reserves, ressources
    passage.jours_conseilles = jours_conseilles
    etats.RENDRE_AVIS.appliquer(passage, par=par)
    return passage


@transaction.atomic
def decider(passage, *, par, decision, justification=""):
    """Record what the operator decides after the avis."""
    exiger(droits.instruit(par, passage))
    exiger_aucun_manque(regles.divergence_sans_raison(decision, justification))
    passage.decision, passage.justification = decision, justification
    passage.decide_le = horloge.aujourdhui()
    etats.DECIDER.appliquer(passage, par=par)
    return passage


@transaction.atomic
def retirer(passage, *, par, motif):
    """Withdraw a dossier from the agenda before its avis."""
    exiger(droits.instruit(par, passage))
    etats.RETIRER.appliquer(passage, par=par, motif=motif)
    return passage


@transaction.atomic
def tenir(seance, *, par, presents="", presences=None):
    """Record that the séance was held; `presences` maps the pk of a Convocation to a presence."""
    exiger(droits.instruit(par, seance))
    exiger_aucun_manque(regles.manques_pour_tenir(seance))
    seance.presents = presents
    (etats.CLORE if seance.electronique else etats.TENIR).appliquer(seance, par=par)
    courriels.fermer_les_liens(seance)
    for convocation in seance.convocations.all():
        convocation.presence = (presences or {}).get(convocation.pk, convocation.presence)
        convocation.save(update_fields=["presence"])
    return seance


@transaction.atomic
def annuler(seance, *, par, motif):
    """Cancel a séance: its agenda is emptied and the members are told."""
    exiger(droits.instruit(par, seance))
    etats.ANNULER.appliquer(seance, par=par, motif=motif)
    for passage in seance.passages.filter(etat=EtatPassage.INSCRIT):
        etats.RETIRER.appliquer(passage, par=par, motif=f"Séance annulée : {motif}")
    courriels.fermer_les_liens(seance)
    courriels.annulation(seance, motif)
    return seance
