"""Users and rattachements in the admin site."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from dla_portal.comptes.models import (
    PreferencesCourriel,
    Rattachement,
    Suppleance,
    Utilisateur,
)
from dla_portal.socle.admin import LectureSeule


class RattachementEnLigne(admin.TabularInline):
    model = Rattachement
    extra = 0
    autocomplete_fields = ["operateur"]


@admin.register(Utilisateur)
class UtilisateurAdmin(UserAdmin):
    ordering = ["nom", "prenom", "email"]
    list_display = ["email", "prenom", "nom", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "rattachements__role"]
    search_fields = ["email", "prenom", "nom"]
    fieldsets = [
        (None, {"fields": ["email", "password", "prenom", "nom"]}),
        (
            "Accès",
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
    ]
    add_fieldsets = [
        (
            None,
            {"classes": ["wide"], "fields": ["email", "prenom", "nom", "password1", "password2"]},
        )
    ]
    inlines = [RattachementEnLigne]


@admin.register(Rattachement)
class RattachementAdmin(admin.ModelAdmin):
    list_display = ["utilisateur", "role", "portee", "debut", "fin"]
    list_filter = ["role", "region"]
    list_select_related = ["utilisateur", "operateur", "region", "departement"]
    autocomplete_fields = ["utilisateur", "operateur"]


@admin.register(Suppleance)
class SuppleanceAdmin(LectureSeule):
    list_display = ["absent", "suppleant", "operateur", "du", "au", "posee_par", "retiree_le"]
    list_select_related = ["absent", "suppleant", "operateur", "posee_par"]
    list_filter = ["operateur"]


@admin.register(PreferencesCourriel)
class PreferencesCourrielAdmin(LectureSeule):
    list_display = ["utilisateur", "rythmes", "resume_le"]
    list_select_related = ["utilisateur"]
    search_fields = ["utilisateur__email", "utilisateur__nom"]
