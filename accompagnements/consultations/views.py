"""Pages of the consultation for the operator's team."""

from functools import partial

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
from accompagnements.consultations.models import Consultation, Proposition, Sollicitation
from accompagnements.consultations.notation import Fiche
from accompagnements.consultations.questions import Question
from accompagnements.plans.models import Ingenierie, nom_de_la_structure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste, page_de_liste
from dla_portal.socle.recherche import normaliser
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from dla_portal.socle.verrou import VersionPerimee
from prestataires.models import Prestataire
from prestataires.selection import proposer

EN_REDACTION = (Etat.BROUILLON,)
LECTEURS_DU_BROUILLON = {*roles.INSTRUCTEURS, roles.DlaRegional.code, roles.Administrateur.code}
CONFLIT = (
    "Quelqu'un a enregistré entre-temps : rien n'a été écrasé. Vérifiez, puis enregistrez de nouveau "
    "pour garder votre saisie."
)
PROPOSES = 20  # prestataires shown at once
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
        Colonne("structure", "Structure", lambda o: o.pour or "", "pour"),
        Colonne("intitule", "Intitulé", lambda c: c.ingenierie.intitule, "ingenierie__intitule"),
        Colonne("date_limite", "Date limite", lambda c: c.date_limite, "date_limite", "date"),
        Colonne("etat", "État", lambda c: c.etat_en_mots, "etat", "badge", lambda c: c.ton),
        Colonne("a_qui", "À qui le tour", lambda c: c.responsable),
    ]

    def base(self):
        lignes = Consultation.objects.visibles_par(self.request.user)
        lignes = lignes.annotate(pour=nom_de_la_structure("ingenierie"))
        return lignes.select_related("ingenierie")


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


def _lit_le_cahier(utilisateur, consultation):
    """A draft still quotes the diagnostic: those who lead the dossier read it, nobody else."""
    redige = consultation.etat in EN_REDACTION
    return not redige or utilisateur.role in LECTEURS_DU_BROUILLON


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
            "cahier": consultation.cahier if _lit_le_cahier(request.user, consultation) else None,
            "dossiers": list(consultation.ingenierie.accompagnements().select_related("structure")),
            "criteres": list(consultation.criteres.all()),
            "sollicitations": list(consultation.sollicitations.select_related("prestataire")),
            "deposees": consultation.sollicitations.filter(etat=EtatSollicitation.DEPOSEE).count(),
            "questions": list(Question.objects.filter(sollicitation__consultation=consultation)),
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
            "grille_modifiable": instruit
            and consultation.etat == Etat.EN_ANALYSE
            and not consultation.fiches.filter(
                evaluateur=Fiche.Evaluateur.CHARGE, close_le__isnull=False
            ).exists(),
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
    """Set the points of the criteria: the structure validates them with the cahier."""
    consultation = _visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    if consultation.etat not in EN_REDACTION:
        raise Manques(["Le cahier des charges est validé : ses critères sont figés avec lui."])
    return _par_version(
        request,
        consultation,
        forms.CriteresForm,
        lambda f: transitions.fixer_criteres(consultation, par=request.user, points=f.points()),
        gabarit="formulaire.html",
        contexte={
            "titre": "Critères et points",
            "sous_titre": consultation.ingenierie.intitule,
            "url_annuler": consultation.get_absolute_url(),
        },
    )


def _par_version(request, consultation, classe, executer, *, gabarit, contexte):
    """Serve a form about the parts of a consultation; a stale version gives 409, text kept."""
    formulaire = classe(_envoye(request), objet=consultation)
    statut = 200
    if request.method == "POST":
        statut = 422
        if formulaire.is_valid():
            consultation.version = formulaire.cleaned_data["version"]
            try:
                executer(formulaire)
            except VersionPerimee:
                statut = 409
                formulaire.add_error(None, CONFLIT)
            except Manques as erreur:
                formulaire.add_error(None, erreur)
            else:
                messages.success(request, "C'est enregistré.")
                return redirect(consultation)
            consultation.refresh_from_db()
            formulaire.data = {**formulaire.data.dict(), "version": consultation.version}
    contexte = {"consultation": consultation, "formulaire": formulaire, **contexte}
    return render(request, gabarit, contexte, status=statut)


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
    texte = request.GET.get("q", "").strip()[:80]
    mots = normaliser(texte).split()
    classement = [c for c in classement if all(mot in c[0].nom_normalise for mot in mots)]
    deja = set(consultation.sollicitations.values_list("prestataire", flat=True))
    propositions = [
        {
            "prestataire": prestataire,
            "points": points,
            "raisons": raisons,
            "choisi": prestataire.pk in deja,
            "manques": [] if prestataire.pk in deja else regles.manques_du_prestataire(prestataire),
        }
        for prestataire, points, raisons in classement[:PROPOSES]
    ]
    return render(
        request,
        "accompagnements/consultations/choisir.html",
        {
            "consultation": consultation,
            "propositions": propositions,
            "nombre": len(deja),
            "texte": texte,
            "trouves": len(classement),
            "montres": len(propositions),
            "modifiable": consultation.etat in LISTE_OUVERTE,
        },
    )


