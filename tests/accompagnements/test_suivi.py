"""The follow-up N+2: figures beside the baseline, each advice, effects, the new demande."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.demandes.models import Demande
from accompagnements.diagnostics.lignes import ChiffresAnnuels
from accompagnements.suites import depart, regles, transitions
from accompagnements.suites.models import Suivi
from accompagnements.suites.releves import ConseilSuivi, Releve
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def lu(texte):
    return texte.replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def suivi():
    """A follow-up to be done, its baseline known; the diagnostic gives one advice."""
    diagnostic = fabrique.un_diagnostic(jours=500)
    annee = horloge.aujourdhui().year - 2
    ChiffresAnnuels.objects.create(
        diagnostic=diagnostic,
        annee=annee,
        cdi=4,
        effectif=8,
        etp=Decimal("6.5"),
        charges=200_000,
        fonds_propres=-5_000,
    )
    type(diagnostic).objects.filter(pk=diagnostic.pk).update(
        annee_n=annee, effectif=8, budget=200_000, gouv_mandats="non", beneficiaires=100
    )
    diagnostic.refresh_from_db()
    return transitions.prevoir_suivi(diagnostic)


def saisie(suivi, **champs):
    return {
        "version_lue": suivi.version,
        "realise_le": horloge.aujourdhui().isoformat(),
        "mode": "sur_place",
        "annee": horloge.aujourdhui().year,
        "cdi": "6",
        "effectif": "10",
        "etp": "7,5",
        "charges": "230 000,00",
        "fonds_propres": "-1 000",
        "beneficiaires": "120",
        "gouv_mandats": "oui",
        "suite_0": "faite",
        "effets": "Une équipe confortée",
        "effet_durable": "oui",
        "causes": "Une activité nouvelle",
        **champs,
    }


def test_le_releve_se_compare_au_point_de_depart(client, charge, suivi):
    client.force_login(charge)
    url = adresse("suivi_geste", suivi.pk, "realiser")
    page = lu(client.get(url).content.decode())
    assert "-5 000,00 €" in page  # the baseline stands beside the cell
    assert "200 000,00 €" in page
    assert client.post(url, saisie(suivi)).status_code == 302
    suivi.refresh_from_db()
    assert (suivi.etat, suivi.effectif, suivi.budget) == ("realise", 10, 230_000)
    mesures = {m.libelle: m for _, lot in depart.comparer(suivi) for m in lot}
    dits = {nom: lu(mesure.ecart) for nom, mesure in mesures.items()}
    assert dits["Effectif total"] == "+ 2 (+ 25 %)"
    assert dits["Total des charges"] == "+ 30 000,00 € (+ 15 %)"
    assert dits["Fonds propres"] == "+ 4 000,00 €"  # no rate over a negative amount
    assert dits["Part des CDI"] == "+ 10 points"
    assert dits["Les mandats sont renouvelés"] == "mieux"
    assert dits["Nombre de bénéficiaires"] == "+ 20 (+ 20 %)"
    page = lu(client.get(suivi.get_absolute_url()).content.decode())
    for texte in ("+ 2 (+ 25 %)", "Une activité nouvelle", "Faite", "modèle économique"):
        assert texte in page


def test_chaque_conseil_a_sa_suite_et_ses_raisons(client, charge, suivi):
    client.force_login(charge)
    url = adresse("suivi_geste", suivi.pk, "realiser")
    reponse = client.post(url, saisie(suivi, suite_0="en_partie"))
    assert reponse.status_code == 422
    assert "pourquoi_0" in reponse.context["formulaire"].errors
    assert not ConseilSuivi.objects.exists()
    client.post(url, saisie(suivi, suite_0="en_partie", pourquoi_0="Faute de temps"))
    conseil = suivi.conseils.get()
    assert (conseil.suite, conseil.pourquoi) == ("en_partie", "Faute de temps")
    assert conseil.preconisation == suivi.diagnostic.lignes_preconisations.get()
    assert conseil.texte == conseil.preconisation.texte


def test_sans_preconisation_ce_sont_les_actions_du_plan(charge):
    plan = fabrique.un_plan(genres=("ING_IND", "EXP_INT"), jours=500)
    diagnostic = plan.accompagnement.diagnostics.get()
    diagnostic.lignes_preconisations.all().delete()
    plan.actions.filter(genre="EXP_INT").update(statut="abandonnee")
    suivi = transitions.prevoir_suivi(diagnostic)
    (action,) = regles.conseils_a_suivre(suivi)
    transitions.realiser(
        suivi, par=charge, realise_le=horloge.aujourdhui(), suites=[(action, "non", "Départs")]
    )
    assert suivi.conseils.get().action == action


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"realise_le": ""}, "realise_le"),
        ({"realise_le": "2099-01-01"}, "realise_le"),
        ({"annee": "1900"}, "annee"),
        ({"annee": "bientôt"}, "annee"),
        ({"cdi": "12"}, "effectif"),
        ({"charges": "beaucoup"}, "charges"),
        ({"charges": "-5"}, "charges"),
        ({"produits": "10", "subventions": "20"}, "subventions"),
        ({"suite_0": "peut-être"}, "suite_0"),
        ({"gouv_mandats": "parfois"}, "gouv_mandats"),
    ],
)
def test_un_releve_mal_saisi_est_dit_au_bon_champ(client, charge, suivi, champs, champ):
    client.force_login(charge)
    reponse = client.post(adresse("suivi_geste", suivi.pk, "realiser"), saisie(suivi, **champs))
    assert reponse.status_code == 422
    assert champ in reponse.context["formulaire"].errors
    suivi.refresh_from_db()
    assert suivi.etat == "prevu"
    assert not Releve.objects.exists()


def test_rien_que_la_date_suffit(client, charge, suivi):
    client.force_login(charge)
    envoi = {"version_lue": suivi.version, "realise_le": horloge.aujourdhui().isoformat()}
    assert client.post(adresse("suivi_geste", suivi.pk, "realiser"), envoi).status_code == 302
    suivi.refresh_from_db()
    assert suivi.etat == "realise"
    assert not Releve.objects.exists()
    assert client.get(suivi.get_absolute_url()).status_code == 200


def test_un_besoin_nouveau_devient_une_demande_une_seule_fois(client, charge, suivi):
    client.force_login(charge)
    client.post(adresse("suivi_geste", suivi.pk, "realiser"), saisie(suivi, besoins="Former"))
    suivi.refresh_from_db()
    url, avant = adresse("suivi_geste", suivi.pk, "redemander"), Demande.objects.count()
    assert client.get(url).status_code == 200
    assert Demande.objects.count() == avant
    assert client.post(url, {"version_lue": suivi.version}).status_code == 302
    suivi.refresh_from_db()
    assert Demande.objects.count() == avant + 1
    assert suivi.demande.structure == suivi.accompagnement.structure
    assert "Former" in suivi.demande.objet
    assert suivi.demande.reference in client.get(suivi.get_absolute_url()).content.decode()
    with pytest.raises(Manques, match="déjà enregistrée"):
        transitions.redemander(suivi, par=charge)


def test_sans_besoin_pas_de_demande(charge, suivi):
    transitions.realiser(suivi, par=charge, realise_le=horloge.aujourdhui())
    with pytest.raises(Manques, match="aucun nouveau besoin"):
        transitions.redemander(suivi, par=charge)


@pytest.mark.parametrize("qui", ["autre_charge", "gestionnaire", "pilote", "membre", "c2ra"])
def test_les_autres_ne_relevent_ni_ne_redemandent(request, client, qui, suivi):
    personne = request.getfixturevalue(qui)
    with pytest.raises(Refus):
        transitions.realiser(suivi, par=personne, realise_le=horloge.aujourdhui())
    with pytest.raises(Refus):
        transitions.redemander(suivi, par=personne)
    client.force_login(personne)
    assert client.get(suivi.get_absolute_url()).status_code == 404


def test_l_annee_proposee_est_n_plus_2_sans_etre_dans_le_futur(suivi):
    assert depart.annee_proposee(suivi.diagnostic) == horloge.aujourdhui().year
    suivi.diagnostic.annee_n = horloge.aujourdhui().year - 1
    assert depart.annee_proposee(suivi.diagnostic) == horloge.aujourdhui().year
    suivi.diagnostic.annee_n = None
    assert depart.annee_proposee(suivi.diagnostic) == horloge.aujourdhui().year - 1


def test_un_suivi_d_autrefois_sans_releve_se_lit_encore(client, charge, suivi):
    transitions.realiser(
        suivi,
        par=charge,
        realise_le=horloge.aujourdhui(),
        effectif=9,
        budget=Decimal(210_000),
        preconisations="Tableau de bord en place",
    )
    client.force_login(charge)
    page = client.get(suivi.get_absolute_url()).content.decode()
    assert "Tableau de bord en place" in page


@pytest.mark.parametrize(
    ("nom", "modele", "champs"),
    [
        ("conseil_suivi_explique", ConseilSuivi, {"texte": "x", "suite": "non"}),
        (
            "releve_subventions_dans_produits",
            Releve,
            {"annee": 2025, "produits": 1, "subventions": 2},
        ),
        ("releve_etp_positif", Releve, {"annee": 2025, "etp": -1}),
    ],
)
def test_la_base_refuse(suivi, nom, modele, champs):
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        modele.objects.create(suivi=suivi, **champs)


def test_un_conseil_n_a_qu_une_suite(suivi):
    conseil = suivi.diagnostic.lignes_preconisations.get()
    ligne = {"suivi": suivi, "preconisation": conseil, "texte": "x", "suite": "faite"}
    ConseilSuivi.objects.create(**ligne)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConseilSuivi.objects.create(**ligne)


def test_la_page_du_suivi_ne_demande_pas_plus_pour_plus_de_lignes(
    client, charge, suivi, django_assert_num_queries
):
    client.force_login(charge)
    url, formulaire = suivi.get_absolute_url(), adresse("suivi_geste", suivi.pk, "realiser")
    combien = [_requetes(client, une) for une in (url, formulaire)]
    for rang in range(19):
        conseil = suivi.diagnostic.lignes_preconisations.create(texte=f"Conseil {rang}")
        ConseilSuivi.objects.create(
            suivi=suivi, preconisation=conseil, texte=conseil.texte, suite="faite"
        )
    for une, attendu in zip((url, formulaire), combien, strict=True):
        with django_assert_num_queries(attendu):
            client.get(une)


def _requetes(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as vues:
        client.get(url)
    return len(vues)


def test_le_suivi_en_retard_reste_dans_la_fenetre(suivi):
    debut, fin = regles.fenetre_de_suivi(suivi.diagnostic.valide_le)
    assert (suivi.prevu_du, suivi.prevu_au) == (debut, fin)
    assert fin - debut > timedelta(days=150)
    assert Suivi.objects.count() == 1
