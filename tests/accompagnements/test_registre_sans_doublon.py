"""The register: real duplicates found in a big town, imports that contradict, merges, admin."""

from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.urls import reverse

from accompagnements.structures import doublons, fusions, verifications
from accompagnements.structures.models import Signalement, Structure, Verification
from accompagnements.structures.salle import PieceStructure
from dla_portal.comptes import roles
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.imports.moteur import importer
from dla_portal.socle.models import Evenement
from tests.accompagnements import fabrique
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"


def des_voisines(commune, noms):
    """Many structures of a commune, written at once."""
    structures = [Structure(nom=nom, commune=commune, departement_id="13") for nom in noms]
    for structure in structures:
        structure.nom_normalise = doublons.normaliser(structure.nom)
    return Structure.objects.bulk_create(structures)


@pytest.mark.parametrize(
    ("connue", "tapee"),
    [
        ("Sport et culture du Panier", "Association Sport et Culture du Panier"),
        ("Sport et cultures du Panier", "Sport et culture du Panier"),
        ("Sport culture Pannier", "Sport culture Panier"),
        ("Panier Culture Sport", "Sport culture Panier"),
    ],
)
def test_le_vrai_doublon_se_trouve_derriere_cent_voisines(charge, connue, tapee):
    commune = fabrique.une_commune("Marseille", "13055", "13001")
    des_voisines(commune, [f"Sport pour tous n° {rang}" for rang in range(60)])
    des_voisines(commune, [f"Culture et quartiers n° {rang}" for rang in range(60)])
    vraie = fabrique.une_structure(commune, nom=connue)
    trouvees = doublons.chercher(charge, nom=tapee, commune=commune)
    assert [d.structure for d in trouvees] == [vraie]
    trouvee, creee = doublons.trouver_ou_creer(nom=connue, commune=commune)
    assert (trouvee, creee) == (vraie, False)


def test_le_travail_reste_borne(charge, monkeypatch, django_assert_max_num_queries):
    commune = fabrique.une_commune("Marseille", "13055", "13001")
    des_voisines(commune, [f"Sport pour tous n° {rang}" for rang in range(50)])
    monkeypatch.setattr(doublons, "REGARDEES", 10)
    vraie = fabrique.une_structure(commune, nom="Sport sans frontières")
    with (
        patch.object(doublons, "_ressemblance", wraps=doublons._ressemblance) as regardees,
        django_assert_max_num_queries(8),
    ):
        trouvees = doublons.chercher(charge, nom="Sport sans frontière", commune=commune)
    assert regardees.call_count == 10
    assert [d.structure for d in trouvees] == [vraie], "ce qui partage le plus de mots d'abord"


def test_l_etablissement_exact_passe_avant_ses_trente_freres(charge):
    for rang in range(30):
        fabrique.une_structure(nom=f"Antenne {rang}", siret=f"732829320{rang:05d}")
    exacte = fabrique.une_structure(nom="Siège", siret=SIRET)
    premiere = doublons.chercher(charge, siret=SIRET)[0]
    assert (premiere.structure, premiere.certain) == (exacte, True)


def test_le_rna_seul_ne_ramene_pas_celles_qui_n_en_ont_pas(charge):
    fabrique.une_structure(nom="Sans numéro")
    avec = fabrique.une_structure(nom="Avec", rna="W131001234")
    assert [d.structure for d in doublons.chercher(charge, rna="W131001234")] == [avec]


def test_l_import_ne_change_pas_le_siren_de_qui_porte_le_rna(departement, tmp_path):
    connue = fabrique.une_structure(nom="La Connue", rna="W131001234", siren="404833048")
    fichier = tmp_path / "structures.csv"
    fichier.write_text(f"siret;nom;rna\n{SIRET};Une autre;W131001234\n")
    rapport = importer("structures", fichier)
    assert str(rapport) == "lus=1 crees=0 mis_a_jour=0 ignores=0 rejetes=1"
    rejets = tmp_path / "rejets.csv"
    rapport.ecrire_rejets(rejets)
    ecrit = rejets.read_text(encoding="utf-8-sig")
    assert "La Connue" in ecrit
    assert "404833048" in ecrit
    connue.refresh_from_db()
    assert (connue.siret, connue.siren, connue.nom) == (None, "404833048", "La Connue")


def test_l_import_donne_son_siret_a_qui_porte_le_rna_et_le_bon_siren(departement, tmp_path):
    connue = fabrique.une_structure(nom="La Connue", rna="W131001234", siren=SIRET[:9])
    fichier = tmp_path / "structures.csv"
    fichier.write_text(f"siret;nom;rna\n{SIRET};La Connue;W131001234\n")
    assert importer("structures", fichier).comptes["mis_a_jour"] == 1
    connue.refresh_from_db()
    assert connue.siret == SIRET


def test_redemander_un_numero_inconnu_n_allonge_pas_l_histoire(charge):
    structure = fabrique.une_structure(siret=SIRET, verification=Verification.A_VERIFIER)
    with patch.object(verifications.annuaire, "trouver", return_value=None):
        verifications.interroger(structure)
        histoire, version = structure.history.count(), structure.version
        evenements = Evenement.objects.count()
        for semaine in range(1, 5):
            with horloge.voyage(horloge.maintenant() + semaine * verifications.INCONNUE):
                fraiche = Structure.objects.get(pk=structure.pk)
                verifications.interroger(fraiche)
                fraiche.refresh_from_db()
                assert fraiche.annuaire_apres > horloge.maintenant()
                assert fraiche.verifiee_le == horloge.maintenant()
    structure.refresh_from_db()
    assert structure.verification == Verification.INTROUVABLE
    assert (structure.history.count(), structure.version) == (histoire, version)
    assert Evenement.objects.count() == evenements


