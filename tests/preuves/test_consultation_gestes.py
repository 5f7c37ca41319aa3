"""Proof 4 of the consultation, second part: avenants, signatures, births, journal, out of the scope.

The last test reads the modules of the chain: a gesture of theirs without a row fails the suite.
"""

from decimal import Decimal
from inspect import Parameter, getmembers, isfunction, signature

import pytest

from accompagnements.consultations import transitions as consultations
from accompagnements.consultations import validation
from accompagnements.conventions import circuit, courriels, revisions
from accompagnements.conventions import transitions as conventions
from accompagnements.missions import suivi
from accompagnements.missions import transitions as missions
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import PointRapport
from dla_portal.socle import horloge
from dla_portal.socle.models import Jeton
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import le_charge
from tests.accompagnements.test_ingenierie import facture_de
from tests.accompagnements.test_preuves_fse import un_pdf
from tests.accompagnements.test_signature import TRACE
from tests.preuves import mondes
from tests.preuves.essayer import AGIT, ARBITRE, INSTRUIT, verifier
from tests.preuves.mondes import Monde
from tests.preuves.test_consultation_etats import TABLE

pytestmark = pytest.mark.django_db


def _jour():
    return horloge.aujourdhui()


def _papier(acte, par, partie):
    return conventions.signer(
        acte,
        par=par,
        signature=acte.signatures.get(partie=partie),
        signataire="Une personne",
        qualite="Présidence",
        signee_le=_jour(),
        scan=un_pdf("scan.pdf"),
    )


def _avenant_abandonne():
    avenant = suite.un_avenant()
    revisions.abandonner(avenant, par=le_charge(avenant.convention), motif="Plus utile")
    avenant.refresh_from_db()
    return avenant


AVENANTS = {
    "en_preparation": lambda: Monde(suite.un_avenant()),
    "a_signer": lambda: Monde(suite.un_avenant(etat="a_signer")),
    "signe": lambda: Monde(suite.un_avenant(etat="signe")),
    "abandonne": lambda: Monde(_avenant_abandonne()),
}


def _a_signer(*parties):
    """A convention with its frozen document, signed on paper by these parties."""
    brouillon = suite.une_convention("brouillon")
    convention = conventions.mettre_en_signature(brouillon, par=le_charge(brouillon))
    for partie in parties:
        _papier(convention, le_charge(convention), partie)
    convention.refresh_from_db()
    return convention


def _de_la_structure(*parties):
    return Monde(_a_signer(*parties).signatures.get(partie="structure"))


def _par_lien(objet, par):
    return circuit.signer_par_lien(
        objet,
        par=par,
        jeton=Jeton.objects.filter(usage=courriels.USAGE).latest("pk"),
        trace=TRACE,
        signataire="Dominique Essai",
        qualite="Présidence",
        consentement=True,
    )


def _hors_cadre(geste=None):
    mission = suite.une_mission()
    demande = suite.une_demande_hors_cadre(mission)
    if geste is not None:
        geste(demande, par=le_charge(mission.convention), motif="Vu ensemble")
        demande.refresh_from_db()
    return Monde(demande)


def _papier_attendu(recu=False):
    restitution = suite.une_restitution(tenue=False)
    operateur = restitution.mission.convention.operateur
    operateur.rapport_papier = True
    operateur.save()
    if recu:
        par = le_charge(restitution.mission.convention)
        restitutions.recevoir_papier(restitution, par=par, rapport_papier_recu_le=_jour())
        restitution.refresh_from_db()
    return Monde(restitution)


def _validation_demandee():
    consultation = suite.une_consultation("validee")
    charge = le_charge(consultation)
    consultations.reprendre_cdc(consultation, par=charge, motif="À relire")
    validation.demander(consultation, par=charge)
    consultation.refresh_from_db()
    return Monde(consultation)


