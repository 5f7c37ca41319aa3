"""What is missing before each gesture on a diagnostic, in sentences."""

from django.db.models import Q

from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.demandes.regles import date_passee
from accompagnements.diagnostics.etats import Etat
from accompagnements.diagnostics.models import Confidentialite, Diagnostic
from dla_portal.comptes import roles
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre

# What the structure could not do without to validate, by section: fields, and names of rows.
REQUISES = {
    "rencontre": ("entretien_le",),
    "situation": ("activites",),
    "economie": ("economie",),
    "chiffres": ("effectif",),
    "analyse": ("forces", "faiblesses", "problematique"),
    "axes": ("lignes_axes",),
    "preconisations": ("lignes_preconisations",),
}
DITS_PAR_AXE = ("forces", "faiblesses")  # told for the whole, or axis by axis


def manques_pour_commencer(accompagnement):
    """One living diagnostic per open dossier."""
    manques = []
    if accompagnement.etat != EtatAccompagnement.OUVERT:
        manques.append("Le dossier n'est plus en cours : rouvrez-le d'abord.")
    if accompagnement.diagnostics.exclude(etat=Etat.ABANDONNE).exists():
        manques.append("Ce dossier a déjà un diagnostic.")
    return manques


def vides_de(diagnostic, section):
    """Labels of what is required in a section (its key) and still empty."""
    noms = REQUISES.get(section, ())
    return [_libelle(nom) for nom in noms if _vide(diagnostic, nom)]


def rubriques_vides(diagnostic):
    """Labels of all that is required and still empty."""
    return [libelle for section in REQUISES for libelle in vides_de(diagnostic, section)]


def _libelle(nom):
    champ = Diagnostic._meta.get_field(nom)
    if champ.auto_created:  # rows
        return str(champ.related_model._meta.verbose_name_plural)
    return str(champ.verbose_name)


def _vide(diagnostic, nom):
    if Diagnostic._meta.get_field(nom).auto_created:
        return not getattr(diagnostic, nom).exists()
    if getattr(diagnostic, nom) not in (None, ""):
        return False
    return nom not in DITS_PAR_AXE or not diagnostic.lignes_axes.exclude(**{nom: ""}).exists()


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


def manques_pour_relire(diagnostic):
    """Somebody outside reads: its class must allow it, and there must be something to read."""
    manques = manques_pour_communiquer(diagnostic)
    if not (diagnostic.activites or diagnostic.economie or diagnostic.problematique):
        manques.append("Rien n'est encore écrit : rédigez d'abord le diagnostic.")
    return manques


def manques_pour_communiquer(diagnostic):
    """A reserved diagnostic stays between the team and the structure."""
    if diagnostic.confidentialite == Confidentialite.RESERVEE:
        return ["Ce diagnostic est réservé à l'équipe et à la structure : changez sa classe."]
    return []


def manques_pour_classer(diagnostic, confidentialite):
    """Reserving takes that nobody outside is reading."""
    if confidentialite == Confidentialite.RESERVEE and diagnostic.etat == Etat.EN_RELECTURE:
        return ["Une relecture est en cours : closez-la d'abord."]
    return []


def ordre_de_l_autorisation(diagnostic, accordee_le):
    """The structure agrees once the diagnostic exists, and not in the future."""
    return exiger_ordre(
        ("Le premier entretien", diagnostic.entretien_le), ("L'accord", accordee_le)
    ) + date_passee("L'accord", accordee_le, horloge.aujourdhui())


def lecteurs_possibles(diagnostic):
    """The CRDLA, and the DLA régional of the region of the operator."""
    region = diagnostic.accompagnement.operateur.region_id
    rattaches = Rattachement.objects.en_cours().filter(
        Q(role=roles.Crdla.code) | Q(role=roles.DlaRegional.code, region=region)
    )
    actifs = Utilisateur.objects.filter(is_active=True)
    return actifs.filter(pk__in=rattaches.values("utilisateur")).order_by("nom", "prenom")
