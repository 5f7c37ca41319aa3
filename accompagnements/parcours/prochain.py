"""What to do next on a dossier: the object whose turn it is, and its gestures."""

from django.urls import reverse

from accompagnements import droits
from accompagnements.consultations import tour
from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.gestes import GESTES as GESTES_CONVENTION
from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.demandes.gestes import GESTES_ACCOMPAGNEMENT
from accompagnements.diagnostics.etats import REDIGES
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.gestes import GESTES as GESTES_DIAGNOSTIC
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.gestes import GESTES as GESTES_MISSION
from accompagnements.plans.etats import NON_ACCEPTES
from accompagnements.plans.gestes import GESTES as GESTES_PLAN
from accompagnements.restitutions.etats import Etat as EtatRestitution
from accompagnements.restitutions.gestes import GESTES as GESTES_RESTITUTION
from dla_portal.socle import gestes

RIEN = {"a_qui": "", "depuis": None, "phrase": "", "manques": [], "principal": None}
# Stages whose page holds what only those who accompany may read.
_CONFIDENTIELLES = {"diagnostic", "enquete", "suivi"}


def liens_ouverts(etapes, instruit, lit_le_diagnostic):
    """Remove the addresses that the user may not open: the stepper stays, the links go."""
    for etape in etapes:
        ouverte = instruit and (lit_le_diagnostic or etape["cle"] not in _CONFIDENTIELLES)
        if not ouverte:
            etape["url"] = ""
    return etapes


def presentable(dossier, utilisateur):
    """Whether the user may put the dossier on the agenda of a comité d'appui."""
    return (
        bool(droits.instruit(utilisateur, dossier.accompagnement))
        and dossier.accompagnement.etat == EtatAccompagnement.OUVERT
        and dossier.diagnostic is not None
        and dossier.diagnostic.etat == EtatDiagnostic.VALIDE
    )


def a_faire(dossier, utilisateur):
    """Return the context of `composants/a_faire.html` for the dossier, or None."""
    accompagnement = dossier.accompagnement
    if not droits.suit(utilisateur, accompagnement):
        return None
    if accompagnement.etat != EtatAccompagnement.OUVERT:
        return _gestes(GESTES_ACCOMPAGNEMENT, "dossier_geste", accompagnement, utilisateur)
    courant = _diagnostic_et_plan(dossier, utilisateur) or _piste(dossier, utilisateur)
    courant = courant or _fin(dossier, utilisateur)
    sur_dossier = _gestes(GESTES_ACCOMPAGNEMENT, "dossier_geste", accompagnement, utilisateur)
    courant["secondaires"] += [
        geste for geste in sur_dossier["secondaires"] if geste["url"] != _url(courant)
    ]
    return courant


def _url(courant):
    return (courant["principal"] or {}).get("url")


def _diagnostic_et_plan(dossier, utilisateur):
    """The dossier is still being understood: diagnostic, then plan."""
    diagnostic, plan = dossier.diagnostic, dossier.plan
    if diagnostic is None:
        return _naissance(
            dossier,
            utilisateur,
            "Commencer le diagnostic",
            "diagnostic_commencer",
            dossier.accompagnement,
        )
    if diagnostic.etat in (*REDIGES, EtatDiagnostic.SOUMIS):
        return _gestes(GESTES_DIAGNOSTIC, "diagnostic_geste", diagnostic, utilisateur)
    if diagnostic.etat == EtatDiagnostic.SANS_PLAN:
        return None
    if plan is None:
        return _naissance(
            dossier, utilisateur, "Préparer le plan", "plan_preparer", dossier.accompagnement
        )
    if plan.etat in NON_ACCEPTES:
        return _gestes(GESTES_PLAN, "plan_geste", plan, utilisateur)
    return None


