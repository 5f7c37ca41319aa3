"""Who reads a diagnostic besides the team: the structure by its link, readers, copies; comparison."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.diagnostics import diffusion, relire, transitions, vigilance
from accompagnements.diagnostics.documents import diagnostic_pdf
from accompagnements.diagnostics.relectures import Autorisation, Relecture
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_relances import relancer

pytestmark = pytest.mark.django_db
TEXTE = fabrique.RUBRIQUES["problematique"]


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def texte_de(reponse):
    octets = b"".join(reponse.streaming_content)
    pages = PdfReader(io.BytesIO(octets)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def soumis(client):
    """A diagnostic submitted, the link of its structure, and its address."""
    diagnostic = fabrique.un_diagnostic("soumis")
    destinataire = diagnostic.accompagnement.structure.courriel_principal()
    return diagnostic, lien_de(destinataire), destinataire


# --- The structure, by its link -------------------------------------------------------------


def test_rien_du_texte_ne_se_lit_avant_le_code(soumis, client):
    diagnostic, lien, destinataire = soumis
    assert TEXTE not in client.get(lien).content.decode()
    assert client.get(f"{lien}?document=diagnostic").status_code == 302
    envoi = {"action": "valider", "organe": "Bureau", "valide_par": "La présidente"}
    reponse = client.post(lien, envoi)
    assert reponse.status_code == 422
    assert TEXTE not in reponse.content.decode()
    assert not diffusion.lectures(diagnostic).exists()
    confirmer(client, lien, destinataire)
    assert TEXTE in client.get(lien).content.decode()
    assert TEXTE in texte_de(client.get(f"{lien}?document=diagnostic"))
    client.get(lien)
    assert diffusion.lectures(diagnostic).count() == 1


def test_la_structure_valide_le_texte_qu_elle_a_lu(soumis, client):
    diagnostic, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    formulaire = client.get(lien).context["formulaires"]["valider"]
    assert formulaire["valide_le"].value() == horloge.aujourdhui()
    envoi = {
        "action": "valider",
        "version_lue": diagnostic.version,
        "valide_le": horloge.aujourdhui(),
        "organe": "Conseil d'administration",
        "valide_par": "La présidente",
    }
    perimee = client.post(lien, {**envoi, "version_lue": diagnostic.version - 1})
    assert perimee.status_code == 422
    assert "relisez-le" in perimee.content.decode()
    trop_tot = client.post(lien, {**envoi, "valide_le": diagnostic.soumis_le - timedelta(days=1)})
    assert "valide_le" in trop_tot.context["formulaires"]["valider"].errors
    for champ in ("organe", "valide_par", "valide_le"):
        vide = client.post(lien, {**envoi, champ: ""})
        assert list(vide.context["formulaires"]["valider"].errors) == [champ]
    assert client.post(lien, envoi).status_code == 302
    diagnostic.refresh_from_db()
    assert (diagnostic.etat, diagnostic.valide_par) == ("valide", "La présidente")
    evenement = diagnostic.journal().filter(transition="valider").get()
    assert evenement.par_qui.endswith("par son lien")
    charge = diagnostic.accompagnement.charge
    assert Courriel.objects.filter(destinataire=charge.email, sujet__contains="validé").exists()
    assert client.post(lien, envoi).status_code == 422
    assert "Valider le diagnostic" not in client.get(lien).content.decode()


def test_une_correction_demandee_rouvre_la_redaction(soumis, client):
    diagnostic, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    assert client.post(lien, {"action": "corriger", "remarque": ""}).status_code == 422
    for _ in range(2):
        client.post(lien, {"action": "corriger", "remarque": "Le nombre de bénévoles est faux"})
    diagnostic.refresh_from_db()
    assert (diagnostic.etat, diagnostic.soumis_le) == ("en_cours", None)
    assert diagnostic.journal().get(transition="corriger").motif.endswith("est faux")
    courriel = Courriel.objects.get(sujet__startswith="Diagnostic à corriger")
    assert "bénévoles" not in courriel.corps
    page = client.get(lien).content.decode()
    assert "retravaille" in page
    assert TEXTE not in page
    assert client.get(f"{lien}?document=diagnostic").status_code == 302


def test_une_nouvelle_soumission_ferme_l_ancien_lien(soumis, client):
    diagnostic, lien, destinataire = soumis
    charge = diagnostic.accompagnement.charge
    transitions.corriger(diagnostic, par=charge, motif="Un chiffre")
    transitions.soumettre(diagnostic, par=charge)
    assert client.get(lien).status_code == 404
    assert client.get(lien_de(destinataire)).status_code == 200


def test_un_compte_ne_valide_pas_a_la_place_de_la_structure(charge):
    diagnostic = fabrique.un_diagnostic("soumis")
    with pytest.raises(Refus):
        transitions.valider_par_lien(
            diagnostic,
            par=charge,
            valide_le=horloge.aujourdhui(),
            organe="Bureau",
            valide_par="Moi",
            version_lue=diagnostic.version,
        )
    with pytest.raises(Refus):
        transitions.demander_correction(diagnostic, par=charge, remarque="…")


def test_la_validation_sur_papier_reste_possible_sans_nom(charge):
    diagnostic = fabrique.un_diagnostic("soumis")
    aujourdhui = horloge.aujourdhui()
    transitions.valider(diagnostic, par=charge, valide_le=aujourdhui, organe="Bureau")
    assert (diagnostic.etat, diagnostic.valide_par) == ("valide", "")


def test_la_structure_est_rappelee_puis_plus_du_tout(soumis):
    diagnostic, _, destinataire = soumis
    rappels = Courriel.objects.filter(destinataire=destinataire, sujet__startswith="Rappel : votre")
    for jours, attendus in ((14, 0), (15, 1), (16, 1), (30, 2), (90, 2)):
        relancer(diagnostic.soumis_le + timedelta(days=jours))
        assert rappels.count() == attendus, jours
    assert TEXTE not in rappels.first().corps


def test_une_validation_arrete_les_rappels(soumis):
    diagnostic, _, destinataire = soumis
    transitions.valider(
        diagnostic,
        par=diagnostic.accompagnement.charge,
        valide_le=horloge.aujourdhui(),
        organe="Bureau",
    )
    relancer(diagnostic.soumis_le + timedelta(days=20))
    assert not Courriel.objects.filter(sujet__startswith="Rappel : votre diagnostic").exists()


# --- The reader -----------------------------------------------------------------------------


def test_le_lecteur_ne_lit_que_ce_diagnostic_et_que_pendant_la_relecture(client):
    diagnostic = fabrique.un_diagnostic("en_relecture")
    autre = fabrique.un_diagnostic("en_cours")
    relecture, lecteur = diagnostic.relectures.get(), fabrique.un_lecteur()
    client.force_login(lecteur)
    assert (
        diagnostic.accompagnement.structure.nom
        in client.get(adresse("relectures")).content.decode()
    )
    assert TEXTE in client.get(relecture.get_absolute_url()).content.decode()
    for ferme in (diagnostic, autre):
        assert client.get(ferme.get_absolute_url()).status_code == 404
        assert client.get(adresse("diagnostic_pdf", ferme.pk)).status_code == 404
    envoi = {"avis": "Clair, les chiffres sont à revoir", "sur_analyse": "Et les risques ?"}
    assert client.post(relecture.get_absolute_url(), {}).status_code == 422
    assert client.post(relecture.get_absolute_url(), envoi).status_code == 302
    diagnostic.refresh_from_db()
    assert diagnostic.etat == "en_cours"
    for _ in range(2):
        assert client.get(relecture.get_absolute_url()).status_code == 404
        assert client.post(relecture.get_absolute_url(), envoi).status_code == 404
    commentaire = diagnostic.relectures.get().commentaires.get()
    assert (commentaire.section, commentaire.texte) == ("analyse", "Et les risques ?")
    client.force_login(diagnostic.accompagnement.charge)
    page = client.get(diagnostic.get_absolute_url()).content.decode()
    assert "Et les risques ?" in page
    assert "les chiffres sont à revoir" in page
    assert diffusion.lectures(diagnostic).get().auteur == lecteur


@pytest.mark.parametrize("geste", ["clore", "soumettre", "abandonner"])
def test_la_relecture_close_ferme_le_diagnostic_au_lecteur(client, geste):
    diagnostic = fabrique.un_diagnostic("en_relecture")
    relecture, charge = diagnostic.relectures.get(), diagnostic.accompagnement.charge
    if geste == "clore":
        relire.clore(diagnostic, par=charge, motif="Trop tard")
    else:
        options = {"motif": "Renonce"} if geste == "abandonner" else {}
        getattr(transitions, geste)(diagnostic, par=charge, **options)
    client.force_login(fabrique.un_lecteur())
    assert client.get(relecture.get_absolute_url()).status_code == 404
    with pytest.raises(Manques):
        relire.rendre(relecture, par=fabrique.un_lecteur(), avis="Bien")


def test_un_autre_lecteur_ne_voit_rien(client):
    relecture = fabrique.un_diagnostic("en_relecture").relectures.get()
    autre = fabrique.une_personne(roles.Crdla.code)
    client.force_login(autre)
    assert client.get(relecture.get_absolute_url()).status_code == 404
    with pytest.raises(Refus):
        relire.rendre(relecture, par=autre, avis="Bien")


def test_seuls_relisent_les_crdla_et_le_dla_de_la_region(
    client, charge, c2ra, pilote, autre_charge
):
    diagnostic = fabrique.un_diagnostic("en_cours")
    for exclu in (pilote, autre_charge, charge):
        with pytest.raises(Manques, match="ne relit pas"):
            relire.demander(diagnostic, par=charge, lecteur=exclu)
    relire.demander(diagnostic, par=charge, lecteur=c2ra, question="Les chiffres ?")
    courriel = Courriel.objects.get(destinataire=c2ra.email)
    assert "/diagnostics/relectures/" in courriel.corps
    assert diagnostic.accompagnement.structure.nom not in courriel.corps


def test_le_texte_ne_change_pas_pendant_la_relecture(client, charge):
    diagnostic = fabrique.un_diagnostic("en_relecture")
    client.force_login(charge)
    url = adresse("diagnostic_modifier", diagnostic.pk, "analyse")
    assert client.post(url, {"version": diagnostic.version, "forces": "x"}).status_code == 409


def test_la_base_n_ouvre_qu_une_relecture_a_la_fois():
    relecture = fabrique.un_diagnostic("en_relecture").relectures.get()
    with (
        pytest.raises(IntegrityError, match="relecture_une_seule_ouverte|UNIQUE"),
        transaction.atomic(),
    ):
        Relecture.objects.create(diagnostic=relecture.diagnostic, lecteur=relecture.lecteur)
    with (
        pytest.raises(IntegrityError, match="relecture_rendue_avec_avis|CHECK"),
        transaction.atomic(),
    ):
        Relecture.objects.filter(pk=relecture.pk).update(rendue_le=horloge.aujourdhui())


# --- Class, authorisations, log -------------------------------------------------------------


ACCORD = {"destinataire": "Une fondation", "raison": "Un prêt", "accordee_par": "La présidente"}


def test_une_autorisation_donne_un_exemplaire_a_son_nom_et_se_note(client, charge):
    diagnostic = fabrique.un_diagnostic()
    client.force_login(charge)
    url = adresse("diagnostic_geste", diagnostic.pk, "autoriser")
    envoi = {**ACCORD, "version_lue": diagnostic.version}
    demain = horloge.aujourdhui() + timedelta(days=1)
    assert client.post(url, {**envoi, "accordee_le": demain}).status_code == 422
    assert client.post(url, {**envoi, "accordee_le": horloge.aujourdhui()}).status_code == 302
    autorisation = Autorisation.objects.get()
    exemplaire = adresse("diagnostic_exemplaire", autorisation.pk)
    assert "Une fondation" in texte_de(client.get(exemplaire))
    assert "exemplaire pour Une fondation" in diffusion.lectures(diagnostic).get().libelle
    page = client.get(diagnostic.get_absolute_url()).content.decode()
    assert "La présidente" in page
    assert "exemplaire pour Une fondation" in page
    client.post(adresse("diagnostic_autorisation_retirer", autorisation.pk))
    assert client.get(exemplaire).status_code == 409
    assert not diagnostic.autorisations.en_vigueur().exists()


def test_un_diagnostic_reserve_ne_sort_pas(charge):
    diagnostic = fabrique.un_diagnostic("en_cours")
    diffusion.classer(diagnostic, par=charge, confidentialite="reservee")
    with pytest.raises(Manques, match="réservé"):
        relire.demander(diagnostic, par=charge, lecteur=fabrique.un_lecteur())
    with pytest.raises(Manques, match="réservé"):
        diffusion.autoriser(diagnostic, par=charge, accordee_le=horloge.aujourdhui(), **ACCORD)


def test_on_ne_reserve_pas_ce_qui_se_relit(charge):
    diagnostic = fabrique.un_diagnostic("en_relecture")
    with pytest.raises(Manques, match="relecture est en cours"):
        diffusion.classer(diagnostic, par=charge, confidentialite="reservee")


@pytest.mark.parametrize("qui", ["autre_charge", "gestionnaire", "c2ra", "membre"])
def test_les_autres_n_autorisent_rien(request, client, qui):
    diagnostic = fabrique.un_diagnostic()
    autorisation = diagnostic.autorisations.create(**ACCORD, accordee_le=horloge.aujourdhui())
    personne = request.getfixturevalue(qui)
    with pytest.raises(Refus):
        diffusion.retirer(autorisation, par=personne)
    client.force_login(personne)
    for nom in ("diagnostic_exemplaire", "diagnostic_autorisation_retirer"):
        assert client.post(adresse(nom, autorisation.pk)).status_code == 404


def test_la_base_ordonne_les_dates_d_une_autorisation():
    aujourdhui = horloge.aujourdhui()
    with (
        pytest.raises(IntegrityError, match="autorisation_dates_ordonnees|CHECK"),
        transaction.atomic(),
    ):
        fabrique.un_diagnostic().autorisations.create(
            **ACCORD, accordee_le=aujourdhui, retiree_le=aujourdhui - timedelta(days=1)
        )


# --- Early warning, comparison --------------------------------------------------------------


def test_un_signe_releve_dit_vers_qui_orienter(client, charge):
    diagnostic = fabrique.un_diagnostic("en_cours")
    client.force_login(charge)
    url = adresse("diagnostic_modifier", diagnostic.pk, "vigilance")
    envoi = {"version": diagnostic.version, "signes": ["cotisations", "decouvert"]}
    sans_date = client.post(url, envoi)
    assert list(sans_date.context["formulaire"].errors) == ["signes_releves_le"]
    assert client.post(url, {**envoi, "signes_releves_le": horloge.aujourdhui()}).status_code == 302
    page = client.get(diagnostic.get_absolute_url()).content.decode()
    assert vigilance.CREANCIERS in page
    assert vigilance.LIBELLES["decouvert"] in page
    assert vigilance.LIBELLES["salaires"] not in page


def test_les_signes_ne_sont_pas_dits_a_un_tiers(charge):
    diagnostic = fabrique.un_diagnostic()
    diagnostic.signes, diagnostic.signes_releves_le = ["decouvert"], horloge.aujourdhui()
    diagnostic.save()
    signe = vigilance.LIBELLES["decouvert"]
    for destinataire, dits in (("", True), ("Une fondation", False)):
        pages = PdfReader(io.BytesIO(diagnostic_pdf(diagnostic, destinataire)[1])).pages
        lu = " ".join(" ".join(page.extract_text() for page in pages).split())
        assert (signe in lu) is dits
        assert "Emplois et organisation" not in lu  # nothing is said there


def test_les_signes_ont_des_codes_distincts_et_une_orientation():
    assert len(vigilance.LIBELLES) == len(vigilance.SIGNES)
    assert all(signe.vers for signe in vigilance.SIGNES)


def test_deux_diagnostics_de_la_structure_se_comparent(client, charge, autre_charge):
    ancien = fabrique.un_diagnostic(jours=600)
    structure = ancien.accompagnement.structure
    recent = fabrique.un_diagnostic(structure=structure, jours=100)
    recent.effectif, recent.problematique = 11, "Recruter une direction"
    recent.annee_n = horloge.aujourdhui().year - 1
    recent.save()
    recent.annees.create(annee=recent.annee_n, cdi=7, cdd=4, effectif=11)
    client.force_login(charge)
    fiche = client.get(recent.get_absolute_url()).content.decode()
    assert adresse("diagnostic_comparer", recent.pk, ancien.pk) in fiche
    for paire in ((recent.pk, ancien.pk), (ancien.pk, recent.pk)):
        reponse = client.get(adresse("diagnostic_comparer", *paire))
        lignes = {li.libelle: li for _, groupe in reponse.context["parties"] for li in groupe}
        effectif, texte = lignes["Effectif (personnes)"], lignes["Problématique"]
        assert (effectif.avant, effectif.apres, effectif.ecart) == ("8", "11", "+ 3")
        assert (texte.avant, texte.apres) == (TEXTE, "Recruter une direction")
        assert (lignes["CDI"].avant, lignes["CDI"].apres) == ("—", "7")
        assert not lignes["Forces"].change
    etranger = fabrique.un_diagnostic()
    assert client.get(adresse("diagnostic_comparer", recent.pk, etranger.pk)).status_code == 404
    client.force_login(autre_charge)
    assert client.get(adresse("diagnostic_comparer", recent.pk, ancien.pk)).status_code == 404
