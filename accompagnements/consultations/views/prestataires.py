"""Choosing whom to ask, answering their questions, recording what they send by post."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.consultations import forms, regles, transitions
from accompagnements.consultations.models import Sollicitation
from accompagnements.consultations.questions import Question
from accompagnements.consultations.views.commun import LISTE_OUVERTE, envoye, repondre, visible
from dla_portal.comptes.droits import exiger
from dla_portal.socle.recherche import normaliser
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from prestataires.models import Prestataire
from prestataires.selection import Besoin, proposer

PROPOSES = 20  # prestataires shown at once


def choisir_prestataires(request, pk):
    """Referenced prestataires ranked for the need, with the reasons and the warnings."""
    consultation = visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    texte = request.GET.get("q", "").strip()[:80]
    mots = normaliser(texte).split()
    classement = [
        ligne
        for ligne in proposer(_besoin(consultation.ingenierie))
        if all(mot in ligne[0].nom_normalise for mot in mots)
    ]
    deja = set(consultation.sollicitations.values_list("prestataire", flat=True))
    propositions = [
        {
            "prestataire": prestataire,
            "appreciation": appreciation,
            "choisi": prestataire.pk in deja,
            "manques": [] if prestataire.pk in deja else regles.manques_du_prestataire(prestataire),
        }
        for prestataire, appreciation in classement[:PROPOSES]
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


def _besoin(ingenierie):
    """What the engineering looks for, and for which structures."""
    dossiers = list(ingenierie.accompagnements().select_related("structure"))
    return Besoin(
        ingenierie.thematique,
        tuple(d.secteur_id for d in dossiers if d.secteur_id),
        tuple(d.departement_id for d in dossiers),
        ingenierie.operateur_id,
        tuple(d.structure for d in dossiers),
    )


@require_POST
def pressentir(request, pk):
    """Put a prestataire on the list."""
    consultation = visible(request, pk)
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
    formulaire = forms.DepotRecuForm(envoye(request), fichiers, sollicitation=sollicitation)
    if request.method == "POST" and formulaire.is_valid():
        try:
            transitions.deposer(sollicitation, par=request.user, **formulaire.cleaned_data)
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


def question_repondre(request, pk):
    """Answer a question: the answer goes to every prestataire asked."""
    visibles = Question.objects.visibles_par(request.user)
    question = get_object_or_404(visibles.select_related("sollicitation__consultation"), pk=pk)
    consultation = question.sollicitation.consultation
    exiger(droits.instruit(request.user, consultation))
    return repondre(
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
