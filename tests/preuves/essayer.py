"""Everybody tries every gesture on an object: what the table allows succeeds, the rest writes nothing."""

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction

from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.preuves.mondes import LIEN

INSTRUIT, ARBITRE, GERE = (
    {"charge", "responsable"},
    {"responsable"},
    {"gestionnaire", "responsable"},
)
AGIT = {*INSTRUIT, "lien"}


class Annule(Exception):
    """Raised to undo a gesture that succeeded."""


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


def verifier(lieux, gestes, etat):
    """Play one state of a table: `lieux` {state: world}, `gestes` {name: (states, people, call)}."""
    monde = lieux[etat]()
    objet = monde.objet
    racine = getattr(objet, "mission", objet)
    racine = getattr(racine, "acte", racine)
    racine = getattr(racine, "convention", getattr(racine, "consultation", racine))
    gens = _gens(racine.ingenierie.operateur)
    suite.un_prestataire(2)
    with horloge.voyage(monde.instant or horloge.maintenant()):
        avant = _empreinte(objet)
        for geste, (etats, permis, appeler) in gestes.items():
            reussis = {qui for qui, par in gens.items() if _tenter(appeler, objet, par)}
            assert reussis == (permis if etat in etats else set()), geste
        assert _empreinte(objet) == avant
