"""Pages of the consultation for the operator's team."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.consultations import documents, forms, regles, transitions
from accompagnements.consultations.comparaison import comparer
from accompagnements.consultations.courriels import moment
from accompagnements.consultations.etats import Etat, EtatSollicitation
from accompagnements.consultations.filters import ConsultationFilter
from accompagnements.consultations.gestes import GESTES
from accompagnements.consultations.models import Consultation, Sollicitation
from accompagnements.plans.models import Ingenierie
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste, page_de_liste
from dla_portal.socle.regles import Manques
from prestataires.models import Prestataire
from prestataires.selection import proposer

EN_REDACTION = (Etat.BROUILLON,)
LISTE_OUVERTE = (Etat.BROUILLON, Etat.VALIDEE)


class ListeConsultations(Liste):
    titre = "Consultations"
    nom_fichier = "consultations"
    singulier, pluriel = "consultation", "consultations"
    filtre = ConsultationFilter
    tri_initial = "-date_limite"
    vide = "Aucune consultation. Elle se prépare depuis un dossier dont le plan est validé."
    colonnes = [
        Colonne("reference", "Référence", lambda c: c.reference, "reference"),
        Colonne("intitule", "Intitulé", lambda c: c.ingenierie.intitule, "ingenierie__intitule"),
        Colonne("date_limite", "Date limite", lambda c: c.date_limite, "date_limite", "date"),
        Colonne("etat", "État", lambda c: c.etat_en_mots, "etat", "badge", lambda c: c.ton),
        Colonne("a_qui", "À qui le tour", lambda c: c.responsable),
    ]

    def base(self):
        return Consultation.objects.visibles_par(self.request.user).select_related("ingenierie")


def liste(request):
    """The consultations the user sees."""
    return page_de_liste(request, ListeConsultations)


def preparer(request, pk):
    """Start the consultation of an engineering."""
    ingenierie = get_object_or_404(Ingenierie.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, ingenierie))
    return edition.naitre(
        request,
        lambda: transitions.preparer(ingenierie, par=request.user),
        titre="Préparer la consultation",
        sous_titre=ingenierie,
        consequence="Le cahier des charges est prérempli avec le diagnostic et le plan.",
        url_annuler=reverse("accompagnements:dossier", args=[ingenierie.accompagnements()[0].pk]),
    )


def _visible(request, pk):
    lignes = Consultation.objects.visibles_par(request.user)
    return get_object_or_404(lignes.select_related("ingenierie__operateur", "cahier"), pk=pk)


def _envoye(request):
    """The data of a POST, even empty, or None to show a fresh form."""
    return request.POST if request.method == "POST" else None


def detail(request, pk):
    """The page of a consultation; nothing of a deposit shows before the opening."""
    consultation = _visible(request, pk)
    instruit = bool(droits.instruit(request.user, consultation))
    return render(
        request,
        "accompagnements/consultations/consultation.html",
        {
            "consultation": consultation,
            "cahier": consultation.cahier,
            "dossiers": list(consultation.ingenierie.accompagnements().select_related("structure")),
            "criteres": list(consultation.criteres.all()),
            "sollicitations": list(consultation.sollicitations.select_related("prestataire")),
            "deposees": consultation.sollicitations.filter(etat=EtatSollicitation.DEPOSEE).count(),
            "limite": moment(consultation.date_limite) if consultation.date_limite else "",
            "comparaison": comparer(consultation) if consultation.ouverte_le else None,
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                consultation,
                lambda geste: reverse("accompagnements:consultation_geste", args=[pk, geste.nom]),
                a_qui=consultation.responsable,
            ),
            "evenements": chronologie.evenements([consultation.fil]),
            "cahier_modifiable": instruit and consultation.etat in EN_REDACTION,
            "liste_modifiable": instruit and consultation.etat in LISTE_OUVERTE,
            "grille_modifiable": instruit and consultation.etat == Etat.EN_ANALYSE,
            "depot_possible": instruit
            and consultation.etat == Etat.PUBLIEE
            and not consultation.limite_passee,
        },
    )


def cahier_modifier(request, pk):
    """Write the cahier des charges."""
    consultation = _visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    if consultation.etat not in EN_REDACTION:
        raise Manques(["Le cahier des charges est validé : reprenez-le avant de le modifier."])
    return edition.modifier(
        request,
        consultation.cahier,
        forms.CahierForm,
        retour=consultation.get_absolute_url(),
        contexte={"titre": "Cahier des charges", "sous_titre": consultation.ingenierie.intitule},
    )


def criteres_modifier(request, pk):
    """Set the points of the criteria, before the sending."""
    consultation = _visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    if consultation.etat not in LISTE_OUVERTE:
        raise Manques(["La consultation est envoyée : les critères sont figés."])
    formulaire = forms.CriteresForm(_envoye(request), objet=consultation)
    if request.method == "POST" and formulaire.is_valid():
        formulaire.enregistrer()
        messages.success(request, "Les critères sont enregistrés.")
        return redirect(consultation)
    contexte = {
        "formulaire": formulaire,
        "titre": "Critères et points",
        "sous_titre": consultation.ingenierie.intitule,
        "url_annuler": consultation.get_absolute_url(),
    }
    return render(request, "formulaire.html", contexte, status=422 if formulaire.errors else 200)


def choisir_prestataires(request, pk):
    """Referenced prestataires ranked by theme, sectors and departments, with the reasons."""
    consultation = _visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    dossiers = list(consultation.ingenierie.accompagnements().select_related("structure"))
    classement = proposer(
        consultation.ingenierie.thematique,
        [d.secteur_id for d in dossiers if d.secteur_id],
        [d.departement_id for d in dossiers],
    )
    deja = set(consultation.sollicitations.values_list("prestataire", flat=True))
    propositions = [
        {
            "prestataire": prestataire,
            "points": points,
            "raisons": raisons,
            "choisi": prestataire.pk in deja,
            "manques": [] if prestataire.pk in deja else regles.manques_fiche(prestataire),
        }
        for prestataire, points, raisons in classement[:40]
    ]
    return render(
        request,
        "accompagnements/consultations/choisir.html",
        {
            "consultation": consultation,
            "propositions": propositions,
            "nombre": len(deja),
            "modifiable": consultation.etat in LISTE_OUVERTE,
        },
    )


@require_POST
def pressentir(request, pk):
    """Put a prestataire on the list."""
    consultation = _visible(request, pk)
    brut = request.POST.get("prestataire", "")
    prestataires = Prestataire.objects.visibles_par(request.user)
    prestataire = get_object_or_404(prestataires, pk=brut if brut.isdigit() else None)
    try:
        transitions.pressentir(consultation, prestataire, par=request.user)
    except Manques as erreur:
        for phrase in erreur.phrases:
            messages.error(request, phrase)
    return redirect("accompagnements:consultation_prestataires", pk=pk)


@require_POST
def renoncer(request, pk):
    """Take a prestataire off the list."""
    visibles = Sollicitation.objects.visibles_par(request.user)
    sollicitation = get_object_or_404(visibles.select_related("consultation", "prestataire"), pk=pk)
    consultation = transitions.renoncer(sollicitation, par=request.user)
    return redirect("accompagnements:consultation_prestataires", pk=consultation.pk)


def depot_recu(request, pk):
    """Record a proposition received by post or mail; it is sealed like the others."""
    visibles = Sollicitation.objects.visibles_par(request.user)
    sollicitation = get_object_or_404(visibles.select_related("consultation__ingenierie"), pk=pk)
    exiger(droits.instruit(request.user, sollicitation))
    fichiers = request.FILES if request.method == "POST" else None
    formulaire = forms.DepotForm(_envoye(request), fichiers)
    if request.method == "POST" and formulaire.is_valid():
        try:
            transitions.deposer(
                sollicitation, par=request.user, recu_par_courrier=True, **formulaire.cleaned_data
            )
        except Manques as erreur:
            formulaire.add_error(None, erreur)
        else:
            messages.success(request, "La proposition est scellée.")
            return redirect(sollicitation.consultation)
    contexte = {
        "formulaire": formulaire,
        "titre": "Proposition reçue par courrier",
        "sous_titre": sollicitation.prestataire,
        "libelle_bouton": "Sceller la proposition",
        "consequence": "Une fois scellée, elle n'est lisible par personne avant l'ouverture.",
        "url_annuler": sollicitation.get_absolute_url(),
    }
    return render(request, "formulaire.html", contexte, status=422 if formulaire.errors else 200)


def grille(request, pk):
    """Score the propositions side by side."""
    consultation = _visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    if not consultation.ouverte_le:
        raise Http404
    formulaire = forms.GrilleForm(_envoye(request), objet=consultation)
    if request.method == "POST" and formulaire.is_valid():
        transitions.noter(consultation, par=request.user, notes=formulaire.notes())
        messages.success(request, "La grille est enregistrée.")
        return redirect(consultation)
    contexte = {"consultation": consultation, "formulaire": formulaire}
    gabarit = "accompagnements/consultations/grille.html"
    return render(request, gabarit, contexte, status=422 if formulaire.errors else 200)


def geste(request, pk, nom):
    """Serve one gesture on a consultation."""
    consultation = _visible(request, pk)
    choisi = gestes.trouver(GESTES, nom)
    return gestes.servir(request, choisi, consultation, retour=consultation.get_absolute_url())


def _pdf(octets, nom):
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}.pdf"'
    return reponse


def cahier_pdf(request, pk):
    """The cahier des charges as PDF."""
    consultation = _visible(request, pk)
    return _pdf(documents.cahier_des_charges(consultation), f"{consultation.reference}-cahier")


def pv_pdf(request, pk):
    """The minutes of the choice as PDF, once the choice is made."""
    consultation = _visible(request, pk)
    if consultation.choix_le is None:
        raise Http404
    return _pdf(documents.pv_de_choix(consultation), f"{consultation.reference}-pv")
