"""Where the tasks of the signatures come from: the responsable's turn, avenants to send."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accompagnements import acteurs
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.etats import Etat, EtatAvenant
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from accompagnements.parcours.sources_communes import DECIDER, Source
from accompagnements.plans.models import nom_de_la_structure
from dla_portal.socle.calendrier import ajouter_jours_ouvres

OPERATEUR = Signature.Partie.OPERATEUR


def _attend_l_operateur(u, modele, nom, etat):
    """Those which every other party has signed, and whose document is there to be signed."""
    signatures = Signature.objects.filter(signee_le=None, **{nom: OuterRef("pk")})
    return (
        modele.objects.visibles_par(u)
        .filter(
            Exists(signatures.filter(partie=OPERATEUR)),
            ~Exists(signatures.exclude(partie=OPERATEUR)),
            etat=etat,
            document__isnull=False,
        )
        .exclude(envoyee_le=None)
    )


def _conventions(u):
    lignes = _attend_l_operateur(u, Convention, "convention", Etat.EN_SIGNATURE)
    lignes = lignes.annotate(pour=nom_de_la_structure("ingenierie"))
    return lignes.select_related("ingenierie")


def _autour(avenants):
    avenants = avenants.annotate(pour=nom_de_la_structure("convention__ingenierie"))
    return avenants.select_related("convention__ingenierie")


def _avenants(u):
    return _autour(_attend_l_operateur(u, Avenant, "avenant", EtatAvenant.A_SIGNER))


def _a_envoyer(u):
    return _autour(Avenant.objects.visibles_par(u).filter(etat=EtatAvenant.EN_PREPARATION))


def _nom(acte):
    return f"{acte.ingenierie.intitule} · {acte.pour}"


def _a_signer_avant(acte):
    return ajouter_jours_ouvres(acte.envoyee_le, DECIDER)


_D = acteurs.DIRECTION
SIGNATURES = [
    Source("Signer la convention", _D, _conventions, _a_signer_avant, _nom),
    Source("Signer l'avenant", _D, _avenants, _a_signer_avant, _nom),
    Source(
        "Mettre l'avenant à la signature",
        acteurs.CHARGE,
        _a_envoyer,
        lambda avenant: ajouter_jours_ouvres(timezone.localdate(avenant.cree_le), DECIDER),
        _nom,
    ),
]
