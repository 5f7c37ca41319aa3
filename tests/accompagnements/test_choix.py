"""Scoring with what is said in sight; the choice, the pieces it passes over, who is told of it."""

from html import unescape

import pytest
from django.urls import reverse

from accompagnements.consultations import lecture
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.documents import pv_de_choix
from accompagnements.consultations.pieces import PIECES, controler
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements.fabrique_ingenierie import le_charge, le_responsable, une_consultation
from tests.accompagnements.test_analyse import lire
from tests.accompagnements.test_reponses import dernier_courriel, page_de
from tests.preuves.mondes import notes_pleines

pytestmark = pytest.mark.django_db


@pytest.fixture
def notee():
    """A consultation whose two propositions are scored, the choice to be made."""
    consultation = une_consultation("en_analyse")
    consultations.noter(
        consultation, par=le_charge(consultation), notes=notes_pleines(consultation)
    )
    return consultation


# --- The score sheet -------------------------------------------------------------------------------


def test_la_grille_montre_ce_que_dit_chaque_proposition(client):
    consultation = une_consultation("en_analyse")
    client.force_login(le_charge(consultation))
    premiere, seconde = consultation.propositions.all()
    premiere.methode = "Longue démarche " * 60 + "FINDELADEMARCHE"
    premiere.debut = horloge.aujourdhui()
    premiere.save()
    adresse = reverse("accompagnements:consultation_grille", args=[consultation.pk])
    reponse = client.get(adresse)
    page = unescape(reponse.content.decode()).replace("\u202f", " ").replace("\xa0", " ")
    rangees = {c.libelle: cellules for c, cellules in reponse.context["formulaire"].rangees()}
    assert [f[0] for f in rangees["Budget"][0]["dit"]["faits"]] == [
        "TTC",
        "HT",
        "dont frais HT",
        "Prix du jour HT",
    ]
    assert [f[2] for f in rangees["Durée et calendrier"][0]["dit"]["faits"]] == [
        premiere.jours,
        premiere.debut,
        None,
    ]
    assert rangees["Profil et références des intervenants"][1]["dit"]["textes"] == [
        ("Intervenants", seconde.intervenants)
    ]
    assert "FINDELADEMARCHE" in page  # folded, and whole
    for montant in (premiere.montant_ttc, seconde.montant_ttc):
        assert f"{montant:,.2f}".replace(",", " ").replace(".", ",") in page
    assert f"{premiere.debut:%d/%m/%Y}" in page


@pytest.mark.parametrize(
    ("libelle", "attendu"),
    [
        ("Calendrier et méthodologie", {"Jours", "Début", "Fin", "Démarche"}),
        ("Connaissance du secteur", {"Intervenants"}),
        ("Critère régional", {"Démarche"}),
        ("Coût", {"TTC", "HT", "dont frais HT", "Prix du jour HT"}),
    ],
)
def test_un_critere_appelle_ce_qui_le_concerne(libelle, attendu):
    consultation = une_consultation("en_analyse")
    critere = consultation.criteres.first()
    critere.libelle = libelle
    dit = lecture.ce_qui_est_dit(consultation.propositions.first(), critere)
    assert {ligne[0] for ligne in [*dit["faits"], *dit["textes"]]} == attendu


@pytest.mark.parametrize(
    ("typee", "phrase"),
    [
        ("25", "Entre 0 et 20 points : 20 est le maximum de ce critère."),
        ("-1", "Entre 0 et 20 points."),
        ("bien", "Entre 0 et 20 points, en chiffres"),
        ("1,234", "deux décimales au plus"),
    ],
)
def test_une_note_refusee_se_dit_dans_sa_case_et_reste(client, typee, phrase):
    consultation = une_consultation("en_analyse")
    client.force_login(le_charge(consultation))
    proposition, critere = consultation.propositions.first(), consultation.criteres.first()
    nom = f"note_{proposition.pk}_{critere.pk}"
    adresse = reverse("accompagnements:consultation_grille", args=[consultation.pk])
    reponse = client.post(adresse, {"version": consultation.version, nom: typee})
    assert reponse.status_code == 422
    page = unescape(reponse.content.decode())
    case = page[page.index(f'name="{nom}"') :]
    case = case[: case.index("</td>")]
    assert f'value="{typee}"' in case
    assert "is-invalid" in case
    assert f'aria-describedby="id_{nom}_error"' in case
    assert f'id="id_{nom}_error"' in case
    assert phrase in case
    assert page.count("is-invalid") == 1  # that cell, and no other


