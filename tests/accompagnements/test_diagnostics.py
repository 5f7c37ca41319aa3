"""The diagnostic partagé: sections, submission, validation, confidentiality."""

import io
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.diagnostics import etats, regles, relire, transitions
from accompagnements.diagnostics.etats import Etat
from accompagnements.diagnostics.gestes import GESTES
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.diagnostics.sections import SECTIONS
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.courriels import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def jouer(nom, diagnostic, par):
    """Play a gesture by its name, with all that it may need."""
    options = {
        "valider": {"valide_le": horloge.aujourdhui(), "organe": "Bureau"},
        "soumettre": {},
    }.get(nom, {"motif": "Un motif"})
    if nom == "demander_relecture":
        return relire.demander(diagnostic, par=par, lecteur=fabrique.un_lecteur())
    if nom == "clore_relecture":
        return relire.clore(diagnostic, par=par, motif="Un motif")
    return getattr(transitions, nom)(diagnostic, par=par, **options)


NOMS = [
    "demander_relecture",
    "clore_relecture",
    "soumettre",
    "corriger",
    "valider",
    "clore_sans_plan",
    "abandonner",
]
TABLE = {t.nom: t for t in etats.TRANSITIONS}


@pytest.mark.parametrize("nom", NOMS)
@pytest.mark.parametrize("etat", Etat.values)
def test_chaque_geste_ne_part_que_de_ses_etats(nom, etat):
    diagnostic = fabrique.un_diagnostic(etat)
    charge, transition = diagnostic.accompagnement.charge, TABLE[nom]
    if etat in transition.depuis:
        jouer(nom, diagnostic, charge)
    else:
        with pytest.raises(Manques):
            jouer(nom, diagnostic, charge)
    diagnostic.refresh_from_db()
    assert diagnostic.etat == (transition.vers if etat in transition.depuis else etat)


@pytest.mark.parametrize("qui", ["autre_charge", "gestionnaire", "pilote", "membre", "c2ra"])
@pytest.mark.parametrize("nom", NOMS)
def test_les_autres_roles_sont_refuses(request, qui, nom):
    depart = TABLE[nom].depuis[0]
    diagnostic = fabrique.un_diagnostic(depart)
    with pytest.raises(Refus):
        jouer(nom, diagnostic, request.getfixturevalue(qui))
    diagnostic.refresh_from_db()
    assert diagnostic.etat == depart


def test_le_responsable_accompagne_aussi(responsable):
    assert jouer("soumettre", fabrique.un_diagnostic("en_cours"), responsable).etat == "soumis"


CHAMPS_REQUIS = [
    nom for noms in regles.REQUISES.values() for nom in noms if not nom.startswith("lignes_")
]


@pytest.mark.parametrize("champ", CHAMPS_REQUIS)
def test_une_rubrique_vide_empeche_de_soumettre(champ):
    diagnostic = fabrique.un_diagnostic("en_cours")
    diagnostic.lignes_axes.update(forces="", faiblesses="")
    vide = None if Diagnostic._meta.get_field(champ).null else ""
    setattr(diagnostic, champ, vide)
    libelle = Diagnostic._meta.get_field(champ).verbose_name
    with pytest.raises(Manques) as erreur:
        transitions.soumettre(diagnostic, par=diagnostic.accompagnement.charge)
    assert erreur.value.phrases == [f"La rubrique « {libelle} » est vide."]


@pytest.mark.parametrize(
    ("relation", "libelle"),
    [("lignes_axes", "axes de changement"), ("lignes_preconisations", "préconisations")],
)
def test_un_diagnostic_soumis_a_ses_axes_et_ses_preconisations(relation, libelle):
    diagnostic = fabrique.un_diagnostic("en_cours")
    getattr(diagnostic, relation).all().delete()
    phrase = f"La rubrique « {libelle} » est vide."
    assert regles.manques_pour_soumettre(diagnostic) == [phrase]


def test_les_forces_dites_axe_par_axe_suffisent():
    diagnostic = fabrique.un_diagnostic("en_cours")
    diagnostic.forces = ""
    assert regles.manques_pour_soumettre(diagnostic) == []
    diagnostic.faiblesses = ""
    assert "faiblesses" in regles.manques_pour_soumettre(diagnostic)[0]


def test_un_effectif_nul_est_une_reponse():
    diagnostic = fabrique.un_diagnostic("en_cours")
    diagnostic.effectif = 0
    assert regles.manques_pour_soumettre(diagnostic) == []


def test_l_entretien_suit_l_accueil_et_n_est_pas_a_venir():
    diagnostic = fabrique.un_diagnostic("en_cours")
    diagnostic.entretien_le = diagnostic.accompagnement.demande.accueil_le - timedelta(days=1)
    assert "ne peut précéder" in regles.manques_pour_soumettre(diagnostic)[0]
    diagnostic.entretien_le = horloge.aujourdhui() + timedelta(days=1)
    assert "dans le futur" in regles.manques_pour_soumettre(diagnostic)[0]


