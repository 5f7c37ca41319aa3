"""Objects of the second half of the chain in each of their states, by the real transitions."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from accompagnements.consultations import transitions as consultations
from accompagnements.conventions import transitions as conventions
from accompagnements.missions import transitions as missions
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import DEPOT, le_charge

LIEN = "Par son lien"
AVANT = timedelta(days=4)  # questions are still open
APRES = timedelta(hours=1)
DECISION = {
    "motif": "Désaccord",
    "consultes": "La présidente, le cabinet",
    "suites": "Un point dans deux semaines",
}


@dataclass
class Monde:
    """An object in one state, and the instant at which people act on it."""

    objet: object
    instant: object = None


def _responsable(objet):
    return fabrique.une_personne(roles.Responsable.code, operateur=objet.ingenierie.operateur)


def _gestionnaire(objet):
    return fabrique.une_personne(roles.Gestionnaire.code, operateur=objet.ingenierie.operateur)


def _publiee(depots=0, passee=False):
    consultation = suite.une_consultation("publiee")
    avant, apres = consultation.date_limite - AVANT, consultation.date_limite + APRES
    with horloge.voyage(avant):
        for sollicitation in list(consultation.sollicitations.all())[:depots]:
            consultations.deposer(sollicitation, par=LIEN, **DEPOT)
    return Monde(consultation, apres if passee else avant)


def _notee():
    consultation = suite.une_consultation("en_analyse")
    consultations.noter(
        consultation, par=le_charge(consultation), notes=notes_pleines(consultation)
    )
    return Monde(consultation)


def notes_pleines(consultation):
    """Every criterion of every proposition at its maximum."""
    return {
        (p.pk, c.pk): Decimal(c.points)
        for p in consultation.propositions.all()
        for c in consultation.criteres.all()
    }


def _finie(geste, depart, **arguments):
    depart.objet.refresh_from_db()
    with horloge.voyage(depart.instant or horloge.maintenant()):
        geste(depart.objet, par=le_charge(depart.objet), **arguments)
    return depart


CONSULTATIONS = {
    "brouillon": lambda: Monde(_sans_validation()),
    "validee": lambda: Monde(suite.une_consultation("validee")),
    "publiee": _publiee,
    "corrigee": lambda: _finie(
        consultations.corriger_cdc, _publiee(), motif="Oubli", livrables="Quatre livrables"
    ),
    "ouvrable": lambda: _publiee(depots=2, passee=True),
    "muette": lambda: _publiee(passee=True),
    "en_analyse": lambda: Monde(suite.une_consultation("en_analyse")),
    "notee": _notee,
    "grille_demandee": lambda: _finie(
        consultations.demander_grille, Monde(suite.une_consultation("en_analyse"))
    ),
    "attribuee": lambda: Monde(suite.une_consultation("attribuee")),
    "infructueuse": lambda: _finie(consultations.constater_infructueuse, _publiee(passee=True)),
    "sans_suite": lambda: _finie(consultations.abandonner, _publiee(), motif="Financement retiré"),
}


def _sans_validation():
    consultation = suite.une_consultation("validee")
    return consultations.reprendre_cdc(
        consultation, par=le_charge(consultation), motif="Objectifs à préciser"
    )


def _sollicitation(geste=None, etat="publiee"):
    monde = _publiee() if etat == "publiee" else Monde(suite.une_consultation(etat))
    sollicitation = monde.objet.sollicitations.first()
    if geste is not None:
        with horloge.voyage(monde.instant):
            geste(sollicitation)
        sollicitation.refresh_from_db()
    return Monde(sollicitation, monde.instant)


def _silence():
    monde = CONSULTATIONS["infructueuse"]()
    return Monde(monde.objet.sollicitations.first(), monde.instant)


SOLLICITATIONS = {
    "pressentie": lambda: _sollicitation(etat="validee"),
    "sollicitee": _sollicitation,
    "annoncee": lambda: _sollicitation(lambda s: consultations.annoncer(s, par=LIEN)),
    "declinee": lambda: _sollicitation(
        lambda s: consultations.decliner(s, par=LIEN, motif="Plan de charge")
    ),
    "deposee": lambda: _sollicitation(lambda s: consultations.deposer(s, par=LIEN, **DEPOT)),
    "sans_reponse": _silence,
}


def _proposition(retenue, demandee=False):
    consultation = suite.une_consultation("attribuee")
    proposition = consultation.propositions.get(etat="retenue" if retenue else "non_retenue")
    if demandee:
        consultations.demander_motif(proposition.sollicitation, par=LIEN)
        proposition.refresh_from_db()
    return Monde(proposition)


PROPOSITIONS = {
    "recue": lambda: Monde(_notee().objet.propositions.first()),
    "retenue": lambda: _proposition(True),
    "non_retenue": lambda: _proposition(False),
    "motif_demande": lambda: _proposition(False, demandee=True),
}


def _convention(etat, geste=None, **arguments):
    convention = suite.une_convention(etat)
    if geste is not None:
        geste(convention, motif="Défection", **arguments, par=_responsable(convention))
        convention.refresh_from_db()
    return Monde(convention)


CONVENTIONS = {
    "brouillon": lambda: _convention("brouillon"),
    "en_signature": lambda: _convention("en_signature"),
    "signee": lambda: _convention("signee"),
    "resiliee": lambda: _convention("signee", conventions.resilier),
    "abandonnee": lambda: _convention("brouillon", conventions.abandonner),
}


def _mission(*gestes):
    mission = suite.une_mission()
    for geste in gestes:
        plus = {"emise_par": "Le cabinet", "motif": "Désaccord"}
        geste(
            mission,
            par=_responsable(mission.convention),
            **(plus if geste is missions.alerter else DECISION),
        )
    return Monde(mission)


MISSIONS = {
    "en_cours": _mission,
    "en_alerte": lambda: _mission(missions.alerter),
    "suspendue": lambda: _mission(missions.alerter, missions.suspendre),
    "arretee": lambda: _mission(missions.alerter, missions.arreter),
    "terminee": lambda: Monde(suite.une_restitution().mission),
}


def _planifiee():
    restitution = suite.une_restitution(tenue=False)
    return restitutions.planifier(
        restitution,
        par=le_charge(restitution.mission.convention),
        prevue_le=horloge.maintenant() + timedelta(days=3),
        prevue_lieu="Au siège",
    )


RESTITUTIONS = {
    "rapport_recu": lambda: Monde(suite.une_restitution(tenue=False)),
    "planifiee": lambda: Monde(_planifiee()),
    "tenue": lambda: Monde(suite.une_restitution()),
    "soldee": lambda: Monde(_facture(payee=True).objet.mission.restitution),
}


def _facture(geste=None, payee=False):
    mission = suite.une_restitution().mission
    gestion = _gestionnaire(mission.convention)
    facture = restitutions.recevoir_facture(
        Facture(
            mission=mission,
            numero="F1",
            datee_du=horloge.aujourdhui(),
            montant_ht=Decimal(4000),
            montant_ttc=Decimal(4800),
            solde=True,
        ),
        par=le_charge(mission.convention),
    )
    if geste is not None:
        geste(facture, par=gestion)
    if payee:
        restitutions.certifier(facture, par=gestion)
        restitutions.payer(
            facture, par=gestion, payee_le=horloge.aujourdhui(), paiement_reference="VIR 1"
        )
    facture.refresh_from_db()
    return Monde(facture)


FACTURES = {
    "recue": _facture,
    "certifiee": lambda: _facture(restitutions.certifier),
    "payee": lambda: _facture(payee=True),
    "rejetee": lambda: _facture(lambda f, par: restitutions.rejeter(f, par=par, motif="Erreur")),
}
