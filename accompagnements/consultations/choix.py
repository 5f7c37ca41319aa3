"""Scoring the propositions, retaining one, telling everybody."""

from decimal import Decimal

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, etats, regles
from accompagnements.consultations.etats import EtatProposition
from accompagnements.consultations.models import Note
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


@transaction.atomic
def noter(consultation, *, par, notes):
    """Record the grid; `notes` maps (proposition pk, criterion pk) to points."""
    exiger(droits.instruit(par, consultation))
    if consultation.etat != etats.Etat.EN_ANALYSE:
        raise Manques(["La grille se remplit entre l'ouverture et le choix."])
    criteres = {critere.pk: critere for critere in consultation.criteres.all()}
    propositions = {proposition.pk: proposition for proposition in consultation.propositions.all()}
    lignes = []
    for (proposition, critere), points in notes.items():
        _verifier(criteres[critere], points)
        lignes.append(
            Note(
                proposition=propositions[proposition],
                critere=criteres[critere],
                points=Decimal(points),
            )
        )
    Note.objects.bulk_create(
        lignes,
        update_conflicts=True,
        unique_fields=["proposition", "critere"],
        update_fields=["points"],
    )
    journaliser(consultation, "Grille d'analyse enregistrée", par=par)
    return consultation


def _verifier(critere, points):
    if points < 0 or points > critere.points:
        raise Manques([f"« {critere.libelle} » se note entre 0 et {critere.points}."])


@transaction.atomic
def attribuer(consultation, *, par, proposition, presents, motif=""):
    """Retain one proposition: the others are not; all are told in the same act."""
    exiger(droits.instruit(par, consultation))
    if proposition.consultation_id != consultation.pk:
        raise Manques(["Cette proposition ne répond pas à cette consultation."])
    exiger_aucun_manque(regles.manques_pour_attribuer(consultation))
    exiger_aucun_manque(regles.motif_de_choix_requis(consultation, proposition, motif))
    consultation.choix_le = horloge.aujourdhui()
    consultation.choix_motif, consultation.choix_presents = motif, presents
    etats.ATTRIBUER.appliquer(consultation, par=par, motif=motif)
    for candidate in consultation.propositions.select_related("sollicitation__prestataire"):
        candidate.notifiee_le = horloge.maintenant()
        if candidate.pk == proposition.pk:
            etats.RETENIR.appliquer(candidate, par=par)
        else:
            etats.ECARTER.appliquer(candidate, par=par)
        courriels.resultat(candidate, retenue=candidate.etat == EtatProposition.RETENUE)
    return consultation