def test_soumettre_previent_la_structure_sans_le_contenu():
    diagnostic = fabrique.un_diagnostic("soumis")
    courriel = Courriel.objects.filter(fil=diagnostic.fil).get()
    assert courriel.destinataire == diagnostic.accompagnement.structure.courriel_principal()
    for texte in fabrique.RUBRIQUES.values():
        assert str(texte) not in courriel.corps or len(str(texte)) < 3


@pytest.mark.parametrize(("ecart", "extrait"), [(-1, "ne peut précéder"), (400, "futur")])
def test_la_date_de_validation_est_dans_l_ordre(ecart, extrait):
    diagnostic = fabrique.un_diagnostic("soumis")
    valide_le = diagnostic.soumis_le + timedelta(days=ecart)
    with pytest.raises(Manques, match=extrait):
        transitions.valider(
            diagnostic,
            par=diagnostic.accompagnement.charge,
            valide_le=valide_le,
            organe="Bureau",
        )


def test_la_validation_nomme_son_instance():
    diagnostic = fabrique.un_diagnostic("soumis")
    with pytest.raises(Manques, match="instance"):
        transitions.valider(
            diagnostic,
            par=diagnostic.accompagnement.charge,
            valide_le=horloge.aujourdhui(),
            organe="  ",
        )


def test_la_base_refuse_une_validation_sans_date():
    diagnostic = fabrique.un_diagnostic("valide")
    with (
        pytest.raises(IntegrityError, match="diagnostic_valide_date_et_organe|CHECK"),
        transaction.atomic(),
    ):
        Diagnostic.objects.filter(pk=diagnostic.pk).update(valide_le=None)


def test_corriger_demande_une_nouvelle_soumission():
    diagnostic = fabrique.un_diagnostic("soumis")
    transitions.corriger(diagnostic, par=diagnostic.accompagnement.charge, motif="Un chiffre")
    assert (diagnostic.etat, diagnostic.soumis_le) == ("en_cours", None)


def test_un_seul_diagnostic_vivant_par_dossier():
    diagnostic = fabrique.un_diagnostic("en_cours")
    dossier = diagnostic.accompagnement
    with pytest.raises(Manques, match="déjà un diagnostic"):
        transitions.commencer(dossier, par=dossier.charge)
    transitions.abandonner(diagnostic, par=dossier.charge, motif="Changement d'équipe")
    assert transitions.commencer(dossier, par=dossier.charge).etat == "en_cours"


def test_un_dossier_clos_ne_commence_pas_de_diagnostic():
    dossier = fabrique.un_accompagnement("clos")
    with pytest.raises(Manques, match="plus en cours"):
        transitions.commencer(dossier, par=dossier.charge)


def test_un_plan_vivant_empeche_de_clore_sans_plan():
    plan = fabrique.un_plan("brouillon")
    diagnostic = plan.accompagnement.diagnostics.get()
    with pytest.raises(Manques, match="a un plan"):
        transitions.clore_sans_plan(diagnostic, par=plan.accompagnement.charge, motif="…")


def test_reprendre_un_diagnostic_d_une_annee_passee():
    dossier = fabrique.un_accompagnement()
    diagnostic = transitions.reprendre(dossier, le=horloge.aujourdhui(), problematique="Reprise")
    assert (diagnostic.etat, diagnostic.organe) == ("valide", "Reprise")
    assert diagnostic in Diagnostic.objects.valides()


def test_commencer_par_la_page(client, charge):
    dossier = fabrique.un_accompagnement()
    client.force_login(charge)
    url = adresse("diagnostic_commencer", dossier.pk)
    assert client.get(url).status_code == 200
    envoi = {"cle_envoi": str(uuid.uuid4()), "entretien_le": ""}
    reponses = [client.post(url, envoi) for _ in range(2)]
    diagnostic = dossier.diagnostics.get()
    assert {r.url for r in reponses} == {diagnostic.get_absolute_url()}
    envoi["cle_envoi"] = str(uuid.uuid4())
    assert client.post(url, envoi).status_code == 422


def test_la_page_annonce_la_confidentialite(client, charge):
    diagnostic = fabrique.un_diagnostic("en_cours")
    client.force_login(charge)
    page = client.get(diagnostic.get_absolute_url()).content.decode()
    assert "Confidentiel" in page
    assert fabrique.RUBRIQUES["problematique"] in page


@pytest.mark.parametrize("qui", ["autre_charge", "gestionnaire", "pilote", "membre", "c2ra"])
def test_le_diagnostic_n_existe_pas_pour_les_autres(client, request, qui):
    diagnostic = fabrique.un_diagnostic()
    client.force_login(request.getfixturevalue(qui))
    for url in (
        diagnostic.get_absolute_url(),
        adresse("diagnostic_modifier", diagnostic.pk, "analyse"),
        adresse("diagnostic_geste", diagnostic.pk, "soumettre"),
        adresse("diagnostic_pdf", diagnostic.pk),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, {}).status_code == 404


