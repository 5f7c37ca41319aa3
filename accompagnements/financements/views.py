"""Pages of the ledger, of the split of a convention and of the FSE+ evidence of a mission."""

from functools import cached_property

from django.contrib import messages
from django.db import IntegrityError
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.conventions.models import Convention
from accompagnements.financements import compte, forms, regles, transitions
from accompagnements.financements import preuves as dossier_fse
from accompagnements.financements.controle import controle
from accompagnements.financements.filters import EnveloppeFilter
from accompagnements.financements.inventaire import inventaire
from accompagnements.financements.models import Enveloppe
from accompagnements.missions.models import Mission
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle import chronologie, edition
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import Manques, exiger_aucun_manque
from dla_portal.socle.templatetags.portail import euros
from dla_portal.socle.verrou import VersionPerimee

CONFLIT = (
    "Quelqu'un a réparti ce coût pendant votre saisie : rien n'a été écrasé. Vérifiez les parts "
    "enregistrées, puis enregistrez de nouveau pour garder les vôtres."
)

EUROPE = (
    "Cette convention est cofinancée par le FSE+ : une part est attendue sur une enveloppe de "
    "l'Union européenne, sinon le dossier de preuves dira que le coût n'est pas réparti."
)


def _tient_le_fonds(utilisateur):
    """Who enters enveloppes: the gestionnaire or the responsable, for their own operator."""
    return a_role(utilisateur, roles.Gestionnaire.code, roles.Responsable.code)


class ListeEnveloppes(Liste):
    titre = "Fonds d'ingénierie"
    phrase = (
        "Ce que chaque financeur a voté, ce que les conventions signées engagent, le facturé et "
    )
    phrase += "le payé. Montants en euros TTC."
    nom_fichier = "fonds-d-ingenierie"
    singulier, pluriel = "enveloppe", "enveloppes"
    filtre = EnveloppeFilter
    tri_initial = "-annee"
    vide = "Aucune enveloppe. La gestion enregistre ce que chaque financeur a voté pour l'année."
    colonnes = [
        Colonne("financeur", "Financeur", lambda e: str(e.financeur), "financeur__rang"),
        Colonne("annee", "Année", lambda e: str(e.annee), "annee"),
        Colonne("flechage", "Fléchage", lambda e: ", ".join(e.flechage)),
        Colonne("numero", "Convention n°", lambda e: e.numero, "numero"),
        Colonne("vote", "Voté", lambda e: e.compte.vote, "montant_vote", "euros"),
        Colonne("engage", "Engagé", lambda e: e.compte.engage, "", "euros"),
        Colonne("facture", "Facturé", lambda e: e.compte.facture, "", "euros"),
        Colonne("paye", "Payé", lambda e: e.compte.paye, "", "euros"),
        Colonne("reste", "Reste à engager", lambda e: e.compte.reste, "", "euros"),
    ]

    def base(self):
        lignes = Enveloppe.objects.visibles_par(self.request.user)
        return lignes.select_related("financeur", "secteur", "departement")

    @cached_property
    def comptes(self):
        """The account of each filtered enveloppe: the rows, their total and the export share it."""
        return compte.comptes(self.queryset)

    @property
    def total(self):
        return compte.total(self.comptes.values())

    @cached_property
    def hors_enveloppe(self):
        return compte.paye_hors_enveloppe(self.request.user)

    @cached_property
    def lignes(self):
        for enveloppe in self.page.object_list:
            enveloppe.compte = self.comptes[enveloppe.pk]
        return super().lignes

    def valeurs(self, lignes=None):
        for enveloppe in self.queryset if lignes is None else lignes:
            enveloppe.compte = self.comptes[enveloppe.pk]
            yield [colonne.valeur(enveloppe) for colonne in self.colonnes_affichees]

    @property
    def action(self):
        if _tient_le_fonds(self.request.user):
            return {
                "url": reverse("accompagnements:enveloppe_nouvelle"),
                "libelle": "Nouvelle enveloppe",
            }
        return None


def liste(request):
    """The enveloppes of the operator and their total."""
    return page_de_liste(request, ListeEnveloppes, "accompagnements/financements/enveloppes.html")


def nouvelle(request):
    """Record what a financeur voted."""
    exiger(_tient_le_fonds(request.user))
    enveloppe = Enveloppe(operateur=request.user.rattachement.operateur)
    return edition.creer(
        request,
        forms.EnveloppeForm,
        lambda formulaire: transitions.ouvrir_enveloppe(
            formulaire.save(commit=False), par=request.user
        ),
        instance=enveloppe,
        contexte={
            "titre": "Nouvelle enveloppe",
            "sous_titre": "Un fléchage laissé vide ne pose aucune condition.",
            "libelle_bouton": "Enregistrer l'enveloppe",
            "url_annuler": reverse("accompagnements:enveloppes"),
        },
    )


def _visible(request, pk):
    lignes = Enveloppe.objects.visibles_par(request.user)
    return get_object_or_404(
        lignes.select_related("operateur", "financeur", "secteur", "departement"), pk=pk
    )


