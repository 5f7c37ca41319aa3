"""Where the tasks of the money come from: splits, what returns to the enveloppes, invoices."""

from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.financements.regles import conventions_a_rendre, conventions_a_repartir
from accompagnements.parcours.sources import (
    _G,
    DECIDER,
    RELANCER,
    Source,
    _apres,
    _conventions,
    _de_mission,
    _intitule,
)
from accompagnements.plans.models import nom_de_la_structure
from accompagnements.restitutions.etats import EtatFacture
from accompagnements.restitutions.models import Facture


def _factures(etat):
    return lambda u: (
        Facture.objects.visibles_par(u)
        .filter(etat=etat)
        .annotate(pour=nom_de_la_structure("mission__convention__ingenierie"))
        .select_related("mission__convention__ingenierie")
    )


ARGENT = [
    Source(
        "Répartir le coût entre les financeurs",
        _G,
        lambda u: conventions_a_repartir(_conventions(EtatConvention.SIGNEE)(u)),
        _apres("signee_le", DECIDER),
        _intitule,
        geste="convention_repartir",
    ),
    Source(
        "Rendre le reste aux enveloppes",
        _G,
        lambda u: conventions_a_rendre(
            _conventions(EtatConvention.SIGNEE, EtatConvention.RESILIEE)(u)
        ),
        lambda c: None,
        _intitule,
        geste="convention_liberer",
    ),
    Source(
        "Certifier le service fait",
        _G,
        _factures(EtatFacture.RECUE),
        _apres("datee_du", RELANCER),
        _de_mission,
    ),
    Source(
        "Payer la facture",
        _G,
        _factures(EtatFacture.CERTIFIEE),
        _apres("certifiee_le", RELANCER),
        _de_mission,
    ),
]
