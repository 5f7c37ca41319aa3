"""The structure's page about the cahier des charges: reading by its link, acting after the code."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accompagnements.consultations import documents, forms, validation
from accompagnements.consultations.courriels import USAGE_CAHIER
from accompagnements.consultations.etats import Etat
from accompagnements.consultations.models import Consultation
from dla_portal.socle import codes
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques


@vue_du_lien(USAGE_CAHIER)
def cahier(request, jeton):
    """Read the cahier des charges, validate it or ask for changes."""
    consultation = Consultation.objects.select_related("cahier", "ingenierie__operateur").get(
        pk=jeton.objet_id
    )
    if request.GET.get("document") == "cahier":
        reponse = HttpResponse(
            documents.cahier_des_charges(consultation), content_type="application/pdf"
        )
        reponse["Content-Disposition"] = 'inline; filename="cahier-des-charges.pdf"'
        return reponse
    confirme, statut = codes.est_confirme(request, jeton), 200
    formulaires = {
        "valider": forms.ValiderParLienForm(initial={"version_lue": consultation.cahier.version}),
        "changer": forms.ChangementsForm(),
    }
    if request.method == "POST":
        nom = request.POST.get("action", "")
        if nom in formulaires:
            formulaires[nom] = type(formulaires[nom])(request.POST)
            if _agir(consultation, nom, formulaires[nom], confirme):
                return redirect(request.path)
        statut = 422
        consultation.refresh_from_db()
    return render(
        request,
        "liens/cahier.html",
        {
            "consultation": consultation,
            "cahier": consultation.cahier,
            "criteres": list(consultation.criteres.all()),
            "operateur": consultation.ingenierie.operateur,
            "formulaires": formulaires,
            "ouverte": consultation.etat == Etat.BROUILLON
            and consultation.validation_demandee_le is not None,
            "confirme": confirme or any(f.is_bound for f in formulaires.values()),
            "courriel_masque": jeton.courriel_masque,
        },
        status=statut,
    )


def _agir(consultation, nom, formulaire, confirme):
    """Do what the form asks; return whether it is done, the form telling why it is not."""
    if not confirme:
        formulaire.add_error(None, codes.A_CONFIRMER)
    if not formulaire.is_valid():
        return False
    geste = {"valider": validation.valider, "changer": validation.demander_des_changements}[nom]
    par = f"{consultation.ingenierie.structures()}, par son lien"
    try:
        geste(consultation, par=par, **formulaire.cleaned_data)
    except Manques as erreur:
        formulaire.add_error(None, erreur)
        return False
    return True
