"""Who may act in a comité d'appui, and what is missing before each gesture, in sentences."""

from django.db.models import Q

from accompagnements.comites.etats import Etat, EtatPassage
from accompagnements.comites.models import Passage
from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.diagnostics.regles import manques_pour_communiquer
from accompagnements.droits import AUTRE_OPERATEUR, operateur_de
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus, repondre
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.templatetags.portail import date_fr


def siege(utilisateur, passage):
    """Right: a member of the comité gives his avis on the dossiers of his own séances."""
    if utilisateur is None or isinstance(utilisateur, str) or not utilisateur.is_active:
        return Refus("Cette action demande un compte.")
    if roles.MembreComite.code not in utilisateur.roles_en_cours:
        return Refus("Seuls les membres du comité d'appui donnent leur avis.")
    convocations = passage.seance.convocations.all()
    convoque = any(convocation.membre_id == utilisateur.pk for convocation in convocations)
    if not convoque:
        return Refus("Vous n'êtes pas convoqué à cette séance.")
    deporte = any(deport.membre_id == utilisateur.pk for deport in passage.deports.all())
    return repondre(not deporte, "Vous vous êtes déporté de ce dossier.")


def compose(utilisateur, operateur):
    """Right: those who accompany keep the register of the members of their own comité."""
    if utilisateur is None or isinstance(utilisateur, str) or not utilisateur.is_active:
        return Refus("Cette action demande un compte.")
    if utilisateur.role not in (*roles.INSTRUCTEURS, roles.DlaRegional.code):
        return Refus("Seule l'équipe d'accompagnement compose le comité d'appui.")
    sien = operateur is not None and operateur_de(utilisateur) == operateur.pk
    return repondre(sien, AUTRE_OPERATEUR)


def mandats(operateur):
    """Terms of the members whom an operator may convene: its own, its region's or the nation's."""
    return Rattachement.objects.filter(
        Q(operateur=None) | Q(operateur=operateur),
        Q(region=None) | Q(region=operateur.region_id),
        role=roles.MembreComite.code,
    )


def membres_possibles(operateur):
    """Members in force who may be convened."""
    en_cours = mandats(operateur).en_cours()
    return Utilisateur.objects.filter(is_active=True, pk__in=en_cours.values("utilisateur"))


def manques_du_mandat(operateur, email, debut, fin):
    """One person holds one term at a time in the comité of an operator."""
    if fin and fin < debut:
        return ["La fin du mandat précède son début."]
    if Utilisateur.objects.filter(email=email.lower(), is_active=False).exists():
        return ["Ce compte est désactivé : demandez à l'administrateur de le rouvrir."]
    siens = Rattachement.objects.filter(
        utilisateur__email=email.lower(), role=roles.MembreComite.code, operateur=operateur
    ).filter(Q(fin=None) | Q(fin__gte=debut))
    if fin:
        siens = siens.filter(debut__lte=fin)
    return ["Cette personne est déjà membre du comité à ces dates."] if siens.exists() else []


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
    """The comité gives its avis when it sits; in writing, once it closes or all have spoken."""
    seance = passage.seance
    if seance.etat == Etat.ANNULEE:
        return ["La séance est annulée."]
    if seance.quand <= horloge.maintenant():
        return []
    if not seance.electronique:
        return ["La séance n'a pas encore eu lieu."]
    attendus = membres_attendus(passage)
    if not attendus:
        return []
    noms = ", ".join(str(convocation.membre) for convocation in attendus)
    return [f"La consultation court jusqu'au {date_fr(seance.quand)} ; sans avis encore : {noms}."]


def membres_attendus(passage):
    """Convocations of those who have neither given their avis nor kept out of the dossier."""
    parti_pris = {a.membre_id for a in passage.avis_membres.all()}
    parti_pris |= {d.membre_id for d in passage.deports.all()}
    return [c for c in passage.seance.convocations.all() if c.membre_id not in parti_pris]


def manques_pour_tenir(seance):
    """The séance has taken place, and each dossier on its agenda has its avis or was withdrawn."""
    manques = []
    if seance.quand > horloge.maintenant() and not seance.electronique:
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
    seance = passage.seance
    if seance.electronique and seance.quand <= horloge.maintenant():
        return [f"La consultation est close depuis le {date_fr(seance.quand)}."]
    return manques_si_close(seance)


def manques_pour_deporter(passage):
    """Who keeps out says so before the avis of the comité."""
    if passage.etat != EtatPassage.INSCRIT:
        return ["Le comité a déjà rendu son avis sur ce dossier."]
    return manques_si_close(passage.seance)


def synthese_du_diagnostic(accompagnement):
    """First draft of the synthesis for the comité: the problem and the priorities, nothing else."""
    diagnostic = accompagnement.diagnostics.filter(etat=EtatDiagnostic.VALIDE).first()
    if diagnostic is None or manques_pour_communiquer(diagnostic):
        return ""  # a reserved diagnostic gives nothing by itself: the team writes what it may say
    parties = (diagnostic.problematique, diagnostic.axes_en_mots())
    return "\n\n".join(partie for partie in parties if partie)


def divergence_sans_raison(decision, justification):
    """The operator decides; when it departs from the avis, it says why."""
    if decision == Passage.Decision.DIVERGENTE and not justification.strip():
        return ["Écrivez pourquoi la décision diffère de l'avis du comité."]
    return []


def avis_rassembles(passage):
    """First draft of the avis of the comité: what was offered and advised, without any name."""
    avis = list(passage.avis_membres.select_related("membre"))
    jours = [a.jours_conseilles for a in avis if a.jours_conseilles is not None]
    return {
        "reserves": _rassembler(avis, "commentaire"),
        "ressources": _rassembler(avis, "ressources"),
        "jours_conseilles": round(sum(jours) / len(jours), 2) if jours else None,
    }


def _rassembler(avis, champ):
    return "\n".join(dict.fromkeys(getattr(a, champ) for a in avis if getattr(a, champ)))
