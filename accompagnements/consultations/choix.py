"""Scoring the propositions, retaining one, telling everybody."""

from decimal import Decimal

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, documents, etats, regles
from accompagnements.consultations.etats import EtatProposition
from accompagnements.consultations.models import Proposition
from accompagnements.consultations.notation import Fiche, Note
from accompagnements.consultations.pieces import manques_des_pieces
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

CHARGE, STRUCTURE = Fiche.Evaluateur.CHARGE, Fiche.Evaluateur.STRUCTURE


def note_de_prix(critere, proposition, plus_bas):
    """Points of a criterion noted by the price: maximum × lowest TTC ÷ TTC, to the hundredth."""
    if proposition.montant_ttc == plus_bas:
        return Decimal(critere.points)  # also when the lowest price is nothing at all
    return round(critere.points * plus_bas / proposition.montant_ttc, 2)


@transaction.atomic
def noter(consultation, *, par, notes, evaluateur=CHARGE, clore=True, **feuille):
    """Record a score sheet, and close it for good unless told otherwise.

    `notes` maps (proposition pk, criterion pk) to points; the criteria noted by the price are
    computed. `feuille`: `commentaires`, by the same keys, and `sans_conflit`, declared. Saves the
    consultation: a sheet filled from an older version raises VersionPerimee.
    """
    exiger(droits.par_lien(par) if evaluateur == STRUCTURE else droits.instruit(par, consultation))
    consultation.save()
    if consultation.etat != etats.Etat.EN_ANALYSE:
        raise Manques(["La grille se remplit entre l'ouverture et le choix."])
    fiche = _fiche(consultation, evaluateur)
    lignes = _lignes(consultation, fiche, notes, feuille.get("commentaires", {}))
    Note.objects.bulk_create(
        lignes,
        update_conflicts=True,
        unique_fields=["fiche", "proposition", "critere"],
        update_fields=["points", "commentaire"],
    )
    if clore:
        exiger_aucun_manque(regles.manques_de_la_fiche(fiche))
        fiche.close_le, fiche.close_par = horloge.maintenant(), str(par)[:160]
        fiche.sans_conflit = feuille.get("sans_conflit", False)
        fiche.save()
    geste = "close" if clore else "enregistrée"
    journaliser(consultation, f"Grille {fiche.get_evaluateur_display().lower()} {geste}", par=par)
    return consultation


def _fiche(consultation, evaluateur):
    """The open sheet of an evaluator; that of the structure exists once it is asked for."""
    if evaluateur == CHARGE:
        fiche, _ = Fiche.objects.get_or_create(consultation=consultation, evaluateur=CHARGE)
    else:
        fiche = consultation.fiches.filter(evaluateur=STRUCTURE).first()
    if fiche is None or not fiche.attendue:
        raise Manques(["Cette grille est close : ses notes ne changent plus."])
    return fiche


def _lignes(consultation, fiche, notes, commentaires):
    """The Note rows of a sheet, typed or computed."""
    criteres = {critere.pk: critere for critere in consultation.criteres.all()}
    propositions = {p.pk: p for p in consultation.propositions.all()}
    lignes = []
    for (proposition, critere), points in notes.items():
        if criteres[critere].prix:
            continue
        _verifier(criteres[critere], points)
        lignes.append(Note(fiche=fiche, proposition_id=proposition, critere_id=critere))
        lignes[-1].points = Decimal(points)
        lignes[-1].commentaire = commentaires.get((proposition, critere), "")
    plus_bas = min(p.montant_ttc for p in propositions.values())
    for critere in (c for c in criteres.values() if c.prix):
        for proposition in propositions.values():
            points = note_de_prix(critere, proposition, plus_bas)
            lignes.append(
                Note(fiche=fiche, proposition=proposition, critere=critere, points=points)
            )
    return lignes


def _verifier(critere, points):
    if points < 0 or points > critere.points:
        raise Manques([f"« {critere.libelle} » se note entre 0 et {critere.points}."])


@transaction.atomic
def demander_grille(consultation, *, par):
    """Ask the structure for its own scores, by a personal link; the choice then waits for them."""
    exiger(droits.instruit(par, consultation))
    consultation.save()
    exiger_aucun_manque(regles.manques_pour_demander_grille(consultation))
    Fiche.objects.create(consultation=consultation, evaluateur=STRUCTURE)
    courriels.demander_grille(consultation)
    journaliser(consultation, "Grille demandée à la structure", par=par)
    return consultation


