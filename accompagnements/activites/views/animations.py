"""Pages of the register of the animation activities."""

from django.db.models import Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements.activites import comptes, forms, regles, transitions
from accompagnements.activites.etats import Etat
from accompagnements.activites.filters import ActiviteFilter
from accompagnements.activites.gestes import GESTES_ACTIVITE
from accompagnements.activites.models import Activite
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.fichiers import Fichier
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import exiger_aucun_manque


def _termes(lignes):
    return ", ".join(str(terme) for terme in lignes.all())


class ListeActivites(Liste):
    titre = "Animations"
    phrase = (
        "Matinales, visites, webinaires, rencontres : comptées à part, jamais comme des "
        "accompagnements."
    )
    nom_fichier = "animations"
    singulier, pluriel = "animation", "animations"
    filtre = ActiviteFilter
    tri_initial = "-le"
    vide = "Aucune animation. Inscrivez la prochaine : elle paraîtra à l'agenda."
    colonnes = [
        Colonne("titre", "Titre", lambda a: a.titre, "titre_normalise"),
        Colonne("nature", "Nature", lambda a: str(a.nature), "nature__rang"),
        Colonne("le", "Date", lambda a: a.le, "le", "date"),
        Colonne("operateur", "Équipe", lambda a: str(a.operateur or "DLA régional")),
        Colonne("format", "Format", lambda a: a.get_format_display(), "format"),
        Colonne("lieu", "Commune ou lieu", lambda a: str(a.commune or a.lieu)),
        Colonne("presents", "Présents", lambda a: a.presents, "presents", "nombre"),
        Colonne("inscrits", "Inscrits", lambda a: a.inscrits, "inscrits", "nombre", montree=False),
        Colonne(
            "structures",
            "Structures",
            lambda a: a.structures,
            "structures",
            "nombre",
            montree=False,
        ),
        Colonne("reference", "Référence", lambda a: a.reference, "reference", montree=False),
        Colonne(
            "thematique",
            "Thématique",
            lambda a: str(a.thematique or ""),
            "thematique__libelle",
            montree=False,
        ),
        Colonne("partenaires", "Partenaires", lambda a: a.partenaires, montree=False),
        Colonne("cofinanceurs", "Cofinanceurs", lambda a: _termes(a.cofinanceurs), montree=False),
        Colonne("departements", "Départements", lambda a: _termes(a.departements), montree=False),
        Colonne("etat", "État", lambda a: a.get_etat_display(), "etat", "badge", lambda a: a.ton),
    ]

    def base(self):
        lignes = Activite.objects.visibles_par(self.request.user)
        lignes = lignes.select_related("nature", "operateur", "commune", "thematique")
        return lignes.prefetch_related("cofinanceurs", "departements")

    @property
    def comptes(self):
        """Number of activities by kind and year, of those kept by the filters."""
        return comptes.par_annee(self.queryset)

    @property
    def action(self):
        if regles.inscrit(self.request.user):
            adresse = reverse("accompagnements:activite_nouvelle")
            return {"url": adresse, "libelle": "Nouvelle animation"}
        return None


def liste(request):
    """The register, and what it counts by kind and by year."""
    return page_de_liste(
        request, ListeActivites, gabarit="accompagnements/activites/animations.html"
    )


def nouvelle(request):
    """Enter an activity, to come or past."""
    exiger(regles.inscrit(request.user))
    return edition.creer(
        request,
        forms.ActiviteForm,
        lambda formulaire: formulaire.inscrire(),
        par=request.user,
        contexte={
            "titre": "Nouvelle animation",
            "libelle_bouton": "Inscrire au registre",
            "url_annuler": reverse("accompagnements:activites"),
        },
    )


def _visible(request, pk):
    lignes = Activite.objects.visibles_par(request.user).select_related(
        "nature", "operateur", "region", "commune", "thematique", "porteur"
    )
    return get_object_or_404(lignes, pk=pk)


def detail(request, pk):
    """The page of an activity."""
    activite = _visible(request, pk)
    tenue = bool(regles.tient(request.user, activite)) and activite.etat == Etat.INSCRITE
    temps = activite.temps.notes().aggregate(somme=Sum("minutes"))["somme"] or 0
    return render(
        request,
        "accompagnements/activites/animation.html",
        {
            "activite": activite,
            "badge": {"ton": activite.ton, "libelle": activite.get_etat_display()},
            "departements": list(activite.departements.all()),
            "cofinanceurs": list(activite.cofinanceurs.all()),
            "modifiable": tenue,
            "note_du_temps": tenue and bool(regles.note(request.user)),
            "temps": temps,
            "pieces": [
                (transitions.PIECES.get(fichier.categorie, ""), fichier)
                for fichier in Fichier.objects.filter(fil=activite.fil)
            ],
            "evenements": chronologie.evenements([activite.fil]),
        },
    )


def modifier(request, pk):
    """Correct an activity, or say who came."""
    activite = _visible(request, pk)
    _exiger_ouverte(request, activite)
    return edition.modifier(
        request,
        activite,
        forms.ActiviteModifierForm,
        par=request.user,
        contexte={"titre": "Modifier l'animation", "sous_titre": activite.titre},
    )


def piece(request, pk):
    """Attach a piece."""
    activite = _visible(request, pk)
    _exiger_ouverte(request, activite)
    return edition.creer(
        request,
        forms.PieceActiviteForm,
        lambda formulaire: formulaire.joindre(),
        activite=activite,
        par=request.user,
        contexte={
            "titre": "Joindre une pièce",
            "sous_titre": activite.titre,
            "libelle_bouton": "Joindre la pièce",
            "url_annuler": activite.get_absolute_url(),
        },
    )


def _exiger_ouverte(request, activite):
    exiger(regles.tient(request.user, activite))
    exiger_aucun_manque(regles.manques_si_annulee(activite))


def geste(request, pk, nom):
    """Serve one gesture on an activity."""
    activite = _visible(request, pk)
    return gestes.servir(
        request, gestes.trouver(GESTES_ACTIVITE, nom), activite, retour=activite.get_absolute_url()
    )
