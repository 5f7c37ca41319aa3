"""Surveys and follow-ups in the admin site."""

from django.contrib import admin

from accompagnements.suites.models import Enquete, Suivi
from accompagnements.suites.releves import ConseilSuivi, Releve
from dla_portal.socle.admin import CorrectionAdmin, LectureSeule


@admin.register(Enquete)
class EnqueteAdmin(LectureSeule):
    """Answers are read, never rewritten."""

    list_display = ["accompagnement", "envoyee_le", "repondue_le", "etat"]
    list_select_related = ["accompagnement__structure"]
    list_filter = ["etat"]
    search_fields = ["accompagnement__reference"]
    fields = ["restitution", "accompagnement", "envoyee_le", "repondue_le", "globale"]


@admin.register(Suivi)
class SuiviAdmin(CorrectionAdmin):
    list_display = ["accompagnement", "prevu_du", "prevu_au", "realise_le", "etat"]
    list_select_related = ["accompagnement__structure"]
    list_filter = ["etat"]
    search_fields = ["accompagnement__reference"]


@admin.register(Releve)
class ReleveAdmin(LectureSeule):
    list_display = ["suivi", "annee", "effectif", "etp", "charges", "fonds_propres"]
    list_select_related = ["suivi__accompagnement"]
    search_fields = ["suivi__accompagnement__reference"]


@admin.register(ConseilSuivi)
class ConseilSuiviAdmin(LectureSeule):
    list_display = ["suivi", "texte", "suite"]
    list_select_related = ["suivi__accompagnement"]
    list_filter = ["suite"]
    search_fields = ["suivi__accompagnement__reference", "texte"]