# --- The choice ------------------------------------------------------------------------------------


def attribuer(consultation, **plus):
    return consultations.attribuer(
        consultation,
        par=le_charge(consultation),
        proposition=consultation.propositions.first(),
        presents="La présidente",
        motif="Au plus près du besoin",
        avec_pv=False,
        **plus,
    )


def test_la_structure_apprend_qui_est_retenu_et_la_suite(notee):
    structure = notee.ingenierie.accompagnements().get().structure
    retenue = notee.propositions.first()
    avant = Courriel.objects.count()
    attribuer(notee, malgre_les_pieces=True)
    assert Courriel.objects.count() - avant == 3
    courriel = dernier_courriel(structure.courriel_principal())
    assert courriel.sujet.startswith("Choix du prestataire")
    corps = unescape(courriel.corps)
    assert str(retenue.prestataire) in corps
    assert "convention" in corps
    autre = notee.propositions.last()
    for tu in (str(autre.prestataire), "4 800", "4800", "points", "Au plus près"):
        assert tu not in corps.replace("\u202f", " "), tu
    consultations.relancer(notee, par=le_responsable(notee), motif="Le cabinet se retire")
    assert "annulé" in dernier_courriel(structure.courriel_principal()).sujet


def test_un_choix_refuse_n_ecrit_a_personne(notee):
    avant = Courriel.objects.count()
    with pytest.raises(Manques, match="ne sont pas vérifiées"):
        attribuer(notee)
    assert Courriel.objects.count() == avant
    notee.refresh_from_db()
    assert notee.etat == "en_analyse"


def test_choisir_malgre_des_pieces_manquantes_se_confirme(notee, client):
    charge = le_charge(notee)
    retenue, autre = notee.propositions.all()
    controler(retenue, par=charge, pieces=[piece for piece in PIECES if piece != "cv"])
    controler(autre, par=charge, pieces=list(PIECES))
    client.force_login(charge)
    adresse = reverse("accompagnements:consultation_geste", args=[notee.pk, "attribuer"])
    page = page_de(client, adresse)
    phrase = f"Il manque à la proposition de {retenue.prestataire} : CV des intervenants."
    assert phrase in page
    assert (
        str(autre.prestataire) not in page.partition("Des pièces manquent")[2].partition("</ul>")[0]
    )
    structure = notee.ingenierie.accompagnements().get().structure
    assert f"Le nom du prestataire retenu et la suite : {structure}" in page
    notee.refresh_from_db()
    envoi = {
        "version_lue": notee.version,
        "proposition": retenue.pk,
        "presents": "La présidente",
        "motif": "Mieux",
    }
    refus = client.post(adresse, envoi)
    assert refus.status_code == 422
    assert refus.context["formulaire"].errors["malgre_les_pieces"][0].startswith(phrase)
    assert "La présidente" in unescape(refus.content.decode())
    assert client.post(adresse, {**envoi, "malgre_les_pieces": "on"}).status_code == 302
    notee.refresh_from_db()
    assert notee.choix_malgre == phrase
    assert "CV des intervenants" in lire(pv_de_choix(notee))[1]
    assert phrase in page_de(client, notee.get_absolute_url())


def test_des_pieces_completes_ne_demandent_rien(notee, client):
    for proposition in notee.propositions.all():
        controler(proposition, par=le_charge(notee), pieces=list(PIECES))
    client.force_login(le_charge(notee))
    adresse = reverse("accompagnements:consultation_geste", args=[notee.pk, "attribuer"])
    reponse = client.get(adresse)
    assert "malgre_les_pieces" not in reponse.context["formulaire"].fields
    assert "Des pièces manquent" not in reponse.content.decode()
    attribuer(notee)
    assert notee.choix_malgre == ""
