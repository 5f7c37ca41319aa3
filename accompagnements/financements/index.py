"""The index of an evidence file: its pieces, what was checked, the facts that no file holds."""

from accompagnements.financements import compte
from accompagnements.financements.models import Repartition
from dla_portal.socle import exports
from dla_portal.socle.templatetags.portail import date_courte, euros, jours, ou_tiret, oui_non


def index(mission, pieces, points):
    """Return the bytes of the XLSX: one sheet for each of them."""
    return exports.classeur(
        [
            (
                "Pièces",
                ["Fichier", "Origine", "Déposé le", "Octets", "SHA-256"],
                [_ligne(piece) for piece in pieces],
            ),
            (
                "Contrôle",
                ["Point", "Présent", "Détail", "Pièce"],
                [[p.libelle, p.present, p.detail, p.piece] for p in points],
            ),
            ("Mission", ["Élément", "Valeur"], faits(mission)),
        ]
    )


def _ligne(piece):
    origine = "ABSENTE DU STOCKAGE" if piece.absente else piece.origine
    return [piece.nom, origine, piece.depose_le, piece.taille, piece.sha256]


def faits(mission):
    """Rows (label, value) about the mission, from the convention to the payments."""
    convention = mission.convention
    lignes = [
        ["Convention", convention.reference],
        ["Opérateur", str(convention.ingenierie.operateur)],
        ["Structures", convention.ingenierie.structures()],
        *_prestataire(convention.prestataire),
        ["Montant TTC", euros(convention.montant_ttc_effectif)],
        ["Jours", jours(convention.jours_effectifs)],
        ["Signée par tous le", date_courte(convention.signee_le)],
    ]
    lignes += [
        [f"Signature, {signature.get_partie_display().lower()}", _signature(signature)]
        for signature in convention.signatures.all()
    ]
    lignes.append(["Réunion de lancement", date_courte(mission.lancee_le)])
    return lignes + _restitution(mission) + _factures(mission) + _financement(convention)


def _prestataire(prestataire):
    """What the fiche of the register says of who is paid."""
    if prestataire is None:
        return [["Prestataire", str(ou_tiret(None))]]
    adresse = f"{prestataire.adresse}, {prestataire.code_postal} {prestataire.ville}"
    return [
        ["Prestataire", str(prestataire)],
        ["Prestataire, SIRET", prestataire.siret],
        ["Prestataire, statut", prestataire.get_statut_display()],
        ["Prestataire, adresse", adresse],
        ["Prestataire, tarif journalier HT", euros(prestataire.tjm_ht)],
    ]


def _signature(signature):
    return f"{signature.signataire}, {signature.qualite}, {date_courte(signature.signee_le)}"


def _restitution(mission):
    restitution = getattr(mission, "restitution", None)
    if restitution is None:
        return []
    return [
        ["Rapport reçu le", date_courte(restitution.rapport_recu_le)],
        ["Rapport déclaré conforme", oui_non(restitution.rapport_conforme)],
        ["Restitution tenue le", date_courte(restitution.tenue_le)],
        ["Lieu", restitution.lieu],
        ["Personnes présentes", restitution.presents],
        ["Objectifs et résultats", restitution.resultats],
        ["Écarts", restitution.ecarts],
        ["Nouveaux besoins", restitution.besoins],
        ["Décisions et suites", restitution.decisions],
    ]


def _factures(mission):
    lignes = []
    for facture in mission.factures.select_related("certifiee_par"):
        faits_ = [
            f"{euros(facture.montant_ttc)} TTC, {jours(facture.jours)}",
            facture.get_etat_display().lower(),
        ]
        if facture.certifiee_le:
            faits_.append(
                f"service fait le {date_courte(facture.certifiee_le)} par {facture.certifiee_par}"
            )
        if facture.payee_le:
            faits_.append(f"payée le {date_courte(facture.payee_le)}, {facture.paiement_reference}")
        lignes.append([f"Facture {facture.numero}", " ; ".join(faits_)])
    return lignes


def _financement(convention):
    siennes = compte.lignes(Repartition.objects.filter(convention=convention)).values()
    return [
        [
            f"Financé par {ligne.imputation.enveloppe}",
            f"{euros(ligne.imputation.montant)}, payé {euros(ligne.paye)}",
        ]
        for ligne in siennes
    ]
