"""The list, the page of a consultation and its cahier des charges, for the operator's team."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.consultations import documents, forms, tour, transitions
from accompagnements.consultations.comparaison import comparer
from accompagnements.consultations.courriels import moment, structures_de
from accompagnements.consultations.etats import Etat, EtatSollicitation
from accompagnements.consultations.filters import ConsultationFilter
from accompagnements.consultations.gestes import GESTES
from accompagnements.consultations.models import Consultation
from accompagnements.consultations.notation import Fiche
from accompagnements.consultations.questions import Question
from accompagnements.consultations.views.commun import LISTE_OUVERTE, par_version, pdf, visible
from accompagnements.plans.models import Ingenierie, nom_de_la_structure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import Manques

EN_REDACTION = (Etat.BROUILLON,)
LECTEURS_DU_BROUILLON = {*roles.INSTRUCTEURS, roles.DlaRegional.code, roles.Administrateur.code}


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
        lignes = lignes.avec_le_tour().annotate(pour=nom_de_la_structure("ingenierie"))
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


def _lit_le_cahier(utilisateur, consultation):
    """A draft still quotes the diagnostic: those who lead the dossier read it, nobody else."""
    redige = consultation.etat in EN_REDACTION
    return not redige or utilisateur.role in LECTEURS_DU_BROUILLON


def detail(request, pk):
    """The page of a consultation; nothing of a deposit shows before the opening."""
    consultation = visible(request, pk)
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
            "a_faire": tour.a_faire(consultation, request.user),
            "changements": tour.changements_demandes(consultation) if instruit else None,
            "evenements": chronologie.evenements([consultation.fil]),
            **_permis(consultation, instruit),
        },
    )


def _permis(consultation, instruit):
    """What the state lets those who lead the dossier do from the page."""
    etat, passee = consultation.etat, consultation.limite_passee
    a_noter = not consultation.fiches.filter(
        evaluateur=Fiche.Evaluateur.CHARGE, close_le__isnull=False
    ).exists()
    return {
        "cahier_modifiable": instruit and etat in EN_REDACTION,
        "liste_modifiable": instruit and etat in LISTE_OUVERTE,
        "grille_modifiable": instruit and etat == Etat.EN_ANALYSE and a_noter,
        "pieces_modifiables": instruit and etat == Etat.EN_ANALYSE,
        "depot_possible": instruit and etat == Etat.PUBLIEE and not passee,
        "retard_possible": instruit and passee and etat in (Etat.PUBLIEE, Etat.EN_ANALYSE),
    }


def cahier_modifier(request, pk):
    """Write the cahier des charges."""
    consultation = visible(request, pk)
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
    consultation = visible(request, pk)
    exiger(droits.instruit(request.user, consultation))
    if consultation.etat not in EN_REDACTION:
        raise Manques(["Le cahier des charges est validé : ses critères sont figés avec lui."])
    return par_version(
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


def geste(request, pk, nom):
    """Serve one gesture on a consultation."""
    consultation = visible(request, pk)
    choisi = gestes.trouver(GESTES, nom)
    gabarit = "geste.html"
    if nom == "publier":
        choisi = replace(choisi, consequence=_destinataires(consultation))
    elif nom == "attribuer":
        choisi = replace(choisi, consequence=_informes(consultation))
        gabarit = "accompagnements/consultations/attribuer.html"
    retour = consultation.get_absolute_url()
    return gestes.servir(request, choisi, consultation, retour=retour, gabarit=gabarit)


def _informes(consultation):
    """Who is told of the choice, and of what, said before the act that writes to all of them."""
    candidates = consultation.propositions.select_related("sollicitation__prestataire")
    noms = ", ".join(str(candidate.prestataire) for candidate in candidates)
    phrases = [f"Chacun est informé par courriel. Son résultat, sans motif : {noms}."]
    structures = structures_de(consultation)
    if jointes := [str(s) for s in structures if s.courriel_principal()]:
        phrases.append(f"Le nom du prestataire retenu et la suite : {', '.join(jointes)}.")
    if muettes := [str(s) for s in structures if not s.courriel_principal()]:
        phrases.append(f"Sans courriel, à prévenir vous-même : {', '.join(muettes)}.")
    return " ".join(phrases)


def _destinataires(consultation):
    """Who receives the call, said before an act that cannot be taken back."""
    noms = [str(s.prestataire) for s in consultation.sollicitations.select_related("prestataire")]
    if len(noms) == 1:
        qui = f"1 prestataire reçoit son lien personnel : {noms[0]}"
    else:
        qui = f"{len(noms)} prestataires reçoivent leur lien personnel : {', '.join(noms)}"
    return f"{qui}. La liste, les critères et leurs points sont figés ; cet envoi ne s'annule pas."


def cahier_pdf(request, pk):
    """The cahier des charges as PDF."""
    consultation = visible(request, pk)
    if not _lit_le_cahier(request.user, consultation):
        raise Http404
    return pdf(documents.cahier_des_charges(consultation), f"{consultation.reference}-cahier")
