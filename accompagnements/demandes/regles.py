"""What is missing before each gesture on a demande, in sentences."""

from dla_portal.socle import horloge
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


def manques_de_l_accueil(demande, accueil_le):
    """An accueil held comes after the request and not in the future."""
    return ordre_des_dates(demande, accueil_le) + date_passee(
        "L'accueil", accueil_le, horloge.aujourdhui()
    )


# What keeps a dossier open: relation from it to a later stage, living states, in words. Those
# stages come later in the chain: they are known through the tables that point to us.
_VIVANTS = [
    ("diagnostics__etat", ["en_cours", "soumis"], "un diagnostic en cours"),
    (
        "plan__actions__ingenierie__consultations__etat",
        ["brouillon", "validee", "publiee", "en_analyse"],
        "une consultation en cours",
    ),
    (
        "plan__actions__ingenierie__conventions__etat",
        ["brouillon", "en_signature"],
        "une convention en cours de signature",
    ),
    (
        "plan__actions__ingenierie__conventions__mission__etat",
        ["en_cours", "en_alerte", "suspendue"],
        "une mission en cours",
    ),
]


def manques_pour_clore(accompagnement):
    """A dossier ends, closed or given up, when nothing under it goes on any more."""
    soi = type(accompagnement).objects.filter(pk=accompagnement.pk)
    manques = []
    for relation, etats, quoi in _VIVANTS:
        condition = {f"{relation}__in": etats}
        if relation.startswith("plan__actions"):  # an action given up no longer binds the dossier
            condition["plan__actions__statut__in"] = ["prevue", "en_cours", "realisee"]
        if soi.filter(**condition).exists():
            manques.append(f"Le dossier a {quoi} : mettez-y fin d'abord.")
    return manques


def manques_de_la_reception(demande, recue_le):
    """A demande is received at the latest today, and before its accueil."""
    return date_passee("La réception", recue_le, horloge.aujourdhui()) + exiger_ordre(
        ("La réception de la demande", recue_le), ("L'accueil", demande.accueil_le)
    )


def manques_de_l_accueil_prevu(demande, prevu_le):
    """An accueil is planned for today or later; one already held is recorded, not planned."""
    if prevu_le < horloge.aujourdhui():
        return ["Cette date est passée : enregistrez plutôt l'accueil tenu."]
    return ordre_des_dates(demande, prevu_le)


def ordre_des_dates(demande, accueil_le):
    """The accueil never precedes the request."""
    return exiger_ordre(("La réception de la demande", demande.recue_le), ("L'accueil", accueil_le))


def date_passee(libelle, date, aujourdhui):
    """Return a sentence when the date of something done lies in the future."""
    if date and date > aujourdhui:
        return [f"{libelle} ({date:%d/%m/%Y}) est dans le futur."]
    return []
