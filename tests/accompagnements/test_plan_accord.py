"""The agreement of the structure on its plan: personal link, code, the very text that was read."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.parcours import taches
from accompagnements.plans import contenu, regles, transitions
from accompagnements.plans.models import Ingenierie, Plan
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Evenement
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements.liens import confirmer, lien_de

pytestmark = pytest.mark.django_db
INTITULE = "Consolider le modèle économique"


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


@pytest.fixture
def soumis():
    """A plan submitted, the link of its structure, and its address."""
    plan = fabrique.un_plan("partage")
    destinataire = plan.accompagnement.structure.courriel_principal()
    return plan, lien_de(destinataire), destinataire


def reponse_de_la_structure(plan, **champs):
    return {
        "action": "accepter",
        "lu": contenu.empreinte(plan),
        "valide_le": horloge.aujourdhui().isoformat(),
        "organe": "Conseil d'administration",
        "accord_de": "Dominique Essai, présidence",
        **champs,
    }


def test_soumettre_ecrit_a_la_structure_sans_rien_dire_du_plan(soumis):
    plan, _, destinataire = soumis
    assert (plan.etat, plan.responsable) == ("partage", "la structure")
    courriel = Courriel.objects.filter(destinataire=destinataire).first()
    assert "attend votre accord" in courriel.sujet
    assert INTITULE not in courriel.corps


def test_soumettre_demande_un_plan_complet_et_une_adresse():
    plan = fabrique.un_plan("brouillon", genres=())
    structure = plan.accompagnement.structure
    structure.contacts.all().delete()
    type(structure).objects.filter(pk=structure.pk).update(email="")
    plan = Plan.objects.get(pk=plan.pk)
    with pytest.raises(Manques) as refus:
        transitions.soumettre(plan, par=plan.accompagnement.charge)
    assert len(refus.value.phrases) == 2
    assert "papier" in refus.value.phrases[1]


def test_rien_du_plan_ne_se_lit_ni_ne_se_decide_avant_le_code(soumis, client):
    plan, lien, destinataire = soumis
    assert INTITULE not in client.get(lien).content.decode()
    assert client.get(f"{lien}?document=plan").status_code == 302
    reponse = client.post(lien, reponse_de_la_structure(plan))
    assert reponse.status_code == 422
    assert INTITULE not in reponse.content.decode()
    confirmer(client, lien, destinataire)
    assert INTITULE in client.get(lien).content.decode()
    octets = b"".join(client.get(f"{lien}?document=plan").streaming_content)
    texte = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)
    assert INTITULE in " ".join(texte.split())
    plan.refresh_from_db()
    assert plan.etat == "partage"


def test_vingt_lectures_d_un_robot_ne_changent_rien(soumis, client):
    plan, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    avant = (Plan.objects.values().get(pk=plan.pk), Evenement.objects.count())
    courriels = Courriel.objects.count()
    for _ in range(20):
        assert client.get(lien).status_code == 200
        assert client.head(lien).status_code == 200
    assert (Plan.objects.values().get(pk=plan.pk), Evenement.objects.count()) == avant
    assert Courriel.objects.count() == courriels


def test_la_structure_donne_son_accord(soumis, client):
    plan, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    envoi = reponse_de_la_structure(plan, commentaire="Nous commençons en mars.")
    assert client.post(lien, envoi).status_code == 302
    plan.refresh_from_db()
    assert (plan.etat, plan.valide_le) == ("valide", horloge.aujourdhui())
    assert plan.organe == "Conseil d'administration"
    assert plan.accord_note == "Nous commençons en mars."
    assert Ingenierie.objects.count() == 1
    trace = plan.journal().filter(transition="valider").get()
    assert "par son lien" in trace.par_qui
    au_charge = Courriel.objects.filter(destinataire=plan.accompagnement.charge.email).first()
    assert "Accord de la structure" in au_charge.sujet
    assert "Accord donné le" in client.get(lien).content.decode()
    # The same sending again finds the agreement given, and changes nothing.
    assert client.post(lien, envoi).status_code == 422
    assert plan.journal().filter(transition="valider").count() == 1


@pytest.mark.parametrize(
    ("champs", "extrait"),
    [
        ({"organe": ""}, "organe"),
        ({"accord_de": " "}, "accord_de"),
        ({"valide_le": "2999-01-01"}, "valide_le"),
        ({"valide_le": "31/02/2026"}, "valide_le"),
        ({"lu": ""}, "lu"),
    ],
)
def test_un_accord_mal_rempli_est_dit_au_bon_champ(soumis, client, champs, extrait):
    plan, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    reponse = client.post(lien, reponse_de_la_structure(plan, **champs))
    assert reponse.status_code == 422
    assert extrait in reponse.context["formulaires"]["accepter"].errors
    plan.refresh_from_db()
    assert plan.etat == "partage"


def test_un_plan_change_depuis_la_lecture_n_est_pas_accepte(soumis, client):
    plan, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    envoi = reponse_de_la_structure(plan)
    plan.actions.update(montant_prevu=9999)  # a data fix, behind the gestures
    reponse = client.post(lien, envoi)
    assert reponse.status_code == 422
    assert "a changé depuis" in reponse.content.decode()
    plan.refresh_from_db()
    assert plan.etat == "partage"
    assert client.post(lien, reponse_de_la_structure(plan)).status_code == 302


def test_l_avancement_d_une_action_n_empeche_pas_l_accord():
    plan = fabrique.un_plan("partage")
    lu = contenu.empreinte(plan)
    plan.actions.update(statut="en_cours", resultat="Commencée")
    assert contenu.empreinte(plan) == lu
    plan.actions.update(resultat_attendu="Autre chose")
    assert contenu.empreinte(plan) != lu


def test_la_structure_demande_une_correction(soumis, client):
    plan, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    vide = client.post(lien, {"action": "corriger", "remarque": ""})
    assert vide.status_code == 422
    envoi = {"action": "corriger", "remarque": "Le coût est trop élevé."}
    assert client.post(lien, envoi).status_code == 302
    plan.refresh_from_db()
    assert (plan.etat, plan.soumis_le) == ("brouillon", None)
    assert plan.journal().get(transition="corriger").motif == "Le coût est trop élevé."
    page = client.get(lien).content.decode()
    assert "retravaille" in page
    assert INTITULE not in page
    au_charge = Courriel.objects.filter(destinataire=plan.accompagnement.charge.email).first()
    assert "à corriger" in au_charge.sujet
    assert "trop élevé" not in au_charge.corps


def test_reprendre_la_redaction_ferme_le_lien(soumis, client):
    plan, lien, _ = soumis
    transitions.corriger(plan, par=plan.accompagnement.charge, motif="Un oubli")
    assert client.get(lien).status_code == 404
    with pytest.raises(Manques):
        transitions.valider_par_lien(
            plan,
            par="La structure, par son lien",
            valide_le=horloge.aujourdhui(),
            accord_de="X",
            organe="Bureau",
            lu=contenu.empreinte(plan),
        )


def test_soumettre_de_nouveau_remplace_le_lien(soumis, client):
    plan, ancien, destinataire = soumis
    transitions.corriger(plan, par=plan.accompagnement.charge, motif="Un oubli")
    transitions.soumettre(plan, par=plan.accompagnement.charge)
    assert client.get(ancien).status_code == 404
    assert client.get(lien_de(destinataire)).status_code == 200


def test_actualiser_ferme_le_lien_et_fige_ce_qui_a_ete_accepte(soumis, client):
    plan, lien, destinataire = soumis
    confirmer(client, lien, destinataire)
    client.post(lien, reponse_de_la_structure(plan))
    plan.refresh_from_db()
    transitions.actualiser(plan, par=plan.accompagnement.charge, motif="Nouveau besoin")
    assert client.get(lien).status_code == 404
    assert plan.versions.get().contenu["organe"] == "Conseil d'administration"
    assert plan.soumis_le is None


def test_un_plan_soumis_ne_change_plus(soumis, client):
    plan, _, _ = soumis
    client.force_login(plan.accompagnement.charge)
    for nom in ("plan_modifier", "plan_contributions", "plan_revues", "action_ajouter"):
        assert client.get(adresse(nom, plan.pk)).status_code == 409
    with pytest.raises(Manques, match="reprenez-en la rédaction"):
        fabrique.une_action(plan)


def test_l_accord_sur_papier_vaut_toujours(soumis):
    plan, _, _ = soumis
    transitions.valider(
        plan,
        par=plan.accompagnement.charge,
        valide_le=horloge.aujourdhui(),
        accord_de="La présidence",
        organe="Bureau",
    )
    assert (plan.etat, plan.organe) == ("valide", "Bureau")


def test_l_accord_ne_precede_pas_l_envoi(soumis):
    plan, _, _ = soumis
    avant = plan.soumis_le - timedelta(days=1)
    (phrase,) = regles.ordre_de_l_accord(plan, avant)
    assert "ne peut précéder la soumission" in phrase


@pytest.mark.parametrize("par", [None, ""])
def test_sans_lien_ni_compte_rien_ne_se_fait(soumis, par):
    plan, _, _ = soumis
    with pytest.raises(Refus):
        transitions.demander_correction(plan, par=par, remarque="Non")


def test_un_plan_soumis_est_date_par_la_base(soumis):
    plan, _, _ = soumis
    with pytest.raises(IntegrityError, match="plan_soumis_date"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(soumis_le=None)


def test_le_plan_soumis_se_relance_depuis_aujourd_hui(soumis):
    plan, _, _ = soumis
    charge = plan.accompagnement.charge
    libelles = [tache.libelle for tache in taches.taches(charge)]
    assert "Relancer la structure : plan à accepter" in libelles
    assert "Faire valider le plan" not in libelles
    transitions.corriger(plan, par=charge, motif="Un oubli")
    libelles = [tache.libelle for tache in taches.taches(charge)]
    assert "Faire valider le plan" in libelles


def test_le_dossier_dit_a_qui_le_tour(soumis, client):
    plan, _, _ = soumis
    client.force_login(plan.accompagnement.charge)
    page = client.get(plan.accompagnement.get_absolute_url()).content.decode()
    assert "Soumis à la structure" in page
    assert "Enregistrer l&#x27;accord de la structure" in page
