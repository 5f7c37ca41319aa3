"""Proof 6 of the consultation: its documents reach nothing, and a validator finds them sound."""

import io
import socket
from pathlib import Path

import pytest
from pypdf import PdfReader
from weasyprint import HTML

from accompagnements.consultations import documents
from accompagnements.conventions import documents as documents_conventions
from accompagnements.conventions import transitions as conventions
from accompagnements.diagnostics.documents import diagnostic_pdf
from accompagnements.missions import documents as documents_missions
from accompagnements.plans.documents import plan_pdf
from accompagnements.restitutions import documents as documents_restitutions
from dla_portal.comptes import roles
from dla_portal.socle.documents import STATIQUES, Recuperateur, RessourceInterdite
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_signature import signer_tout
from tests.banc import verapdf

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]

MENTION = "Cofinancé par l'Union européenne"
HOSTILES = [
    '<img src="{adresse}">',
    '<img src="file:///etc/hostname">',
    '<link rel="stylesheet" href="{adresse}">',
    "<style>@import url({adresse});</style>",
    '<p style="background: url({adresse})">x</p>',
    '<iframe src="{adresse}"></iframe>',
    '<object data="file:///etc/hostname"></object>',
    '<svg><image href="{adresse}" width="9" height="9"/></svg>',
    '<a rel="attachment" href="file:///etc/hostname">x</a>',
    '<base href="{adresse}"><img src="x.png">',
    '<img src="https://statiques.invalid/../../etc/hostname">',
    '<img src="ftp://127.0.0.1/x">',
]


@pytest.fixture
def guetteur():
    """A listening socket of this machine: (its address, function telling who knocked)."""
    with socket.create_server(("127.0.0.1", 0)) as serveur:
        serveur.setblocking(False)

        def visites():
            try:
                return [serveur.accept()[1]]
            except BlockingIOError:
                return []

        yield f"http://127.0.0.1:{serveur.getsockname()[1]}/x", visites


@pytest.mark.parametrize("hostile", HOSTILES)
def test_preuve_6_un_texte_hostile_n_ouvre_ni_reseau_ni_fichier(hostile, guetteur):
    """The same bytes as text of a cahier des charges, and raw as if escaping had failed."""
    adresse, visites = guetteur
    brut = hostile.format(adresse=adresse)
    consultation = suite.une_consultation("publiee")
    consultation.cahier.contexte = brut
    texte = _texte_pdf(documents.cahier_des_charges(consultation))
    assert brut[:12].replace(" ", "") in texte.replace(" ", "")  # escaped: it is read as text
    secret = Path("/etc/hostname").read_text().strip()
    page = HTML(string=f"<p>Début</p>{brut}", base_url=STATIQUES, url_fetcher=Recuperateur())
    try:
        pdf = page.write_pdf()
    except RessourceInterdite:
        pdf = b""
    assert visites() == []
    assert secret.encode() not in pdf
    if pdf:
        assert secret not in _texte_pdf(pdf)
        assert not PdfReader(io.BytesIO(pdf)).attachments


def test_preuve_6_les_documents_sont_balises():
    """Tagged, titled and in French: what a screen reader needs of a PDF."""
    publiee = suite.une_consultation("publiee")
    lecteur = PdfReader(io.BytesIO(documents.cahier_des_charges(publiee)))
    racine = lecteur.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/StructTreeRoot"]["/K"]
    assert racine["/Lang"] == "fr"
    assert lecteur.metadata.title


def test_preuve_6_chaque_document_est_valide(tmp_path):
    """veraPDF: PDF/UA-1 for every document of the chain, PDF/A-3a too for what is signed.

    Each bears the emblem and the mention of the European programme which funds the operator.
    """
    operateur = fabrique.un_operateur()
    operateur.cofinance_fse = True
    operateur.save()
    archives, autres = des_archives(), des_documents()
    chemins = {nom: tmp_path / f"{nom}.pdf" for nom in archives | autres}
    for nom, octets in (archives | autres).items():
        chemins[nom].write_bytes(octets)
    fautes = verapdf.fautes(chemins.values(), verapdf.PDF_UA)
    assert fautes == {str(chemin): [] for chemin in chemins.values()}
    signees = [chemins[nom] for nom in archives]
    fautes = verapdf.fautes(signees, verapdf.PDF_A)
    assert fautes == {str(chemin): [] for chemin in signees}
    textes = {nom: _texte_pdf(octets) for nom, octets in (archives | autres).items()}
    assert [nom for nom, texte in textes.items() if MENTION not in " ".join(texte.split())] == []


def test_preuve_6_le_validateur_voit_ce_qui_manque(tmp_path):
    """What is written without care fails: the empty lists above say something."""
    nu = tmp_path / "nu.pdf"
    nu.write_bytes(HTML(string="<p>Sans balise ni titre</p>").write_pdf())
    assert verapdf.fautes([nu], verapdf.PDF_UA, verapdf.PDF_A)[str(nu)]


def des_archives():
    """The final file of a convention signed on line by three, and of an avenant on paper."""
    convention = conventions.mettre_en_signature(
        preparee := suite.une_convention("brouillon"), par=suite.le_charge(preparee)
    )
    operateur = convention.ingenierie.operateur
    responsable = fabrique.une_personne(roles.Responsable.code, operateur=operateur)
    signer_tout(convention, responsable)
    avenant = suite.un_avenant(convention, etat="a_signer")
    return {
        "convention_signee": convention.preuve.lire(),
        "convention": documents_conventions.convention(convention),
        "avenant": documents_conventions.avenant(avenant),
    }


def des_documents():
    """Every other document of the chain."""
    analysee, attribuee = suite.une_consultation("en_analyse"), suite.une_consultation("attribuee")
    plan = fabrique.un_plan()
    mission = suite.une_mission()
    return {
        "diagnostic": diagnostic_pdf(fabrique.un_diagnostic())[1],
        "plan": plan_pdf(plan)[1],
        "cahier": documents.cahier_des_charges(analysee),
        "ouverture": documents.pv_d_ouverture(analysee),
        "comparaison": documents.comparaison_pdf(analysee),
        "choix": documents.pv_de_choix(attribuee),
        "lancement": documents_missions.lancement(mission),
        "emargement": documents_missions.emargement(mission),
        "note": documents_missions.note(suite.une_note(mission)),
        "decision": documents_missions.decision(suite.une_decision(mission)),
        "compte_rendu": documents_restitutions.compte_rendu(suite.une_restitution()),
    }


def _texte_pdf(octets):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)
