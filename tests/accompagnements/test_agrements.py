"""Agréments held from one date to another: read at a date, entered in rows, imported, filtered."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accompagnements.structures.agrements import PREVENIR, AgrementDetenu
from accompagnements.structures.models import Structure
from accompagnements.structures.salle import PieceStructure
from dla_portal.comptes import roles
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.imports.moteur import importer
from tests.accompagnements import fabrique
from tests.accompagnements.test_structures import saisie

pytestmark = pytest.mark.django_db


@pytest.fixture
def esus():
    return fabrique.Terme.objects.de("agrement").get(code="ESUS")


@pytest.fixture
def aci():
    return fabrique.Terme.objects.de("agrement").get(code="ACI")


def jour(ecart):
    return horloge.aujourdhui() + timedelta(days=ecart)


def rangees(structure, *lignes, **plus):
    """What the form of the agréments sends: one dict per row."""
    envoi = {"version": structure.version, "nombre_lignes": len(lignes), **plus}
    for rang, ligne in enumerate(lignes):
        envoi |= {f"ligne_{rang}_{nom}": valeur for nom, valeur in ligne.items()}
    return envoi


def adresse(structure):
    return reverse("accompagnements:structure_agrements", args=[structure.pk])


# --- Read at a date -----------------------------------------------------------------------------
def test_un_agrement_se_lit_a_une_date(structure, esus, aci):
    structure.agrements.create(terme=esus, depuis_le=date(2020, 3, 1), jusqu_au=date(2025, 2, 28))
    structure.agrements.create(terme=esus, depuis_le=date(2026, 1, 1))
    structure.agrements.create(terme=aci)  # dates unknown: as before, no limit

    def tenus(le):
        return [str(a) for a in structure.agrements.en_vigueur_le(le)]

    assert tenus(date(2020, 2, 29)) == [aci.libelle]
    assert sorted(tenus(date(2020, 3, 1))) == sorted([aci.libelle, esus.libelle])
    assert sorted(tenus(date(2025, 2, 28))) == sorted([aci.libelle, esus.libelle])
    assert tenus(date(2025, 3, 1)) == [aci.libelle]
    assert sorted(tenus(date(2026, 1, 1))) == sorted([aci.libelle, esus.libelle])


@pytest.mark.parametrize(
    ("depuis", "jusqu", "dit"),
    [
        (None, None, ""),
        (-400, 400, ""),
        (-400, PREVENIR + 1, ""),
        (-400, PREVENIR, "À renouveler bientôt"),
        (-400, 0, "À renouveler bientôt"),
        (-400, -1, "Terminé"),
        (1, 400, "À venir"),
    ],
)
def test_ce_qui_va_finir_est_signale(structure, esus, depuis, jusqu, dit):
    agrement = AgrementDetenu(
        structure=structure,
        terme=esus,
        depuis_le=None if depuis is None else jour(depuis),
        jusqu_au=None if jusqu is None else jour(jusqu),
    )
    assert agrement.situation[1] == dit


@pytest.mark.parametrize(
    ("nom", "lignes"),
    [
        ("agrement_unique_sans_date", [{}, {"numero": "2"}]),
        (
            "agrement_unique_par_date",
            [{"depuis_le": date(2025, 1, 1)}, {"depuis_le": date(2025, 1, 1), "numero": "2"}],
        ),
        (
            "agrement_dates_ordonnees",
            [{"depuis_le": date(2025, 1, 2), "jusqu_au": date(2025, 1, 1)}],
        ),
    ],
)
def test_la_base_refuse(structure, esus, nom, lignes):
    contrainte = next(c for c in AgrementDetenu._meta.constraints if c.name == nom)
    assert contrainte.violation_error_message
    rangees = [AgrementDetenu(structure=structure, terme=esus, **ligne) for ligne in lignes]
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        AgrementDetenu.objects.bulk_create(rangees)
    assert nom in str(refus.value) or "UNIQUE" in str(refus.value)


# --- Entered in rows ----------------------------------------------------------------------------
def test_on_saisit_plusieurs_agrements_dates(client, charge, structure, esus, aci):
    client.force_login(charge)
    piece = _piece(structure)
    envoi = rangees(
        structure,
        {"terme_id": esus.pk, "numero": "2024-13-007", "depuis_le": "2024-03-01"},
        {
            "terme_id": aci.pk,
            "depuis_le": "01/01/2023",
            "jusqu_au": "31/12/2025",
            "piece_id": piece.pk,
        },
        {"terme_id": ""},
    )
    assert client.post(adresse(structure), envoi).url == structure.get_absolute_url()
    tenu = structure.agrements.get(terme=esus)
    assert (tenu.numero, tenu.depuis_le, tenu.jusqu_au) == ("2024-13-007", date(2024, 3, 1), None)
    assert structure.agrements.get(terme=aci).piece == piece
    page = client.get(structure.get_absolute_url()).content.decode()
    assert "n° 2024-13-007" in page
    assert "du 01/01/2023 au 31/12/2025" in page
    assert AgrementDetenu.history.filter(history_user=charge).count() == 2


def _piece(structure):
    fichier = fichiers.enregistrer(
        "acte.pdf", b"%PDF-1.4", "application/pdf", fil=structure.fil, categorie="essai"
    )
    return PieceStructure.objects.create(structure=structure, nature="agrement", fichier=fichier)


@pytest.mark.parametrize(
    ("lignes", "champ", "phrase"),
    [
        ([{"numero": "12"}], "ligne_0_terme_id", "Choisissez"),
        ([{"terme_id": "9" * 25}], "ligne_0_terme_id", "choix"),
        (
            [{"terme_id": "E", "depuis_le": "2025-01-02", "jusqu_au": "2025-01-01"}],
            "ligne_0_jusqu_au",
            "précède",
        ),
        ([{"terme_id": "E"}, {"terme_id": "E"}], "ligne_1_depuis_le", "ligne 1 dit déjà"),
        ([{"terme_id": "E", "depuis_le": "hier"}], "ligne_0_depuis_le", "date"),
        ([{"terme_id": "E", "piece_id": "AUTRE"}], "ligne_0_piece_id", "choix"),
    ],
)
def test_une_ligne_fausse_est_dite_et_rien_ne_s_ecrit(
    client, charge, structure, esus, lignes, champ, phrase
):
    client.force_login(charge)
    ailleurs = _piece(fabrique.une_structure())  # the document of somebody else
    vrais = {"E": esus.pk, "AUTRE": ailleurs.pk}
    lignes = [{nom: vrais.get(v, v) for nom, v in ligne.items()} for ligne in lignes]
    reponse = client.post(adresse(structure), rangees(structure, *lignes))
    assert reponse.status_code == 422
    assert phrase.lower() in str(reponse.context["formulaire"].errors[champ]).lower()
    assert not structure.agrements.exists()


def test_retirer_garde_l_historique_et_une_version_perimee_est_refusee(
    client, charge, structure, esus
):
    client.force_login(charge)
    structure.save()  # a second version: the first one is out of date
    agrement = structure.agrements.create(terme=esus, numero="1")
    ligne = {"id": agrement.pk, "terme_id": esus.pk, "numero": "1"}
    envoi = rangees(structure, {**ligne, "retirer": "on"})
    perimee = {**envoi, "version": structure.version - 1}
    assert client.post(adresse(structure), perimee).status_code == 409
    assert structure.agrements.exists()
    assert client.post(adresse(structure), envoi).status_code == 302
    assert not structure.agrements.exists()
    assert AgrementDetenu.history.filter(id=agrement.pk).first().history_type == "-"


def test_corriger_une_ligne_ne_touche_pas_les_autres(client, charge, structure, esus, aci):
    client.force_login(charge)
    un = structure.agrements.create(terme=aci, numero="1")
    deux = structure.agrements.create(terme=esus, numero="2")
    envoi = rangees(
        structure,
        {"id": un.pk, "terme_id": aci.pk, "numero": "1"},
        {"id": deux.pk, "terme_id": esus.pk, "numero": "2", "jusqu_au": "2026-12-31"},
    )
    assert client.post(adresse(structure), envoi).status_code == 302
    deux.refresh_from_db()
    assert deux.jusqu_au == date(2026, 12, 31)
    assert un.history.count() == 1
    assert deux.history.count() == 2


def test_une_fiche_nouvelle_porte_ses_agrements_sans_date(client, charge, esus, aci):
    fabrique.une_commune()
    client.force_login(charge)
    client.post(reverse("accompagnements:structure_nouvelle"), saisie(agrements=[esus.pk, aci.pk]))
    structure = Structure.objects.get(siret="73282932000074")
    assert set(structure.agrements.values_list("terme", "depuis_le")) == {
        (esus.pk, None),
        (aci.pk, None),
    }


# --- Imports, filters, exports ------------------------------------------------------------------
def test_un_import_ajoute_ce_qui_n_est_pas_tenu(tmp_path, esus, aci):
    fini = fabrique.une_structure(siret="73282932000074", nom="Une")
    fini.agrements.create(terme=aci, depuis_le=jour(-900), jusqu_au=jour(-1))
    fini.agrements.create(terme=esus, depuis_le=jour(-10))
    fichier = tmp_path / "structures.csv"
    fichier.write_text("siret;nom;agrements\n73282932000074;Une;ACI|ESUS\n")
    for _ in range(2):  # the second import adds nothing
        importer("structures", fichier)
        assert fini.agrements.filter(terme=esus).count() == 1
        assert fini.agrements.filter(terme=aci).count() == 2
    assert fini.agrements.get(terme=aci, depuis_le=None).history.count() == 1


def test_le_filtre_et_l_export_disent_ce_qui_est_tenu_aujourd_hui(client, charge, esus, aci):
    commune = fabrique.une_commune()
    tenue, finie = (fabrique.une_structure(commune, nom=n) for n in ("Tenue", "Finie"))
    tenue.agrements.create(terme=esus, depuis_le=jour(-10))
    finie.agrements.create(terme=esus, jusqu_au=jour(-1))
    finie.agrements.create(terme=aci)
    client.force_login(charge)
    liste = client.get(reverse("accompagnements:structures"), {"agrement": esus.pk}).context[
        "liste"
    ]
    assert [s.nom for s in liste.queryset] == ["Tenue"]
    colonne = next(c for c in liste.colonnes if c.cle == "agrements")
    assert [colonne.valeur(s) for s in (tenue, finie)] == [esus.libelle, aci.libelle]


def test_la_liste_ne_fait_pas_une_requete_par_structure(client, charge, esus):
    commune = fabrique.une_commune()
    client.force_login(charge)
    client.post(
        reverse("accompagnements:structures"),
        {"geste": "colonnes", "colonne": ["nom", "agrements"], "par_page": 25},
    )

    def requetes():
        with CaptureQueriesContext(connection) as lues:
            client.get(reverse("accompagnements:structures"))
        return len(lues)

    fabrique.une_structure(commune).agrements.create(terme=esus)
    peu = requetes()
    for _ in range(19):
        fabrique.une_structure(commune).agrements.create(terme=esus)
    assert requetes() == peu


def test_la_page_ne_fait_pas_une_requete_par_agrement(client, charge, structure, esus, aci):
    client.force_login(charge)

    def requetes(url):
        with CaptureQueriesContext(connection) as lues:
            assert client.get(url).status_code == 200
        return len(lues)

    structure.agrements.create(terme=aci, piece=_piece(structure))
    pages = (structure.get_absolute_url(), adresse(structure))
    peu = [requetes(url) for url in pages]
    for rang in range(19):
        structure.agrements.create(
            terme=esus, depuis_le=jour(-1000 * rang), piece=_piece(structure)
        )
    assert [requetes(url) for url in pages] == peu


def test_le_c2ra_sans_dossier_lit_et_ne_modifie_pas(client, c2ra, structure, esus):
    structure.agrements.create(terme=esus, piece=_piece(structure))
    client.force_login(c2ra)
    page = client.get(structure.get_absolute_url()).content.decode()
    assert escape(esus.libelle) in page
    assert "Voir la pièce" not in page
    assert client.post(adresse(structure), rangees(structure)).status_code == 403
    autre = fabrique.une_personne(
        roles.ChargeMission.code,
        operateur=fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var")),
    )
    client.force_login(autre)
    assert client.get(adresse(structure)).status_code == 404
