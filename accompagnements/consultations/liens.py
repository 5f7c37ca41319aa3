"""The prestataire's page, reached by his personal link: reading by GET, acting by POST only."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accompagnements.consultations import depots, documents, forms
from accompagnements.consultations.courriels import USAGE, moment
from accompagnements.consultations.etats import Etat, EtatProposition, EtatSollicitation
from accompagnements.consultations.models import Sollicitation
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques

OUVERTES = (EtatSollicitation.SOLLICITEE, EtatSollicitation.ANNONCEE, EtatSollicitation.DEPOSEE)


@vue_du_lien(USAGE)
def sollicitation(request, jeton):
    """Read the cahier des charges, say whether one answers, deposit or replace."""
    objet = Sollicitation.objects.select_related(
        "prestataire", "consultation__cahier", "consultation__ingenierie__operateur"
    ).get(pk=jeton.objet_id)
    if request.GET.get("document") == "cahier":
        octets = documents.cahier_des_charges(objet.consultation)
        reponse = HttpResponse(octets, content_type="application/pdf")
        reponse["Content-Disposition"] = 'inline; filename="cahier-des-charges.pdf"'
        return reponse
    formulaires = {"declin": forms.DeclinForm(prefix="declin"), "depot": forms.DepotForm()}
    erreurs, statut = [], 200
    if request.method == "POST":
        erreurs = _agir(request, objet, formulaires)
        if not erreurs and not any(f.is_bound and f.errors for f in formulaires.values()):
            return redirect(request.path)
        statut = 422
        objet.refresh_from_db()
    return render(
        request, "liens/consultation.html", _contexte(objet, formulaires, erreurs), status=statut
    )


def _agir(request, objet, formulaires):
    """Do what the POST asks; return the sentences to show, and leave bound forms in error."""
    par = f"{objet.prestataire.nom}, par son lien"
    action = request.POST.get("action", "")
    try:
        if action == "annoncer":
            depots.annoncer(objet, par=par)
        elif action == "decliner":
            formulaires["declin"] = forms.DeclinForm(request.POST, prefix="declin")
            if formulaires["declin"].is_valid():
                depots.decliner(objet, par=par, **formulaires["declin"].cleaned_data)
        elif action == "deposer":
            formulaires["depot"] = forms.DepotForm(request.POST, request.FILES)
            if formulaires["depot"].is_valid():
                depots.deposer(objet, par=par, **formulaires["depot"].cleaned_data)
        else:
            return ["Ce geste est inconnu."]
    except Manques as erreur:
        return erreur.phrases
    return []


def _contexte(objet, formulaires, erreurs):
    consultation = objet.consultation
    proposition = getattr(objet, "proposition", None)
    ouverte = (
        consultation.etat == Etat.PUBLIEE
        and not consultation.limite_passee
        and objet.etat in OUVERTES
    )
    return {
        "sollicitation": objet,
        "consultation": consultation,
        "cahier": consultation.cahier,
        "operateur": consultation.ingenierie.operateur,
        "structures": consultation.ingenierie.structures(),
        "criteres": list(consultation.criteres.all()),
        "limite": moment(consultation.date_limite),
        "ouverte": ouverte,
        "depot": objet.depots.filter(hors_delai=False, remplace_le=None).first(),
        "formulaires": formulaires,
        "erreurs": erreurs,
        "retenue": bool(proposition) and proposition.etat == EtatProposition.RETENUE,
        "close": consultation.etat in (Etat.ATTRIBUEE, Etat.SANS_SUITE, Etat.INFRUCTUEUSE),
    }
