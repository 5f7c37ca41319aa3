"""Two score sheets, each closed before the other is seen; the price noted by its formula."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accompagnements.consultations import regles
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.choix import note_de_prix
from accompagnements.consultations.comparaison import comparer
from accompagnements.consultations.notation import Fiche
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_analyse import lire

pytestmark = pytest.mark.django_db
STRUCTURE = Fiche.Evaluateur.STRUCTURE


@pytest.fixture
def consultation():
    """Two propositions opened: 4 800 and 4 900 € TTC."""
    return suite.une_consultation("en_analyse")


def notes(consultation, points):
    """Points per proposition, in their order, on every criterion but the price."""
    return {
        (proposition.pk, critere.pk): Decimal(valeur)
        for proposition, valeur in zip(consultation.propositions.all(), points, strict=True)
        for critere in consultation.criteres.filter(prix=False)
    }


def courriel_de_la_structure(consultation):
    return consultation.ingenierie.accompagnements().get().structure.courriel_principal()


def test_le_prix_se_note_par_la_formule(consultation):
    consultations.noter(
        consultation, par=suite.le_charge(consultation), notes=notes(consultation, (5, 5))
    )
    critere = consultation.criteres.get(prix=True)
    moins_cher, plus_cher = consultation.propositions.order_by("montant_ttc")
    plus_bas = moins_cher.montant_ttc
    assert note_de_prix(critere, moins_cher, plus_bas) == critere.points == 20
    assert note_de_prix(critere, plus_cher, plus_bas) == Decimal("19.59")  # 20 × 4800 / 4900
    assert regles.totaux(consultation) == {moins_cher.pk: 45, plus_cher.pk: Decimal("44.59")}


def test_une_note_tapee_sur_le_prix_est_ignoree(consultation):
    critere = consultation.criteres.get(prix=True)
    triche = {(p.pk, critere.pk): Decimal(0) for p in consultation.propositions.all()}
    consultations.noter(
        consultation,
        par=suite.le_charge(consultation),
        notes={**notes(consultation, (5, 5)), **triche},
    )
    assert min(regles.totaux(consultation).values()) > 44


def test_un_brouillon_se_reprend_une_grille_close_non(consultation):
    charge = suite.le_charge(consultation)
    premiere = dict(list(notes(consultation, (3, 3)).items())[:2])
    consultations.noter(consultation, par=charge, notes=premiere, clore=False)
    with pytest.raises(Manques, match="complète"):
        consultations.noter(consultation, par=charge, notes={}, clore=True)
    consultation.refresh_from_db()
    consultations.noter(consultation, par=charge, notes=notes(consultation, (4, 4)))
    with pytest.raises(Manques, match="close"):
        consultations.noter(consultation, par=charge, notes=notes(consultation, (9, 9)))


def test_chacun_clot_avant_de_voir_l_autre(consultation, client):
    charge = suite.le_charge(consultation)
    consultations.demander_grille(consultation, par=charge)
    adresse = courriel_de_la_structure(consultation)
    chemin = lien_de(adresse)
    consultations.noter(
        consultation, par="La structure", notes=notes(consultation, (10, 2)), evaluateur=STRUCTURE
    )
    # The structure has closed, the operator has not: nothing of its notes shows, not even a mean.
    assert [f.evaluateur for f in regles.fiches_lisibles(consultation)] == []
    assert set(regles.totaux(consultation).values()) == {0}
    assert "Total structure" not in str(comparer(consultation)["lignes"])
    confirmer(client, chemin, adresse)
    assert "Total opérateur" not in client.get(chemin).content.decode()

    consultation.refresh_from_db()
    consultations.noter(consultation, par=charge, notes=notes(consultation, (4, 6)))
    premiere, seconde = consultation.propositions.all()
    totaux = regles.totaux(consultation)
    assert totaux[premiere.pk] == 35 + 20  # mean of 5 × 10 and 5 × 4, plus the price
    assert totaux[seconde.pk] == 20 + Decimal("19.59")
    assert "Total structure" in str(comparer(consultation)["lignes"])


def test_le_choix_attend_la_grille_demandee(consultation):
    charge = suite.le_charge(consultation)
    consultations.noter(consultation, par=charge, notes=notes(consultation, (5, 5)))
    consultations.demander_grille(consultation, par=charge)
    retenue = consultation.propositions.first()
    choix = {"par": charge, "proposition": retenue, "presents": "La présidente", "motif": "Mieux"}
    choix["malgre_les_pieces"] = True
    with pytest.raises(Manques, match="n'a pas encore rendu sa grille"):
        consultations.attribuer(consultation, **choix)
    consultations.se_passer_de_la_grille(consultation, par=charge, motif="Sans réponse, relancée")
    consultations.attribuer(consultation, **choix)
    assert consultation.etat == "attribuee"


def test_la_structure_ne_lit_rien_sans_code_et_clot_par_son_lien(consultation, client):
    charge = suite.le_charge(consultation)
    consultations.demander_grille(consultation, par=charge)
    adresse = courriel_de_la_structure(consultation)
    chemin = lien_de(adresse)
    assert "4\u202f800" not in client.get(chemin).content.decode()
    envoi = {f"note_{p}_{c}": "7" for p, c in notes(consultation, (7, 7))}
    assert client.post(chemin, {**envoi, "clore": "1"}).status_code == 422
    confirmer(client, chemin, adresse)
    page = client.get(chemin)
    assert "MARQUEURSCELLE" in page.content.decode()
    envoi["version"] = page.context["formulaire"]["version"].value()
    incomplet = {**envoi, "clore": "1"}
    del incomplet[next(iter(incomplet))]
    assert client.post(chemin, incomplet).status_code == 422
    sans_declarer = client.post(chemin, {**envoi, "clore": "1"})
    assert sans_declarer.context["formulaire"].errors.keys() == {"sans_conflit"}
    proposition, critere = next(iter(notes(consultation, (7, 7))))
    envoi |= {"sans_conflit": "on", f"commentaire_{proposition}_{critere}": "Connaît nos métiers"}
    assert client.post(chemin, {**envoi, "clore": "1"}).status_code == 302
    fiche = consultation.fiches.get(evaluateur=STRUCTURE)
    assert (bool(fiche.close_le), fiche.sans_conflit) == (True, True)
    assert fiche.notes.get(commentaire__gt="").commentaire == "Connaît nos métiers"
    assert client.post(chemin, {**envoi, "clore": "1"}).status_code == 200
    assert fiche.notes.count() == 12


def test_une_piece_ne_se_lit_que_par_la_bonne_structure(consultation, client):
    consultations.demander_grille(consultation, par=suite.le_charge(consultation))
    adresse = courriel_de_la_structure(consultation)
    chemin = lien_de(adresse)
    assert client.get(f"{chemin}?piece=1").status_code == 404
    confirmer(client, chemin, adresse)
    assert client.get(f"{chemin}?piece=1").status_code == 404


def test_le_motif_se_donne_a_qui_le_demande_et_a_lui_seul(client):
    consultation = suite.une_consultation("attribuee")
    charge = suite.le_charge(consultation)
    ecartee = consultation.propositions.get(etat="non_retenue")
    with pytest.raises(Manques, match="demande expresse"):
        consultations.donner_motif(ecartee, par=charge, motif_rejet="Calendrier trop tardif")
    adresse = ecartee.prestataire.email
    chemin = lien_de(adresse)
    assert client.post(chemin, {"action": "demander-motif"}).status_code == 422
    confirmer(client, chemin, adresse)
    for _ in range(2):
        assert client.post(chemin, {"action": "demander-motif"}).status_code == 302
    client.force_login(charge)
    assert "Répondre à une demande de motif" in client.get("/").content.decode()
    Courriel.objects.all().delete()
    consultations.donner_motif(ecartee, par=charge, motif_rejet="Calendrier trop tardif")
    recu = Courriel.objects.get()
    assert (recu.destinataire, "Calendrier trop tardif" in recu.corps) == (adresse, True)
    with pytest.raises(Manques, match="déjà envoyé"):
        consultations.donner_motif(ecartee, par=charge, motif_rejet="Encore")


def test_les_justifications_se_lisent_dans_la_comparaison_et_au_pv(consultation, client):
    charge = suite.le_charge(consultation)
    client.force_login(charge)
    adresse = reverse("accompagnements:consultation_grille", args=[consultation.pk])
    formulaire = client.get(adresse).context["formulaire"]
    envoi = {nom: "5" for nom in formulaire.fields if nom.startswith("note_")}
    pourquoi = next(nom for nom in formulaire.fields if nom.startswith("commentaire_"))
    envoi |= {pourquoi: "Une méthode participative", "sans_conflit": "on", "clore": "1"}
    envoi["version"] = formulaire["version"].value()
    assert client.post(adresse, envoi).status_code == 302
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "Une méthode participative" in page
    consultation.refresh_from_db()
    retenue = consultation.propositions.first()
    consultations.attribuer(
        consultation,
        par=charge,
        proposition=retenue,
        presents="La présidente",
        motif="Mieux",
        malgre_les_pieces=True,
    )
    texte = lire(consultation.pv_choix.lire())[1]
    assert "Une méthode participative" in texte
    assert "absence de conflit d'intérêts déclarée" in texte.replace("’", "'")
