"""What the directory says of a structure: blanks are filled, differences are shown, never forced.

A structure typed while the directory is closed, slow or wrong is saved all the same, flagged « à
vérifier », and completed later by `manage.py completer_structures`.
"""

import logging
import time
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from accompagnements.structures import annuaire
from accompagnements.structures.models import Structure, Verification
from accompagnements.structures.regles import tient_le_registre
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.recherche import normaliser
from dla_portal.socle.regles import Manques
from dla_portal.socle.sorties import SortieEnPanne, SortieRefusee
from dla_portal.socle.verrou import VersionPerimee
from dla_portal.territoires.models import Commune

logger = logging.getLogger(__name__)
A_COMPLETER = "(nom à compléter)"  # end of the name given to a structure known by its SIRET alone
REMPLIS = ("sigle", "rna", "famille", "forme_juridique", "naf", "date_creation")
LIEU = ("adresse", "code_postal", "ville")
COMPARES = ("nom", "rna", "date_creation")
RECUL = timedelta(minutes=10)  # doubled at each failure
RECUL_MAX = timedelta(days=1)
INCONNUE = timedelta(days=7)  # before asking again about a number that the directory ignores
PANNES_MAX = 3  # in a row: the directory is down, the run stops
PAUSE = 0.2  # seconds between two questions; the directory admits seven a second


def numero_de(structure):
    """The best number by which the directory may be asked, or ""."""
    return structure.siret or structure.siren or structure.rna


def preparer(structure):
    """Before a structure is saved: apply what is known of it already, without any call."""
    numero = numero_de(structure)
    fiche = annuaire.en_memoire(numero)
    if fiche is not None:
        appliquer(structure, fiche)
    elif numero:
        structure.verification = Verification.A_VERIFIER
        structure.ecarts, structure.annuaire_essais, structure.annuaire_apres = [], 0, None
    else:  # nothing to ask about any more
        structure.verification, structure.ecarts = Verification.SANS, []
    return structure


def appliquer(structure, fiche):
    """Fill the blanks of a structure (not saved) from a record and list the differences."""
    if structure.nom.endswith(A_COMPLETER):
        structure.nom = fiche.nom
    for nom in REMPLIS:
        if not getattr(structure, nom):
            setattr(structure, nom, getattr(fiche, nom))
    _situer(structure, fiche)
    ecarts = [_ecart(structure, fiche, nom) for nom in COMPARES] + _ecarts_de_numero(
        structure, fiche
    )
    if fiche.cessee:
        ecarts.append({"libelle": "Activité", "annuaire": "cessée"})
    structure.ecarts = [ecart for ecart in ecarts if ecart]
    structure.verification = Verification.DIVERGENTE if structure.ecarts else Verification.VERIFIEE
    structure.verifiee_le, structure.verifiee_par = horloge.maintenant(), None
    return structure


def _situer(structure, fiche):
    """The address, when there is none; the commune, when it does not change the department."""
    commune = Commune.objects.filter(pk=fiche.commune).first() if fiche.commune else None
    libre = commune and not structure.commune_id
    if libre and structure.departement_id in (None, commune.departement_id):
        structure.commune, structure.departement_id = commune, commune.departement_id
    memes = structure.commune_id is None or structure.commune_id == fiche.commune
    if memes and not structure.adresse:
        for nom in LIEU:
            setattr(structure, nom, getattr(fiche, nom) or getattr(structure, nom))


def _ecart(structure, fiche, nom):
    ici, dit = getattr(structure, nom), getattr(fiche, nom)
    if not dit or normaliser(str(ici)) == normaliser(str(dit)):
        return None
    affiche = f"{dit:%d/%m/%Y}" if nom == "date_creation" else dit
    champ = Structure._meta.get_field(nom)
    return {"libelle": champ.verbose_name[:1].upper() + champ.verbose_name[1:], "annuaire": affiche}


