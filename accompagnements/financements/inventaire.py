"""What the FSE+ evidence file of a mission holds, piece by piece, before any byte is read.

The stored files of the engineering and of its dossiers, then the documents which the portal makes
from what it knows and has not stored. The checklist says « oui » of a piece found here only.
"""

import unicodedata
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from accompagnements.consultations import documents as documents_consultation
from accompagnements.conventions import documents as documents_convention
from accompagnements.conventions.etats import EtatAvenant
from accompagnements.missions import documents as documents_mission
from accompagnements.restitutions import documents as documents_restitution
from dla_portal.socle.fichiers import Fichier
from prestataires.regles import VIGILANCE_SEUIL_HT

INDEX = "00 - Index et contrôle.xlsx"  # the facts that no file holds are on its sheet « Mission »
NOM_MAX = 100  # characters kept of the name that somebody gave to a file
INTERDITS = set('\\/:*?"<>|')  # what a file system reads as a path or refuses
LIBELLES = {
    "attestation_vigilance": "Attestation de vigilance",
    "autre": "Pièce",
    "compte_rendu_restitution": "Compte rendu de restitution",
    "convention": "Convention",
    "convention_scan": "Convention signée, numérisée",
    "convention_signee": "Convention signée",
    "emargement": "Feuille d'émargement",
    "facture": "Facture",
    "proposition": "Proposition",
    "pv_choix": "Procès-verbal de choix",
    "pv_ouverture": "Procès-verbal d'ouverture",
    "rapport": "Rapport final",
}


@dataclass(frozen=True)
class Entree:
    """One document to write. `cle`: the number of its Fichier, or the word of what is made."""

    cle: Hashable
    libelle: str
    octets: Callable
    fichier: Fichier | None = None
    nom: str = ""


def fils(mission):
    """Threads whose files are evidence: the engineering, the dossiers and demandes of its operator."""
    dossiers = mission.convention.ingenierie.accompagnements().filter(
        operateur=mission.operateur_id
    )
    siens = [
        (f"accompagnement:{pk}", f"demande:{demande}")
        for pk, demande in dossiers.values_list("pk", "demande")
    ]
    return [mission.fil, *(fil for couple in siens for fil in couple)]


def fichiers(mission):
    """Files of the dossier, oldest first. A sealed deposit left is one replaced or out of time."""
    siens = Fichier.objects.filter(fil__in=fils(mission), scelle=False)
    return list(siens.order_by("depose_le", "pk"))


def vigilances(convention):
    """Return (occasion, day, attestation in force that day or None): commitment, then payments.

    Due from 5 000 € HT in all: at the signature which reaches that amount, then at each payment.
    """
    prestataire = convention.prestataire
    if prestataire is None or convention.montant_ht_effectif < VIGILANCE_SEUIL_HT:
        return []
    occasions = [_engagement(convention)]
    occasions += [
        (f"au paiement de la facture {facture.numero}", facture.payee_le)
        for facture in convention.mission.factures.filter(payee_le__isnull=False).order_by("pk")
    ]
    attestations = prestataire.attestations.select_related("fichier")
    return [
        (quoi, jour, attestations.valable_le(jour)) for quoi, jour in occasions if jour is not None
    ]


def _engagement(convention):
    """When the mission reached 5 000 € HT: with the convention, or with a later avenant."""
    avenants = convention.avenants.filter(
        etat=EtatAvenant.SIGNE, montant_ht__gte=VIGILANCE_SEUIL_HT
    )
    premier = avenants.order_by("numero").first()
    if convention.montant_ht >= VIGILANCE_SEUIL_HT or premier is None:
        return "à la signature", convention.signee_le
    return f"à la signature de l'avenant n° {premier.numero}", premier.signee_le


def _attestations(convention):
    """The documents of the register which were in force, once each."""
    trouvees = {a.fichier_id: a.fichier for _, _, a in vigilances(convention) if a is not None}
    return [_stockee(fichier) for fichier in trouvees.values()]


