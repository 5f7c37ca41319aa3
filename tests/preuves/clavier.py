"""Driving the screens by the keyboard alone: Tab, Space, Enter, arrows and letters."""

from itertools import takewhile

from playwright.sync_api import Page

TABULATIONS_MAX = 300
# What has the focus: name, kind, text, and whether it is in the page proper.
_FOYER = """() => {
  const e = document.activeElement;
  return {nom: e.name || '', genre: e.type || e.tagName.toLowerCase(), valeur: e.value || '',
          texte: (e.getAttribute('aria-label') || e.innerText || '').replace(/\\s+/g, ' ').trim(),
          dans_la_page: !!e.closest('main')};
}"""
# Names of the fields which the form under the focus asks for and which are still to be filled.
_EXIGES = """() => {
  const champs = [...document.activeElement.form.elements];
  const exiges = champs.filter(e => e.type !== 'hidden' && e.name
    && (e.required || e.getAttribute('aria-required') === 'true'));
  return [...new Set(exiges.map(e => e.name))];
}"""


class Clavier:
    """One person without a mouse. Counts keys, screens, and required fields of the forms sent."""

    def __init__(self, page: Page):
        self.page = page
        self.touches = 0
        self.ecrans = []
        self.exiges = []

    def ouvrir(self, adresse):
        self.page.goto(adresse)
        self._noter()
        return self

    def touche(self, nom, fois=1):
        for _ in range(fois):
            self.page.keyboard.press(nom)
        self.touches += fois

    def ecrire(self, texte):
        self.page.keyboard.type(texte)
        self.touches += len(texte)

    def aller_a(self, convient, quoi):
        """Tab to the first element which suits."""
        for _ in range(TABULATIONS_MAX):
            self.touche("Tab")
            foyer = self.page.evaluate(_FOYER)
            if convient(foyer):
                return foyer
        corps = self.page.locator("main").inner_text()[:1200]
        raise AssertionError(f"« {quoi} » hors d'atteinte à {self.page.url}\n{corps}")

    def remplir(self, **champs):
        """Fill the fields in the order of the page: a text, a date, the words of a choice."""
        for nom, valeur in champs.items():
            self._remplir(nom, valeur)
        return self

    def _remplir(self, nom, valeur):
        foyer = self.aller_a(lambda f: f["dans_la_page"] and f["nom"] == nom, nom)
        if foyer["genre"] == "select-one":
            self._choisir(nom, valeur)
        elif foyer["genre"] == "checkbox":
            self.touche("Space")
        elif foyer["genre"] in ("date", "datetime-local"):
            self._dater(nom, valeur)
        else:
            if foyer["valeur"]:
                self.touche("Control+a")
            self.ecrire(valeur)

    def _choisir(self, nom, valeur):
        """The first letters lead to an option, arrows to the wanted one."""
        self.ecrire("".join(takewhile(lambda c: c.isascii() and c.isalpha(), valeur)))
        for _ in range(40):
            choisie = self.page.evaluate("document.activeElement.selectedOptions[0].text")
            if choisie.startswith(valeur):
                return
            self.touche("ArrowDown")
        raise AssertionError(f"{nom} n'a pas de choix {valeur} après {choisie}")

    def _dater(self, nom, valeur):
        """A date is typed as the browser shows it: day first or month first, 24 hours or 12."""
        for essai in _ecritures(valeur):
            for morceau in essai:
                self.ecrire(morceau)
                if morceau != essai[-1]:
                    self.touche("ArrowRight")
            if self.page.evaluate("document.activeElement.value") == valeur:
                return
            self.touche("ArrowLeft", 6)
        raise AssertionError(f"{nom} n'a pas pris la date {valeur}")

    def activer(self, nom):
        """Reach a link or button of the page by its name and press Enter."""
        self.aller_a(lambda f: f["texte"] == nom and f["genre"] not in ("text", "select-one"), nom)
        if self.page.evaluate("!!document.activeElement.form"):
            chemin = self.ecrans[-1] if self.ecrans else ""
            self.exiges += [(chemin, champ) for champ in self.page.evaluate(_EXIGES)]
        return self.valider()

    def deplier(self, nom):
        """Open a menu of the page by its name."""
        self.aller_a(lambda f: f["dans_la_page"] and f["texte"] == nom, nom)
        self.touche("Enter")
        return self

    def valider(self):
        """Enter, and the next screen."""
        with self.page.expect_navigation():
            self.touche("Enter")
        self.page.wait_for_load_state()
        erreurs = self.page.locator(".resume-erreurs")
        assert not erreurs.count(), f"{self.page.url} {erreurs.first.inner_text()}"
        self._noter()
        return self

    def _noter(self):
        self.ecrans.append(self.page.evaluate("location.pathname"))


def _ecritures(valeur):
    """How a browser may want `2026-11-21` or `2026-11-21T19:00` typed, an arrow between parts."""
    le, _, moment = valeur.partition("T")
    annee, mois, jour = le.split("-")
    if not moment:
        return [[f"{jour}{mois}{annee}"], [f"{mois}{jour}{annee}"]]
    heure, minutes = moment.split(":")
    douze = f"{(int(heure) - 1) % 12 + 1:02}{minutes}{'AM' if int(heure) < 12 else 'PM'}"
    return [[f"{jour}{mois}{annee}", f"{heure}{minutes}"], [f"{mois}{jour}{annee}", douze]]
