"""Pages of the demandes; the page of an accompagnement belongs to `parcours`."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.demandes import documents, transitions
from accompagnements.demandes.etats import OUVERTES
from accompagnements.demandes.filters import DemandeFilter
from accompagnements.demandes.forms import DemandeForm, DemandeModifierForm
from accompagnements.demandes.gestes import CONFIER_EN_LOT, GESTES
from accompagnements.demandes.models import Demande
from accompagnements.structures.filters import chercher
from accompagnements.structures.models import Structure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier

MODIFIABLES = OUVERTES  # afterwards, what founded the decision is kept as it was
TROUVEES = 20  # structures offered at once


class ListeDemandes(Liste):
    titre = "Demandes"
    nom_fichier = "demandes"
    singulier, pluriel = "demande", "demandes"
    filtre = DemandeFilter
    tri_initial = "-recue_le"
    vide = "Aucune demande. Enregistrez la première dès l'appel d'une structure."
    colonnes = [
        Colonne("reference", "Référence", lambda d: d.reference, "reference"),
        Colonne("structure", "Structure", lambda d: d.structure.nom, "structure__nom_normalise"),
        Colonne("recue_le", "Reçue le", lambda d: d.recue_le, "recue_le", "date"),
        Colonne("departement", "Département", lambda d: d.departement_id, "departement"),
        Colonne("etat", "État", lambda d: d.get_etat_display(), "etat", "badge", lambda d: d.ton),
        Colonne("a_qui", "À qui le tour", lambda d: d.responsable),
        Colonne("charge", "Suivie par", lambda d: str(d.charge or ""), "charge__nom"),
        Colonne("siret", "SIRET", lambda d: d.structure.siret or "", montree=False),
        Colonne(
            "commune",
            "Commune",
            lambda d: d.structure.commune.nom if d.structure.commune else "",
            "structure__commune__nom",
            montree=False,
        ),
        Colonne("canal", "Reçue par", lambda d: d.get_canal_display(), "canal", montree=False),
        Colonne(
            "accueil_le",
            "Accueil tenu le",
            lambda d: d.accueil_le,
            "accueil_le",
            "date",
            None,
            False,
        ),
        Colonne(
            "priorite", "Priorité", lambda d: d.get_priorite_display(), "priorite", montree=False
        ),
    ]
    lots = (CONFIER_EN_LOT,)

    def base(self):
        lignes = Demande.objects.visibles_par(self.request.user)
        return lignes.select_related("structure__commune", "charge")

    @property
    def action(self):
        if a_role(self.request.user, *roles.INSTRUCTEURS):
            return {
                "url": reverse("accompagnements:demande_nouvelle"),
                "libelle": "Nouvelle demande",
            }
        return None


def liste(request):
    """The demandes the user sees."""
    return page_de_liste(request, ListeDemandes)


def nouvelle(request):
    """Record a demande: choose the structure first, then what it asks."""
    exiger(a_role(request.user, *roles.INSTRUCTEURS, roles.DlaRegional.code))
    if droits.operateur_de(request.user) is None:
        raise Http404
    visibles = Structure.objects.visibles_par(request.user)
    choisie = entier(request.POST.get("structure") or request.GET.get("structure"))
    if choisie is None:
        return _choisir_structure(request, visibles)
    structure = get_object_or_404(visibles, pk=choisie)
    return edition.creer(
        request,
        DemandeForm,
        lambda formulaire: transitions.enregistrer(formulaire.save(commit=False), par=request.user),
        utilisateur=request.user,
        initial={"structure": structure.pk, "departement": structure.departement_id},
        contexte={
            "titre": "Nouvelle demande",
            "sous_titre": structure.nom,
            "libelle_bouton": "Enregistrer la demande",
            "consequence": _deja_en_cours(structure, request.user),
            "url_annuler": reverse("accompagnements:demandes"),
        },
    )


def _deja_en_cours(structure, utilisateur):
    """A sentence when the structure has a dossier or a demande which goes on."""
    ouverts = structure.accompagnements.visibles_par(utilisateur).ouverts()
    attente = structure.demandes.visibles_par(utilisateur).filter(etat__in=OUVERTES)
    references = [objet.reference for objet in (*ouverts, *attente)]
    if not references:
        return ""
    return f"Attention : cette structure est déjà suivie ({', '.join(references)})."


def _choisir_structure(request, visibles):
    """First page of a new demande: find the structure, or go and create it."""
    texte = request.GET.get("q", "").strip()[:120]
    trouvees = chercher(visibles, texte) if texte else visibles.none()
    lues = list(trouvees.select_related("commune").order_by("nom_normalise")[: TROUVEES + 1])
    return render(
        request,
        "accompagnements/demandes/choisir_structure.html",
        {
            "texte": texte,
            "nom_propose": "" if texte.replace(" ", "").isdigit() else texte,
            "structures": lues[:TROUVEES],
            "suite": len(lues) > TROUVEES,
        },
    )


def detail(request, pk):
    """The page of a demande."""
    demande = get_object_or_404(_visibles(request), pk=pk)
    return render(
        request,
        "accompagnements/demandes/demande.html",
        {
            "demande": demande,
            "en_ligne": getattr(demande, "en_ligne", None),
            "accompagnement": getattr(demande, "accompagnement", None),
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                demande,
                lambda geste: reverse("accompagnements:demande_geste", args=[pk, geste.nom]),
                a_qui=demande.responsable,
            ),
            "evenements": chronologie.evenements([demande.fil]),
            "equipe": bool(droits.suit(request.user, demande)),
            "modifiable": demande.etat in MODIFIABLES
            and bool(droits.instruit(request.user, demande)),
        },
    )


def lettre_pdf(request, pk):
    """The letter of refusal as it left; 404 when none left."""
    demande = get_object_or_404(_visibles(request).exclude(refus_lettre=""), pk=pk)
    exiger(droits.suit(request.user, demande))
    octets = documents.lettre_de_refus(demande)
    nom = f'attachment; filename="refus-{demande.reference}.pdf"'
    return HttpResponse(
        octets, content_type="application/pdf", headers={"Content-Disposition": nom}
    )


def modifier(request, pk):
    """Correct what was recorded at the first call or at the accueil."""
    demande = get_object_or_404(_visibles(request), pk=pk)
    exiger(droits.instruit(request.user, demande))
    if demande.etat not in MODIFIABLES:
        etat = demande.get_etat_display().lower()
        raise Manques([f"La demande est « {etat} » : ce qui a fondé la décision ne change plus."])
    return edition.modifier(
        request,
        demande,
        DemandeModifierForm,
        utilisateur=request.user,
        contexte={"titre": "Modifier la demande", "sous_titre": str(demande)},
    )


def geste(request, pk, nom):
    """Serve one gesture on a demande."""
    demande = get_object_or_404(_visibles(request), pk=pk)
    choisi = gestes.trouver(GESTES, nom)
    return gestes.servir(
        request,
        choisi,
        demande,
        retour=lambda resultat: resultat.get_absolute_url(),
    )


def _visibles(request):
    lignes = Demande.objects.visibles_par(request.user)
    return lignes.select_related(
        "structure",
        "operateur",
        "departement",
        "charge",
        "prescripteur",
        "derogation_par",
        "partenaire",
        "charte",
    )
