"""Journal, outbox, files and links in the admin site: to be read, never rewritten."""

from django import forms
from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from dla_portal.socle import horloge
from dla_portal.socle.etats import AEtats, journaliser
from dla_portal.socle.models import Courriel, Evenement, Fichier, Jeton, Terme


class LectureSeule(admin.ModelAdmin):
    """Neither added, changed nor deleted by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class FormulaireCorrection(forms.ModelForm):
    """Every data fix says why."""

    motif_correction = forms.CharField(
        label="Motif de la correction",
        help_text="Obligatoire : il est inscrit au journal et dans l'historique.",
        max_length=300,
    )


class CorrectionAdmin(SimpleHistoryAdmin):
    """Base of the admin pages of business objects: a fix with its reason, journalled; no delete."""

    form = FormulaireCorrection

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        motif = form.cleaned_data.get("motif_correction", "")
        obj._change_reason = motif[:100]
        super().save_model(request, obj, form, change)
        if isinstance(obj, AEtats):
            champs = ", ".join(form.changed_data) or "aucun champ"
            journaliser(
                obj,
                f"Correction dans l'administration ({champs})",
                par=request.user,
                motif=motif,
                nom="correction",
            )


@admin.register(Evenement)
class EvenementAdmin(LectureSeule):
    list_display = ["le", "libelle", "fil", "nom_auteur", "motif"]
    list_select_related = ["auteur"]
    list_filter = ["transition", "objet_type"]
    search_fields = ["fil", "libelle", "motif"]
    date_hierarchy = "le"


@admin.register(Courriel)
class CourrielAdmin(LectureSeule):
    list_display = ["cree_le", "destinataire", "sujet", "etat", "essais", "erreur"]
    search_fields = ["destinataire", "sujet", "fil"]
    actions = ["reessayer"]

    @admin.action(description="Réessayer l'envoi maintenant", permissions=["view"])
    def reessayer(self, request, courriels):
        """Give the unsent mails of the selection a new round of attempts."""
        repris = courriels.filter(envoye_le=None).update(
            essais=0, prochain_essai=horloge.maintenant()
        )
        self.message_user(request, f"{repris} courriel(s) remis en file.")


@admin.register(Fichier)
class FichierAdmin(LectureSeule):
    list_display = ["depose_le", "nom", "categorie", "fil", "taille", "scelle", "depose_par"]
    list_select_related = ["depose_par"]
    fields = ["nom", "type_mime", "taille", "sha256", "categorie", "fil", "scelle", "depose_le"]


@admin.register(Jeton)
class JetonAdmin(LectureSeule):
    list_display = ["cree_le", "usage", "destinataire", "expire_le", "revoque_le"]
    fields = ["usage", "destinataire", "cree_le", "expire_le", "revoque_le"]


@admin.register(Terme)
class TermeAdmin(admin.ModelAdmin):
    list_display = ["liste", "libelle", "famille", "code", "code_externe", "debut", "fin"]
    list_filter = ["liste"]
    search_fields = ["libelle", "code"]
