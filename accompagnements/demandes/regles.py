"""What is missing before each gesture on a demande, in sentences."""

from dla_portal.socle.regles import exiger_ordre


def manques_pour_ouvrir(demande):
    """Eligibility examined; every unmet criterion needs the written motive of the derogation."""
    manques = []
    reponses = dict(demande.criteres)
    if any(reponse is None for reponse in reponses.values()):
        manques.append("Les critères d'éligibilité ne sont pas tous examinés.")
    refuses = [libelle for libelle, reponse in reponses.items() if reponse is False]
    if refuses and not demande.derogation.strip():
        manques.append(
            f"Critère non rempli : {', '.join(refuses)}. Écrivez le motif de la dérogation "
            "ou déclarez la demande non éligible."
        )
    if not demande.structure.secteur_id:
        manques.append("Le secteur principal de la structure n'est pas renseigné.")
    return manques


def manques_pour_attendre(demande):
    """The waiting list holds eligible demandes only."""
    return manques_pour_ouvrir(demande)


def ordre_des_dates(demande, accueil_le):
    """The accueil never precedes the request."""
    return exiger_ordre(("La réception de la demande", demande.recue_le), ("L'accueil", accueil_le))


def date_passee(libelle, date, aujourdhui):
    """Return a sentence when the date of something done lies in the future."""
    if date and date > aujourdhui:
        return [f"{libelle} ({date:%d/%m/%Y}) est dans le futur."]
    return []
