"""Mails of the restitution stage: the meeting is planned, an invoice is rejected."""

from dla_portal.socle.courriels import deposer


def planification(restitution, change=False):
    """Tell the structures, the prestataire and those who follow the dossiers when and where."""
    convention = restitution.mission.convention
    dossiers = convention.ingenierie.accompagnements().select_related("structure", "charge")
    adresses = {dossier.structure.courriel_principal() for dossier in dossiers}
    adresses |= {dossier.charge.email for dossier in dossiers if dossier.charge}
    if convention.prestataire is not None:
        adresses.add(convention.prestataire.email)
    sujet = "Restitution : nouvelle date" if change else "Restitution de la mission"
    return [
        deposer(
            adresse,
            f"{sujet} — {convention.reference}",
            "accompagnements/restitutions/courriels/planification",
            {
                "restitution": restitution,
                "convention": convention,
                "operateur": convention.ingenierie.operateur,
                "change": change,
            },
            fil=restitution.fil,
        )
        for adresse in sorted(filter(None, adresses))
    ]


def rejet(facture):
    """Tell the prestataire why an invoice is rejected, and that another one is awaited."""
    convention = facture.mission.convention
    if convention.prestataire is None:
        return None  # a convention taken over without its prestataire: nobody to write to
    return deposer(
        convention.prestataire.email,
        f"Facture {facture.numero} rejetée — {convention.reference}",
        "accompagnements/restitutions/courriels/rejet",
        {
            "facture": facture,
            "convention": convention,
            "operateur": convention.ingenierie.operateur,
        },
        fil=facture.fil,
    )