def test_qui_corrige_le_numero_pendant_l_appel_n_attend_pas_une_semaine(charge):
    structure = fabrique.une_structure(siret=SIRET, verification=Verification.INTROUVABLE)

    def corriger_pendant_l_appel(numero):
        fraiche = Structure.objects.get(pk=structure.pk)
        fraiche.siret, fraiche.verification = "40483304800022", Verification.A_VERIFIER
        fraiche.save()

    with patch.object(verifications.annuaire, "trouver", side_effect=corriger_pendant_l_appel):
        verifications.interroger(structure)
    structure.refresh_from_db()
    assert (structure.verification, structure.annuaire_apres) == (Verification.A_VERIFIER, None)


# --- The preview of a merge -----------------------------------------------------------------------
def une_paire(charge):
    """Two records; the one absorbed has a dossier of the operator, a document and a difficulty."""
    gardee, absorbee = fabrique.une_structure(), fabrique.une_structure()
    fabrique.une_demande("accueillie", structure=absorbee, charge=charge)
    fabrique.un_signalement(absorbee, charge, nature=Signalement.Nature.GOUVERNANCE)
    fichier = fichiers.enregistrer(
        "pv.pdf", PDF, "application/pdf", fil=absorbee.fil, categorie="piece", par=charge
    )
    PieceStructure.objects.create(
        structure=absorbee, nature=PieceStructure.Nature.INSTANCE, exercice=2024, fichier=fichier
    )
    return gardee, absorbee


def apercu_pour(client, personne, gardee, absorbee):
    client.force_login(personne)
    adresse = reverse("accompagnements:structure_fusionner", args=[gardee.pk])
    page = client.get(adresse, {"avec": absorbee.pk})
    return dict(page.context["deplacements"]), page.content.decode()


def test_l_apercu_d_une_fusion_compte_ce_qu_on_ne_lit_pas(client, charge, c2ra):
    paire = une_paire(charge)
    deplacements, page = apercu_pour(client, c2ra, *paire)
    assert deplacements["Signalements"] == ["1 que vous ne lisez pas"]
    assert deplacements["Pièces de la structure"] == ["1 que vous ne lisez pas"]
    assert "gouvernance" not in page
    assert "2024" not in page
    deplacements, _ = apercu_pour(client, charge, *paire)
    assert deplacements["Signalements"] == ["Crise de gouvernance"]
    assert deplacements["Pièces de la structure"] == ["Procès-verbal d'instance 2024"]


def test_l_apercu_nomme_ce_qu_on_a_signale_soi_meme(client, charge, c2ra):
    gardee, absorbee = une_paire(charge)
    fabrique.un_signalement(absorbee, c2ra, nature=Signalement.Nature.EQUIPE)
    deplacements, _ = apercu_pour(client, c2ra, gardee, absorbee)
    assert deplacements["Signalements"] == [
        "Départs, conflit dans l'équipe",
        "1 que vous ne lisez pas",
    ]
    fusions.fusionner(gardee, absorbee, par=c2ra)
    assert gardee.signalements.count() == 2, "tout passe, lu ou non"


# --- The admin site -------------------------------------------------------------------------------
@pytest.fixture
def administrateur(client, settings):
    admin = fabrique.une_personne(roles.Administrateur.code)
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    return admin


@pytest.mark.parametrize("modele", ["signalement", "piecestructure", "fusion"])
def test_l_administration_lit_sans_ecrire(client, charge, administrateur, modele):
    gardee, absorbee = une_paire(charge)
    objet = {
        "signalement": absorbee.signalements.get(),
        "piecestructure": absorbee.pieces.get(),
    }.get(modele)
    objet = objet or fusions.fusionner(gardee, absorbee, par=charge)
    liste = client.get(reverse(f"admin:accompagnements_{modele}_changelist"))
    assert liste.status_code == 200
    fiche = reverse(f"admin:accompagnements_{modele}_change", args=[objet.pk])
    assert client.get(fiche).status_code == 200
    assert client.post(fiche, {}).status_code == 403
    assert client.get(reverse(f"admin:accompagnements_{modele}_add")).status_code == 403
    effacer = reverse(f"admin:accompagnements_{modele}_delete", args=[objet.pk])
    assert client.post(effacer, {"post": "yes"}).status_code == 403


def test_une_difficulte_se_corrige_avec_un_motif(client, charge, administrateur):
    _, absorbee = une_paire(charge)
    signalement = absorbee.signalements.get()
    adresse = reverse("admin:accompagnements_structure_change", args=[absorbee.pk])
    page = client.get(adresse)
    envoi = _champs(page)
    envoi["signalements-0-precisions"] = "Corrigée"
    sans_motif = client.post(adresse, envoi)
    assert sans_motif.status_code == 200
    signalement.refresh_from_db()
    assert signalement.precisions == ""
    assert client.post(adresse, {**envoi, "motif_correction": "Erreur"}).status_code == 302
    signalement.refresh_from_db()
    assert (signalement.precisions, signalement.auteur) == ("Corrigée", charge)
    assert absorbee.history.first().history_change_reason == "Erreur"


def _champs(page):
    """What the page of the admin would send back, untouched."""
    formulaires = [page.context["adminform"].form]
    for groupe in page.context["inline_admin_formsets"]:
        formulaires += [groupe.formset.management_form, *groupe.formset.forms]
    envoi = {}
    for formulaire in formulaires:
        for champ in formulaire:
            valeur = champ.value()
            if valeur is not None and valeur is not False:
                envoi[champ.html_name] = getattr(valeur, "pk", valeur)
    return envoi


def test_la_commande_de_completion_passe_toujours(charge):
    call_command("completer_structures", verbosity=0)
    assert Structure.objects.count() == 0
