"""PDF of the convention tripartite (domaine.md §6.7)."""

from dla_portal.socle import documents, horloge


def convention(convention):
    """Return the bytes of the PDF of a convention."""
    proposition = convention.proposition
    contexte = {
        "convention": convention,
        "reference": convention.reference,
        "ingenierie": convention.ingenierie,
        "operateur": convention.ingenierie.operateur,
        "prestataire": convention.prestataire,
        "structures": [
            d.structure for d in convention.ingenierie.accompagnements().select_related("structure")
        ],
        "intervenants": proposition.intervenants if proposition else "",
        "tva": convention.montant_ttc - convention.montant_ht,
        "acompte_ttc": convention.montant_ttc * convention.acompte / 100,
        "solde_ttc": convention.montant_ttc * (100 - convention.acompte) / 100,
        "signatures": list(convention.signatures.select_related("structure")),
        "etablie_le": convention.envoyee_le or horloge.aujourdhui(),
        "financeurs": [
            {"nom": nom, "logo_url": "", "europe": "FSE" in nom or "Europ" in nom}
            for nom in convention.liste_financeurs
        ],
    }
    return documents.produire("accompagnements/conventions/pdf/convention.html", contexte)
