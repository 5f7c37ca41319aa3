"""Reading all that a person can reach: links followed, documents and workbooks opened."""

import io
import re
import zipfile
from collections import Counter
from html import unescape
from urllib.parse import urljoin, urlsplit

from pypdf import PdfReader

LIENS = re.compile(r'(?:href|src|action|data-url)="([^"#]+)')
# Static files, the way out, the rows of the nomenclatures, the same rows in another order, the
# other weeks and months of an agenda, which have no end.
DETOURS = re.compile(
    r"/(compte/sortir|statiques|static)|/delete/|/add/|/terme/.+/|/territoires/.+/.+/|"
    r"/administration/.*\?|[?&](tri=|du=\d)"
)
PAGES_MAX = 600  # a crawl that grows past this follows addresses without end: it fails


def texte_de(reponse):
    """The text a person reads in an answer: pages, documents, workbooks, archives."""
    octets = b"".join(reponse) if reponse.streaming else reponse.content
    genre = reponse.get("Content-Type", "")
    if octets.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return " ".join(
                archive.read(nom).decode(errors="replace") for nom in archive.namelist()
            )
    return unescape(octets.decode(errors="replace")) if "image" not in genre else ""


def explorer(client, departs, eviter=DETOURS):
    """Follow every link from some addresses, by GET; yield (address, status, text) once each."""
    a_lire, vues = list(departs), set(departs)
    while a_lire:
        adresse = a_lire.pop()
        reponse = client.get(adresse)
        texte = texte_de(reponse)
        yield adresse, reponse.status_code, texte
        suites = [reponse["Location"]] if reponse.has_header("Location") else LIENS.findall(texte)
        for lien in suites:
            morceaux = urlsplit(urljoin(adresse, unescape(lien)))
            cible = f"{morceaux.path}?{morceaux.query}" if morceaux.query else morceaux.path
            ailleurs = morceaux.scheme not in ("", "http") or morceaux.netloc not in (
                "",
                "testserver",
            )
            if not ailleurs and cible not in vues and not eviter.search(cible):
                vues.add(cible)
                a_lire.append(cible)
        assert len(vues) < PAGES_MAX, f"trop de pages : {_familles(vues)}"


def _familles(vues):
    """The families of addresses that grow most, identifiers removed."""
    return Counter(re.sub(r"\d+", "N", adresse) for adresse in vues).most_common(12)