def test_le_pdf_porte_le_texte_et_l_avertissement(client, charge):
    diagnostic = fabrique.un_diagnostic()
    client.force_login(charge)
    reponse = client.get(adresse("diagnostic_pdf", diagnostic.pk))
    pages = PdfReader(io.BytesIO(reponse.getvalue())).pages
    texte = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Confidentiel" in texte
    for rubrique in [*fabrique.RUBRIQUES.values(), fabrique.PERSONNE["nom"]]:
        assert str(rubrique) in texte
    for ligne in (fabrique.AXE["enjeu"], fabrique.PRECONISATION["texte"]):
        assert ligne in texte


def test_la_gestion_ne_commence_pas_de_diagnostic(client, gestionnaire):
    dossier = fabrique.un_accompagnement()
    client.force_login(gestionnaire)
    assert client.post(adresse("diagnostic_commencer", dossier.pk), {}).status_code == 403


@pytest.mark.parametrize("section", [s.cle for s in SECTIONS])
def test_chaque_section_s_ecrit(client, charge, section):
    diagnostic = fabrique.un_diagnostic("en_cours")
    client.force_login(charge)
    url = adresse("diagnostic_modifier", diagnostic.pk, section)
    assert client.get(url).status_code == 200
    reponse = client.post(url, {"version": diagnostic.version})
    assert reponse.status_code == 302
    assert reponse.url.endswith(f"#{section}")


def test_une_section_inconnue_n_existe_pas(client, charge):
    diagnostic = fabrique.un_diagnostic("en_cours")
    client.force_login(charge)
    url = adresse("diagnostic_modifier", diagnostic.pk, "inconnue")
    assert client.get(url).status_code == 404


def test_toute_rubrique_se_lit_dans_une_section():
    ecrites = {(section.cle, champ) for section in SECTIONS for champ in section.champs}
    lues = {(cle, nom) for cle, noms in regles.REQUISES.items() for nom in noms}
    rangees = {("axes", "lignes_axes"), ("preconisations", "lignes_preconisations")}
    assert lues <= ecrites | rangees | {("chiffres", "effectif")}


def test_un_texte_soumis_ne_change_plus(client, charge):
    diagnostic = fabrique.un_diagnostic("soumis")
    client.force_login(charge)
    url = adresse("diagnostic_modifier", diagnostic.pk, "analyse")
    reponse = client.post(url, {"version": diagnostic.version, "forces": "Autre"})
    assert reponse.status_code == 409
    assert "ne change plus" in reponse.content.decode()


def test_une_saisie_fausse_est_dite_et_gardee(client, charge):
    diagnostic = fabrique.un_diagnostic("en_cours")
    client.force_login(charge)
    url = adresse("diagnostic_modifier", diagnostic.pk, "situation")
    envoi = {"version": diagnostic.version, "activites": "Texte long", "beneficiaires": "beaucoup"}
    reponse = client.post(url, envoi)
    assert reponse.status_code == 422
    assert "nombre" in str(reponse.context["formulaire"].errors["beneficiaires"])
    assert "Texte long" in reponse.content.decode()


def test_une_version_perimee_n_ecrase_pas_le_texte(client, charge):
    diagnostic = fabrique.un_diagnostic("en_cours")
    client.force_login(charge)
    url = adresse("diagnostic_modifier", diagnostic.pk, "analyse")
    envoi = {"version": diagnostic.version, "forces": "Les miennes"}
    diagnostic.forces = "Les leurs"
    diagnostic.save()
    reponse = client.post(url, envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Les leurs" in page
    assert "Les miennes" in page
    diagnostic.refresh_from_db()
    assert diagnostic.forces == "Les leurs"


def test_un_geste_sur_une_page_perimee_est_refuse(client, charge):
    diagnostic = fabrique.un_diagnostic("soumis")
    client.force_login(charge)
    url = adresse("diagnostic_geste", diagnostic.pk, "valider")
    envoi = {"valide_le": horloge.aujourdhui(), "organe": "Bureau"}
    perimee = diagnostic.version
    diagnostic.save()
    reponse = client.post(url, {**envoi, "version_lue": perimee})
    assert "rien n&#x27;a été écrasé" in reponse.content.decode()
    reponse = client.post(url, {**envoi, "version_lue": diagnostic.version})
    assert reponse.url == diagnostic.get_absolute_url()
    diagnostic.refresh_from_db()
    assert diagnostic.etat == "valide"


@pytest.mark.parametrize("geste", GESTES, ids=lambda g: g.nom)
def test_chaque_geste_a_sa_page(client, charge, geste):
    diagnostic = fabrique.un_diagnostic(geste.depuis[0])
    client.force_login(charge)
    url = adresse("diagnostic_geste", diagnostic.pk, geste.nom)
    assert client.get(url).status_code == 200
