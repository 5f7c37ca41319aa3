"""Journal, outbox, files and links in the admin site: to be read, never rewritten."""

from django import forms
from django.contrib import admin
from django.db import models
from simple_history.admin import SimpleHistoryAdmin

from dla_portal.socle import horloge
from dla_portal.socle.courriels import masquer
from dla_portal.socle.etats import AEtats, journaliser
from dla_portal.socle.models import Courriel, Evenement, Fichier, Jeton, Terme
from dla_portal.socle.verrou import Verrouille


class LectureSeule(admin.ModelAdmin):
    """Neither added, changed nor deleted by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


_DE_LA_CORRECTION = ["motif_correction", "version_lue"]


class FormulaireCorrection(forms.ModelForm):
    """Every data fix says why."""

    motif_correction = forms.CharField(
        label="Motif de la correction",
        help_text="Obligatoire : il est inscrit au journal et dans l'historique.",
        max_length=300,
    )
    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version_lue"] = getattr(self.instance, "version", None)

    def clean(self):
        donnees = super().clean()
        lue = donnees.get("version_lue")
        if isinstance(self.instance, Verrouille):
            stockee = type(self.instance)._base_manager.filter(pk=self.instance.pk, version=lue)
            if lue is None or not stockee.exists():
                raise forms.ValidationError(
                    "Cette fiche a été modifiée entre-temps : rechargez la page avant de corriger."
                )
            self.instance.version = lue
        return donnees


class CorrectionAdmin(SimpleHistoryAdmin):
    """Base of the admin pages of business objects: a fix with its reason, journalled; no delete."""

    form = FormulaireCorrection

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_fields(self, request, obj=None):
        """The declared fields, the reason and the version read, whatever the page declares."""
        declares = [f for f in super().get_fields(request, obj) if f not in _DE_LA_CORRECTION]
        return [*declares, *_DE_LA_CORRECTION]

    def has_add_permission(self, request):
        return False  # objects are born by their transitions, with their reference and journal

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


@admin.register(Courriel)
class CourrielAdmin(LectureSeule):
    list_display = ["cree_le", "destinataire", "sujet", "etat", "essais", "erreur"]
    search_fields = ["destinataire", "sujet", "fil"]
    fields = [
        "destinataire",
        "sujet",
        "corps_masque",
        "fil",
        "cree_le",
        "envoye_le",
        "essais",
        "prochain_essai",
        "erreur",
    ]
    readonly_fields = ["corps_masque"]
    actions = ["reessayer"]

    @admin.display(description="corps, liens et codes masqués")
    def corps_masque(self, courriel):
        """The text without what would let the reader act in the recipient's place."""
        return masquer(courriel.corps)

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

    def get_queryset(self, request):
        """What is sealed shows nothing here, not even its size."""
        return super().get_queryset(request).filter(scelle=False)


@admin.register(Jeton)
class JetonAdmin(LectureSeule):
    list_display = ["cree_le", "usage", "destinataire", "expire_le", "revoque_le"]
    fields = ["usage", "destinataire", "cree_le", "expire_le", "revoque_le"]


@admin.register(Terme)
class TermeAdmin(admin.ModelAdmin):
    list_display = ["liste", "libelle", "famille", "code", "code_externe", "debut", "fin"]
    list_filter = ["liste"]
    search_fields = ["libelle", "code"]
