"""PDF documents made from templates by WeasyPrint, without any network or file access.

The fetcher serves a closed table: the files of `static/` that the PDF style sheet needs, and what
the caller passes in `images` (bytes by name, addressed `image:name` in the template).
"""

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

VARIANTE = "pdf/ua-1"  # tagged, readable by assistive tools
# A reserved host name: relative addresses resolve against it and it can never be reached.
STATIQUES = "https://statiques.invalid/"
_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


class RessourceInterdite(FatalURLFetchingError):
    """A template asked for something outside the closed table."""


class Recuperateur(URLFetcher):
    """Serve our static files and the caller's images; refuse everything else."""

    def __init__(self, images=None):
        super().__init__()
        self.images = images or {}

    def fetch(self, url, headers=None):
        if url.startswith("image:"):
            octets, type_mime = self.images[url.removeprefix("image:")]
            return URLFetcherResponse(url, octets, {"Content-Type": type_mime})
        if url.startswith(STATIQUES):
            return self._statique(url)
        raise RessourceInterdite(f"Ressource interdite dans un document : {url[:60]}")

    def _statique(self, url):
        racine = (settings.BASE_DIR / "static").resolve()
        chemin = (racine / url.removeprefix(STATIQUES).lstrip("/")).resolve()
        if not chemin.is_relative_to(racine) or chemin.suffix not in _TYPES:
            raise RessourceInterdite(f"Ressource interdite dans un document : {url[:60]}")
        return URLFetcherResponse(url, chemin.read_bytes(), {"Content-Type": _TYPES[chemin.suffix]})


# What PDF/A asks before it lets a file say that it is PDF/UA as well: the schema of that mention.
_MENTION_UA = b"""<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
"""


def produire(gabarit, contexte, images=None, *, archive=False):
    """Return the bytes of the tagged PDF (PDF/UA-1) rendered from a template.

    `archive` makes it PDF/A-3a as well: what is signed must still open in thirty years.
    Raises RessourceInterdite when the template refers to anything outside the closed table.
    """
    page = _html(gabarit, contexte, images)
    return _archiver(page) if archive else page.write_pdf(pdf_variant=VARIANTE)


def produire_sur_une_page(gabarit, contextes, images=None):
    """Return the PDF of the first of these contexts that fits one page, or that of the last."""
    for contexte in contextes:
        document = _html(gabarit, contexte, images).render(pdf_variant=VARIANTE)
        if len(document.pages) == 1:
            break
    return document.write_pdf(pdf_variant=VARIANTE)


def _html(gabarit, contexte, images=None):
    html = render_to_string(gabarit, {**contexte, "statiques": STATIQUES})
    return HTML(string=html, base_url=STATIQUES, url_fetcher=Recuperateur(images))


def _archiver(page):
    """Return the PDF/A-3a of a page, which says that it is PDF/UA-1 too."""
    rendu = page.render(pdf_variant="pdf/a-3a")
    metadonnees = rendu.metadata.generate_rdf_metadata
    rendu.metadata.generate_rdf_metadata = lambda *options: metadonnees(*options).replace(
        b"</rdf:RDF>", _MENTION_UA + b"</rdf:RDF>"
    )
    return rendu.write_pdf(pdf_variant="pdf/a-3a")
