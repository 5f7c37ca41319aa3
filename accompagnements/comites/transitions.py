"""Every change of state of a séance and of the dossiers it examines."""

from django.db import transaction

from accompagnements import droits
from accompagnements.comites import courriels, etats, regles
from accompagnements.comites.etats import EtatPassage
from accompagnements.comites.models import AvisMembre, Convocation, Passage, Seance
from dla_portal.comptes.droits import exiger
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
    Convocation.objects.bulk_create(
        Convocation(seance=seance, membre=membre) for membre in nouveaux
    )
    courriels.convoquer(seance, nouveaux)
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
def donner_avis(passage, *, par, avis, commentaire=""):
    """A member gives his own avis, once, before he reads the others. Returns the Passage."""
    exiger(regles.siege(par, passage))
    exiger_aucun_manque(regles.manques_pour_donner_avis(passage))
    if passage.etat != EtatPassage.INSCRIT:
        raise Manques(["Le comité a déjà rendu son avis sur ce dossier."])
    if passage.avis_membres.filter(membre=par).exists():
        raise Manques(["Vous avez déjà donné votre avis sur ce dossier."])
    AvisMembre.objects.create(passage=passage, membre=par, avis=avis, commentaire=commentaire)
    journaliser(passage, "Avis d'un membre du comité d'appui", par=par)
    return passage


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
    etats.TENIR.appliquer(seance, par=par)
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
    courriels.annulation(seance, motif)
    return seance
