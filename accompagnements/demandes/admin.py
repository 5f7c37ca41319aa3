"""Demandes and accompagnements in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.demandes.commentaires import CommentaireDossier, Mention, Portee
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.models import Accompagnement, Demande
from dla_portal.socle.admin import CorrectionAdmin, LectureSeule


@admin.register(Demande)
class DemandeAdmin(CorrectionAdmin):
    list_display = ["reference", "structure", "operateur", "departement", "recue_le", "etat"]
    list_select_related = ["structure", "operateur", "departement"]
    list_filter = ["etat", "operateur"]
    search_fields = ["reference", "structure__nom", "structure__siret"]
    autocomplete_fields = ["structure", "operateur", "charge"]


@admin.register(Accompagnement)
class AccompagnementAdmin(CorrectionAdmin):
    list_display = ["reference", "structure", "operateur", "departement", "ouvert_le", "etat"]
    list_select_related = ["structure", "operateur", "departement"]
    list_filter = ["etat", "operateur"]
    search_fields = ["reference", "structure__nom", "structure__siret"]
    autocomplete_fields = ["operateur", "charge"]


@admin.register(DemandeEnLigne)
class DemandeEnLigneAdmin(admin.ModelAdmin):
    """Read only: what a person sent is not rewritten."""

    list_display = ["structure_nom", "commune", "departement", "confirmee_le", "etat"]
    list_select_related = ["commune", "departement"]
    list_filter = ["etat"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(confirmee_le=None)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(CommentaireDossier)
class CommentaireDossierAdmin(LectureSeule):
    """Read only: its author alone rewrites a comment. The internal ones do not exist here."""

    list_display = ["cree_le", "accompagnement", "auteur", "corrige_le", "retire_le"]
    list_select_related = ["accompagnement__structure", "auteur"]
    fields = ["accompagnement", "auteur", "texte", "cree_le", "corrige_le", "retire_le"]
    search_fields = ["accompagnement__reference"]

    def get_queryset(self, request):
        return super().get_queryset(request).partages()


@admin.register(Mention)
class MentionAdmin(LectureSeule):
    list_display = ["cree_le", "commentaire", "personne", "lue_le"]
    list_select_related = ["commentaire__accompagnement__structure", "personne"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(commentaire__portee=Portee.PARTAGE)
