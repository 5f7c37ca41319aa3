"""What proves the service fait of a mission, in facts: whoever certifies reads them first."""

from django.db.models import Sum

from accompagnements.restitutions.etats import EtatFacture
from dla_portal.socle.templatetags.portail import date_courte, euros, jours


def faits(mission):
    """Rows (label, sentence), from the days to the amounts; rejected invoices left out."""
    convention = mission.convention
    sommes = mission.factures.exclude(etat=EtatFacture.REJETEE).aggregate(
        ttc=Sum("montant_ttc"), jours=Sum("jours")
    )
    return [
        (
            "Jours facturés",
            f"{jours(sommes['jours'] or 0)}, pour {jours(mission.jours_realises)} au journal et "
            f"{jours(convention.jours_effectifs)} convenus",
        ),
        ("Feuilles d'émargement signées", _feuilles(mission)),
        ("Note à mi-parcours", _notes(mission)),
        *_restitution(getattr(mission, "restitution", None)),
        (
            "Facturé à ce jour",
            f"{euros(sommes['ttc'] or 0, 'TTC')} sur {euros(convention.montant_ttc_effectif, 'TTC')} dus",
        ),
    ]


def _feuilles(mission):
    inscrites = mission.journees.inscrites()
    total = inscrites.count()
    if not total:
        return "aucune intervention au journal"
    return f"{inscrites.filter(feuille__isnull=False).count()} sur {total}"


def _notes(mission):
    recues = [date_courte(le) for le in mission.notes.values_list("recue_le", flat=True)]
    return f"reçue le {', '.join(recues)}" if recues else "aucune reçue"


def _restitution(restitution):
    """The report and the meeting: both are due before the balance only."""
    if restitution is None:
        return [("Rapport final", "non reçu"), ("Restitution", "non tenue")]
    conforme = "déclaré conforme" if restitution.rapport_conforme else "pas encore déclaré conforme"
    tenue = restitution.tenue_le
    return [
        ("Rapport final", f"reçu le {date_courte(restitution.rapport_recu_le)}, {conforme}"),
        ("Restitution", f"tenue le {date_courte(tenue)}" if tenue else "non tenue"),
    ]