def _piste(dossier, utilisateur):
    """The first engineering not finished: from the consultation to the balance."""
    piste = dossier.piste_courante
    if piste is None or piste.terminee:
        return None
    if piste.convention is None:
        return _consultation(dossier, piste, utilisateur)
    convention, mission = piste.convention, piste.mission
    if convention.etat in (EtatConvention.BROUILLON, EtatConvention.EN_SIGNATURE):
        return _gestes(GESTES_CONVENTION, "convention_geste", convention, utilisateur)
    if mission is None:
        return _naissance(
            dossier, utilisateur, "Enregistrer le lancement", "mission_lancer", convention
        )
    if piste.restitution is None:
        courant = _gestes(GESTES_MISSION, "mission_geste", mission, utilisateur)
        if mission.etat == EtatMission.EN_COURS:
            rapport = _naissance(
                dossier,
                utilisateur,
                "Enregistrer le rapport final",
                "restitution_recevoir",
                mission,
            )
            courant["secondaires"] = [
                *([courant["principal"]] if courant["principal"] else []),
                *courant["secondaires"],
            ]
            courant["principal"] = rapport["principal"]
        return courant
    return _restitution(dossier, piste.restitution, utilisateur)


def _consultation(dossier, piste, utilisateur):
    consultation = piste.consultation
    finies = (EtatConsultation.SANS_SUITE, EtatConsultation.INFRUCTUEUSE)
    if consultation is None or consultation.etat in finies:
        return _naissance(
            dossier,
            utilisateur,
            "Préparer la consultation",
            "consultation_preparer",
            piste.ingenierie,
        )
    if consultation.etat == EtatConsultation.ATTRIBUEE:
        return _naissance(
            dossier, utilisateur, "Préparer la convention", "convention_preparer", consultation
        )
    return tour.a_faire(consultation, utilisateur) or dict(RIEN, secondaires=[])


def _restitution(dossier, restitution, utilisateur):
    """Report received, then restitution held, then the survey and the balance."""
    courant = _gestes(GESTES_RESTITUTION, "restitution_geste", restitution, utilisateur)
    if restitution.etat == EtatRestitution.TENUE:
        if not dossier.enquetes and droits.instruit(utilisateur, restitution):
            envoi = _naissance(
                dossier,
                utilisateur,
                "Envoyer l'enquête de satisfaction",
                "enquete_envoyer",
                restitution,
            )
            courant["principal"] = envoi["principal"]
        elif courant["principal"] is None:
            courant["principal"] = {
                "libelle": "Voir les factures et le solde",
                "url": restitution.get_absolute_url(),
                "manques": [],
                "danger": False,
            }
    return courant


def _fin(dossier, utilisateur):
    """Nothing is left in the chain: survey if it never left, then closing."""
    piste = dossier.piste_courante
    restitution = piste.restitution if piste else None
    if restitution is not None and not dossier.enquetes:
        return _naissance(
            dossier,
            utilisateur,
            "Envoyer l'enquête de satisfaction",
            "enquete_envoyer",
            restitution,
        )
    courant = _gestes(GESTES_ACCOMPAGNEMENT, "dossier_geste", dossier.accompagnement, utilisateur)
    clore = next((g for g in courant["secondaires"] if g["nom"] == "clore"), None)
    if courant["principal"] is None and clore:
        courant["principal"] = clore
        courant["secondaires"].remove(clore)
    return courant


def _gestes(table, nom_url, objet, utilisateur):
    ouverts = gestes.a_faire(
        table,
        utilisateur,
        objet,
        lambda geste: reverse(f"accompagnements:{nom_url}", args=[objet.pk, geste.nom]),
        a_qui=objet.responsable,
    )
    return ouverts or dict(RIEN, secondaires=[])


def _naissance(dossier, utilisateur, libelle, nom_url, parent):
    """The next object does not exist yet: one button creates it."""
    ouvert = bool(droits.instruit(utilisateur, dossier.accompagnement))
    bouton = {
        "libelle": libelle,
        "url": reverse(f"accompagnements:{nom_url}", args=[parent.pk]),
        "manques": [],
        "danger": False,
    }
    return {
        "a_qui": dossier.accompagnement.responsable,
        "depuis": None,
        "phrase": "",
        "manques": [],
        "principal": bouton if ouvert else None,
        "secondaires": [],
    }