def detail(request, pk):
    """An enveloppe and the rows which make each of its figures."""
    enveloppe = _visible(request, pk)
    lignes = compte.lignes_de(enveloppe)
    return render(
        request,
        "accompagnements/financements/enveloppe.html",
        {
            "enveloppe": enveloppe,
            "compte": compte.comptes([enveloppe])[pk],
            "lignes": lignes,
            "factures": [
                (facture, montant, ligne.imputation.repartition.convention)
                for ligne in lignes
                for facture, montant in ligne.factures
            ],
            "modifiable": bool(droits.gere(request.user, enveloppe)),
            "evenements": chronologie.evenements([enveloppe.fil]),
        },
    )


def modifier(request, pk):
    """Change an enveloppe; what is voted stays above what is engaged."""
    enveloppe = _visible(request, pk)
    exiger(droits.gere(request.user, enveloppe))
    return edition.modifier(
        request,
        enveloppe,
        forms.EnveloppeModifierForm,
        par=request.user,
        contexte={"titre": "Modifier l'enveloppe", "sous_titre": str(enveloppe)},
    )


def _convention(request, pk):
    lignes = Convention.objects.visibles_par(request.user)
    return get_object_or_404(lignes.select_related("ingenierie", "repartition"), pk=pk)


def repartir(request, pk):
    """Split the cost of a signed convention between enveloppes, all at once."""
    convention = _convention(request, pk)
    exiger(droits.suit(request.user, convention))
    exiger_aucun_manque(regles.manques_pour_repartir(convention))
    formulaire = forms.RepartirForm(
        request.POST if request.method == "POST" else None, objet=convention
    )
    if not formulaire.enveloppes:
        raise Manques(
            [
                "Aucune enveloppe n'est enregistrée autour de l'année de signature : la gestion "
                "enregistre d'abord ce que chaque financeur a voté."
            ]
        )
    statut = 200
    if request.method == "POST":
        statut = _enregistrer(request, convention, formulaire)
        if statut == 302:
            messages.success(request, "Le coût est réparti.")
            for phrase in regles.avertissements_de_l_europe(convention, formulaire.parts()):
                messages.warning(request, phrase)
            return redirect(convention)
    contexte = {
        "formulaire": formulaire,
        "titre": "Répartir le coût de la convention",
        "sous_titre": f"{convention.reference} · {euros(convention.montant_ttc_effectif, 'TTC')} à répartir "
        "au centime près ; laissez vide ce qui ne finance pas.",
        "libelle_bouton": "Enregistrer la répartition",
        "url_annuler": convention.get_absolute_url(),
    }
    if convention.cofinancee_fse:
        contexte["consequence"] = EUROPE
    return render(request, "formulaire.html", contexte, status=statut)


def _enregistrer(request, convention, formulaire):
    """Try the split; return 302, or the status with which the form comes back, text kept."""
    if not formulaire.is_valid():
        return 422
    repartition = regles.repartition_de(convention)
    try:
        if repartition is not None:
            repartition.version = formulaire.cleaned_data["version"]
        transitions.repartir(convention, par=request.user, parts=formulaire.parts())
    except (VersionPerimee, IntegrityError):
        formulaire.add_error(None, CONFLIT)
        convention = Convention.objects.get(pk=convention.pk)
        actuelle = regles.repartition_de(convention)
        formulaire.data = {**formulaire.data.dict(), "version": getattr(actuelle, "version", -1)}
        return 409
    except Manques as erreur:
        formulaire.add_error(None, erreur)
        return 422
    return 302


def liberer(request, pk):
    """Give back to the enveloppes what will not be invoiced."""
    convention = _convention(request, pk)
    exiger(droits.gere(request.user, convention))
    return edition.naitre(
        request,
        lambda: transitions.liberer(convention, par=request.user),
        titre="Rendre le reste aux enveloppes",
        sous_titre=convention.reference,
        consequence="Chaque part est ramenée à ce qui est facturé ; la différence peut de nouveau "
        "être engagée.",
        url_annuler=convention.get_absolute_url(),
    )


def _mission(request, pk):
    lignes = Mission.objects.visibles_par(request.user).select_related(
        "convention__ingenierie__operateur",
        "convention__prestataire",
        "convention__consultation__cahier",
        "convention__document",
    )
    mission = get_object_or_404(lignes, pk=pk)
    exiger(droits.suit(request.user, mission))
    return mission


def preuves(request, pk):
    """What the FSE+ evidence file of a mission holds, and what is missing in it."""
    mission = _mission(request, pk)
    entrees = inventaire(mission)
    deposees = [entree for entree in entrees if entree.fichier]
    return render(
        request,
        "accompagnements/financements/preuves.html",
        {
            "mission": mission,
            "convention": mission.convention,
            "points": controle(mission, dossier_fse.lisibles(entrees)),
            "deposees": deposees,
            "produites": [entree.nom for entree in entrees if entree.fichier is None],
            "taille": sum(entree.fichier.taille for entree in deposees),
            "manques": dossier_fse.manques_de_l_archive(entrees),
        },
    )


def archive(request, pk):
    """The evidence file as one zip."""
    mission = _mission(request, pk)
    return FileResponse(
        dossier_fse.archive(mission),
        as_attachment=True,
        filename=f"preuves-fse-{mission.convention.reference}.zip",
        content_type="application/zip",
    )
