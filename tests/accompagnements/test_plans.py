"""The plan d'accompagnement: actions, agreement, engineerings, versions."""

import io
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.plans import etats, regles, transitions
from accompagnements.plans.etats import Etat, TypeAction
from accompagnements.plans.gestes import GESTES
from accompagnements.plans.models import Action, Ingenierie, Plan
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
NOMS = ["soumettre", "corriger", "valider", "actualiser", "clore", "abandonner", "rouvrir"]
TABLE = {t.nom: t for t in etats.TRANSITIONS}


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def jouer(nom, plan, par):
    options = {
        "valider": {"valide_le": horloge.aujourdhui(), "accord_de": "La présidence"},
        "soumettre": {},
        "clore": {},
    }.get(nom, {"motif": "Un motif"})
    return getattr(transitions, nom)(plan, par=par, **options)


@pytest.mark.parametrize("nom", NOMS)
@pytest.mark.parametrize("etat", Etat.values)
def test_chaque_geste_ne_part_que_de_ses_etats(responsable, nom, etat):
    plan, transition = fabrique.un_plan(etat, genres=("ACT_STRUCT",)), TABLE[nom]
    plan.actions.update(statut="realisee")
    if etat in transition.depuis:
        jouer(nom, plan, responsable)
    else:
        with pytest.raises(Manques):
            jouer(nom, plan, responsable)
    plan.refresh_from_db()
    assert plan.etat == (transition.vers if etat in transition.depuis else etat)


@pytest.mark.parametrize("qui", ["autre_charge", "gestionnaire", "pilote", "membre", "c2ra"])
@pytest.mark.parametrize("nom", NOMS)
def test_les_autres_roles_sont_refuses(request, qui, nom):
    depart = TABLE[nom].depuis[0]
    plan = fabrique.un_plan(depart)
    with pytest.raises(Refus):
        jouer(nom, plan, request.getfixturevalue(qui))
    plan.refresh_from_db()
    assert plan.etat == depart


def test_rouvrir_revient_au_responsable(charge):
    with pytest.raises(Refus, match="responsable"):
        jouer("rouvrir", fabrique.un_plan("abandonne"), charge)


def test_le_plan_suit_un_diagnostic_valide():
    dossier = fabrique.un_diagnostic("soumis").accompagnement
    with pytest.raises(Manques, match="pas encore validé"):
        transitions.preparer(dossier, par=dossier.charge)


def test_un_seul_plan_par_dossier():
    plan = fabrique.un_plan("brouillon")
    with pytest.raises(Manques, match="déjà un plan"):
        transitions.preparer(plan.accompagnement, par=plan.accompagnement.charge)


def test_un_plan_vide_ne_se_valide_pas():
    plan = fabrique.un_plan("brouillon", genres=())
    assert regles.manques_pour_valider(plan) == ["Le plan ne contient aucune action."]


@pytest.mark.parametrize(
    ("champ", "extrait"),
    [("thematique", "thématique"), ("jours_prevus", "jours"), ("montant_prevu", "montant")],
)
def test_une_ingenierie_est_decrite_avant_l_accord(champ, extrait):
    plan = fabrique.un_plan("brouillon", genres=())
    fabrique.une_action(plan, "ING_IND", **{champ: None})
    (manque,) = regles.manques_pour_valider(plan)
    assert extrait in manque


@pytest.mark.parametrize("genre", ["EXP_INT", "OFFRE_PART", "ACT_STRUCT"])
def test_les_autres_actions_n_exigent_qu_un_intitule(genre):
    plan = fabrique.un_plan("brouillon", genres=(genre,))
    assert regles.manques_pour_valider(plan) == []
    jouer("valider", plan, plan.accompagnement.charge)
    assert not Ingenierie.objects.exists()


@pytest.mark.parametrize(("jours", "extrait"), [(-1, "ne peut précéder"), (400, "futur")])
def test_l_accord_suit_le_diagnostic(jours, extrait):
    plan = fabrique.un_plan("brouillon")
    diagnostic = plan.accompagnement.diagnostics.get()
    with pytest.raises(Manques, match=extrait):
        transitions.valider(
            plan,
            par=plan.accompagnement.charge,
            valide_le=diagnostic.valide_le + timedelta(days=jours),
            accord_de="La présidence",
        )


