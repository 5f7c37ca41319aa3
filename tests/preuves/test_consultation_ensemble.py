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
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from accompagnements.financements.models import Enveloppe
from accompagnements.missions.models import Mission
from accompagnements.restitutions.models import Facture, Restitution
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Terme
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import le_charge
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_missions import ENVOIS, envoi
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
            malgre_les_pieces=True,
        )

    rendus = ensemble([partial(choisir, rang) for rang in range(20)])
    reussis = [rendu for rendu in rendus if isinstance(rendu, Consultation)]
    refuses = [rendu for rendu in rendus if isinstance(rendu, (Manques, VersionPerimee))]
    assert (len(reussis), len(refuses)) == (1, 19), rendus
    assert Proposition.objects.filter(etat="retenue").count() == 1
    assert Courriel.objects.count() - avant == 3  # the retained one, the other, the structure


def _connecte(personne):
    client = Client()
    client.force_login(personne)
    return client


def _depot(**plus):
    return {
        "version_lue": "1",
        "montant_ht": "4000",
        "tva": "800",
        "jours": "5",
        "intervenants": "Deux personnes",
        "methode": "Trois ateliers",
        **plus,
    }


def _par_lien(action, modele, mails, **saisie):
    """A gesture on the personal link of the first prestataire of a consultation just sent."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=10)
    consultations.publier(
        consultation, par=le_charge(consultation), date_limite=limite, justification_delai="Essai"
    )
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
    adresse = reverse(f"accompagnements:{nom}", args=[objet.pk] if args is None else args)
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


def _convention():
    consultation = suite.une_consultation("attribuee")
    return _de_l_equipe(
        consultation, "convention_preparer", Convention, 0, par=le_charge(consultation)
    )


def _avenant():
    return _de_l_equipe(
        suite.une_convention(), "avenant_preparer", Avenant, 0, motif="Plus loin", jours="6,5"
    )


def _lancement():
    convention = suite.une_convention()
    releve = dict.fromkeys(("lieu", "presents", "objectifs", "calendrier", "suites"), "Dit")
    le = horloge.aujourdhui().isoformat()
    return _de_l_equipe(convention, "mission_lancer", Mission, 1, lancee_le=le, **releve)


def _rapport():
    le = horloge.aujourdhui().isoformat()
    mission = suite.une_mission()
    return _de_l_equipe(mission, "restitution_recevoir", Restitution, 0, rapport_recu_le=le)


def _enveloppe():
    gestion = fabrique.une_personne(roles.Gestionnaire.code, operateur=fabrique.un_operateur())
    financeur = Terme.objects.get(liste="financeur", code="etat").pk
    saisie = {"financeur": financeur, "annee": "2026", "montant_vote": "12 000"}
    return _de_l_equipe(None, "enveloppe_nouvelle", Enveloppe, 0, args=(), par=gestion, **saisie)


def _de_la_mission(nom):
    """A form of the prestataire's page of a mission, in his confirmed browser."""
    mission = suite.une_mission()
    client, adresse = Client(), lien_de(PRESTATAIRE)
    confirmer(client, adresse, PRESTATAIRE)
    champs, modele, mails = ENVOIS[nom]
    saisie = envoi(client, adresse, nom, **champs(mission))

    def envoyer():
        jumeau = Client()
        jumeau.cookies = client.cookies
        return jumeau.post(adresse, saisie)

    return envoyer, modele, mails


def _signature():
    """The structure signs: one more signature, and one letter to the next party."""
    preparee = suite.une_convention("brouillon")
    convention = conventions.mettre_en_signature(preparee, par=le_charge(preparee))
    signataire = convention.signatures.get(partie="structure").structure.courriel_principal()
    client, adresse = Client(), lien_de(signataire)
    confirmer(client, adresse, signataire)
    saisie = {
        "action": "signer",
        "signer-signataire": "Dominique Essai",
        "signer-qualite": "Présidente",
        "signer-consentement": "on",
    }

    def envoyer():
        jumeau = Client()
        jumeau.cookies = client.cookies
        return jumeau.post(adresse, saisie)

    return envoyer, SignaturesDonnees, 1


class SignaturesDonnees:
    """What a signature creates: not a row, a signed one."""

    objects = Signature.objects.exclude(signee_le=None)


CREATIONS = {
    "convention": _convention,
    "avenant": _avenant,
    "signature": _signature,
    "lancement": _lancement,
    "rapport": _rapport,
    "enveloppe": _enveloppe,
    **{nom: partial(_de_la_mission, nom) for nom in ENVOIS},
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
    objets, courriels = modele.objects.all().count(), Courriel.objects.count()
    a_la_fois = fois == ENSEMBLE
    reponses = ensemble([envoyer] * fois) if a_la_fois else [envoyer() for _ in range(fois)]
    assert all(getattr(r, "status_code", 599) < 500 for r in reponses), reponses
    assert modele.objects.all().count() - objets == 1
    assert Courriel.objects.count() - courriels == mails
