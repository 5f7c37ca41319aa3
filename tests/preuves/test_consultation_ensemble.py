"""Proof 3 of the consultation: twenty choices at once make one; twice in parallel makes once."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.models import Consultation, Depot, Proposition
from accompagnements.consultations.questions import Question
from accompagnements.restitutions.models import Facture
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import le_charge
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_relances import PDF
from tests.banc.ensemble import ensemble
from tests.preuves import mondes

pytestmark = pytest.mark.django_db(transaction=True)
PRESTATAIRE = "cabinet0@essai.example"
ENSEMBLE, D_AFFILEE = 2, 10


def test_preuve_3_vingt_choix_a_la_fois_en_font_un():
    consultation = suite.une_consultation("en_analyse")
    charge = le_charge(consultation)
    consultations.noter(consultation, par=charge, notes=mondes.notes_pleines(consultation))
    propositions = list(consultation.propositions.all())
    avant = Courriel.objects.count()

    def choisir(rang):
        lue = Consultation.objects.get(pk=consultation.pk)
        return consultations.attribuer(
            lue,
            par=charge,
            proposition=propositions[rang % 2],
            presents="La présidente",
            motif="Au plus près du besoin",
        )

    rendus = ensemble([partial(choisir, rang) for rang in range(20)])
    reussis = [rendu for rendu in rendus if isinstance(rendu, Consultation)]
    refuses = [rendu for rendu in rendus if isinstance(rendu, (Manques, VersionPerimee))]
    assert (len(reussis), len(refuses)) == (1, 19), rendus
    assert Proposition.objects.filter(etat="retenue").count() == 1
    assert Courriel.objects.count() - avant == 2  # the retained one and the other, once each


def _connecte(personne):
    client = Client()
    client.force_login(personne)
    return client


def _depot(**plus):
    return {
        "montant_ht": "4000",
        "montant_ttc": "4800",
        "jours": "5",
        "intervenants": "Deux personnes",
        "methode": "Trois ateliers",
        **plus,
    }


def _par_lien(action, modele, mails, **saisie):
    """A gesture on the personal link of the first prestataire of a consultation just sent."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=10)
    consultations.publier(consultation, par=le_charge(consultation), date_limite=limite)
    client, adresse = Client(), lien_de(PRESTATAIRE)
    confirmer(client, adresse, PRESTATAIRE)

    def envoyer():
        joint = {"fichier": SimpleUploadedFile("offre.pdf", PDF)} if action == "deposer" else {}
        jumeau = Client()
        jumeau.cookies = client.cookies
        return jumeau.post(adresse, {"action": action, **saisie, **joint})

    return envoyer, modele, mails


def _de_l_equipe(objet, nom, modele, mails, *, args=None, par=None, **saisie):
    """A POST of somebody of the operator's team; each request comes from a page of its own."""
    convention = getattr(getattr(objet, "mission", objet), "convention", objet)
    personne = par or le_charge(getattr(convention, "consultation", None) or convention)
    adresse = reverse(f"accompagnements:{nom}", args=args or [objet.pk])
    page = _connecte(personne).get(adresse)
    formulaire = (page.context or {}).get("form") or (page.context or {}).get("formulaire")
    caches = {
        champ.html_name: champ.value()
        for champ in (formulaire.hidden_fields() if formulaire else [])
    }
    caches["version_lue"] = str(getattr(page.context.get("objet"), "version", ""))
    envoi = {**{k: v for k, v in caches.items() if v is not None}, **saisie}
    return lambda: _connecte(personne).post(adresse, envoi), modele, mails


def _facture():
    mission = suite.une_mission()
    return _de_l_equipe(
        mission,
        "facture_ajouter",
        Facture,
        0,
        numero="F-1",
        datee_du=horloge.aujourdhui().isoformat(),
        montant_ht="1000",
        montant_ttc="1200",
        jours="1",
    )


CREATIONS = {
    "question": lambda: _par_lien(
        "questionner", Question, 1, **{"question-texte": "Combien d'ateliers ?"}
    ),
    "depot": lambda: _par_lien("deposer", Depot, 1, **_depot()),
    "consultation": lambda: _de_l_equipe(
        fabrique.une_ingenierie(), "consultation_preparer", Consultation, 0
    ),
    "facture": _facture,
}


@pytest.mark.parametrize("fois", [ENSEMBLE, D_AFFILEE], ids=["en parallèle", "d'affilée"])
@pytest.mark.parametrize("nom", CREATIONS)
def test_preuve_3_un_envoi_repete_fait_un_objet_et_un_courriel(nom, fois):
    envoyer, modele, mails = CREATIONS[nom]()
    objets, courriels = modele.objects.count(), Courriel.objects.count()
    a_la_fois = fois == ENSEMBLE
    reponses = ensemble([envoyer] * fois) if a_la_fois else [envoyer() for _ in range(fois)]
    assert all(getattr(r, "status_code", 599) < 500 for r in reponses), reponses
    assert modele.objects.count() - objets == 1
    assert Courriel.objects.count() - courriels == mails