SUIT = {"charge", "responsable", "gestionnaire"}
SUITE = {
    "avenant": (
        AVENANTS,
        {
            "mettre_en_signature": (
                {"en_preparation"},
                INSTRUIT,
                lambda a, par: revisions.mettre_en_signature(a, par=par, avec_document=False),
            ),
            "signer": ({"a_signer"}, INSTRUIT, lambda a, par: _papier(a, par, "structure")),
            "signer_operateur": (
                {"a_signer"},
                ARBITRE,
                lambda a, par: _papier(a, par, "operateur"),
            ),
            "corriger": (
                {"a_signer"},
                INSTRUIT,
                lambda a, par: circuit.corriger(a, par=par, motif="Erreur de date"),
            ),
            "abandonner": (
                {"en_preparation", "a_signer"},
                INSTRUIT,
                lambda a, par: revisions.abandonner(a, par=par, motif="Plus utile"),
            ),
        },
    ),
    "convention à signer": (
        {
            "tour_de_la_structure": lambda: Monde(_a_signer()),
            "tour_de_l_operateur": lambda: Monde(_a_signer("structure", "prestataire")),
            "signee": lambda: Monde(suite.une_convention()),
        },
        {
            "signer_par_compte": (
                {"tour_de_l_operateur"},
                ARBITRE,
                lambda c, par: circuit.signer_par_compte(
                    c, par=par, trace=TRACE, qualite="Direction", consentement=True
                ),
            ),
            "renvoyer_le_lien": (
                {"tour_de_la_structure", "tour_de_l_operateur"},
                INSTRUIT,
                lambda c, par: circuit.renvoyer_le_lien(c, par=par),
            ),
        },
    ),
    "signature": (
        {"attendue": _de_la_structure, "donnee": lambda: _de_la_structure("structure")},
        {
            "signer_par_lien": ({"attendue"}, {"lien"}, _par_lien),
            "refuser": (
                {"attendue"},
                {"lien"},
                lambda s, par: circuit.refuser(s, par=par, motif="Montant faux"),
            ),
        },
    ),
    "naissance de la convention": (
        mondes.CONSULTATIONS,
        {
            "preparer": (
                {"attribuee"},
                INSTRUIT,
                lambda c, par: conventions.preparer(c, par=par),
            ),
        },
    ),
    "convention vers sa suite": (
        mondes.CONVENTIONS,
        {
            "lancer": (
                {"signee"},
                INSTRUIT,
                lambda c, par: missions.lancer(
                    c,
                    par=par,
                    lancee_le=_jour(),
                    presents="Tous",
                    **dict.fromkeys(("lieu", "objectifs", "calendrier", "suites"), "Dit"),
                ),
            ),
        },
    ),
    "cahier": (
        {
            "brouillon": mondes.CONSULTATIONS["brouillon"],
            "demandee": _validation_demandee,
            "validee": mondes.CONSULTATIONS["validee"],
        },
        {
            "valider": (
                {"demandee"},
                {"lien"},
                lambda c, par: validation.valider(
                    c, par=par, valide_par="La présidente", version_lue=c.cahier.version
                ),
            ),
            "demander_des_changements": (
                {"demandee"},
                {"lien"},
                lambda c, par: validation.demander_des_changements(
                    c, par=par, remarque="Parlez des bénévoles"
                ),
            ),
        },
    ),
    "journal de mission": (
        mondes.MISSIONS,
        {
            "inscrire_journee": (
                {"en_cours", "en_alerte", "suspendue", "arretee"},
                AGIT,
                lambda m, par: suite.une_journee(m, par=par),
            ),
            "demander_hors_cadre": (
                {"en_cours", "en_alerte", "suspendue"},
                AGIT,
                lambda m, par: suivi.demander_hors_cadre(
                    m, par=par, description="Former", jours=Decimal(1), raison="Demandé"
                ),
            ),
            "renvoyer_lien": (
                {"en_cours", "en_alerte", "suspendue"},
                INSTRUIT,
                lambda m, par: missions.renvoyer_lien(m, par=par),
            ),
            "recevoir_rapport": (
                {"en_cours", "arretee"},
                INSTRUIT,
                lambda m, par: restitutions.recevoir_rapport(
                    m, par=par, rapport_recu_le=_jour(), points=PointRapport.values
                ),
            ),
            "recevoir_facture": (
                {"en_cours", "en_alerte", "suspendue", "arretee", "terminee"},
                SUIT,
                lambda m, par: restitutions.recevoir_facture(
                    facture_de(m, "1200", solde=False), par=par
                ),
            ),
        },
    ),
    "hors_cadre": (
        {
            "demandee": _hors_cadre,
            "autorisee": lambda: _hors_cadre(suivi.autoriser),
            "refusee": lambda: _hors_cadre(suivi.refuser),
        },
        {
            "autoriser": (
                {"demandee"},
                INSTRUIT,
                lambda h, par: suivi.autoriser(h, par=par, motif="Dans l'esprit du plan"),
            ),
            "refuser": (
                {"demandee"},
                INSTRUIT,
                lambda h, par: suivi.refuser(h, par=par, motif="Hors du plan"),
            ),
        },
    ),
    "rapport sur papier": (
        {"attendu": _papier_attendu, "recu": lambda: _papier_attendu(recu=True)},
        {
            "recevoir_papier": (
                {"attendu"},
                SUIT,
                lambda r, par: restitutions.recevoir_papier(
                    r, par=par, rapport_papier_recu_le=_jour()
                ),
            ),
        },
    ),
}
CAS = [(nom, etat) for nom, (lieux, _) in SUITE.items() for etat in lieux]


@pytest.mark.parametrize(("nom", "etat"), CAS, ids=["-".join(cas) for cas in CAS])
def test_preuve_4_chaque_geste_de_la_suite_a_ses_etats_et_ses_gens(nom, etat):
    verifier(*SUITE[nom], etat)


# Gestures whose table is elsewhere, or which another one plays, and rights that look like them.
AILLEURS = {
    "consultations.transitions.choisir_grille": "test_grilles.py",
    "consultations.echanges.repondre_question": "test_echanges.py",
    "consultations.echanges.reconfirmer": "par le lien seul : test_echanges.py",
    "consultations.echanges.s_engager_au_secret": "par le lien seul : test_echanges.py",
    "consultations.ouverture.constater_silences": "joué par l'ouverture",
    "consultations.validation.demander": "test_validation.py",
    "missions.transitions.classer_avenant": "test_missions.py",
    "missions.transitions.terminer": "joué par la réception du rapport",
    "missions.suivi.retirer_journee": "test_missions.py",
    "missions.suivi.joindre_feuille": "test_missions.py",
    "missions.suivi.suit": "un droit",
    "restitutions.transitions.corrige": "un droit",
}
MODULES = (
    consultations,
    validation,
    conventions,
    circuit,
    revisions,
    missions,
    suivi,
    restitutions,
)


def _gestes():
    """Public functions of the chain that somebody (`par`, without default) asks for: {name: full}."""
    trouves = {}
    for module in MODULES:
        for nom, fonction in getmembers(module, isfunction):
            par = signature(fonction).parameters.get("par")
            if par is not None and par.default is Parameter.empty and not nom.startswith("_"):
                complet = f"{fonction.__module__.removeprefix('accompagnements.')}.{nom}"
                trouves[complet] = nom
    return trouves


def test_preuve_4_aucun_geste_n_est_oublie():
    lignes = {geste for table in (TABLE, SUITE) for _, gestes in table.values() for geste in gestes}
    gestes = _gestes()
    assert len(gestes) > 50
    oublies = {complet for complet, nom in gestes.items() if nom not in lignes}
    assert oublies == set(AILLEURS)
