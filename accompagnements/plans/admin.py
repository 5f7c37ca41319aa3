"""Plans, actions and engineerings in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.plans.lignes import ContributionPartenaire, RevuePlan
from accompagnements.plans.models import Action, Ingenierie, Plan
from dla_portal.socle.admin import CorrectionAdmin, LectureSeule


class NesAilleurs(CorrectionAdmin):
    """Born by a gesture of the chain only."""

    def has_add_permission(self, request):
        return False


@admin.register(Plan)
class PlanAdmin(NesAilleurs):
    list_display = ["accompagnement", "numero", "valide_le", "etat"]
    list_select_related = ["accompagnement__structure"]
    list_filter = ["etat", "accompagnement__operateur"]
    search_fields = ["accompagnement__reference", "accompagnement__structure__nom_normalise"]


@admin.register(Action)
class ActionAdmin(NesAilleurs):
    list_display = ["intitule", "genre", "plan", "jours_prevus", "montant_prevu", "statut"]
    list_select_related = ["plan__accompagnement"]
    list_filter = ["genre", "statut"]
    search_fields = ["intitule", "plan__accompagnement__reference"]


@admin.register(Ingenierie)
class IngenierieAdmin(NesAilleurs):
    list_display = ["reference", "intitule", "genre", "thematique", "operateur"]
    list_select_related = ["thematique", "operateur"]
    list_filter = ["genre", "operateur"]
    search_fields = ["reference", "intitule"]
    autocomplete_fields = ["operateur"]


@admin.register(ContributionPartenaire)
class ContributionAdmin(LectureSeule):
    list_display = ["plan", "partenaire", "organisme", "nature", "valorisation", "convention_le"]
    list_select_related = ["plan__accompagnement", "partenaire"]
    list_filter = ["nature"]
    search_fields = ["organisme", "plan__accompagnement__reference"]


@admin.register(RevuePlan)
class RevueAdmin(LectureSeule):
    list_display = ["plan", "prevue_le", "tenue_le"]
    list_select_related = ["plan__accompagnement"]
    search_fields = ["plan__accompagnement__reference"]
