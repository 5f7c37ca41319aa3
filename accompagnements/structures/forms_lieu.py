"""Fields of the place of a structure, shared by its two forms."""

from decimal import Decimal

from django import forms

from dla_portal.socle import horloge
from dla_portal.socle.formulaires import ChampDate, ChampDecimal

ADRESSE = {"adresse", "code_postal", "ville", "commune"}


class ChampsDuLieu(forms.Form):
    """Coordinates and priority neighbourhood: both optional, each whole or absent."""

    latitude = ChampDecimal(
        label="Latitude",
        required=False,
        min_value=Decimal(-90),
        max_value=Decimal(90),
        decimal_places=6,
        help_text="En degrés, par exemple 43,296482. Remplie avec l'adresse proposée ; effacée quand "
        "l'adresse change sans elle.",
    )
    longitude = ChampDecimal(
        label="Longitude",
        required=False,
        min_value=Decimal(-180),
        max_value=Decimal(180),
        decimal_places=6,
        help_text="En degrés, par exemple 5,369780.",
    )
    qpv_constate_le = ChampDate(
        label="QPV constaté le", required=False, help_text="Aujourd'hui si vous n'indiquez rien."
    )

    def clean(self):
        donnees = super().clean()
        self._situer(donnees)
        self._dater_le_quartier(donnees)
        return donnees

    def _situer(self, donnees):
        """Both coordinates or none; those of a former address go with it."""
        change = set(self.changed_data)
        if change & ADRESSE and not change & {"latitude", "longitude"}:
            donnees["latitude"] = donnees["longitude"] = None
        for nom, autre in (("latitude", "longitude"), ("longitude", "latitude")):
            if nom in self.errors or autre in self.errors:
                return
            if donnees.get(nom) is None and donnees.get(autre) is not None:
                self.add_error(nom, "Indiquez la latitude et la longitude, ou aucune des deux.")
                return

    def _dater_le_quartier(self, donnees):
        if not donnees.get("qpv"):
            for nom in ("qpv_source", "qpv_constate_le"):
                if donnees.get(nom) and nom not in self.errors:
                    self.add_error("qpv", "Indiquez le nom ou le code du quartier.")
                    return
            return
        if not donnees.get("qpv_source"):
            self.add_error("qpv_source", "Indiquez d'où vous le tenez.")
        jour = donnees.get("qpv_constate_le")
        if jour and jour > horloge.aujourdhui():
            self.add_error("qpv_constate_le", "Indiquez une date passée.")
        elif "qpv_constate_le" not in self.errors:
            donnees["qpv_constate_le"] = jour or horloge.aujourdhui()