def inventaire(mission):
    """Return every entry of the zip in its order, under the name it will have there."""
    stockes = fichiers(mission)
    entrees = [_stockee(fichier) for fichier in stockes]
    entrees += _attestations(mission.convention)
    entrees += _de_la_consultation(mission.convention.consultation, stockes)
    entrees += _de_la_convention(mission.convention)
    entrees += _de_la_mission(mission)
    entrees += _de_la_restitution(mission)
    return [_nommee(rang, entree) for rang, entree in enumerate(entrees, 1)]


def _stockee(fichier):
    genre = LIBELLES.get(fichier.categorie, fichier.categorie.capitalize() or "Pièce")
    return Entree(fichier.pk, genre, fichier.lire, fichier)


def _nommee(rang, entree):
    fin = f" - {nom_inerte(entree.fichier.nom)}" if entree.fichier else ".pdf"
    nom = f"{rang:02d} - {nom_inerte(entree.libelle)}{fin}"
    return Entree(entree.cle, entree.libelle, entree.octets, entree.fichier, nom)


def _de_la_consultation(consultation, stockes):
    """The competition; minutes kept as files since the opening are not made a second time."""
    if consultation is None:
        return []
    faits = [("cahier", "Cahier des charges", documents_consultation.cahier_des_charges)]
    if consultation.ouverte_le is not None:
        faits += [
            ("pv_ouverture", "Procès-verbal d'ouverture", documents_consultation.pv_d_ouverture),
            ("comparaison", "Comparaison des propositions", documents_consultation.comparaison_pdf),
        ]
    if consultation.choix_le is not None:
        faits.append(("pv_choix", "Procès-verbal de choix", documents_consultation.pv_de_choix))
    return [
        Entree(cle, libelle, lambda faire=faire: faire(consultation))
        for cle, libelle, faire in faits
        if garde(stockes, cle, consultation) is None
    ]


def garde(stockes, cle, consultation):
    """Return the stored minutes of this kind (`pv_ouverture`, `pv_choix`), or None: to be made."""
    numero = getattr(consultation, f"{cle}_id", None)
    return next((fichier for fichier in stockes if fichier.pk == numero), None)


def _de_la_convention(convention):
    if convention.document_id is not None or not convention.proposition_id:
        return []
    faire = documents_convention.convention
    return [Entree("convention", "Convention tripartite", lambda: faire(convention))]


def _de_la_mission(mission):
    """Launch, mid-term notes, decisions: the portal keeps the words, not the bytes."""
    entrees = []
    if mission.lancee_le is not None:
        libelle = "Compte rendu de lancement"
        entrees.append(Entree("lancement", libelle, lambda: documents_mission.lancement(mission)))
    entrees += [
        Entree(
            f"note:{note.pk}",
            f"Note à mi-parcours du {note.recue_le:%Y-%m-%d}",
            lambda note=note: documents_mission.note(note),
        )
        for note in mission.notes.order_by("recue_le", "pk")
    ]
    return entrees + [
        Entree(
            f"decision:{alerte.pk}",
            f"Fiche de décision du {alerte.decidee_le:%Y-%m-%d}",
            lambda alerte=alerte: documents_mission.decision(alerte),
        )
        for alerte in mission.alertes.exclude(decision="").order_by("decidee_le", "pk")
    ]


def _de_la_restitution(mission):
    restitution = getattr(mission, "restitution", None)
    if restitution is None or restitution.tenue_le is None:
        return []
    if restitution.compte_rendu_id or restitution.reprise:  # taken over: nothing is known of it
        return []
    faire = documents_restitution.compte_rendu
    return [Entree("compte_rendu", "Compte rendu de restitution", lambda: faire(restitution))]


def nom_inerte(nom):
    """Return a file name without any path, control or direction character; never empty."""
    compose = unicodedata.normalize("NFC", nom)
    lettres = ["_" if c in INTERDITS or not c.isprintable() else c for c in compose]
    propre = "".join(lettres).strip(" .")
    if len(propre) <= NOM_MAX:
        return propre or "sans nom"
    racine, point, extension = propre.rpartition(".")
    if not point or len(extension) > 5:
        return propre[:NOM_MAX]
    return f"{racine[: NOM_MAX - len(extension) - 1]}.{extension}"
