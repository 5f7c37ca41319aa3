"""Conventions, avenants and marques in the admin site; what is signed is read, not rewritten."""

from django import forms
from django.contrib import admin

from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from accompagnements.conventions.trames import Trame
from accompagnements.marques import MarqueFinanceur
from dla_portal.socle import fichiers
from dla_portal.socle.admin import CorrectionAdmin, LectureSeule
from dla_portal.socle.formulaires import ChampFichier


class SignatureEnLigne(admin.TabularInline):
    model = Signature
    extra = 0
    can_delete = False
    fields = [
        "partie",
        "structure",
        "signataire",
        "qualite",
        "signee_le",
        "canal",
        "signee_a",
        "adresse_ip",
        "empreinte",
    ]
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


@admin.register(Avenant)
class AvenantAdmin(CorrectionAdmin):
    list_display = ["convention", "numero", "montant_ttc", "fin", "signee_le", "etat"]
    list_select_related = ["convention"]
    list_filter = ["etat"]
    search_fields = ["convention__reference"]
    inlines = [SignatureEnLigne]


@admin.register(Trame)
class TrameAdmin(LectureSeule):
    """Written on its own screen, where a version is checked and previewed."""

    list_display = ["region", "numero", "cree_le", "cree_par"]
    list_select_related = ["region", "cree_par"]
    list_filter = ["region"]


class MarqueForm(forms.ModelForm):
    """A logo is checked as an image and kept among the private files."""

    nouveau_logo = ChampFichier(
        label="Logo (PNG ou JPEG)", extensions=("png", "jpg", "jpeg"), required=False
    )


@admin.register(MarqueFinanceur)
class MarqueFinanceurAdmin(admin.ModelAdmin):
    form = MarqueForm
    list_display = ["nom", "de_annee", "a_annee", "europe", "mention", "logo"]
    list_select_related = ["logo"]
    fields = ["nom", "de_annee", "a_annee", "europe", "mention", "logo", "nouveau_logo"]
    readonly_fields = ["logo"]

    def save_model(self, request, obj, form, change):
        televerse = form.cleaned_data.get("nouveau_logo")
        super().save_model(request, obj, form, change)
        if televerse:
            obj.logo = fichiers.deposer(
                televerse, fil=f"marque:{obj.pk}", categorie="logo", par=request.user
            )
            obj.save()
