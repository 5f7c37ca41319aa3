"""Choosing whom to ask, answering their questions, recording what they send by post."""

from functools import cached_property, partial

from django.contrib import messages
from django.contrib.messages import get_messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.consultations import forms, regles, transitions
from accompagnements.consultations.courriels import moment
from accompagnements.consultations.depots import HorsDelai
from accompagnements.consultations.filters import ProposeFilter
from accompagnements.consultations.gestes import GESTES_SOLLICITATION
from accompagnements.consultations.models import Sollicitation
from accompagnements.consultations.questions import Question
from accompagnements.consultations.views.commun import LISTE_OUVERTE, envoye, repondre, visible
from accompagnements.plans.etats import StatutAction
from dla_portal.comptes.droits import exiger
from dla_portal.socle import gestes
from dla_portal.socle.listes import Liste
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier
from prestataires.models import Prestataire
from prestataires.regles import manques_vigilance
from prestataires.selection import Besoin, proposer

SUR_PLACE = "sur-place"  # tag of the messages shown beside the row that they are about
ANCRE_LISTE = "dans-la-liste"
SCELLE = "La proposition est scellée."
PASSE_APRES = (
    "Le courrier est gardé scellé ; le dépôt en ligne, arrivé depuis, est celui qui compte."
)


class ListeProposes(Liste):
    """Referenced prestataires, best first for the need of one consultation.

    A name is looked for in the whole register: who cannot be asked shows with the reason why.
    """

    titre = "Prestataires, du plus au moins proche du besoin"
    singulier, pluriel = "prestataire", "prestataires"
    filtre = ProposeFilter
    par_page = 20

    def __init__(self, request, consultation):
        super().__init__(request)
        self.consultation = consultation
        self.besoin = _besoin(consultation.ingenierie)

    @property
    def texte(self):
        return self.request.GET.get("q", "").strip()

    def base(self):
        visibles = Prestataire.objects.visibles_par(self.request.user)
        return visibles if self.texte else visibles.sollicitables()

    @cached_property
    def queryset(self):
        """The filtered rows in the order of the ranking, each with its Appreciation."""
        return proposer(self.besoin, self.filtres.qs)

    @cached_property
    def lignes(self):
        premier, deja = self.page.start_index(), self._deja()
        return [
            {
                "rang": rang,
                "repere": _repere(prestataire),
                "prestataire": prestataire,
                "appreciation": appreciation,
                "sollicitation": deja.get(prestataire.pk),
                "manques": []
                if prestataire.pk in deja
                else regles.manques_du_prestataire(prestataire),
                "papiers": self._papiers(prestataire),
                "annonces": self.annonces.get(_repere(prestataire), []),
                "couvre": not appreciation.hors_zone,
            }
            for rang, (prestataire, appreciation) in enumerate(self.page.object_list, premier)
        ]

    def _papiers(self, prestataire):
        """What the convention will ask for, at most; a budget with VAT is the most it can be."""
        manques = manques_vigilance(prestataire, self.consultation.cahier.budget_max)
        return [f"{phrase} Elle sera exigée avant la convention." for phrase in manques]

    def _deja(self):
        return dict(self.consultation.sollicitations.values_list("prestataire", "pk"))

    @cached_property
    def annonces(self):
        """{anchor: messages} about what was just done to a row."""
        annonces = {}
        for message in get_messages(self.request):
            lieu, _, repere = (message.extra_tags or "").partition(" ")
            if lieu == SUR_PLACE:
                annonces.setdefault(repere, []).append(message)
        return annonces

    @property
    def annonces_sans_ligne(self):
        """What was done to a row that these filters do not show."""
        montres = {ligne["repere"] for ligne in self.lignes} | {ANCRE_LISTE}
        absents = (messages for repere, messages in self.annonces.items() if repere not in montres)
        return [message for messages in absents for message in messages]

    @property
    def annonces_de_la_liste(self):
        return self.annonces.get(ANCRE_LISTE, [])

    @property
    def requete(self):
        """The filters and the page, to come back to them after a gesture."""
        return self.url_avec()


def _repere(prestataire):
    return f"prestataire-{prestataire.pk}"


def choisir_prestataires(request, pk):
    """Whom to ask: the ranking, criterion by criterion, with the warnings."""
    consultation = visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    sollicitations = list(consultation.sollicitations.select_related("prestataire"))
    return render(
        request,
        "accompagnements/consultations/choisir.html",
        {
            "consultation": consultation,
            "liste": ListeProposes(request, consultation),
            "sollicitations": sollicitations,
            "etat_de_la_liste": regles.etat_de_la_liste(len(sollicitations)),
            "modifiable": consultation.etat in LISTE_OUVERTE,
            "ancre_liste": ANCRE_LISTE,
        },
    )


