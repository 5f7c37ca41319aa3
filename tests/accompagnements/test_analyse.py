"""Between the opening and the choice: presets, pieces, documents of the analysis."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.consultations import pieces
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.documents import comparaison_pdf, pv_d_ouverture
from accompagnements.consultations.grilles import GrilleType
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_ingenierie import (
    DEPOT,
    le_charge,
    un_prestataire,
    une_consultation,
)
from tests.preuves.mondes import notes_pleines

pytestmark = pytest.mark.django_db


def lire(octets):
    lecteur = PdfReader(io.BytesIO(octets))
    return lecteur, " ".join(page.extract_text() for page in lecteur.pages).replace("\n", " ")


@pytest.fixture
def soixante_dix():
    return GrilleType.objects.get(libelle="Grille de la structure sur 70")


@pytest.fixture
def c2ra():
    return fabrique.une_personne(roles.DlaRegional.code, region=fabrique.un_departement().region)


def test_une_grille_choisie_remplace_les_criteres(soixante_dix):
    consultation = une_consultation("brouillon")
    consultations.choisir_grille(consultation, par=le_charge(consultation), grille=soixante_dix)
    assert sum(critere.points for critere in consultation.criteres.all()) == 70
    assert (consultation.total_points, consultation.notee_par_structure) == (70, True)
    consultations.valider_cdc(
        consultation,
        par=le_charge(consultation),
        valide_le=horloge.aujourdhui(),
        valide_par="La présidente",
    )
    with pytest.raises(Manques, match="figés"):
        consultations.choisir_grille(consultation, par=le_charge(consultation), grille=soixante_dix)


def test_la_note_de_la_structure_est_alors_obligatoire():
    consultation = une_consultation("en_analyse")
    consultation.notee_par_structure = True
    consultation.save()
    charge = le_charge(consultation)
    consultations.noter(consultation, par=charge, notes=notes_pleines(consultation))
    retenir = {"proposition": consultation.propositions.first(), "presents": "Tous", "motif": "x"}
    with pytest.raises(Manques, match="demandez-la-lui"):
        consultations.attribuer(consultation, par=charge, **retenir)
    consultations.demander_grille(consultation, par=charge)
    with pytest.raises(Manques, match="n'a pas encore rendu"):
        consultations.attribuer(consultation, par=charge, **retenir)


def saisie(**champs):
    return {
        "version": "0",
        "libelle": "Grille d'essai",
        "libelle_0": "Méthode",
        "points_0": "30",
        "libelle_1": "Prix",
        "points_1": "20",
        "prix_1": "on",
        **champs,
    }


def test_le_dla_regional_ecrit_les_grilles_de_sa_region(client, c2ra, soixante_dix):
    client.force_login(c2ra)
    nouvelle = reverse("accompagnements:grille_type_nouvelle")
    assert client.post(nouvelle, saisie()).status_code == 302
    grille = GrilleType.objects.get(libelle="Grille d'essai")
    assert (grille.region_id, grille.total) == (c2ra.rattachement.region_id, 50)
    assert grille in GrilleType.objects.pour(fabrique.un_operateur())
    adresse = reverse("accompagnements:grille_type_modifier", args=[grille.pk])
    envoi = saisie(version=str(grille.version), points_0="40", retiree="on")
    assert client.post(adresse, envoi).status_code == 302
    assert client.post(adresse, envoi).status_code == 409  # the version read is stale
    assert grille not in GrilleType.objects.pour(fabrique.un_operateur())
    nationale = reverse("accompagnements:grille_type_modifier", args=[soixante_dix.pk])
    assert client.get(nationale).status_code == 404


@pytest.mark.parametrize(
    ("changement", "champ"),
    [
        ({"points_0": ""}, "points_0"),
        ({"libelle_0": ""}, "libelle_0"),
        ({"prix_0": "on"}, "prix_1"),
        ({"libelle_1": "", "points_1": ""}, None),
        ({"points_0": "-3"}, "points_0"),
    ],
)
def test_une_grille_mal_ecrite_dit_ou(client, c2ra, changement, champ):
    client.force_login(c2ra)
    reponse = client.post(reverse("accompagnements:grille_type_nouvelle"), saisie(**changement))
    assert reponse.status_code == 422
    assert (champ or "__all__") in reponse.context["formulaire"].errors
    assert not GrilleType.objects.filter(libelle="Grille d'essai").exists()


def test_les_pieces_se_cochent_et_se_lisent_dans_la_comparaison(client):
    consultation = une_consultation("en_analyse")
    proposition = consultation.propositions.first()
    client.force_login(le_charge(consultation))
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert page.count("à vérifier") == 2
    adresse = reverse("accompagnements:proposition_pieces", args=[proposition.pk])
    toutes = list(pieces.PIECES)

    def cocher(*cochees):
        lue = client.get(adresse).context["formulaire"]["version"].value()
        return client.post(adresse, {"pieces": cochees, "version": lue}).status_code

    assert cocher(*toutes[:-1]) == 302
    perimee = {"pieces": toutes, "version": proposition.version}
    assert client.post(adresse, perimee).status_code == 409
    assert "manque : références" in client.get(consultation.get_absolute_url()).content.decode()
    assert cocher(*toutes) == 302
    proposition.refresh_from_db()
    assert pieces.en_mots(proposition) == "complètes"
    assert cocher() == 302  # none found: it is said, and recorded
    proposition.refresh_from_db()
    assert (proposition.pieces, proposition.pieces_le is None) == ([], False)
    assert cocher("inconnue") == 422


@pytest.mark.parametrize(("nombre", "criteres"), [(1, 6), (2, 6), (4, 10)])
def test_la_comparaison_tient_sur_une_page_a4_en_paysage(nombre, criteres):
    consultation = une_consultation("validee", prestataires=nombre)
    for rang in range(7, criteres + 1):
        consultation.criteres.create(rang=rang, libelle=f"Critère régional {rang}", points=5)
    consultation.total_points = 100 + 5 * (criteres - 6)
    consultation.save()
    limite = horloge.maintenant() + timedelta(days=3)
    consultations.publier(
        consultation,
        par=le_charge(consultation),
        date_limite=limite,
        justification_nombre="Seul spécialiste.",
        justification_delai="Essai",
        jours_questions=1,
    )
    for rang, sollicitation in enumerate(consultation.sollicitations.all()):
        long = {"methode": "Une démarche très longue. " * 300, "intervenants": "Equipe " * 300}
        consultations.deposer(
            sollicitation,
            par="Par son lien",
            **{**DEPOT, **long, "montant_ttc": Decimal(4800 + 10 * rang)},
        )
    with horloge.voyage(limite):
        consultations.ouvrir(consultation, par=le_charge(consultation))
        consultations.noter(
            consultation, par=le_charge(consultation), notes=notes_pleines(consultation)
        )
    lecteur, texte = lire(comparaison_pdf(consultation))
    assert len(lecteur.pages) == 1
    largeur, hauteur = lecteur.pages[0].mediabox[2:]
    assert (round(largeur / 72 * 25.4), round(hauteur / 72 * 25.4)) == (297, 210)
    for rang in range(nombre):
        assert un_prestataire(rang).nom in texte
    assert f"Total /{100 + 5 * (criteres - 6)}" in texte
    assert "4 800,00" in texte.replace("\u202f", " ")


def test_le_pv_d_ouverture_dit_qui_quand_et_quelles_empreintes(client):
    consultation = une_consultation("validee", prestataires=3)
    limite = horloge.maintenant() + timedelta(days=3)
    charge = le_charge(consultation)
    consultations.publier(
        consultation, par=charge, date_limite=limite, justification_delai="Essai", jours_questions=1
    )
    premiere, seconde, troisieme = consultation.sollicitations.all()
    remplace = consultations.deposer(premiere, par="Par son lien", **DEPOT)
    garde = consultations.deposer(premiere, par="Par son lien", **{**DEPOT, "jours": Decimal(4)})
    arrivee = horloge.maintenant()
    poste = consultations.deposer(seconde, par=charge, arrivee_le=arrivee, **DEPOT)
    consultations.decliner(troisieme, par="Par son lien", motif="Plan de charge complet")
    client.force_login(charge)
    adresse = reverse("accompagnements:ouverture_pdf", args=[consultation.pk])
    assert client.get(adresse).status_code == 404  # nothing is told before the opening
    with horloge.voyage(limite):
        consultations.ouvrir(consultation, par=charge)
    _, texte = lire(pv_d_ouverture(consultation))
    colle = texte.replace(" ", "")
    assert str(charge) in texte
    assert garde.empreinte in colle
    assert poste.empreinte in colle
    assert remplace.empreinte not in colle
    assert "Parcourrier,arrivéedéclarée" in colle
    assert "jamais ouvert" in texte
    assert "Plan de charge complet" in texte


def test_un_courrier_dit_son_arrivee():
    consultation = une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=3)
    charge = le_charge(consultation)
    consultations.publier(
        consultation, par=charge, date_limite=limite, justification_delai="Essai", jours_questions=1
    )
    sollicitation = consultation.sollicitations.first()
    demain = horloge.maintenant() + timedelta(days=1)
    veille = horloge.maintenant() - timedelta(days=1)
    for arrivee, phrase in (
        (None, "Indiquez quand"),
        (demain, "futur"),
        (veille, "précéder l'envoi"),
    ):
        with pytest.raises(Manques, match=phrase):
            consultations.deposer(sollicitation, par=charge, arrivee_le=arrivee, **DEPOT)
