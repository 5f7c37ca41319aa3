"""What a fiche prestataire lacks, in sentences (domaine.md §6.14)."""

from datetime import timedelta

from stdnum.fr import siret

from dla_portal.socle import horloge

VIGILANCE_SEUIL_HT = 5000  # euros before tax, total of the mission (domaine.md §7.3)
VIGILANCE_VALIDITE = timedelta(days=184)  # six months at their longest, from its delivery
VIGILANCE_RAPPELS = (-30, -7, 0)  # days, from the end of the attestation: a new one is asked for


def manques_fiche(prestataire):
    """Return what the fiche type lacks before its holder may be engaged and paid."""
    manques = []
    if not siret.is_valid(prestataire.siret or ""):
        manques.append("Le SIRET du prestataire est absent ou faux.")
    if not (prestataire.adresse and prestataire.code_postal and prestataire.ville):
        manques.append("L'adresse postale du prestataire est incomplète.")
    if not prestataire.statut:
        manques.append("Le statut du prestataire n'est pas renseigné.")
    if not prestataire.email:
        manques.append("Le courriel du prestataire n'est pas renseigné.")
    if not prestataire.tjm_ht:
        manques.append("Le tarif journalier du prestataire n'est pas renseigné.")
    return manques


def manques_facettes(prestataire):
    """Return which search facets are empty: without them nobody finds the prestataire."""
    manques = []
    if not prestataire.competences.exists():
        manques.append("Aucune compétence n'est cochée.")
    if not prestataire.secteurs.exists():
        manques.append("Aucun secteur n'est coché.")
    if not prestataire.departements.exists():
        manques.append("Aucun département d'intervention n'est coché.")
    return manques


def manques_pour_referencer(prestataire):
    """A fiche is referenced once complete and findable."""
    return manques_fiche(prestataire) + manques_facettes(prestataire)


def manques_de_la_duree(jusquau):
    """An attestation is valid for six months: an end further away is a slip."""
    limite = horloge.aujourdhui() + VIGILANCE_VALIDITE
    if jusquau > limite:
        return [
            "Une attestation de vigilance vaut six mois : sa fin ne peut dépasser le "
            f"{limite:%d/%m/%Y}."
        ]
    return []


def manques_de_l_attestation(delivree_le, valable_jusquau):
    """An attestation received is already delivered, and runs for six months at most."""
    manques = []
    if delivree_le > horloge.aujourdhui():
        manques.append("L'attestation ne peut être délivrée dans le futur.")
    if valable_jusquau < delivree_le:
        manques.append("L'attestation ne peut finir avant d'être délivrée.")
    elif valable_jusquau - delivree_le > VIGILANCE_VALIDITE:
        fin = delivree_le + VIGILANCE_VALIDITE
        manques.append(
            "Une attestation de vigilance vaut six mois : délivrée le "
            f"{delivree_le:%d/%m/%Y}, elle ne peut dépasser le {fin:%d/%m/%Y}."
        )
    return manques


def manques_vigilance(prestataire, montant_ht, le=None):
    """Return the sentence on the URSSAF attestation, due from 5 000 € HT for the whole mission."""
    le = le or horloge.aujourdhui()
    if montant_ht is None or montant_ht < VIGILANCE_SEUIL_HT:
        return []
    if prestataire.vigilance_jusquau is None:
        return ["L'attestation de vigilance URSSAF manque (mission de 5 000 € HT ou plus)."]
    if prestataire.vigilance_jusquau < le:
        fin = f"{prestataire.vigilance_jusquau:%d/%m/%Y}"
        return [f"L'attestation de vigilance URSSAF a expiré le {fin}."]
    return []