@transaction.atomic
def relancer_grille(consultation, *, par):
    """Send the structure another link to its sheet; the former one stops working."""
    exiger(droits.instruit(par, consultation))
    if consultation.etat != etats.Etat.EN_ANALYSE or not regles.attend_la_grille(consultation):
        raise Manques(["Aucune grille n'est attendue de la structure."])
    consultation.save()
    courriels.demander_grille(consultation)
    journaliser(consultation, "Structure relancée pour sa grille", par=par)
    return consultation


@transaction.atomic
def se_passer_de_la_grille(consultation, *, par, motif):
    """Choose without the scores of the structure, and say why."""
    exiger(droits.instruit(par, consultation))
    consultation.save()
    fiche = consultation.fiches.filter(evaluateur=STRUCTURE).first()
    ouverte = consultation.etat == etats.Etat.EN_ANALYSE
    if not ouverte or fiche is None or not fiche.attendue:
        raise Manques(["Aucune grille n'est attendue de la structure."])
    fiche.renoncement = motif
    fiche.save()
    fiche.notes.all().delete()
    journaliser(consultation, "Choix sans la grille de la structure", par=par, motif=motif)
    return consultation


@transaction.atomic
def attribuer(consultation, *, par, proposition, presents, motif="", avec_pv=True, **accepte):
    """Retain one proposition: the others are not; all are told in the same act, the structure too.

    `avec_pv`: keep the minutes, as in `ouverture.ouvrir`. `accepte`: `malgre_les_pieces`, true when
    the retained proposition is retained although pieces of it are missing or were not checked.
    """
    exiger(droits.instruit(par, consultation))
    proposition = consultation.propositions.filter(pk=proposition.pk).first()  # as it now stands
    if proposition is None:
        raise Manques(["Cette proposition ne répond pas à cette consultation."])
    exiger_aucun_manque(regles.manques_pour_attribuer(consultation))
    exiger_aucun_manque(regles.motif_de_choix_requis(consultation, proposition, motif))
    malgre = manques_des_pieces(proposition)
    if not accepte.get("malgre_les_pieces"):
        exiger_aucun_manque(malgre)
    consultation.choix_le = horloge.aujourdhui()
    consultation.choix_motif, consultation.choix_presents = motif, presents
    consultation.choix_malgre = "\n".join(malgre)
    etats.ATTRIBUER.appliquer(
        consultation, par=par, motif="\n".join(filter(None, [motif, *malgre]))
    )
    _dire_a_chacun(consultation, proposition, par)
    if avec_pv:
        octets = documents.etablir_pv_de_choix(consultation)
        consultation.pv_choix = documents.conserver(consultation, "choix", octets, par)
        consultation.save()
    return consultation


def _dire_a_chacun(consultation, retenue, par):
    """Retain or not each proposition, and tell its author; then the structure who is retained."""
    for candidate in consultation.propositions.select_related("sollicitation__prestataire"):
        candidate.notifiee_le = horloge.maintenant()
        if candidate.pk == retenue.pk:
            etats.RETENIR.appliquer(candidate, par=par)
        else:
            etats.ECARTER.appliquer(candidate, par=par)
        courriels.resultat(candidate, retenue=candidate.etat == EtatProposition.RETENUE)
    courriels.choix_fait(consultation)


@transaction.atomic
def demander_motif(sollicitation, *, par):
    """The prestataire expressly asks why his proposition is not retained."""
    exiger(droits.par_lien(par))
    proposition = Proposition.objects.select_for_update().get(sollicitation=sollicitation)
    if proposition.etat != EtatProposition.NON_RETENUE:
        raise Manques(["Le motif se demande pour une proposition non retenue."])
    if proposition.motif_demande_le is None:
        proposition.motif_demande_le = horloge.maintenant()
        proposition.save()
        journaliser(proposition, "Motif du rejet demandé", par=par)
    return proposition


@transaction.atomic
def donner_motif(proposition, *, par, motif_rejet):
    """Answer the express request of a prestataire, once, by mail."""
    exiger(droits.instruit(par, proposition))
    proposition = Proposition.objects.select_for_update().get(pk=proposition.pk)
    exiger_aucun_manque(regles.manques_du_motif(proposition))
    proposition.motif_rejet, proposition.motif_envoye_le = motif_rejet, horloge.maintenant()
    proposition.save()
    journaliser(proposition, "Motif du rejet envoyé", par=par)
    courriels.motif(proposition)
    return proposition
