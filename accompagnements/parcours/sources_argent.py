"""Where the tasks of the money come from: splits, what returns to the enveloppes, invoices."""

from accompagnements import acteurs
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.financements.regles import conventions_a_rendre, conventions_a_repartir
from accompagnements.parcours.sources_communes import (
    DECIDER,
    RELANCER,
    Source,
    apres,
    de_conventions,
    de_mission,
    intitule,
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
        acteurs.GESTION,
        lambda u: conventions_a_repartir(de_conventions(EtatConvention.SIGNEE)(u)),
        apres("signee_le", DECIDER),
        intitule,
        geste="convention_repartir",
    ),
    Source(
        "Rendre le reste aux enveloppes",
        acteurs.GESTION,
        lambda u: conventions_a_rendre(
            de_conventions(EtatConvention.SIGNEE, EtatConvention.RESILIEE)(u)
        ),
        lambda c: None,
        intitule,
        geste="convention_liberer",
    ),
    Source(
        "Certifier le service fait",
        acteurs.GESTION,
        _factures(EtatFacture.RECUE),
        apres("datee_du", RELANCER),
        de_mission,
    ),
    Source(
        "Payer la facture",
        acteurs.GESTION,
        _factures(EtatFacture.CERTIFIEE),
        apres("certifiee_le", RELANCER),
        de_mission,
    ),
]