def _besoin(ingenierie):
    """What the engineering looks for, and for which structures.

    The theme is that of the actions as the plan now says it; the engineering only keeps the one
    that it was opened with.
    """
    dossiers = list(
        ingenierie.accompagnements().select_related("structure", "secteur", "departement")
    )
    vivantes = ingenierie.actions.exclude(statut=StatutAction.ABANDONNEE)
    themes = [action.thematique for action in vivantes.select_related("thematique")]
    return Besoin(
        tuple(dict.fromkeys(t for t in themes if t)) or _en_tuple(ingenierie.thematique),
        tuple(dict.fromkeys(d.secteur for d in dossiers if d.secteur)),
        tuple(dict.fromkeys(d.departement for d in dossiers)),
        ingenierie.operateur_id,
        tuple(d.structure for d in dossiers),
    )


def _en_tuple(valeur):
    return (valeur,) if valeur else ()


@require_POST
def pressentir(request, pk):
    """Put a prestataire on the list; back to his row, under the same filters."""
    consultation = visible(request, pk)
    prestataires = Prestataire.objects.visibles_par(request.user)
    prestataire = get_object_or_404(prestataires, pk=entier(request.POST.get("prestataire")))
    repere = _repere(prestataire)
    try:
        transitions.pressentir(consultation, prestataire, par=request.user)
    except Manques as erreur:
        for phrase in erreur.phrases:
            messages.error(request, phrase, extra_tags=f"{SUR_PLACE} {repere}")
    else:
        _annoncer(request, consultation, f"Ajouté à la liste : {prestataire}.", repere)
    return _revenir(request, consultation, repere)


@require_POST
def renoncer(request, pk):
    """Take a prestataire off the list; back where the button was."""
    visibles = Sollicitation.objects.visibles_par(request.user)
    sollicitation = get_object_or_404(visibles.select_related("consultation", "prestataire"), pk=pk)
    prestataire, consultation = sollicitation.prestataire, sollicitation.consultation
    repere = ANCRE_LISTE if "depuis_la_liste" in request.POST else _repere(prestataire)
    transitions.renoncer(sollicitation, par=request.user)
    _annoncer(request, consultation, f"Retiré de la liste : {prestataire}.", repere)
    return _revenir(request, consultation, repere)


def _annoncer(request, consultation, fait, repere):
    compte = regles.etat_de_la_liste(consultation.sollicitations.count())
    messages.success(request, f"{fait} {compte}", extra_tags=f"{SUR_PLACE} {repere}")


def _revenir(request, consultation, repere):
    """Back to the page with the filters of the address, at the row: without JavaScript too."""
    adresse = reverse("accompagnements:consultation_prestataires", args=[consultation.pk])
    requete = request.GET.urlencode()
    return redirect(f"{adresse}{'?' if requete else ''}{requete}#{repere}")


def sollicitation_geste(request, pk, nom):
    """Note a refusal received by phone or letter, or take one back."""
    visibles = Sollicitation.objects.visibles_par(request.user)
    sollicitation = get_object_or_404(visibles.select_related("consultation", "prestataire"), pk=pk)
    choisi = gestes.trouver(GESTES_SOLLICITATION, nom)
    return gestes.servir(request, choisi, sollicitation, retour=sollicitation.get_absolute_url())


def depot_recu(request, pk):
    """Record a proposition received by post or mail; it is sealed, or its lateness is noted."""
    visibles = Sollicitation.objects.visibles_par(request.user)
    sollicitation = get_object_or_404(visibles.select_related("consultation__ingenierie"), pk=pk)
    exiger(droits.instruit(request.user, sollicitation))
    fichiers = request.FILES if request.method == "POST" else None
    tardif = sollicitation.consultation.limite_passee
    classe = forms.ArriveeTardiveForm if tardif else forms.DepotRecuForm
    formulaire = classe(envoye(request), fichiers, sollicitation=sollicitation)
    if request.method == "POST" and formulaire.is_valid():
        try:
            depot = transitions.deposer(sollicitation, par=request.user, **formulaire.cleaned_data)
        except HorsDelai as erreur:  # the arrival is recorded: there is nothing to type again
            messages.warning(request, erreur.phrases[0])
            return redirect(sollicitation.consultation)
        except Manques as erreur:
            formulaire.add_error(None, erreur)
        else:
            messages.success(request, PASSE_APRES if depot.remplace_le else SCELLE)
            return redirect(sollicitation.consultation)
    gabarit = "accompagnements/consultations/depot_recu.html"
    contexte = _page_du_courrier(sollicitation, formulaire, tardif)
    return render(request, gabarit, contexte, status=422 if formulaire.errors else 200)


def _page_du_courrier(sollicitation, formulaire, tardif):
    """Context of the page which records a paper; a deposit on line beside it is told first."""
    en_ligne = getattr(formulaire, "en_ligne", None)
    return {
        "formulaire": formulaire,
        "titre": "Proposition reçue par courrier",
        "sous_titre": sollicitation.prestataire,
        "prestataire": sollicitation.prestataire,
        "en_ligne_le": moment(en_ligne.recu_le) if en_ligne else "",
        "libelle_bouton": "Noter son arrivée" if tardif else "Sceller la proposition",
        "consequence": "La date limite est passée : elle ne sera pas ouverte, son arrivée est notée."
        if tardif
        else "Une fois scellée, elle n'est lisible par personne avant l'ouverture. Le prestataire en "
        "reçoit le récépissé.",
        "url_annuler": sollicitation.get_absolute_url(),
    }


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
