"""Archives: pages kept, files embedded as they are; the seal shows any change."""

import io
from datetime import date, timedelta

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dla_portal.socle import archives, cachet, documents, horloge
from tests.accompagnements.test_relances import PDF

MOT = "mot de passe du cachet"
USAGE = x509.KeyUsage(True, True, False, False, False, True, False, False, False)


def un_pdf(titre):
    contexte = {"reference": titre, "financeurs": [], "avenant": None}
    gabarit = "accompagnements/conventions/pdf/convention.html"
    contexte |= {
        "intitule": titre,
        "etablie_le": date(2026, 11, 20),
        "sections": [
            {"titre": titre, "blocs": [{"genre": "liste", "elements": ["Un", "Deux"]}] * 30}
        ],
        "montants": None,
        "parties": ["La structure"],
    }
    return documents.produire(gabarit, contexte, archive=True)


@pytest.fixture(scope="module")
def archive():
    piece = archives.Piece("scan.pdf", PDF, "application/pdf", "Numérisé", "Supplement")
    return archives.assembler(un_pdf("PREMIER"), un_pdf("SECOND"), [piece])


@pytest.fixture
def certificat(settings, tmp_path):
    """A certificate made for the test, in its PKCS#12 file; returns it."""
    cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cachet d'essai")])
    maintenant = horloge.maintenant()
    certificat = (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(nom)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(maintenant - timedelta(days=1))
        .not_valid_after(maintenant + timedelta(days=30))
        .add_extension(USAGE, critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(cle, hashes.SHA256())
    )
    chiffrement = BestAvailableEncryption(MOT.encode())
    chemin = tmp_path / "cachet.p12"
    chemin.write_bytes(
        pkcs12.serialize_key_and_certificates(b"cachet", cle, certificat, None, chiffrement)
    )
    settings.CACHET_PKCS12, settings.CACHET_MOT_DE_PASSE = str(chemin), MOT
    return certificat


def verifier(octets):
    """Return (intact, valid) of the seal of a PDF."""
    sceau = PdfFileReader(io.BytesIO(octets)).embedded_signatures[0]
    confiance = ValidationContext(trust_roots=[sceau.signer_cert])
    etat = validate_pdf_signature(sceau, confiance)
    return etat.intact, etat.valid, etat.bottom_line


def test_les_pages_se_suivent_et_la_piece_reste_la_meme(archive):
    with pikepdf.open(io.BytesIO(archive)) as pdf:
        nombres = list(pdf.Root.StructTreeRoot.ParentTree.Nums)[::2]
        assert len(pdf.pages) >= 4
        assert len({int(n) for n in nombres}) == len(nombres)
        assert len(pdf.Root.StructTreeRoot.K) == 2
    assert archives.pieces_jointes(archive) == {"scan.pdf": PDF}


def test_sans_certificat_rien_n_est_appose(archive, settings):
    settings.CACHET_PKCS12 = ""
    assert cachet.apposer(archive, "Essai") == archive


def test_le_cachet_se_verifie_et_garde_l_archive(archive, certificat):
    scelle = cachet.apposer(archive, "Signatures recueillies")
    assert scelle.startswith(archive)  # what was there is untouched, the seal comes after
    assert verifier(scelle) == (True, True, True)
    with pikepdf.open(io.BytesIO(scelle)) as pdf:
        assert pdf.open_metadata()["pdfaid:part"] == "3"


def test_un_octet_change_rompt_le_cachet(archive, certificat):
    altere = bytearray(cachet.apposer(archive, "Essai"))
    altere[len(archive) // 2] ^= 1
    assert verifier(bytes(altere))[0] is False


def test_un_certificat_illisible_le_dit(archive, certificat, settings):
    settings.CACHET_MOT_DE_PASSE = "faux"
    with pytest.raises(cachet.CachetIllisible, match="ne s'ouvre pas"):
        cachet.apposer(archive, "Essai")
