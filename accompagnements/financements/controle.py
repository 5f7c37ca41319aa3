"""What a controller of the service fait looks for in a mission, and what is not there."""

from dataclasses import dataclass

from accompagnements.consultations.models import Proposition
from accompagnements.financements.models import Repartition
from accompagnements.restitutions.etats import Etat, EtatFacture
from dla_portal.socle.fichiers import Fichier
from dla_portal.socle.templatetags.portail import date_courte
from prestataires.regles import VIGILANCE_SEUIL_HT, manques_fiche

HORS_PORTAIL = "à joindre : le portail ne la garde pas"


@dataclass(frozen=True)
class Point:
    """One thing looked for; `detail` says where it is, or what is missing."""

    libelle: str
    present: bool
    detail: str = ""


def controle(mission):
    """Return the points of the checklist, in the order of the chain."""
    return [
        *_concurrence(mission.convention),
        *_convention(mission.convention),
        *_realisation(mission),
        *_factures(mission),
        Point("RIB du prestataire", False, HORS_PORTAIL),
    ]


def _concurrence(convention):
    """Competition: asked of whom, answered by whom, chosen how."""
    consultation = convention.consultation
    if consultation is None:
        return [Point("Mise en concurrence", False, "convention reprise d'une année passée")]
    sollicites = consultation.sollicitations.count()
    recues = Proposition.objects.filter(consultation=consultation).count()
    cahier = consultation.cahier
    valide = f"validé le {date_courte(cahier.valide_le)}" if cahier.valide_le else "non validé"
    return [
        Point("Cahier des charges validé par la structure", bool(cahier.valide_le), valide),
        Point("Prestataires sollicités", sollicites > 0, f"{sollicites} sollicités"),
        Point("Propositions reçues", recues > 0, f"{recues} reçues"),
        Point(
            "Procès-verbal de choix",
            consultation.choix_le is not None,
            f"choix du {date_courte(consultation.choix_le)}",
        ),
    ]


def _convention(convention):
    prestataire = convention.prestataire
    fiche = manques_fiche(prestataire) if prestataire else ["Le prestataire n'est pas connu."]
    repartition = Repartition.objects.filter(convention=convention).first()
    return [
        Point(
            "Convention signée par toutes les parties",
            convention.signee_le is not None,
            date_courte(convention.signee_le),
        ),
        Point("Fiche du prestataire complète", not fiche, " ".join(fiche)),
        _vigilance(convention),
        Point(
            "Coût réparti entre les financeurs",
            repartition is not None and repartition.a_jour,
            "" if repartition else "le coût n'est pas réparti",
        ),
    ]


def _vigilance(convention):
    """The portal knows until when the last attestation runs; it does not keep the document."""
    libelle = "Attestation de vigilance (à partir de 5 000 € HT)"
    if convention.montant_ht_effectif < VIGILANCE_SEUIL_HT:
        return Point(libelle, True, "non exigée pour cette mission")
    connue = getattr(convention.prestataire, "vigilance_jusquau", None)
    fin = f"la dernière connue vaut jusqu'au {date_courte(connue)} ; " if connue else ""
    return Point(libelle, False, f"{fin}{HORS_PORTAIL}")


def _realisation(mission):
    restitution = getattr(mission, "restitution", None)
    rapport = restitution is not None and restitution.rapport_id is not None
    tenue = restitution is not None and restitution.etat != Etat.RAPPORT_RECU
    emargements = Fichier.objects.filter(fil=mission.fil, categorie="emargement").exists()
    return [
        Point("Réunion de lancement", bool(mission.lancee_le), date_courte(mission.lancee_le)),
        Point("Note à mi-parcours", mission.notes.exists()),
        Point("Feuilles d'émargement", emargements, "" if emargements else HORS_PORTAIL),
        Point("Rapport final (fichier)", rapport, "" if rapport else "aucun fichier déposé"),
        Point("Rapport déclaré conforme", restitution is not None and restitution.rapport_conforme),
        Point("Restitution tenue", tenue, date_courte(restitution.tenue_le) if tenue else ""),
    ]


def _factures(mission):
    """Each invoice: its file, its service fait, its payment and the proof of it."""
    factures = mission.factures.exclude(etat=EtatFacture.REJETEE).order_by("pk")
    points = []
    for facture in factures:
        nom = f"Facture {facture.numero}"
        points += [
            Point(f"{nom} : fichier", facture.fichier_id is not None),
            Point(
                f"{nom} : service fait",
                facture.certifiee_le is not None,
                date_courte(facture.certifiee_le),
            ),
            Point(
                f"{nom} : paiement",
                facture.payee_le is not None,
                f"{date_courte(facture.payee_le)} {facture.paiement_reference}".strip(),
            ),
        ]
    if not points:
        return [Point("Factures", False, "aucune facture enregistrée")]
    return [*points, Point("Relevé bancaire prouvant l'acquittement", False, HORS_PORTAIL)]
