"""Consultations in the admin site; deposits show their arrival, never their content."""

from django.contrib import admin

from accompagnements.consultations.models import Consultation, Depot, Sollicitation
from dla_portal.socle.admin import CorrectionAdmin, LectureSeule


@admin.register(Consultation)
class ConsultationAdmin(CorrectionAdmin):
    list_display = ["reference", "ingenierie", "date_limite", "etat"]
    list_select_related = ["ingenierie"]
    list_filter = ["etat"]
    search_fields = ["reference", "ingenierie__intitule"]
    fields = ["justification_nombre", "motif_correction"]


@admin.register(Sollicitation)
class SollicitationAdmin(LectureSeule):
    list_display = ["consultation", "prestataire", "etat", "envoyee_le"]
    list_select_related = ["consultation__ingenierie", "prestataire"]
    search_fields = ["consultation__reference", "prestataire__nom"]


@admin.register(Depot)
class DepotAdmin(LectureSeule):
    list_display = ["sollicitation", "recu_le", "hors_delai", "remplace_le"]
    list_select_related = ["sollicitation__consultation", "sollicitation__prestataire"]
    fields = ["sollicitation", "recu_le", "hors_delai", "remplace_le", "recu_par_courrier"]
