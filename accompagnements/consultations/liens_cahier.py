"""The structure's page about the cahier des charges: reading by its link, acting after the code."""

from functools import partial

from django.http import HttpResponse

from accompagnements.consultations import documents, forms, validation
from accompagnements.consultations.courriels import USAGE_CAHIER
from accompagnements.consultations.etats import Etat
from accompagnements.consultations.models import Consultation
from accompagnements.validation_par_lien import PageALire, servir
from dla_portal.socle.jetons import vue_du_lien


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
    lue = {"version_lue": consultation.cahier.version}
    page = PageALire(
        gabarit="liens/cahier.html",
        par=f"{consultation.ingenierie.structures()}, par son lien",
        formulaires={
            "valider": partial(forms.ValiderParLienForm, initial=lue),
            "changer": forms.ChangementsForm,
        },
        gestes={
            "valider": validation.valider,
            "changer": validation.demander_des_changements,
        },
        contexte=_contexte,
    )
    return servir(request, jeton, consultation, page)


def _contexte(consultation):
    return {
        "consultation": consultation,
        "cahier": consultation.cahier,
        "criteres": list(consultation.criteres.all()),
        "operateur": consultation.ingenierie.operateur,
        "ouverte": consultation.etat == Etat.BROUILLON
        and consultation.validation_demandee_le is not None,
    }
