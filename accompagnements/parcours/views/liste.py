"""List of the accompagnements."""

from accompagnements.demandes.gestes import CONFIER_EN_LOT
from accompagnements.demandes.models import Accompagnement
from accompagnements.parcours.filters import ListeFilter
from accompagnements.parcours.views.planche import adresse_de_la_planche
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste


class ListeAccompagnements(Liste):
    titre = "Accompagnements"
    nom_fichier = "accompagnements"
    singulier, pluriel = "accompagnement", "accompagnements"
    filtre = ListeFilter
    tri_initial = "-ouvert_le"
    vide = "Aucun accompagnement ne correspond. Un dossier s'ouvre depuis une demande accueillie."
    colonnes = [
        Colonne("reference", "Référence", lambda a: a.reference, "reference"),
        Colonne("structure", "Structure", lambda a: a.structure.nom, "structure__nom_normalise"),
        Colonne("departement", "Département", lambda a: a.departement_id, "departement"),
        Colonne("secteur", "Secteur", lambda a: str(a.secteur or ""), "secteur__libelle"),
        Colonne("ouvert_le", "Ouvert le", lambda a: a.ouvert_le, "ouvert_le", "date"),
        Colonne("etat", "État", lambda a: a.get_etat_display(), "etat", "badge", lambda a: a.ton),
        Colonne("charge", "Suivi par", lambda a: str(a.charge or ""), "charge__nom"),
        Colonne("siret", "SIRET", lambda a: a.structure.siret or "", montree=False),
        Colonne(
            "commune",
            "Commune",
            lambda a: a.structure.commune.nom if a.structure.commune else "",
            "structure__commune__nom",
            montree=False,
        ),
        Colonne("effectif", "Effectif", lambda a: a.effectif, "effectif", "nombre", montree=False),
        Colonne("clos_le", "Clos le", lambda a: a.clos_le, "clos_le", "date", montree=False),
    ]
    lots = (CONFIER_EN_LOT,)

    def base(self):
        lignes = Accompagnement.objects.visibles_par(self.request.user)
        return lignes.select_related("structure__commune", "secteur", "charge")


def liste(request):
    """The accompagnements the user sees."""
    return page_de_liste(
        request,
        ListeAccompagnements,
        gabarit="accompagnements/parcours/accompagnements.html",
        url_planche=adresse_de_la_planche(request.GET),
        url_liste=request.path,
    )