def _ecarts_de_numero(structure, fiche):
    """The SIRET found from a SIREN or a RNA is taken, unless another structure bears it."""
    ecarts = []
    if not structure.siret:
        porteuse = Structure.toutes.de_siret(fiche.siret)
        if porteuse is None:
            structure.siret, structure.siret_absent = fiche.siret, ""
        elif porteuse != structure:
            dit = f"{fiche.siret}, déjà porté par une autre fiche : à fusionner ?"
            ecarts.append({"libelle": "SIRET", "annuaire": dit})
    if fiche.commune and structure.commune_id and structure.commune_id != fiche.commune:
        ecarts.append({"libelle": "Commune", "annuaire": f"{fiche.code_postal} {fiche.ville}"})
    return ecarts


def interroger(structure):
    """Ask the directory about a stored structure and save what it says.

    Raises SortieRefusee, SortieEnPanne, or VersionPerimee when somebody saved it meanwhile. No
    transaction is open during the call.
    """
    fiche = annuaire.trouver(numero_de(structure))
    if fiche is None and structure.verification == Verification.INTROUVABLE:
        return _toujours_introuvable(structure)
    if fiche is None:
        structure.verification = Verification.INTROUVABLE
        structure.verifiee_le, structure.ecarts = horloge.maintenant(), []
        structure.annuaire_apres = horloge.maintenant() + INCONNUE
    else:
        appliquer(structure, fiche)
        structure.annuaire_apres = None
    structure._change_reason = "Annuaire des entreprises"
    with transaction.atomic():
        structure.save()
        journaliser(structure, f"Annuaire : {structure.get_verification_display().lower()}")
    return structure


def _toujours_introuvable(structure):
    """Asked again every week, a number still unknown changes nothing that history should keep.

    Somebody who saved the structure meanwhile has asked for another check: it is left as it is.
    """
    structure.verifiee_le = horloge.maintenant()
    structure.annuaire_apres = structure.verifiee_le + INCONNUE
    Structure.objects.filter(pk=structure.pk, version=structure.version).update(
        verifiee_le=structure.verifiee_le, annuaire_apres=structure.annuaire_apres
    )
    return structure


@transaction.atomic
def confirmer(structure, *, par):
    """Somebody has checked the identity by other means: the flag goes, with the name of who did."""
    exiger(tient_le_registre(par))
    if structure.verification in (Verification.SANS, Verification.VERIFIEE):
        raise Manques(["L'identité de cette structure n'est pas à vérifier."])
    structure.verification, structure.ecarts = Verification.VERIFIEE, []
    structure.verifiee_le, structure.verifiee_par = horloge.maintenant(), par
    structure.save()
    journaliser(structure, "Identité vérifiée", par=par)
    return structure


def completer(maximum, pause=PAUSE):
    """Ask about the structures flagged, the oldest first; return (done, failed, sentence).

    The sentence says why the run stopped before its end, "" when it did not.
    """
    maintenant = horloge.maintenant()
    attendues = Structure.objects.filter(
        Q(annuaire_apres=None) | Q(annuaire_apres__lte=maintenant),
        verification__in=[Verification.A_VERIFIER, Verification.INTROUVABLE],
    ).exclude(Q(siret=None) & Q(siren="") & Q(rna=""))  # no number, no answer
    faites = pannes = de_suite = 0
    for structure in attendues.order_by("annuaire_essais", "pk")[:maximum]:
        try:
            interroger(structure)
        except SortieRefusee as refus:
            return faites, pannes, str(refus)
        except SortieEnPanne as panne:
            pannes, de_suite = pannes + 1, de_suite + 1
            _remettre(structure, max(panne.attendre, 0))
            if panne.attendre or de_suite >= PANNES_MAX:
                return faites, pannes, str(panne)
        except (VersionPerimee, IntegrityError):
            logger.info("Structure %s modifiée entre-temps : au prochain passage.", structure.pk)
        else:
            faites, de_suite = faites + 1, 0
        time.sleep(pause)
    return faites, pannes, ""


def _remettre(structure, secondes):
    """Try again later: ten minutes, then twice as long at each failure, a day at most."""
    essais = min(structure.annuaire_essais + 1, 20)
    recul = max(min(RECUL * 2 ** (essais - 1), RECUL_MAX), timedelta(seconds=secondes))
    Structure.objects.filter(pk=structure.pk).update(
        annuaire_essais=essais, annuaire_apres=horloge.maintenant() + recul
    )