def test_l_accord_ouvre_une_ingenierie_par_action_payee():
    plan = fabrique.un_plan(genres=("ING_IND", "EXP_INT", "ING_MIX"))
    dossier = plan.accompagnement
    ouvertes = Ingenierie.objects.order_by("pk")
    assert [i.reference for i in ouvertes] == [f"{dossier.reference}-I1", f"{dossier.reference}-I2"]
    assert [i.genre for i in ouvertes] == ["ING_IND", "ING_MIX"]
    assert {i.operateur_id for i in ouvertes} == {dossier.operateur_id}
    assert plan.actions.get(genre="EXP_INT").ingenierie is None


def test_actualiser_fige_la_version_et_ne_double_pas_les_ingenieries():
    plan = fabrique.un_plan()
    charge = plan.accompagnement.charge
    ancien_accord = plan.valide_le
    transitions.actualiser(plan, par=charge, motif="Nouveau besoin")
    version = plan.versions.get()
    assert (version.numero, plan.numero) == (1, 2)
    assert version.contenu["valide_le"] == ancien_accord.isoformat()
    (ligne,) = version.contenu["actions"]
    assert ligne["ingenierie"] == f"{plan.accompagnement.reference}-I1"
    fabrique.une_action(plan, "ING_IND", intitule="Deuxième chantier")
    jouer("valider", plan, charge)
    assert Ingenierie.objects.count() == 2
    assert plan.versions.count() == 1


def test_une_action_figee_s_abandonne_mais_ne_se_retire_pas():
    plan = fabrique.un_plan(genres=("EXP_INT",))
    charge = plan.accompagnement.charge
    transitions.actualiser(plan, par=charge, motif="Nouveau besoin")
    ancienne, neuve = plan.actions.get(), fabrique.une_action(plan, "EXP_INT")
    with pytest.raises(Manques, match="abandonnez-la"):
        transitions.retirer_action(ancienne, par=charge)
    transitions.retirer_action(neuve, par=charge)
    assert list(plan.actions.all()) == [ancienne]


def test_les_actions_ne_changent_pas_sous_un_accord():
    plan = fabrique.un_plan()
    with pytest.raises(Manques, match="actualisez-le"):
        fabrique.une_action(plan)
    with pytest.raises(Manques, match="actualisez-le"):
        transitions.retirer_action(plan.actions.get(), par=plan.accompagnement.charge)


def test_clore_attend_la_fin_de_chaque_action():
    plan = fabrique.un_plan()
    charge, action = plan.accompagnement.charge, plan.actions.get()
    with pytest.raises(Manques, match="encore « prévue »"):
        transitions.clore(plan, par=charge)
    transitions.avancer_action(action.ingenierie, "realisee")
    assert transitions.clore(plan, par=charge).etat == "clos"


def test_abandonner_attend_la_fin_de_ce_qui_est_en_cours():
    plan = fabrique.un_plan()
    transitions.avancer_action(plan.actions.get().ingenierie, "en_cours")
    with pytest.raises(Manques, match="en cours"):
        transitions.abandonner(plan, par=plan.accompagnement.charge, motif="Renoncement")


def test_avancer_une_ingenierie_avance_chaque_structure_sauf_celles_qui_ont_renonce():
    premier, second = _collectif()
    ingenierie = premier.actions.get().ingenierie
    second.actions.update(statut="abandonnee")
    transitions.avancer_action(ingenierie, "en_cours")
    assert premier.actions.get().statut == "en_cours"
    assert second.actions.get().statut == "abandonnee"
    transitions.avancer_action(ingenierie, "realisee")
    assert premier.actions.get().statut == "realisee"


def _collectif():
    """Two plans of the operator sharing one collective engineering, the second agreed to."""
    premier = fabrique.un_plan(genres=("ING_COL",))
    second = fabrique.un_plan("brouillon", genres=("ING_COL",))
    charge = second.accompagnement.charge
    transitions.rattacher(
        second.actions.get(), par=charge, ingenierie=premier.actions.get().ingenierie
    )
    jouer("valider", second, charge)
    return premier, second


def test_un_collectif_est_une_ingenierie_pour_plusieurs_structures():
    premier, second = _collectif()
    ingenierie = Ingenierie.objects.get()
    assert set(ingenierie.accompagnements()) == {premier.accompagnement, second.accompagnement}


