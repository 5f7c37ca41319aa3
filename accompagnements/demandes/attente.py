"""The waiting list: priority first, then the longest wait; what waits too long is said."""

import django_filters

from accompagnements.demandes.etats import Etat
from accompagnements.demandes.filters import FiltreDeDossiers
from accompagnements.demandes.models import Demande
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste


class AttenteFilter(FiltreDeDossiers):
    priorite = django_filters.ChoiceFilter(
        choices=Demande.Priorite, label="Priorité", empty_label="Toutes"
    )

    class Meta:
        model = Demande
        fields = ["q", "priorite", "departement"]


def _ton_priorite(demande):
    return "alerte" if demande.priorite == Demande.Priorite.HAUTE else "neutre"


class ListeAttente(Liste):
    titre = "Liste d'attente"
    phrase = "Les demandes éligibles qui attendent une place, les plus prioritaires d'abord."
    nom_fichier = "liste-d-attente"
    singulier, pluriel = "demande en attente", "demandes en attente"
    filtre = AttenteFilter
    vide = "Personne n'attend."
    colonnes = [
        Colonne("structure", "Structure", lambda d: d.structure.nom, "structure__nom_normalise"),
        Colonne(
            "priorite",
            "Priorité",
            lambda d: d.get_priorite_display(),
            "priorite",
            "badge",
            _ton_priorite,
        ),
        Colonne("reference", "Référence", lambda d: d.reference, "reference"),
        Colonne("depuis", "En attente depuis", lambda d: d.en_attente_le, "en_attente_le", "date"),
        Colonne("jours", "Jours d'attente", lambda d: d.jours_d_attente, "", "nombre"),
        Colonne(
            "alerte",
            "Alerte",
            lambda d: "Attend depuis trop longtemps" if d.attend_trop else "Dans les délais",
            "",
            "badge",
            lambda d: "alerte" if d.attend_trop else "fait",
        ),
        Colonne("departement", "Département", lambda d: d.departement_id, "departement"),
        Colonne("charge", "Suivie par", lambda d: str(d.charge or ""), "charge__nom"),
    ]

    def base(self):
        lignes = Demande.objects.visibles_par(self.request.user).filter(etat=Etat.EN_ATTENTE)
        return lignes.select_related("structure", "charge", "operateur")

    def _tri(self):
        """The order in which places are given, unless another is asked for."""
        demande = self.request.GET.get("tri", "").lstrip("-")
        if demande in {colonne.cle for colonne in self.colonnes if colonne.tri}:
            return super()._tri()
        return ["priorite", "en_attente_le", "pk"]


def liste(request):
    """The waiting list of what the user sees."""
    return page_de_liste(request, ListeAttente)
