"""The ledger in the admin site: an enveloppe may be corrected, a split is read."""

from django.contrib import admin

from accompagnements.financements.models import Enveloppe, Imputation, Repartition
from dla_portal.socle.admin import CorrectionAdmin, LectureSeule


@admin.register(Enveloppe)
class EnveloppeAdmin(CorrectionAdmin):
    list_display = ["operateur", "financeur", "annee", "numero", "montant_vote"]
    list_select_related = ["operateur", "financeur"]
    list_filter = ["annee", "operateur"]
    search_fields = ["numero", "politique"]


class ImputationEnLigne(admin.TabularInline):
    model = Imputation
    extra = 0
    can_delete = False
    fields = ["enveloppe", "montant"]
    readonly_fields = fields

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Repartition)
class RepartitionAdmin(LectureSeule):
    """Set as a whole by its transition: a share corrected alone would break the sum."""

    list_display = ["convention", "cout", "liberee_le"]
    list_select_related = ["convention"]
    search_fields = ["convention__reference"]
    inlines = [ImputationEnLigne]