def test_on_ne_partage_ni_une_ingenierie_individuelle_ni_celle_d_un_autre(autre_operateur):
    fabrique.un_plan(genres=("ING_IND",))
    ailleurs = fabrique.un_plan(genres=("ING_COL",), operateur=autre_operateur)
    plan = fabrique.un_plan("brouillon", genres=("ING_COL",))
    action = plan.actions.get()
    assert not regles.ingenieries_a_partager(action)
    with pytest.raises(Manques, match="ne peut pas être partagée"):
        transitions.rattacher(
            action,
            par=plan.accompagnement.charge,
            ingenierie=ailleurs.actions.get().ingenierie,
        )


@pytest.mark.parametrize(
    ("genres", "complexe"),
    [
        (("ING_IND",), False),
        (("ING_IND", "ACT_STRUCT", "ACT_STRUCT"), False),
        (("ING_IND", "EXP_INT"), True),
        (("ING_IND", "ING_COL"), True),
    ],
)
def test_un_parcours_complexe_s_explique(client, charge, genres, complexe):
    plan = fabrique.un_plan(genres=genres)
    client.force_login(charge)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert plan.est_complexe is complexe
    assert ("Parcours complexe" in page) is complexe


def test_reprendre_un_plan_d_une_annee_passee():
    dossier = fabrique.un_accompagnement()
    thematique = fabrique.un_terme("thematique")
    plan = transitions.reprendre(
        dossier,
        valide_le=horloge.aujourdhui() - timedelta(days=900),
        actions=[
            {
                "genre": "ING_IND",
                "intitule": "Modèle",
                "thematique": thematique,
                "statut": "realisee",
            },
            {"genre": "EXP_INT", "intitule": "Appui"},
        ],
    )
    assert plan.etat == "valide"
    assert plan.actions.count() == 2
    assert Ingenierie.objects.get().thematique == thematique


def test_reprendre_un_collectif_partage_son_ingenierie():
    ouverte = fabrique.une_ingenierie("ING_COL")
    action = {"genre": "ING_COL", "intitule": "Ensemble", "ingenierie": ouverte}
    transitions.reprendre(
        fabrique.un_accompagnement(), valide_le=horloge.aujourdhui(), actions=[action]
    )
    assert ouverte.accompagnements().count() == 2


def test_du_dossier_au_plan_valide_par_les_pages(client, charge):
    dossier = fabrique.un_diagnostic().accompagnement
    client.force_login(charge)
    cle = {"cle_envoi": str(uuid.uuid4())}
    assert client.get(adresse("plan_preparer", dossier.pk)).status_code == 200
    client.post(adresse("plan_preparer", dossier.pk), {**cle, "objectifs": "Consolider"})
    plan = Plan.objects.get()
    envoi = {
        "cle_envoi": str(uuid.uuid4()),
        "genre": TypeAction.ING_IND,
        "intitule": "Modèle économique",
        "thematique": fabrique.un_terme("thematique").pk,
        "jours_prevus": "4,5",
        "montant_prevu": "4 950,00",
    }
    for _ in range(2):
        client.post(adresse("action_ajouter", plan.pk), envoi)
    action = plan.actions.get()
    assert (action.jours_prevus, action.montant_prevu) == (4.5, 4950)
    url = adresse("plan_geste", plan.pk, "valider")
    reponse = client.post(
        url,
        {
            "version_lue": plan.version,
            "valide_le": horloge.aujourdhui(),
            "accord_de": "La présidence",
        },
    )
    assert reponse.url == plan.get_absolute_url()
    assert Ingenierie.objects.count() == 1
    assert client.get(plan.get_absolute_url()).status_code == 200


def test_le_pdf_du_plan_porte_ses_actions(client, charge, autre_charge):
    plan = fabrique.un_plan(genres=("ING_IND", "EXP_INT"))
    client.force_login(charge)
    reponse = client.get(adresse("plan_pdf", plan.pk))
    pages = PdfReader(io.BytesIO(reponse.getvalue())).pages
    texte = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Expertise interne du DLA" in texte
    assert "5 500,00" in texte.replace("\u202f", " ").replace("\xa0", " ")
    client.force_login(autre_charge)
    assert client.get(adresse("plan_pdf", plan.pk)).status_code == 404