@require_POST
def pressentir(request, pk):
    """Put a prestataire on the list."""
    consultation = _visible(request, pk)
    prestataires = Prestataire.objects.visibles_par(request.user)
    prestataire = get_object_or_404(prestataires, pk=entier(request.POST.get("prestataire")))
    try:
        transitions.pressentir(consultation, prestataire, par=request.user)
    except Manques as erreur:
        for phrase in erreur.phrases:
            messages.error(request, phrase)
    else:
        messages.success(request, f"{prestataire} est dans la liste.")
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


def _repondre(request, consultation, classe, executer, contexte):
    """Serve a form whose answer leaves by mail: sent once, text kept when refused."""
    formulaire = classe(_envoye(request))
    if request.method == "POST" and formulaire.is_valid():
        try:
            executer(**formulaire.cleaned_data)
        except Manques as erreur:
            formulaire.add_error(None, erreur)
        else:
            messages.success(request, "C'est envoyé.")
            return redirect(consultation)
    contexte = {
        "formulaire": formulaire,
        "sous_titre": consultation.reference,
        "url_annuler": consultation.get_absolute_url(),
        **contexte,
    }
    return render(request, "formulaire.html", contexte, status=422 if formulaire.errors else 200)


def question_repondre(request, pk):
    """Answer a question: the answer goes to every prestataire asked."""
    visibles = Question.objects.visibles_par(request.user)
    question = get_object_or_404(visibles.select_related("sollicitation__consultation"), pk=pk)
    consultation = question.sollicitation.consultation
    exiger(droits.instruit(request.user, consultation))
    return _repondre(
        request,
        consultation,
        forms.ReponseForm,
        partial(transitions.repondre_question, question, par=request.user),
        {
            "titre": "Répondre à une question",
            "consequence": f"Question : « {question.texte} ». Votre réponse part à tous les "
            "prestataires consultés, sans dire qui l'a posée.",
            "libelle_bouton": "Envoyer la réponse à tous",
        },
    )


def proposition_motif(request, pk):
    """Tell a prestataire who asked why his proposition is not retained."""
    visibles = Proposition.objects.visibles_par(request.user)
    proposition = get_object_or_404(
        visibles.select_related("consultation__ingenierie", "sollicitation__prestataire"), pk=pk
    )
    exiger(droits.instruit(request.user, proposition))
    return _repondre(
        request,
        proposition.consultation,
        forms.MotifForm,
        partial(transitions.donner_motif, proposition, par=request.user),
        {
            "titre": "Motif du rejet",
            "consequence": f"{proposition.prestataire} l'a expressément demandé ; il le reçoit par "
            "courriel.",
            "libelle_bouton": "Envoyer le motif",
        },
    )


def grille(request, pk):
    """Score the propositions side by side."""
    consultation = _visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    if not consultation.ouverte_le:
        raise Http404
    fiche = consultation.fiches.filter(evaluateur=Fiche.Evaluateur.CHARGE).first()
    if fiche is not None and not fiche.attendue:
        raise Manques(["Votre grille est close : ses notes ne changent plus."])
    return _par_version(
        request,
        consultation,
        partial(forms.GrilleForm, fiche=fiche),
        lambda f: transitions.noter(
            consultation,
            par=request.user,
            notes=f.notes(),
            clore=bool(f.cleaned_data["clore"]),
        ),
        gabarit="accompagnements/consultations/grille.html",
        contexte={},
    )


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
    if not _lit_le_cahier(request.user, consultation):
        raise Http404
    return _pdf(documents.cahier_des_charges(consultation), f"{consultation.reference}-cahier")


def pv_pdf(request, pk):
    """The minutes of the choice as PDF, once the choice is made."""
    consultation = _visible(request, pk)
    if consultation.choix_le is None:
        raise Http404
    return _pdf(documents.pv_de_choix(consultation), f"{consultation.reference}-pv")
