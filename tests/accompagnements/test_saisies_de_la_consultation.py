"""What the forms of a consultation tell: amounts above the cahier, lost files, required fields."""

from datetime import timedelta
from decimal import Decimal
from html import unescape
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse

from accompagnements.consultations import forms
from accompagnements.consultations import transitions as consultations
from dla_portal.socle import horloge
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_relances import PDF

CAHIER = SimpleNamespace(budget_max=Decimal(4400), jours_max=Decimal("4.5"))
DEPOT = {"montant_ht": "3000", "tva": "600", "jours": "4", "intervenants": "x", "methode": "y"}


def depot(cahier=CAHIER, **saisie):
    donnees = QueryDict(mutable=True)
    donnees.update({**DEPOT, **saisie})
    fichier = SimpleUploadedFile("p.pdf", PDF, "application/pdf")
    return forms.DepotForm(donnees, {"fichier": fichier}, cahier=cahier)


def test_un_montant_au_dessus_du_cahier_se_confirme():
    formulaire = depot(montant_ht="75000", tva="15000", jours="40")
    assert not formulaire.is_valid()
    phrase = formulaire.errors["confirme"][0]
    assert "4\u202f400,00" in phrase
    assert "4,5" in phrase
    confirme = depot(montant_ht="75000", tva="15000", jours="40", confirme="on")
    assert confirme.is_valid(), confirme.errors
    assert "confirme" not in confirme.cleaned_data
    dedans = depot()
    assert dedans.is_valid()
    assert "confirme" not in dedans.fields
    assert depot(cahier=None, jours="40").is_valid()


def test_un_refus_dit_de_joindre_de_nouveau_les_fichiers():
    formulaire = depot(methode="")
    assert not formulaire.is_valid()
    assert "Joignez de nouveau vos fichiers" in formulaire.errors["fichier"][0]
    assert "fichier" not in depot().errors


@pytest.mark.django_db
def test_les_champs_du_cahier_disent_ce_que_l_envoi_demande(client):
    consultation = suite.une_consultation("brouillon")
    client.force_login(suite.le_charge(consultation))
    adresse = reverse("accompagnements:cahier_modifier", args=[consultation.pk])
    page = unescape(client.get(adresse).content.decode())
    assert page.count("(demandé pour l'envoi)") == 8
    hier = horloge.aujourdhui() - timedelta(days=1)
    formulaire = client.post(adresse, {"debut": hier.isoformat()}).context["formulaire"]
    assert "déjà passé" in formulaire.errors["debut"][0]
    page = unescape(client.get(consultation.get_absolute_url()).content.decode())
    cahier = consultation.cahier
    assert f"du {cahier.debut:%d/%m/%Y} au {cahier.fin:%d/%m/%Y}" in page


@pytest.mark.django_db
def test_le_resume_compte_les_phrases_et_la_409_dit_ce_qu_il_en_est(client):
    consultation = suite.une_consultation("en_analyse")
    charge = suite.le_charge(consultation)
    notes = {
        (p.pk, c.pk): Decimal("1.25")
        for p in consultation.propositions.all()
        for c in consultation.criteres.all()
    }
    consultations.noter(consultation, par=charge, notes=notes)
    client.force_login(charge)
    adresse = reverse("accompagnements:consultation_grille", args=[consultation.pk])
    fiche = consultation.get_absolute_url()
    reponse = client.get(adresse, headers={"Referer": f"http://testserver{fiche}"})
    assert reponse.status_code == 409
    page = unescape(reponse.content.decode())
    assert "Il manque encore quelque chose" not in page
    assert f'href="{fiche}">Revenir à la page précédente' in page
    libelles = [str(c.choice_label) for c in forms.AttribuerForm(objet=consultation)["proposition"]]
    assert any(",25 points" in libelle for libelle in libelles), libelles
