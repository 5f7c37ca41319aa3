"""Mails of the mission. The prestataire's hold his personal link; none holds what he wrote."""

from dla_portal.socle import horloge, jetons
from dla_portal.socle.courriels import deposer

USAGE = "mission"
JOURS_APRES_LA_FIN = 180  # the link then still shows what was done
VALIDITE_MIN = 180  # days, for a mission whose end is past or unknown


def _ecrire(mission, destinataire, sujet, gabarit, **contexte):
    convention = mission.convention
    return deposer(
        destinataire,
        f"{sujet} — {convention.reference}",
        f"accompagnements/missions/courriels/{gabarit}",
        {
            "mission": mission,
            "convention": convention,
            "operateur": convention.ingenierie.operateur,
            **contexte,
        },
        fil=mission.fil,
    )


def _au_prestataire(mission, sujet, gabarit, **contexte):
    """Write to the prestataire, with a personal link to the page of the mission."""
    adresse = mission.convention.prestataire.email
    if not adresse:
        return None
    fin = mission.convention.fin_effective
    restant = (fin - horloge.aujourdhui()).days + JOURS_APRES_LA_FIN if fin else 0
    brut = jetons.creer(USAGE, mission, adresse, max(restant, VALIDITE_MIN))
    return _ecrire(mission, adresse, sujet, gabarit, lien=jetons.adresse(brut), **contexte)


def _a_l_operateur(mission, sujet, gabarit, sauf=None, direction=False, **contexte):
    """Write to those who follow the dossiers, except `sauf` who acts.

    The operator's own address is added with `direction`, or when nobody follows them.
    """
    dossiers = mission.convention.ingenierie.accompagnements().select_related("charge")
    charges = {dossier.charge for dossier in dossiers if dossier.charge}
    adresses = {charge.email for charge in charges if charge != sauf}
    if direction or not charges:
        adresses.add(mission.convention.ingenierie.operateur.email)
    for adresse in sorted(adresses):
        _ecrire(mission, adresse, sujet, gabarit, **contexte)


def lancement(mission):
    """Confirm the launch to the prestataire, with his link and the date of the mid-term note."""
    return _au_prestataire(mission, "Mission lancée", "lancement")


def lien(mission):
    """Give a fresh link, to the present address of the prestataire; the former ones die."""
    jetons.revoquer(mission, USAGE)
    return _au_prestataire(mission, "Votre page de mission", "lien")


def alerte(mission, par):
    """Tell the operator that an alert awaits its decision; nothing of its content."""
    return _a_l_operateur(mission, "Alerte sur une mission", "alerte", sauf=par, direction=True)


def decision(alerte):
    """Tell the prestataire, the structures and the other chargés what is decided, not why."""
    mission = alerte.mission
    sujet = f"{alerte.get_decision_display()} de la mission"
    _au_prestataire(mission, sujet, "decision", alerte=alerte)
    dossiers = mission.convention.ingenierie.accompagnements().select_related("structure")
    for adresse in sorted({dossier.structure.courriel_principal() for dossier in dossiers}):
        _ecrire(mission, adresse, sujet, "decision", alerte=alerte, lien="")
    _a_l_operateur(mission, sujet, "decision", sauf=alerte.decidee_par, alerte=alerte, lien="")


def note_attendue(mission, rappel=False):
    """Ask the prestataire for the mid-term note, with his link."""
    sujet = "Rappel : note à mi-parcours" if rappel else "Note à mi-parcours attendue"
    return _au_prestataire(mission, sujet, "note_attendue", rappel=rappel)


def rapport_attendu(mission, rappel=False):
    """Ask the prestataire for the final report, with his link."""
    sujet = "Rappel : rapport final" if rappel else "Rapport final attendu"
    return _au_prestataire(mission, sujet, "rapport_attendu", rappel=rappel)


def note_recue(note):
    """Tell those who follow the dossiers that the note has arrived."""
    return _a_l_operateur(note.mission, "Note à mi-parcours reçue", "note_recue")


def hors_cadre_demande(demande):
    """Tell those who follow the dossiers that a request waits; it is read in the portal."""
    return _a_l_operateur(demande.mission, "Demande hors cadre", "hors_cadre_demande")


def hors_cadre_decision(demande):
    """Give the prestataire the written answer to his request."""
    accord = demande.etat == "autorisee"
    sujet = "Autorisation hors cadre" if accord else "Demande hors cadre refusée"
    return _au_prestataire(
        demande.mission, sujet, "hors_cadre_decision", demande=demande, accord=accord
    )
