"""Proof 4 of the consultation: state × person × gesture, exhaustively.

In each world (an object in one state) everybody tries every gesture: what the table allows
succeeds, all the rest is refused and writes nothing.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from accompagnements.consultations import transitions as consultations
from accompagnements.consultations import validation
from accompagnements.conventions import transitions as conventions
from accompagnements.missions import transitions as missions
from accompagnements.missions.models import NoteMiParcours
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import PointRapport
from dla_portal.socle import horloge
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import DEPOT
from tests.preuves import mondes
from tests.preuves.essayer import AGIT, ARBITRE, GERE, INSTRUIT, verifier
from tests.preuves.mondes import notes_pleines

pytestmark = pytest.mark.django_db


# --- The table: gesture → (worlds that allow it, people who may, call) --------------------------


def _jour():
    return horloge.aujourdhui()


def _autre_limite(consultation):
    return (consultation.date_limite or horloge.maintenant()) + timedelta(days=5)


TABLE = {
    "consultation": (
        mondes.CONSULTATIONS,
        {
            "valider_cdc": (
                {"brouillon"},
                AGIT,
                lambda c, par: consultations.valider_cdc(
                    c, par=par, valide_le=_jour(), valide_par="La présidente"
                ),
            ),
            "reprendre_cdc": (
                {"validee"},
                INSTRUIT,
                lambda c, par: consultations.reprendre_cdc(c, par=par, motif="À préciser"),
            ),
            "fixer_criteres": (
                {"brouillon"},
                INSTRUIT,
                lambda c, par: consultations.fixer_criteres(
                    c, par=par, points={k.pk: k.points for k in c.criteres.all()}
                ),
            ),
            "pressentir": (
                {"brouillon", "validee"},
                INSTRUIT,
                lambda c, par: consultations.pressentir(c, suite.un_prestataire(2), par=par),
            ),
            "relancer_grille": (
                {"grille_demandee"},
                INSTRUIT,
                lambda c, par: consultations.relancer_grille(c, par=par),
            ),
            "publier": (
                {"validee"},
                INSTRUIT,
                lambda c, par: consultations.publier(
                    c,
                    par=par,
                    date_limite=horloge.maintenant() + timedelta(days=10),
                    justification_delai="Essai",
                ),
            ),
            "prolonger": (
                {"publiee", "corrigee"},
                INSTRUIT,
                lambda c, par: consultations.prolonger(
                    c,
                    par=par,
                    date_limite=_autre_limite(c),
                    motif="Congés",
                    justification_delai="Essai",
                ),
            ),
            "recueillir_l_accord": (
                {"corrigee"},
                INSTRUIT,
                lambda c, par: validation.recueillir_l_accord(
                    c, par=par, valide_le=_jour(), valide_par="La présidente"
                ),
            ),
            "corriger_cdc": (
                {"publiee", "corrigee"},
                INSTRUIT,
                lambda c, par: consultations.corriger_cdc(
                    c, par=par, motif="Oubli", objectifs="Des objectifs corrigés"
                ),
            ),
            "ouvrir": (
                {"ouvrable"},
                INSTRUIT,
                lambda c, par: consultations.ouvrir(c, par=par),
            ),
            "constater_infructueuse": (
                {"muette"},
                INSTRUIT,
                lambda c, par: consultations.constater_infructueuse(c, par=par),
            ),
            "noter": (
                {"en_analyse", "grille_demandee"},
                INSTRUIT,
                lambda c, par: consultations.noter(c, par=par, notes=notes_pleines(c)),
            ),
            "demander_grille": (
                {"en_analyse", "notee"},
                INSTRUIT,
                lambda c, par: consultations.demander_grille(c, par=par),
            ),
            "se_passer_de_la_grille": (
                {"grille_demandee"},
                INSTRUIT,
                lambda c, par: consultations.se_passer_de_la_grille(c, par=par, motif="Congés"),
            ),
            "relancer": (
                {"attribuee"},
                ARBITRE,
                lambda c, par: consultations.relancer(c, par=par, motif="Défection"),
            ),
            "abandonner": (
                {
                    "brouillon",
                    "validee",
                    "publiee",
                    "corrigee",
                    "ouvrable",
                    "muette",
                    "en_analyse",
                    "notee",
                    "grille_demandee",
                    "infructueuse",
                },
                INSTRUIT,
                lambda c, par: consultations.abandonner(c, par=par, motif="Financement retiré"),
            ),
        },
    ),
    "sollicitation": (
        mondes.SOLLICITATIONS,
        {
            "renoncer": (
                {"pressentie"},
                INSTRUIT,
                lambda s, par: consultations.renoncer(s, par=par),
            ),
            "annoncer": (
                {"sollicitee"},
                AGIT,
                lambda s, par: consultations.annoncer(s, par=par),
            ),
            "decliner": (
                {"sollicitee", "annoncee"},
                AGIT,
                lambda s, par: consultations.decliner(s, par=par, motif="Plan de charge"),
            ),
            "noter_refus": (
                {"sollicitee", "annoncee"},
                INSTRUIT,
                lambda s, par: consultations.noter_refus(
                    s, par=par, moyen="telephone", recu_le=_jour()
                ),
            ),
            "revenir_sur_refus": (
                {"declinee"},
                AGIT,
                lambda s, par: consultations.revenir_sur_refus(s, par=par, motif="Erreur"),
            ),
            "deposer": (
                {"sollicitee", "annoncee", "deposee"},
                {"lien"},
                lambda s, par: consultations.deposer(s, par=par, **DEPOT),
            ),
            "deposer_courrier": (
                {"sollicitee", "annoncee"},
                AGIT,
                lambda s, par: consultations.deposer(
                    s, par=par, arrivee_le=horloge.maintenant(), **DEPOT
                ),
            ),
            "deposer_courrier_malgre_le_lien": (
                {"sollicitee", "annoncee", "deposee"},
                AGIT,
                lambda s, par: consultations.deposer(
                    s, par=par, arrivee_le=horloge.maintenant(), malgre_le_lien=True, **DEPOT
                ),
            ),
            "poser_question": (
                {"sollicitee", "annoncee", "deposee"},
                {"lien"},
                lambda s, par: consultations.poser_question(
                    s, par=par, texte="Combien d'ateliers ?"
                ),
            ),
        },
    ),
    "proposition": (
        mondes.PROPOSITIONS,
        {
            "attribuer": (
                {"recue"},
                INSTRUIT,
                lambda p, par: consultations.attribuer(
                    p.consultation,
                    par=par,
                    proposition=p,
                    presents="La présidente",
                    motif="Mieux",
                    malgre_les_pieces=True,
                ),
            ),
            "demander_motif": (
                {"non_retenue", "motif_demande"},
                {"lien"},
                lambda p, par: consultations.demander_motif(p.sollicitation, par=par),
            ),
            "donner_motif": (
                {"motif_demande"},
                INSTRUIT,
                lambda p, par: consultations.donner_motif(p, par=par, motif_rejet="Méthode"),
            ),
        },
    ),
    "convention": (
        mondes.CONVENTIONS,
        {
            "mettre_en_signature": (
                {"brouillon"},
                INSTRUIT,
                lambda c, par: conventions.mettre_en_signature(c, par=par, avec_document=False),
            ),
            "signer": (
                {"en_signature"},
                INSTRUIT,
                lambda c, par: conventions.signer(
                    c,
                    par=par,
                    signature=c.signatures.first(),
                    signataire="Une personne",
                    qualite="Présidence",
                    signee_le=_jour(),
                ),
            ),
            "signer_operateur": (
                {"en_signature"},
                ARBITRE,
                lambda c, par: conventions.signer(
                    c,
                    par=par,
                    signature=c.signatures.get(partie="operateur"),
                    signataire="Une personne",
                    qualite="Direction",
                    signee_le=_jour(),
                ),
            ),
            "corriger": (
                {"en_signature"},
                INSTRUIT,
                lambda c, par: conventions.corriger(c, par=par, motif="Erreur de date"),
            ),
            "abandonner": (
                {"brouillon", "en_signature"},
                INSTRUIT,
                lambda c, par: conventions.abandonner(c, par=par, motif="Défection"),
            ),
            "resilier": (
                {"signee"},
                ARBITRE,
                lambda c, par: conventions.resilier(c, par=par, motif="Défection"),
            ),
        },
    ),
    "mission": (
        mondes.MISSIONS,
        {
            "alerter": (
                {"en_cours"},
                AGIT,
                lambda m, par: missions.alerter(
                    m, par=par, emise_par="Le cabinet", motif="Départ de la directrice"
                ),
            ),
            "corriger_lancement": (
                {"en_cours", "en_alerte", "suspendue"},
                INSTRUIT,
                lambda m, par: missions.corriger_lancement(
                    m, par=par, motif="Lieu mal noté", lancee_le=m.lancee_le, lieu="À la mairie"
                ),
            ),
            "ajouter_note": (
                {"en_cours", "en_alerte", "suspendue"},
                AGIT,
                lambda m, par: missions.ajouter_note(
                    NoteMiParcours(
                        mission=m,
                        jours_realises=Decimal(2),
                        travaux="Un atelier",
                        objectifs="Les coûts",
                    ),
                    par=par,
                ),
            ),
            "poursuivre": (
                {"en_alerte", "suspendue"},
                INSTRUIT,
                lambda m, par: missions.poursuivre(m, par=par, **mondes.DECISION),
            ),
            "reorienter": (
                {"en_alerte", "suspendue"},
                INSTRUIT,
                lambda m, par: missions.reorienter(m, par=par, **mondes.DECISION),
            ),
            "suspendre": (
                {"en_alerte"},
                INSTRUIT,
                lambda m, par: missions.suspendre(m, par=par, **mondes.DECISION),
            ),
            "arreter": (
                {"en_alerte", "suspendue"},
                ARBITRE,
                lambda m, par: missions.arreter(m, par=par, **mondes.DECISION),
            ),
        },
    ),
    "restitution": (
        mondes.RESTITUTIONS,
        {
            "declarer_conforme": (
                {"rapport_recu", "planifiee", "tenue"},
                INSTRUIT,
                lambda r, par: restitutions.declarer_conforme(
                    r, par=par, points=PointRapport.values
                ),
            ),
            "planifier": (
                {"rapport_recu", "planifiee"},
                INSTRUIT,
                lambda r, par: restitutions.planifier(
                    r,
                    par=par,
                    prevue_le=horloge.maintenant() + timedelta(days=9),
                    prevue_lieu="Au siège",
                ),
            ),
            "tenir": (
                {"rapport_recu", "planifiee"},
                INSTRUIT,
                lambda r, par: restitutions.tenir(
                    r, par=par, tenue_le=_jour(), lieu="Au siège", presents="Le bureau"
                ),
            ),
        },
    ),
    "facture": (
        mondes.FACTURES,
        {
            "certifier": (
                {"recue"},
                GERE,
                lambda f, par: restitutions.certifier(f, par=par),
            ),
            "payer": (
                {"certifiee"},
                GERE,
                lambda f, par: restitutions.payer(
                    f, par=par, payee_le=_jour(), paiement_reference="VIR 2"
                ),
            ),
            "corriger_facture": (
                {"recue"},
                set(),  # who typed it alone: somebody else than these people
                lambda f, par: restitutions.corriger_facture(f, par=par),
            ),
            "rejeter": (
                {"recue"},
                GERE,
                lambda f, par: restitutions.rejeter(f, par=par, motif="Double"),
            ),
        },
    ),
}


CAS = [(nom, etat) for nom, (lieux, _) in TABLE.items() for etat in lieux]


@pytest.mark.parametrize(("nom", "etat"), CAS, ids=["-".join(cas) for cas in CAS])
def test_preuve_4_chaque_geste_a_ses_etats_et_ses_gens(nom, etat):
    verifier(*TABLE[nom], etat)


@pytest.mark.parametrize("nom", TABLE)
def test_preuve_4_chaque_etat_a_son_monde(nom):
    modele = apps.get_model("accompagnements", nom)
    assert set(dict(modele._meta.get_field("etat").flatchoices)) <= set(TABLE[nom][0])
