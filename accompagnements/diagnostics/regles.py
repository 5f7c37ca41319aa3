"""What is missing before each gesture on a diagnostic, in sentences."""

from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.demandes.regles import date_passee
from accompagnements.diagnostics.etats import Etat
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre

# Sections without which the structure has nothing to validate.
REQUISES = (
    "entretien_le",
    "activites",
    "economie",
    "effectif",
    "forces",
    "faiblesses",
    "problematique",
    "axes",
    "preconisations",
)


def manques_pour_commencer(accompagnement):
    """One living diagnostic per open dossier."""
    manques = []
    if accompagnement.etat != EtatAccompagnement.OUVERT:
        manques.append("Le dossier n'est plus en cours : rouvrez-le d'abord.")
    if accompagnement.diagnostics.exclude(etat=Etat.ABANDONNE).exists():
        manques.append("Ce dossier a déjà un diagnostic.")
    return manques


def rubriques_vides(diagnostic):
    """Labels of the required sections still empty."""
    return [
        str(Diagnostic._meta.get_field(nom).verbose_name)
        for nom in REQUISES
        if getattr(diagnostic, nom) in (None, "")
    ]


def manques_pour_soumettre(diagnostic):
    """The required sections are filled, the first interview follows the accueil."""
    manques = [f"La rubrique « {libelle} » est vide." for libelle in rubriques_vides(diagnostic)]
    demande = diagnostic.accompagnement.demande
    manques += exiger_ordre(
        ("L'accueil", demande.accueil_le), ("Le premier entretien", diagnostic.entretien_le)
    )
    return manques + date_passee(
        "Le premier entretien", diagnostic.entretien_le, horloge.aujourdhui()
    )


def ordre_de_la_validation(diagnostic, valide_le):
    """The structure validates after the submission, and not in the future."""
    return exiger_ordre(
        ("La soumission à la structure", diagnostic.soumis_le), ("La validation", valide_le)
    ) + date_passee("La validation", valide_le, horloge.aujourdhui())


def manques_pour_clore_sans_plan(diagnostic):
    """A dossier whose plan lives does not end at its diagnostic."""
    # The plan comes later in the chain: known here only through the table that points to us.
    avec_plan = Diagnostic.objects.filter(
        pk=diagnostic.pk, accompagnement__plan__isnull=False
    ).exclude(accompagnement__plan__etat="abandonne")
    if avec_plan.exists():
        return ["Ce dossier a un plan d'accompagnement : abandonnez-le d'abord."]
    return []
