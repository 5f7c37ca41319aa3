"""Proof 4 of the consultation: state × person × gesture, exhaustively.

In each world (an object in one state) everybody tries every gesture: what the table allows
succeeds, all the rest is refused and writes nothing.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accompagnements.consultations import transitions as consultations
from accompagnements.conventions import transitions as conventions
from accompagnements.missions import transitions as missions
from accompagnements.missions.models import NoteMiParcours
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import PointRapport
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import DEPOT
from tests.preuves import mondes
from tests.preuves.mondes import LIEN, notes_pleines

pytestmark = pytest.mark.django_db
INSTRUIT, ARBITRE, GERE = (
    {"charge", "responsable"},
    {"responsable"},
    {"gestionnaire", "responsable"},
)
AGIT = {*INSTRUIT, "lien"}


class Annule(Exception):
    """Raised to undo a gesture that succeeded."""


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
            "publier": (
                {"validee"},
                INSTRUIT,
                lambda c, par: consultations.publier(
                    c, par=par, date_limite=horloge.maintenant() + timedelta(days=10)
                ),
            ),
            "prolonger": (
                {"publiee"},
                INSTRUIT,
                lambda c, par: consultations.prolonger(
                    c, par=par, date_limite=_autre_limite(c), motif="Congés"
                ),
            ),
            "corriger_cdc": (
                {"publiee"},
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
                    p.consultation, par=par, proposition=p, presents="La présidente", motif="Mieux"
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
                {"rapport_recu", "tenue"},
                INSTRUIT,
                lambda r, par: restitutions.declarer_conforme(
                    r, par=par, points=PointRapport.values
                ),
            ),
            "tenir": (
                {"rapport_recu"},
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
            "rejeter": (
                {"recue"},
                GERE,
                lambda f, par: restitutions.rejeter(f, par=par, motif="Double"),
            ),
        },
    ),
}


def _gens(operateur):
    """Everybody who may try: the nine roles, a colleague of elsewhere, a link, nobody."""
    region = operateur.region
    ailleurs = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    gens = {
        nom: fabrique.une_personne(code, operateur=operateur)
        for nom, code in (
            ("charge", "charge_mission"),
            ("responsable", "responsable"),
            ("gestionnaire", "gestionnaire"),
        )
    }
    gens |= {
        code: fabrique.une_personne(code, region=region) for code in ("dla_regional", "pilote")
    }
    gens |= {
        code: fabrique.une_personne(code)
        for code in ("membre_comite", "crdla", "national", "administrateur")
    }
    gens["charge_d_ailleurs"] = fabrique.une_personne("charge_mission", operateur=ailleurs)
    gens["lien"], gens["personne"] = LIEN, None
    assert set(roles.ROLES) <= {"charge_mission", *gens}
    return gens


def _empreinte(objet):
    """Enough to see any write: the row, and the number of rows of every table."""
    comptes = {m._meta.label: m._base_manager.count() for m in apps.get_models()}
    ligne = type(objet)._base_manager.filter(pk=objet.pk).values().first()
    return ligne, comptes


def _tenter(geste, objet, par):
    """Try a gesture and undo it. Returns True when it succeeded."""
    try:
        with transaction.atomic():
            geste(type(objet)._base_manager.get(pk=objet.pk), par=par)
            raise Annule
    except Annule:
        return True
    except (Manques, PermissionDenied):
        return False


CAS = [(nom, etat) for nom, (lieux, _) in TABLE.items() for etat in lieux]


@pytest.mark.parametrize(("nom", "etat"), CAS, ids=["-".join(cas) for cas in CAS])
def test_preuve_4_chaque_geste_a_ses_etats_et_ses_gens(nom, etat):
    lieux, gestes = TABLE[nom]
    monde = lieux[etat]()
    objet = monde.objet
    racine = getattr(objet, "mission", objet)
    racine = getattr(racine, "convention", getattr(racine, "consultation", racine))
    gens = _gens(racine.ingenierie.operateur)
    suite.un_prestataire(2)
    with horloge.voyage(monde.instant or horloge.maintenant()):
        avant = _empreinte(objet)
        for geste, (etats, permis, appeler) in gestes.items():
            reussis = {qui for qui, par in gens.items() if _tenter(appeler, objet, par)}
            assert reussis == (permis if etat in etats else set()), geste
        assert _empreinte(objet) == avant


@pytest.mark.parametrize("nom", TABLE)
def test_preuve_4_chaque_etat_a_son_monde(nom):
    modele = apps.get_model("accompagnements", nom)
    assert set(dict(modele._meta.get_field("etat").flatchoices)) <= set(TABLE[nom][0])
