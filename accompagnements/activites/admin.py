"""Time and activities in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.activites.models import Activite, Temps
from dla_portal.socle.admin import CorrectionAdmin


@admin.register(Activite)
class ActiviteAdmin(CorrectionAdmin):
    list_display = ["reference", "titre", "nature", "le", "operateur", "etat"]
    list_select_related = ["operateur", "nature"]
    list_filter = ["etat", "nature", "region"]
    search_fields = ["reference", "titre_normalise"]
    autocomplete_fields = ["commune", "porteur"]


@admin.register(Temps)
class TempsAdmin(CorrectionAdmin):
    list_display = ["le", "personne", "nature", "duree", "operateur", "etat"]
    list_select_related = ["personne", "nature", "operateur"]
    list_filter = ["etat", "nature", "operateur"]
    search_fields = ["commentaire", "demande__reference", "personne__nom"]
    autocomplete_fields = ["demande", "activite", "personne"]