def test_rejoindre_un_collectif_par_la_page(client, charge):
    ingenierie = fabrique.une_ingenierie("ING_COL")
    action = fabrique.un_plan("brouillon", genres=("ING_COL",)).actions.get()
    client.force_login(charge)
    url = adresse("action_rattacher", action.pk)
    assert ingenierie.reference in client.get(url).content.decode()
    envoi = {"cle_envoi": str(uuid.uuid4()), "ingenierie": ingenierie.pk}
    assert client.post(url, envoi).url == action.plan.get_absolute_url()
    action.refresh_from_db()
    assert action.ingenierie == ingenierie


def test_retirer_une_action_par_la_page(client, charge):
    plan = fabrique.un_plan("brouillon")
    action = plan.actions.get()
    client.force_login(charge)
    assert client.get(adresse("action_retirer", action.pk)).status_code == 405
    client.post(adresse("action_retirer", action.pk))
    assert not Action.objects.exists()
    assert "retirée" in client.get(plan.get_absolute_url()).content.decode()


def test_l_avancement_d_une_ingenierie_ne_se_declare_pas(client, charge):
    plan = fabrique.un_plan(genres=("ING_IND", "ACT_STRUCT"))
    client.force_login(charge)
    ingenierie, interne = plan.actions.order_by("pk")
    url = adresse("action_avancement", ingenierie.pk)
    envoi = {"version": ingenierie.version, "statut": "realisee"}
    assert client.post(url, envoi).status_code == 422
    url = adresse("action_avancement", interne.pk)
    envoi = {"version": interne.version, "statut": "realisee", "resultat": "Fait"}
    assert client.post(url, envoi).status_code == 302
    interne.refresh_from_db()
    assert interne.statut == "realisee"


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"intitule": ""}, "intitule"),
        ({"genre": "AUTRE"}, "genre"),
        ({"jours_prevus": "-1"}, "jours_prevus"),
        ({"montant_prevu": "cher"}, "montant_prevu"),
        ({"echeance": "31/02/2026"}, "echeance"),
    ],
)
def test_une_action_mal_saisie_est_dite_au_bon_champ(client, charge, champs, champ):
    plan = fabrique.un_plan("brouillon", genres=())
    client.force_login(charge)
    envoi = {"cle_envoi": str(uuid.uuid4()), "genre": "EXP_INT", "intitule": "Appui", **champs}
    reponse = client.post(adresse("action_ajouter", plan.pk), envoi)
    assert reponse.status_code == 422
    assert champ in reponse.context["formulaire"].errors
    assert not plan.actions.exists()


def test_une_version_perimee_n_ecrase_pas_une_action(client, charge):
    action = fabrique.un_plan("brouillon").actions.get()
    client.force_login(charge)
    envoi = {"version": action.version, "genre": action.genre, "intitule": "Le mien"}
    action.intitule = "Le leur"
    action.save()
    reponse = client.post(adresse("action_modifier", action.pk), envoi)
    assert reponse.status_code == 409
    action.refresh_from_db()
    assert action.intitule == "Le leur"


@pytest.mark.parametrize("nom", ["action_modifier", "action_avancement", "action_rattacher"])
@pytest.mark.parametrize("qui", ["autre_charge", "c2ra", "pilote", "membre"])
def test_les_actions_n_existent_pas_pour_les_autres(client, request, qui, nom):
    plan = fabrique.un_plan("brouillon")
    client.force_login(request.getfixturevalue(qui))
    assert client.get(adresse(nom, plan.actions.get().pk)).status_code == 404
    assert client.get(plan.get_absolute_url()).status_code == 404


def test_la_gestion_lit_le_plan_sans_l_ecrire(client, gestionnaire):
    plan = fabrique.un_plan("brouillon")
    client.force_login(gestionnaire)
    assert client.get(plan.get_absolute_url()).status_code == 200
    assert client.get(adresse("plan_modifier", plan.pk)).status_code == 403
    assert client.post(adresse("action_retirer", plan.actions.get().pk)).status_code == 403
    url = adresse("plan_geste", plan.pk, "valider")
    assert client.post(url, {"version_lue": 0}).status_code == 403


@pytest.mark.parametrize("geste", GESTES, ids=lambda g: g.nom)
def test_chaque_geste_a_sa_page(client, responsable, geste):
    plan = fabrique.un_plan(geste.depuis[0])
    client.force_login(responsable)
    assert client.get(adresse("plan_geste", plan.pk, geste.nom)).status_code == 200
