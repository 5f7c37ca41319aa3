"""The operator's seal on a PDF (PAdES), when a certificate is configured; nothing otherwise.

A sealed file is never saved again: any change, even neutral, breaks the seal.
"""

import io

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

CHAMP = "Cachet"


class CachetIllisible(Exception):
    """The configured certificate or its key cannot be read."""


def actif():
    """Say whether a certificate is configured."""
    return bool(settings.CACHET_PKCS12)


def _cacheteur():
    mot_de_passe = settings.CACHET_MOT_DE_PASSE.encode() or None
    cacheteur = signers.SimpleSigner.load_pkcs12(settings.CACHET_PKCS12, passphrase=mot_de_passe)
    if cacheteur is None:
        raise CachetIllisible(
            "Le certificat de CACHET_PKCS12 ne s'ouvre pas (docs/exploitation.md, « Cachet »)."
        )
    return cacheteur


def apposer(octets, motif):
    """Return the PDF sealed with its reason, or unchanged when no certificate is configured.

    Raises CachetIllisible when the certificate cannot be opened.
    """
    if not actif():
        return octets
    ecrit = IncrementalPdfFileWriter(io.BytesIO(octets))
    metadonnees = signers.PdfSignatureMetadata(
        field_name=CHAMP,
        reason=motif,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    return signers.sign_pdf(ecrit, metadonnees, signer=_cacheteur()).getvalue()
