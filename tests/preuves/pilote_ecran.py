"""Driving the screens as people do: fill what is asked, press the named button."""

from datetime import timedelta

from playwright.sync_api import TimeoutError as DelaiDepasse

from dla_portal.socle import horloge


def jour(decalage=0):
    """A date as the browser's date field wants it, some days from today."""
    return (horloge.aujourdhui() + timedelta(days=decalage)).isoformat()


class Ecran:
    """One person at one browser page."""

    def __init__(self, page):
        self.page = page

    def ouvrir(self, adresse):
        reponse = self.page.goto(adresse)
        assert reponse.status == 200, f"{adresse} : {reponse.status}"
        return self

    def lien(self, nom):
        """Follow a link (of the page, not of the rail) by its visible name."""
        cible = self.page.locator("main").get_by_role("link", name=nom, exact=True).first
        if not cible.is_visible():
            self.page.locator("main details.menu summary").first.click()
        cible.click()
        self.page.wait_for_load_state()
        return self

    def remplir(self, **champs):
        """Fill the fields by their names; True and False tick, a list chooses an option by text."""
        for nom, valeur in champs.items():
            champ = self._champ(nom)
            if valeur is True:
                champ.first.check()
            elif isinstance(valeur, list):
                option = champ.first.locator("option").filter(has_text=valeur[0]).first
                champ.first.select_option(option.get_attribute("value"))
            elif champ.first.evaluate("e => e.tagName") == "SELECT":
                champ.first.select_option(valeur)
            elif champ.first.get_attribute("type") == "radio":
                self.page.locator(f"[name='{nom}'][value='{valeur}']").check()
            else:
                champ.first.fill(str(valeur))
        return self

    def cocher(self, nom):
        """Tick every box of a list of choices."""
        self._champ(nom)
        for case in self.page.locator(f"[name='{nom}']").all():
            case.check()
        return self

    def _champ(self, nom):
        """The field of this name; when there is none, say which page stands there instead."""
        champ = self.page.locator(f"[name='{nom}']")
        try:
            champ.first.wait_for(state="attached")
        except DelaiDepasse:
            corps = self.page.locator("body").inner_text()[:1500]
            raise AssertionError(f"Aucun champ « {nom} » à {self.page.url}\n{corps}") from None
        return champ

    def appuyer(self, bouton):
        """Press the button of the form of the page; the answer must not be the form again."""
        self.page.locator("main").get_by_role("button", name=bouton, exact=True).click()
        self.page.wait_for_load_state()
        erreurs = self.page.locator(".resume-erreurs")
        assert not erreurs.count(), erreurs.first.inner_text()
        return self

    def lit(self, texte):
        """The text is on the page; narrow spaces count as spaces."""
        lu = self.texte()
        assert texte in lu, f"« {texte} » absent de {self.page.url}\n{lu[:1500]}"
        return self

    def texte(self):
        """What the page says, its no-break spaces made plain."""
        brut = self.page.locator("main").inner_text()
        return brut.replace("\u202f", " ").replace("\u00a0", " ")
