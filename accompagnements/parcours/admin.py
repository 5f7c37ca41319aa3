"""Tasks put off, in the admin site: to be read."""

from django.contrib import admin

from accompagnements.parcours.models import TacheReportee
from dla_portal.socle.admin import LectureSeule


@admin.register(TacheReportee)
class TacheReporteeAdmin(LectureSeule):
    list_display = ["cle", "utilisateur", "operateur", "jusquau", "motif"]
    list_select_related = ["utilisateur", "operateur"]
    list_filter = ["operateur"]
