"""Conventions in the admin site; what is signed is read, not rewritten."""

from django.contrib import admin

from accompagnements.conventions.models import Convention, Signature
from dla_portal.socle.admin import CorrectionAdmin


class SignatureEnLigne(admin.TabularInline):
    model = Signature
    extra = 0
    can_delete = False
    fields = ["partie", "structure", "signataire", "qualite", "signee_le"]
    readonly_fields = fields

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Convention)
class ConventionAdmin(CorrectionAdmin):
    list_display = ["reference", "ingenierie", "prestataire", "montant_ttc", "signee_le", "etat"]
    list_select_related = ["ingenierie", "prestataire"]
    list_filter = ["etat"]
    search_fields = ["reference", "ingenierie__intitule"]
    inlines = [SignatureEnLigne]
