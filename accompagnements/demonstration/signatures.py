"""This week's signatures: on line up to the end, half way, refused; avenants in each state."""

from datetime import timedelta
from decimal import Decimal

from accompagnements.conventions import revisions
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.courriels import USAGE
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from dla_portal.socle import horloge
from dla_portal.socle.demonstration import partie
from dla_portal.socle.jetons import Jeton
from dla_portal.socle.traces import Trace

TRACE = Trace("192.0.2.10", "Navigateur de la démonstration")  # an address kept for examples
FIGEES = 5  # documents made: each one takes half a second
AVENANTS = ("en_preparation", "a_signer", "signe", "abandonne")


@partie(34, "les signatures de la semaine")
def jouer(scene):
    """Freeze some documents so that their links work, then play what happens to three of them."""
    en_signature = Convention.objects.filter(etat="en_signature", document=None).order_by("-pk")
    a_figer = list(en_signature.select_related("ingenierie__operateur", "prestataire")[:FIGEES])
    # First those which nobody has signed on paper yet: their evidence is whole.
    a_figer.sort(key=lambda convention: -convention.attendues().count())
    for convention in a_figer:
        conventions.figer_document(convention)
        charge = scene.equipes[convention.operateur_id]["charge_mission"][0]
        conventions.renvoyer_le_lien(convention, par=charge)
    if len(a_figer) > 3:  # the others stay as they are, for the visitor to sign
        _signer_en_ligne(scene, a_figer[0])
        _signer_par_lien(a_figer[1])
        _refuser(a_figer[2])
    _avenants(scene)


def _signer_par_lien(convention):
    """The party whose turn it is signs by its link; nothing when it is the operator's turn."""
    signature = convention.au_tour
    if signature is None or signature.partie == Signature.Partie.OPERATEUR:
        return False
    jeton = Jeton.objects.filter(usage=USAGE, objet_id=signature.pk).latest("pk")
    conventions.signer_par_lien(
        signature,
        par=f"{signature.partie_nommee}, par son lien"[:120],
        jeton=jeton,
        trace=TRACE,
        signataire=f"Signataire pour {signature.get_partie_display().lower()}",
        qualite="Représentation légale",
        consentement=True,
    )
    return True


def _signer_en_ligne(scene, convention):
    """Every party signs on line: the final file is made."""
    while _signer_par_lien(convention):
        pass
    convention.refresh_from_db()
    conventions.signer_par_compte(
        convention,
        par=scene.equipes[convention.operateur_id]["responsable"][0],
        trace=TRACE,
        qualite="Responsable de l'opérateur",
        consentement=True,
    )


def _refuser(convention):
    """A party does not sign and says why."""
    signature = convention.au_tour
    conventions.refuser(
        signature,
        par=f"{signature.partie_nommee}, par son lien"[:120],
        motif="Les dates de la mission tombent pendant notre fermeture annuelle.",
    )


def _avenants(scene):
    """Four missions under way: one avenant in each state."""
    lancees = Convention.objects.filter(
        etat="signee", mission__etat="en_cours", mission__restitution=None, reprise=False
    ).order_by("-pk")
    for convention, etat in zip(list(lancees[: len(AVENANTS)]), AVENANTS, strict=False):
        charge = scene.equipes[convention.operateur_id]["charge_mission"][0]
        avenant = Avenant(
            convention=convention,
            motif="Deux ateliers de plus, demandés par le conseil d'administration.",
            jours=convention.jours_effectifs + 1,
            fin=convention.fin_effective + timedelta(days=30),
        )
        revisions.preparer(avenant, par=charge)
        if etat == "abandonne":
            revisions.abandonner(avenant, par=charge, motif="Le budget ne le permet pas.")
        elif etat != "en_preparation":
            _mettre_en_signature(scene, avenant, charge, etat)


def _mettre_en_signature(scene, avenant, charge, etat):
    """Sent to be signed; on paper up to the end when it is to be signed."""
    avenant.montant_ht = avenant.convention.montant_ht_effectif + Decimal(200)
    avenant.montant_ttc = avenant.convention.montant_ttc_effectif + Decimal(240)
    avenant.save()
    a_signer = etat == "a_signer"
    revisions.mettre_en_signature(avenant, par=charge, avec_document=a_signer)
    responsable = scene.equipes[avenant.operateur_id]["responsable"][0]
    for signature in [] if a_signer else avenant.signatures.all():
        conventions.signer(
            avenant,
            par=responsable,
            signature=signature,
            signataire=f"Signataire pour {signature.get_partie_display().lower()}",
            qualite="Représentation légale",
            signee_le=horloge.aujourdhui(),
        )
