"""Who may act in a comité d'appui, and what is missing before each gesture, in sentences."""

from django.db.models import Q

from accompagnements.comites.etats import Etat, EtatPassage
from accompagnements.comites.models import Passage, Seance
from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus, repondre
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge


def siege(utilisateur, passage):
    """Right: a member of the comité gives his avis on the dossiers of his own séances."""
    if utilisateur is None or isinstance(utilisateur, str) or not utilisateur.is_active:
        return Refus("Cette action demande un compte.")
    if utilisateur.role != roles.MembreComite.code:
        return Refus("Seuls les membres du comité d'appui donnent leur avis.")
    convocations = passage.seance.convocations.all()
    convoque = any(convocation.membre_id == utilisateur.pk for convocation in convocations)
    return repondre(convoque, "Vous n'êtes pas convoqué à cette séance.")


def membres_possibles(operateur):
    """Members in force who may be convened: of this operator, of its region or of neither."""
    en_cours = Rattachement.objects.en_cours().filter(
        Q(operateur=None) | Q(operateur=operateur),
        Q(region=None) | Q(region=operateur.region_id),
        role=roles.MembreComite.code,
    )
    return Utilisateur.objects.filter(is_active=True, pk__in=en_cours.values("utilisateur"))


def dossiers_a_inscrire(seance):
    """Open dossiers of the operator whose diagnostic is validated, not yet on this agenda."""
    valides = Diagnostic.objects.filter(etat=EtatDiagnostic.VALIDE)
    inscrits = Passage.objects.filter(seance=seance)
    return (
        Accompagnement.objects.filter(
            operateur=seance.operateur_id,
            etat=EtatAccompagnement.OUVERT,
            pk__in=valides.values("accompagnement"),
        )
        .exclude(pk__in=inscrits.values("accompagnement"))
        .select_related("structure")
        .order_by("structure__nom_normalise")
    )


def manques_pour_inscrire(seance, accompagnement):
    """The séance is still to come and the dossier ready for it."""
    manques = manques_si_close(seance)
    deja = seance.passages.filter(accompagnement=accompagnement).first()
    if deja is not None:
        return [*manques, f"Ce dossier figure déjà dans cette séance ({deja.get_etat_display()})."]
    if not dossiers_a_inscrire(seance).filter(pk=accompagnement.pk).exists():
        manques.append("Seul un dossier en cours, au diagnostic validé, passe en comité d'appui.")
    return manques


def manques_si_close(seance):
    """A séance held or cancelled no longer changes."""
    if seance.etat != Etat.PLANIFIEE:
        return [f"La séance est à l'état « {seance.get_etat_display()} »."]
    return []


def manques_pour_rendre_avis(passage):
    """The comité gives its avis when it sits, unless it is consulted electronically."""
    seance = passage.seance
    if seance.etat == Etat.ANNULEE:
        return ["La séance est annulée."]
    if seance.format != Seance.Format.ELECTRONIQUE and seance.quand > horloge.maintenant():
        return ["La séance n'a pas encore eu lieu."]
    return []


def manques_pour_tenir(seance):
    """The séance has taken place, and each dossier on its agenda has its avis or was withdrawn."""
    manques = []
    if seance.quand > horloge.maintenant():
        manques.append("La séance n'a pas encore eu lieu.")
    sans_avis = seance.passages.filter(etat=EtatPassage.INSCRIT).select_related("accompagnement")
    manques += [
        f"Le dossier {passage.accompagnement.reference} n'a pas encore d'avis : enregistrez-le ou "
        "retirez le dossier."
        for passage in sans_avis
    ]
    return manques


def manques_pour_donner_avis(passage):
    """A member speaks while the séance is open, and before the avis of the comité."""
    return manques_si_close(passage.seance)


def synthese_du_diagnostic(accompagnement):
    """First draft of the synthesis for the comité: the problem and the priorities, nothing else."""
    diagnostic = accompagnement.diagnostics.filter(etat=EtatDiagnostic.VALIDE).first()
    parties = (diagnostic.problematique, diagnostic.axes) if diagnostic else ()
    return "\n\n".join(partie for partie in parties if partie)


def divergence_sans_raison(decision, justification):
    """The operator decides; when it departs from the avis, it says why."""
    if decision == Passage.Decision.DIVERGENTE and not justification.strip():
        return ["Écrivez pourquoi la décision diffère de l'avis du comité."]
    return []
