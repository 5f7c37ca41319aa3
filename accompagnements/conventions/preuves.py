"""The final file: the frozen PDF, a sheet of evidence, and the record embedded in the file.

Made once, when the last party signs; PDF/A-3, tagged, sealed when a certificate is configured.
The exact bytes which were signed are embedded: whoever holds the file can check their SHA-256.
"""

import json

from django.utils import timezone

from accompagnements.conventions.regles import ALTERE
from dla_portal.socle import archives, cachet, documents, fichiers, horloge
from dla_portal.socle.regles import exiger_aucun_manque

FORMAT = "portail-dla/preuve-de-signature/1"
RECUEIL = "preuves.json"


def etablir(acte):
    """Make and keep the final file, once; nothing without a frozen document."""
    if acte.document_id is None or acte.preuve_id is not None:
        return acte.preuve
    exiger_aucun_manque([] if acte.document.intact else [ALTERE])
    acte.preuve = fichiers.enregistrer(
        f"{acte.reference}-signe.pdf",
        _octets(acte),
        "application/pdf",
        fil=acte.fil,
        categorie="convention_signee",
    )
    acte.save()
    return acte.preuve


def _octets(acte):
    recueil = recueillir(acte)
    document = acte.document.lire()
    feuille = documents.produire(
        "accompagnements/conventions/pdf/preuves.html",
        {
            "acte": acte,
            "recueil": recueil,
            "signatures": acte.signatures.select_related("structure", "jeton", "scan"),
            "cachet": cachet.actif(),
            "financeurs": [],
        },
        archive=True,
    )
    pieces = [
        archives.Piece(
            acte.document.nom, document, "application/pdf", "Document signé, tel quel", "Source"
        ),
        archives.Piece(RECUEIL, _json(recueil), "application/json", "Preuves", "Data"),
        *_scans(acte),
    ]
    final = archives.assembler(document, feuille, pieces)
    return cachet.apposer(final, f"Signatures recueillies : {acte.designation}")


def _scans(acte):
    return [
        archives.Piece(
            f"scan-{signature.rang}.pdf",
            signature.scan.lire(),
            "application/pdf",
            f"Exemplaire papier : {signature.nom_partie}",
            "Supplement",
        )
        for signature in acte.signatures.exclude(scan=None).select_related("scan", "structure")
    ]


def _json(recueil):
    return json.dumps(recueil, ensure_ascii=False, indent=2).encode()


def recueillir(acte):
    """The record of evidence: one entry per signatory, hours of Europe/Paris."""
    signatures = acte.signatures.select_related("structure", "jeton", "scan")
    return {
        "format": FORMAT,
        "acte": acte.designation,
        "reference": acte.reference,
        "mise_a_la_signature_le": acte.envoyee_le.isoformat(),
        "document": {
            "nom": acte.document.nom,
            "sha256": acte.document.sha256,
            "octets": acte.document.taille,
        },
        "signatures": [_entree(signature) for signature in signatures],
        "etabli_le": _heure(horloge.maintenant()),
    }


def _entree(signature):
    entree = {
        "rang": signature.rang,
        "partie": signature.partie_nommee,
        "qualite_de_la_partie": signature.get_partie_display(),
        "signataire": signature.signataire,
        "qualite": signature.qualite,
        "moyen": signature.get_canal_display(),
        "signee_le": signature.signee_le.isoformat(),
    }
    if signature.signee_a:
        entree |= {
            "heure": _heure(signature.signee_a),
            "adresse_ip": signature.adresse_ip,
            "navigateur": signature.navigateur,
            "empreinte_du_document": signature.empreinte,
            "consentement": signature.consentement,
        }
    if signature.jeton_id:
        entree["lien"] = _lien(signature)
    if signature.scan_id:
        entree["scan"] = {"nom": signature.scan.nom, "sha256": signature.scan.sha256}
    return entree


def _lien(signature):
    """The link used: never itself, only its fingerprint, its holder and its confirmation."""
    jeton, confirme_le = signature.jeton, signature.code_confirme_le
    return {
        "empreinte": jeton.empreinte,
        "adresse": jeton.destinataire,
        "envoye_le": _heure(jeton.cree_le),
        "code_confirme_le": _heure(confirme_le) if confirme_le else "",
    }


def _heure(moment):
    return timezone.localtime(moment).isoformat(timespec="seconds")
