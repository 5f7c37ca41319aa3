"""Reminders of the chain (domaine.md Annex C). Values without a source there are ours.

Each is one entry of data: who still waits, from when, at which steps, and what stops it.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accompagnements.comites import courriels as courriels_comites
from accompagnements.comites.etats import Etat as EtatSeance
from accompagnements.comites.models import Convocation, Seance
from accompagnements.consultations import courriels as courriels_consultations
from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Consultation, Sollicitation
from accompagnements.conventions import courriels as courriels_conventions
from accompagnements.conventions.avenants import montant_ht_en_vigueur
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.etats import EtatAvenant
from accompagnements.conventions.signatures import Signature
from accompagnements.diagnostics import courriels as courriels_diagnostics
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions import courriels as courriels_missions
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.models import Mission
from accompagnements.restitutions.etats import Etat as EtatRestitution
from accompagnements.restitutions.models import Restitution
from accompagnements.suites import courriels as courriels_suites
from accompagnements.suites.etats import Etat as EtatEnquete
from accompagnements.suites.models import Enquete
from accompagnements.suites.transitions import prevoir_suivi
from dla_portal.socle import horloge
from dla_portal.socle.relances import Echeance, Relance, inscrire
from prestataires import courriels as courriels_prestataires
from prestataires.models import Prestataire
from prestataires.regles import VIGILANCE_RAPPELS, VIGILANCE_SEUIL_HT

_DES_ACTES = (
    "structure",
    "convention__ingenierie__operateur",
    "convention__prestataire",
    "avenant__convention__ingenierie__operateur",
    "avenant__convention__prestataire",
)
A_PAYER = (
    EtatMission.EN_COURS,
    EtatMission.EN_ALERTE,
    EtatMission.SUSPENDUE,
    EtatMission.TERMINEE,
)


def _diagnostics_a_valider(le):
    soumis = Diagnostic.objects.filter(etat=EtatDiagnostic.SOUMIS, soumis_le__lte=le)
    return soumis.select_related("accompagnement__structure", "accompagnement__operateur")


def _sans_position(le):
    lignes = Sollicitation.objects.filter(
        etat=EtatSollicitation.SOLLICITEE,
        consultation__etat=EtatConsultation.PUBLIEE,
        consultation__date_limite__gt=horloge.maintenant(),
        consultation__date_limite__date__gte=le,
    )
    return lignes.select_related("consultation__ingenierie__operateur", "prestataire")


def _a_choisir(le):
    return Consultation.objects.filter(etat=EtatConsultation.EN_ANALYSE).select_related(
        "ingenierie"
    )


def _a_signer(le):
    signatures = Signature.objects.filter(
        Q(convention__etat=EtatConvention.EN_SIGNATURE) | Q(avenant__etat=EtatAvenant.A_SIGNER),
        signee_le=None,
        invitee_le__lte=le,
    ).select_related(*_DES_ACTES)
    return [signature for signature in signatures if signature.acte.au_tour.pk == signature.pk]


def _sans_rapport(**sans):
    lignes = Mission.objects.filter(etat=EtatMission.EN_COURS, restitution=None, **sans)
    lignes = lignes.select_related("convention__prestataire", "convention__ingenierie__operateur")
    return lignes.prefetch_related("convention__avenants")


def _enquetes(le):
    envoyees = Enquete.objects.filter(etat=EtatEnquete.ENVOYEE, envoyee_le__lte=le)
    return envoyees.select_related("accompagnement__operateur")


def _missions_a_vigilance():
    """Those which still have something to be paid, of 5 000 € HT or more, avenants included."""
    lignes = Mission.objects.filter(etat__in=A_PAYER, convention__reprise=False)
    soldees = Restitution.objects.filter(mission=OuterRef("pk"), etat=EtatRestitution.SOLDEE)
    return lignes.annotate(ht=montant_ht_en_vigueur("convention")).filter(
        ~Exists(soldees), ht__gte=VIGILANCE_SEUIL_HT
    )


def _a_vigilance(le):
    """One row per prestataire, whatever the number of its missions of 5 000 € HT or more."""
    concernes = _missions_a_vigilance().values("convention__prestataire")
    return Prestataire.objects.filter(pk__in=concernes).order_by("pk")


def _fin_de_vigilance(prestataire):
    """End of the attestation known; without any, the day the first of its missions was signed."""
    if prestataire.vigilance_jusquau:
        return prestataire.vigilance_jusquau
    siennes = _missions_a_vigilance().filter(
        convention__prestataire=prestataire, convention__signee_le__isnull=False
    )
    return min(siennes.values_list("convention__signee_le", flat=True), default=None)


def _suivis(le):
    """Plan the follow-up of every validated diagnostic."""
    sans_suivi = Diagnostic.objects.filter(
        etat__in=[EtatDiagnostic.VALIDE, EtatDiagnostic.SANS_PLAN], valide_le__lte=le, suivi=None
    ).select_related("accompagnement")
    return len([prevoir_suivi(diagnostic) for diagnostic in sans_suivi])


def _convoques(electronique):
    """The convocations of the séances to come; in writing, of those who still have to answer."""

    def attendus(le):
        seances = Seance.objects.filter(etat=EtatSeance.PLANIFIEE, quand__gt=horloge.maintenant())
        en_ecrit = Seance.Format.ELECTRONIQUE
        seances = (
            seances.filter(format=en_ecrit) if electronique else seances.exclude(format=en_ecrit)
        )
        lignes = Convocation.objects.filter(seance__in=seances.values("pk"))
        lignes = lignes.select_related("seance__operateur", "membre")
        if not electronique:
            return lignes
        return [c for c in lignes if c.seance.sans_avis(c.membre).exists()]

    return attendus


def _rappel_du_comite(electronique, **champs):
    return Relance(
        attendus=_convoques(electronique),
        depart=lambda c: timezone.localdate(c.seance.quand),
        tour=lambda c: f"{c.membre_id}-{timezone.localdate(c.seance.quand)}",
        ecrire=lambda c, rappel: courriels_comites.rappel(c),
        porteur=lambda c: c.seance,
        sujet=lambda c: str(c.membre),
        **champs,
    )


inscrire(
    _rappel_du_comite(
        False,
        libelle="Membres convoqués à une séance rappelés",
        nom="rappel_comite",
        fait="Rappel de la séance",
        quand="date de la séance",
        arret="la séance est tenue ou annulée",
        pas=(-2,),
    ),
    _rappel_du_comite(
        True,
        libelle="Membres consultés par écrit rappelés",
        nom="rappel_comite_ecrit",
        fait="Rappel : l'avis est attendu",
        quand="clôture de la consultation écrite",
        arret="il a donné tous ses avis, ou la consultation est close",
        pas=(-3,),
    ),
    Relance(
        libelle="Validation du diagnostic rappelée à la structure",
        nom="rappel_diagnostic",
        fait="Rappel : le diagnostic attend la validation de la structure",
        attendus=_diagnostics_a_valider,
        quand="soumission à la structure",
        arret="la structure valide ou demande une correction, ou la rédaction reprend",
        depart=lambda diagnostic: diagnostic.soumis_le,
        pas=(15, 30),
        ouvres=False,
        ecrire=lambda diagnostic, rappel: courriels_diagnostics.rappel(diagnostic),
        tour=lambda diagnostic: str(diagnostic.soumis_le),
    ),
    Relance(
        libelle="Prestataires consultés rappelés",
        nom="rappel_positionnement",
        fait="Rappel : le prestataire compte-t-il répondre ?",
        attendus=_sans_position,
        quand="envoi de la consultation",
        arret="il dit s'il répond, dépose, ou la date limite passe",
        depart=lambda s: timezone.localdate(s.envoyee_le),
        pas=(7,),
        ouvres=False,
        ecrire=lambda s, rappel: courriels_consultations.positionnement(s),
    ),
    Relance(
        libelle="Choix du prestataire rappelés",
        nom="rappel_choix",
        fait="Rappel : le choix du prestataire est attendu",
        attendus=_a_choisir,
        quand="date limite des réponses",
        arret="une proposition est retenue, ou la consultation est classée",
        depart=lambda c: timezone.localdate(c.date_limite),
        pas=(14, 20),
        ouvres=False,
        ecrire=lambda c, rappel: courriels_consultations.choix_attendu(c),
    ),
    Relance(
        libelle="Signatures rappelées",
        nom="rappel_signature",
        fait="Rappel de signature",
        attendus=_a_signer,
        quand="invitation de la partie dont c'est le tour",
        arret="elle signe ou refuse, ou l'acte retourne en préparation",
        depart=lambda signature: signature.invitee_le,
        pas=(5, 10),
        ecrire=lambda signature, rappel: courriels_conventions.relance(signature),
        tour=lambda signature: f"{signature.pk}/{signature.invitee_le}",
        porteur=lambda signature: signature.acte,
        sujet=lambda signature: signature.en_phrase,
    ),
    Relance(
        libelle="Notes à mi-parcours demandées",
        nom="rappel_note",
        fait="Note à mi-parcours demandée au prestataire",
        attendus=lambda le: _sans_rapport(notes=None),
        quand="moitié des dates de la mission",
        arret="la note ou le rapport arrive, ou la mission n'est pas simplement en cours",
        depart=lambda mission: mission.mi_parcours_le,
        pas=(0, 5, 10),
        ecrire=lambda mission, rappel: courriels_missions.note_attendue(mission, rappel=rappel),
    ),
    Relance(
        libelle="Rapports finaux demandés",
        nom="rappel_rapport",
        fait="Rapport final demandé au prestataire",
        attendus=lambda le: _sans_rapport(),
        quand="fin de la mission, avenants compris",
        arret="le rapport arrive, ou la mission n'est pas simplement en cours",
        depart=lambda mission: mission.convention.fin_effective,
        pas=(0, 5, 10),
        ecrire=lambda mission, rappel: courriels_missions.rapport_attendu(mission, rappel=rappel),
        tour=lambda mission: str(mission.convention.fin_effective),
    ),
    Relance(
        libelle="Attestations de vigilance demandées",
        nom="rappel_vigilance",
        fait="Attestation de vigilance à renouveler demandée",
        attendus=_a_vigilance,
        quand="fin de l'attestation (sans aucune : signature de la mission), dès 5 000 € HT",
        arret="une nouvelle attestation arrive, ou plus rien n'est à payer",
        depart=_fin_de_vigilance,
        pas=VIGILANCE_RAPPELS,
        ouvres=False,
        absolus=True,
        ecrire=lambda prestataire, rappel: courriels_prestataires.vigilance(prestataire),
        tour=lambda prestataire: str(prestataire.vigilance_jusquau or "aucune"),
    ),
    Relance(
        libelle="Enquêtes de satisfaction rappelées",
        nom="rappel_enquete",
        fait="Rappel de l'enquête de satisfaction",
        attendus=_enquetes,
        quand="envoi de l'enquête",
        arret="la structure répond, ou l'enquête est close",
        depart=lambda enquete: enquete.envoyee_le,
        pas=(15, 30),
        ouvres=False,
        ecrire=lambda enquete, rappel: courriels_suites.relance(enquete),
    ),
    Echeance(
        libelle="Suivis prévus",
        jouer=_suivis,
        quand="validation du diagnostic",
        arret="un suivi par diagnostic",
    ),
)
