"""The plan in full: versions compared, planned funding, partner contributions, reviews, complexity."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.demandes.partenaires import Partenaire
from accompagnements.parcours import taches
from accompagnements.plans import comparaison, complexite, lecture, regles, transitions
from accompagnements.plans.contenu import contenu_de
from accompagnements.plans.documents import plan_pdf
from accompagnements.plans.lignes import ContributionPartenaire, FinancementPrevu, RevuePlan
from accompagnements.plans.models import Action, Plan, VersionPlan
from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def lu(texte):
    return texte.replace("\u202f", " ").replace("\xa0", " ")


def financeur(code):
    return Terme.objects.de("financeur").get(code=code)


def actualise(**champs):
    """A plan at its second version, in preparation; `champs` go to the first one."""
    plan = fabrique.un_plan("brouillon", genres=("ING_IND", "EXP_INT"))
    for nom, valeur in champs.items():
        setattr(plan, nom, valeur)
    plan.save()
    charge = plan.accompagnement.charge
    transitions.valider(plan, par=charge, valide_le=horloge.aujourdhui(), accord_de="La présidence")
    transitions.actualiser(plan, par=charge, motif="Un nouveau besoin")
    return plan


# --- Versions compared ------------------------------------------------------------------------


def test_la_comparaison_dit_ce_qui_est_ajoute_retire_change(client, charge):
    plan = actualise(objectifs="Retrouver un équilibre et former l'équipe")
    ingenierie, expertise = plan.actions.order_by("pk")
    ingenierie.montant_prevu, ingenierie.echeance = Decimal(7000), date(2027, 3, 1)
    ingenierie.save()
    fabrique.une_action(plan, "ACT_STRUCT", intitule="Réunir le bureau")
    Action.objects.filter(pk=expertise.pk).delete()
    plan.objectifs = "Retrouver un équilibre durable et former l'équipe"
    plan.save()
    client.force_login(charge)
    reponse = client.get(adresse("plan_comparer", plan.pk))
    page = lu(reponse.content.decode())
    ecarts = reponse.context["ecarts"]
    sortes = {element.sort for element in dict(ecarts["parties"])["Actions"]}
    assert sortes == {"ajoute", "retire", "change"}
    for texte in ("5 500,00 €", "7 000,00 €", "01/03/2027", "Réunir le bureau", "Ajouté", "Retiré"):
        assert texte in page
    assert "<ins>durable </ins>" in page
    assert "montant_ttc" not in page
    assert "Actions : 1 ajout" in page


def test_deux_versions_pareilles_le_disent(client, charge):
    plan = actualise()
    client.force_login(charge)
    page = client.get(adresse("plan_comparer", plan.pk)).content.decode()
    assert "disent la même chose" in page


def test_on_choisit_les_versions_et_une_inconnue_n_existe_pas(client, charge):
    plan = actualise()
    client.force_login(charge)
    url = adresse("plan_comparer", plan.pk)
    choix = client.get(url, {"avant": "2", "apres": "1"}).context
    assert (choix["avant"].numero, choix["apres"].numero) == (2, 1)
    for numero in ("9", "deux", "-1", "1" * 30):
        assert client.get(url, {"avant": numero}).status_code == 404


def test_un_plan_sans_version_figee_n_a_rien_a_comparer(client, charge):
    client.force_login(charge)
    page = client.get(adresse("plan_comparer", fabrique.un_plan().pk)).content.decode()
    assert "qu'une version" in page.replace("&#x27;", "'")


def test_une_version_d_autrefois_se_lit_et_se_compare(client, charge):
    """Frozen before the newer keys existed: nothing but what it held."""
    plan = fabrique.un_plan(genres=("ING_IND",))
    action = plan.actions.get()
    VersionPlan.objects.create(
        plan=plan,
        numero=0,
        motif="Ancienne forme",
        contenu={
            "objectifs": "Avant",
            "actions": [
                {"action": action.pk, "intitule": action.intitule, "jours": "3.00"},
                {"intitule": "Sans clé", "echeance": "bientôt", "montant_ttc": "cher"},
            ],
        },
    )
    client.force_login(charge)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Sans clé" in page
    reponse = client.get(adresse("plan_comparer", plan.pk))
    (changee, retiree) = dict(reponse.context["ecarts"]["parties"])["Actions"]
    assert (changee.sort, retiree.sort) == ("change", "retire")
    jours = next(r for r in changee.rubriques if r.libelle == "Jours prévus")
    assert (jours.avant, jours.apres) == ("3 jours", "5 jours")
    assert regles.actions_figees(plan.versions.all()) >= {action.pk}


def test_le_contenu_fige_garde_les_cles_d_avant():
    contenu = contenu_de(fabrique.un_plan())
    assert {"objectifs", "revue_le", "valide_le", "accord_de", "actions"} <= set(contenu)
    attendues = {"action", "type", "intitule", "thematique", "intervenant", "echeance", "jours"}
    attendues |= {"montant_ttc", "avancement", "ingenierie"}
    assert attendues <= set(contenu["actions"][0])


@pytest.mark.parametrize(
    ("avant", "apres", "attendu"),
    [
        ("a b c", "a c", [("", "a "), ("retire", "b "), ("", "c")]),
        ("a\nb", "a b", [("", "a b")]),
        ("x", "y", [("retire", "x"), ("ajoute", "y")]),
        (
            "l'an dernier",
            "l'an prochain",
            [("", "l'an "), ("retire", "dernier"), ("ajoute", "prochain")],
        ),
    ],
)
def test_les_textes_se_comparent_mot_a_mot(avant, apres, attendu):
    assert [(s.sort, s.texte) for s in comparaison.mots(avant, apres)] == attendu


def test_un_tres_long_texte_se_montre_entier():
    avant, apres = "mot " * 5000, "autre " * 5000
    assert [s.sort for s in comparaison.mots(avant, apres)] == ["retire", "ajoute"]


@pytest.mark.parametrize("qui", ["autre_charge", "c2ra", "pilote", "membre"])
def test_les_pages_du_plan_n_existent_pas_pour_les_autres(client, request, qui):
    plan = fabrique.un_plan()
    client.force_login(request.getfixturevalue(qui))
    for nom in ("plan_comparer", "plan_contributions", "plan_revues"):
        assert client.get(adresse(nom, plan.pk)).status_code == 404


# --- Actions and their planned funding ------------------------------------------------------


def saisie(action, *parts, **champs):
    """The form of an action with its rows of funding: (code, share) pairs."""
    envoi = {
        "version": action.version,
        "genre": action.genre,
        "intitule": action.intitule,
        "thematique": action.thematique_id or "",
        "jours_prevus": "5",
        "montant_prevu": "5 500,00",
        "nombre_lignes": len(parts),
        **champs,
    }
    for rang, (code, montant) in enumerate(parts):
        envoi[f"ligne_{rang}_financeur_id"] = financeur(code).pk if code else ""
        envoi[f"ligne_{rang}_montant"] = montant
    return envoi


def test_une_action_porte_tout_ce_que_le_plan_dit_d_elle(client, charge):
    action = fabrique.un_plan("brouillon").actions.get()
    partenaire = fabrique.un_partenaire("Réseau du réemploi")
    client.force_login(charge)
    envoi = saisie(
        action,
        ("etat", "4000"),
        ("region", "1 500,00 €"),
        nature="conseil",
        partenaire=partenaire.pk,
        debut="2027-01-04",
        echeance="2027-06-30",
        resultat_attendu="Un tableau de bord tenu chaque mois",
    )
    assert client.post(adresse("action_modifier", action.pk), envoi).status_code == 302
    action.refresh_from_db()
    assert action.partenaire == partenaire
    assert [part.montant for part in action.financements.all()] == [4000, 1500]
    page = lu(client.get(action.plan.get_absolute_url()).content.decode())
    for texte in ("Conseil régional 1 500,00 €", str(partenaire), "04/01/2027", "Attendu : Un"):
        assert texte in page
    texte = " ".join(
        p.extract_text() for p in PdfReader(io.BytesIO(plan_pdf(action.plan)[1])).pages
    )
    assert "Financement prévu" in texte


@pytest.mark.parametrize(
    ("parts", "champs", "champ"),
    [
        ([("etat", "6000")], {}, "montant_prevu"),
        ([("etat", "3000")], {"montant_prevu": ""}, "montant_prevu"),
        ([("", "3000")], {}, "ligne_0_financeur_id"),
        ([("etat", "")], {}, "ligne_0_montant"),
        ([("etat", "-5")], {}, "ligne_0_montant"),
        ([("etat", "beaucoup")], {}, "ligne_0_montant"),
        ([], {"debut": "2027-06-30", "echeance": "2027-01-04"}, "echeance"),
        ([], {"partenaire": "999999"}, "partenaire"),
    ],
)
def test_une_action_mal_remplie_est_dite_au_bon_champ(client, charge, parts, champs, champ):
    action = fabrique.un_plan("brouillon").actions.get()
    client.force_login(charge)
    reponse = client.post(adresse("action_modifier", action.pk), saisie(action, *parts, **champs))
    assert reponse.status_code == 422
    assert champ in reponse.context["formulaire"].errors
    assert not action.financements.exists()


def test_les_parts_font_le_cout_au_moment_de_l_accord():
    plan = fabrique.un_plan("brouillon")
    action = plan.actions.get()
    part = FinancementPrevu.objects.create(action=action, financeur=financeur("etat"), montant=4000)
    (manque,) = regles.manques_pour_valider(plan)
    assert "4 000,00" in lu(manque)
    assert "5 500,00" in lu(manque)
    part.montant = 5500
    part.save()
    assert regles.manques_pour_valider(plan) == []


def test_une_action_ne_se_corrige_pas_sous_les_yeux_de_la_structure(client, charge):
    """Submitted between the reading of the form and its sending."""
    action = fabrique.un_plan("brouillon").actions.get()
    client.force_login(charge)
    envoi = saisie(action, intitule="Autre chose")
    transitions.soumettre(action.plan, par=charge)
    assert client.post(adresse("action_modifier", action.pk), envoi).status_code == 409
    action.refresh_from_db()
    assert action.intitule != "Autre chose"


def test_le_formulaire_d_une_action_ne_demande_pas_plus_pour_plus_de_lignes(
    client, charge, django_assert_num_queries
):
    action = fabrique.un_plan("brouillon").actions.get()
    client.force_login(charge)
    url = adresse("action_modifier", action.pk)
    FinancementPrevu.objects.create(action=action, financeur=financeur("etat"), montant=1)
    combien = _requetes(client, url)
    for _ in range(19):
        FinancementPrevu.objects.create(action=action, financeur=financeur("etat"), montant=1)
    with django_assert_num_queries(combien):
        client.get(url)


def _requetes(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as vues:
        client.get(url)
    return len(vues)


@pytest.mark.parametrize("nom", ["plan", "plan_comparer", "plan_contributions", "plan_revues"])
def test_les_pages_du_plan_ne_demandent_pas_plus_pour_plus_de_lignes(
    client, charge, django_assert_num_queries, nom
):
    plan = actualise()
    client.force_login(charge)
    _remplir(plan, 1)
    combien = _requetes(client, adresse(nom, plan.pk))
    _remplir(plan, 19)
    with django_assert_num_queries(combien):
        client.get(adresse(nom, plan.pk))


def _remplir(plan, combien):
    for _ in range(combien):
        action = fabrique.une_action(plan, "OFFRE_PART", partenaire=_partenaire())
        FinancementPrevu.objects.create(action=action, financeur=financeur("etat"), montant=10)
        ContributionPartenaire.objects.create(plan=plan, partenaire=_partenaire(), nature="autre")
        RevuePlan.objects.create(plan=plan, prevue_le=horloge.aujourdhui())


def _partenaire():
    return Partenaire.objects.first() or fabrique.un_partenaire()


# --- Contributions of partners ---------------------------------------------------------------


def test_les_contributions_se_valorisent_hors_du_cout(client, charge):
    plan = fabrique.un_plan("brouillon")
    client.force_login(charge)
    envoi = {
        "version": plan.version,
        "nombre_lignes": 2,
        "ligne_0_organisme": "Réseau des ateliers",
        "ligne_0_nature": "expertise",
        "ligne_0_quantite": "3",
        "ligne_0_unite": "jour",
        "ligne_0_valorisation": "1 350",
        "ligne_0_methode": "3 jours à 450 €, tarif du réseau",
        "ligne_1_partenaire_id": fabrique.un_partenaire().pk,
        "ligne_1_nature": "materiel",
        "ligne_1_valorisation": "150",
        "ligne_1_methode": "Tarif de location de la salle",
        "ligne_1_convention_le": "2026-10-01",
    }
    assert client.post(adresse("plan_contributions", plan.pk), envoi).status_code == 302
    assert plan.contributions.count() == 2
    reponse = client.get(plan.get_absolute_url())
    page = lu(reponse.content.decode())
    assert reponse.context["contributions"]["total"] == 1500
    assert reponse.context["totaux"]["montant"] == 5500
    for texte in ("1 500,00 €", "sans convention", "01/10/2026", "3 jours"):
        assert texte in page
    octets = plan_pdf(Plan.objects.get(pk=plan.pk))[1]
    texte = lu(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(octets)).pages))
    assert "Total valorisé, hors du coût du plan" in " ".join(texte.split())
    assert lecture.lire(contenu_de(plan))["total_valorise"] == 1500


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"nature": "expertise"}, "organisme"),
        ({"organisme": "Réseau"}, "nature"),
        ({"organisme": "R", "nature": "autre", "quantite": "2"}, "unite"),
        ({"organisme": "R", "nature": "autre", "valorisation": "100"}, "methode"),
        (
            {"organisme": "R", "nature": "autre", "valorisation": "-1", "methode": "x"},
            "valorisation",
        ),
        ({"organisme": "R", "nature": "or"}, "nature"),
        ({"organisme": "R", "nature": "autre", "convention_le": "hier"}, "convention_le"),
    ],
)
def test_une_contribution_mal_saisie_est_dite_au_bon_champ(client, charge, champs, champ):
    plan = fabrique.un_plan("brouillon")
    client.force_login(charge)
    envoi = {"version": plan.version, "nombre_lignes": 1}
    envoi |= {f"ligne_0_{nom}": valeur for nom, valeur in champs.items()}
    reponse = client.post(adresse("plan_contributions", plan.pk), envoi)
    assert reponse.status_code == 422
    assert f"ligne_0_{champ}" in reponse.context["formulaire"].errors
    assert not plan.contributions.exists()


# --- Reviews ---------------------------------------------------------------------------------


def test_les_revues_se_planifient_puis_se_concluent(client, charge):
    plan = fabrique.un_plan()
    client.force_login(charge)
    jour = horloge.aujourdhui()
    url = adresse("plan_revues", plan.pk)
    envoi = {
        "version": plan.version,
        "nombre_lignes": 2,
        "ligne_0_prevue_le": (jour + timedelta(days=5)).isoformat(),
        "ligne_1_prevue_le": (jour + timedelta(days=90)).isoformat(),
    }
    assert client.post(url, envoi).status_code == 302
    plan.refresh_from_db()
    assert plan.revue_le == jour + timedelta(days=5)
    assert "Tenir la revue du plan" in [t.libelle for t in taches.taches(charge)]
    premiere, seconde = plan.revues.all()
    envoi = {
        "version": plan.version,
        "nombre_lignes": 2,
        "ligne_0_id": premiere.pk,
        "ligne_0_prevue_le": premiere.prevue_le.isoformat(),
        "ligne_0_tenue_le": jour.isoformat(),
        "ligne_0_conclusions": "Le calendrier tient.",
        "ligne_1_id": seconde.pk,
        "ligne_1_prevue_le": seconde.prevue_le.isoformat(),
    }
    assert client.post(url, envoi).status_code == 302
    plan.refresh_from_db()
    assert plan.revue_le == seconde.prevue_le
    assert "Tenir la revue du plan" not in [t.libelle for t in taches.taches(charge)]
    assert "Le calendrier tient." in client.get(plan.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"tenue_le": "2026-01-05", "conclusions": "Bien"}, "prevue_le"),
        ({"prevue_le": "2026-01-05", "tenue_le": "2026-01-05"}, "conclusions"),
        ({"prevue_le": "2026-01-05", "conclusions": "Bien"}, "tenue_le"),
        ({"prevue_le": "2026-01-05", "tenue_le": "2099-01-05", "conclusions": "B"}, "tenue_le"),
    ],
)
def test_une_revue_mal_saisie_est_dite_au_bon_champ(client, charge, champs, champ):
    plan = fabrique.un_plan()
    client.force_login(charge)
    envoi = {"version": plan.version, "nombre_lignes": 1}
    envoi |= {f"ligne_0_{nom}": valeur for nom, valeur in champs.items()}
    reponse = client.post(adresse("plan_revues", plan.pk), envoi)
    assert reponse.status_code == 422
    assert f"ligne_0_{champ}" in reponse.context["formulaire"].errors


def test_la_revue_dite_a_la_preparation_devient_une_ligne():
    dossier = fabrique.un_diagnostic().accompagnement
    jour = horloge.aujourdhui() + timedelta(days=60)
    plan = transitions.preparer(dossier, par=dossier.charge, revue_le=jour)
    assert plan.revues.get().prevue_le == jour


def test_une_ancienne_date_de_revue_est_proposee(client, charge):
    plan = fabrique.un_plan()
    Plan.objects.filter(pk=plan.pk).update(revue_le=date(2027, 2, 1))
    client.force_login(charge)
    formulaire = client.get(adresse("plan_revues", plan.pk)).context["formulaire"]
    assert formulaire["ligne_0_prevue_le"].value() == date(2027, 2, 1)


def test_deux_personnes_sur_les_revues_ne_s_ecrasent_pas(client, charge):
    plan = fabrique.un_plan()
    client.force_login(charge)
    envoi = {"version": plan.version, "nombre_lignes": 1, "ligne_0_prevue_le": "2027-01-05"}
    Plan.objects.get(pk=plan.pk).save()
    assert client.post(adresse("plan_revues", plan.pk), envoi).status_code == 409
    assert not plan.revues.exists()


# --- Complexity -------------------------------------------------------------------------------


def test_chaque_action_dit_si_elle_compte_et_pourquoi(client, charge):
    plan = fabrique.un_plan(genres=("ING_IND", "EXP_INT", "OFFRE_PART", "ACT_STRUCT"))
    plan.actions.filter(genre="EXP_INT").update(statut="abandonnee")
    dit = complexite.expliquer(plan.actions.all())
    comptees = {action.genre: compte for action, compte, _ in dit["lignes"]}
    assert comptees == {"ING_IND": True, "EXP_INT": False, "OFFRE_PART": True, "ACT_STRUCT": False}
    assert (dit["complexe"], dit["comptees"]) == (plan.est_complexe, plan.mobilisees)
    client.force_login(charge)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "2 actions comptent" in page
    assert "(abandonnée)" in page


# --- Constraints by name ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nom", "modele", "champs"),
    [
        ("contribution_organisme_nomme", ContributionPartenaire, {"nature": "autre"}),
        (
            "contribution_valorisation_expliquee",
            ContributionPartenaire,
            {"organisme": "R", "nature": "autre", "valorisation": 10},
        ),
        (
            "contribution_quantite_avec_unite",
            ContributionPartenaire,
            {"organisme": "R", "nature": "autre", "quantite": 10},
        ),
        (
            "revue_plan_tenue_et_conclue",
            RevuePlan,
            {"prevue_le": date(2026, 1, 1), "conclusions": "x"},
        ),
        (
            "action_dates_ordonnees",
            Action,
            {
                "genre": "EXP_INT",
                "intitule": "x",
                "debut": date(2026, 2, 1),
                "echeance": date(2026, 1, 1),
            },
        ),
    ],
)
def test_la_base_refuse(nom, modele, champs):
    plan = fabrique.un_plan("brouillon", genres=())
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        modele.objects.create(plan=plan, **champs)


def test_la_base_refuse_une_part_nulle():
    action = fabrique.un_plan("brouillon").actions.get()
    with pytest.raises(IntegrityError, match="financement_prevu_positif"), transaction.atomic():
        FinancementPrevu.objects.create(action=action, financeur=financeur("etat"), montant=0)


def test_un_plan_sans_courriel_peut_encore_etre_accepte_sur_papier():
    plan = fabrique.un_plan("brouillon")
    structure = plan.accompagnement.structure
    structure.contacts.all().delete()
    type(structure).objects.filter(pk=structure.pk).update(email="")
    plan = Plan.objects.get(pk=plan.pk)
    charge = plan.accompagnement.charge
    with pytest.raises(Manques, match="papier"):
        transitions.soumettre(plan, par=charge)
    transitions.valider(plan, par=charge, valide_le=horloge.aujourdhui(), accord_de="La présidence")
    assert plan.etat == "valide"
