"""The money of an accompagnement: ledger, split between financeurs, invoices, evidence, vigilance."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accompagnements.conventions import transitions as conventions
from accompagnements.financements import compte, transitions
from accompagnements.financements.models import Enveloppe, Imputation, Repartition
from accompagnements.financements.prorata import ventiler
from accompagnements.missions import transitions as missions
from accompagnements.models import Convention
from accompagnements.parcours.taches import taches
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture, PointRapport
from accompagnements.restitutions.regles import avertissements_de_la_facture
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Evenement
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_ingenierie import (
    le_charge,
    un_avenant,
    une_convention,
    une_enveloppe,
    une_journee,
    une_mission,
    une_restitution,
)

pytestmark = pytest.mark.django_db
CENTIMES = st.integers(min_value=0, max_value=2_000_00)
REPARTIR = "Répartir le coût entre les financeurs"
RENDRE = "Rendre le reste aux enveloppes"


def facture_de(mission, numero, ttc, jours=0, solde=False):
    ttc = Decimal(ttc)
    return Facture(
        mission=mission,
        numero=numero,
        datee_du=horloge.aujourdhui(),
        montant_ht=round(ttc / Decimal("1.2"), 2),
        montant_ttc=ttc,
        jours=Decimal(jours),
        solde=solde,
    )


def payer(facture, gestionnaire):
    restitutions.certifier(facture, par=gestionnaire, motif="Feuilles vues")
    return restitutions.payer(
        facture, par=gestionnaire, payee_le=horloge.aujourdhui(), paiement_reference="VIR"
    )


def le_compte(enveloppe):
    return compte.comptes([enveloppe])[enveloppe.pk]


# The pure arithmetic


@given(st.lists(CENTIMES, min_size=1, max_size=6), st.lists(CENTIMES, max_size=8))
def test_chaque_facture_se_ventile_au_centime_sans_jamais_depasser_une_part(parts, montants):
    restes = [Decimal(p) / 100 for p in parts]
    for montant in (Decimal(m) / 100 for m in montants):
        avant = sum(restes)
        tire = ventiler(montant, restes)
        assert sum(tire) == min(montant, avant)
        assert all(0 <= part <= reste for part, reste in zip(tire, restes, strict=True))
        restes = [reste - part for reste, part in zip(restes, tire, strict=True)]
    assert ventiler(sum(restes), restes) == restes  # at the end, each part is used up exactly


def test_la_derniere_part_prend_l_arrondi():
    tiers = [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert ventiler(Decimal("0.10"), tiers) == [Decimal("0.03"), Decimal("0.04"), Decimal("0.03")]
    assert ventiler(Decimal(100), tiers) == tiers


# The split


def test_la_repartition_fait_le_cout_et_s_engage(charge, responsable):
    convention, etat, region = une_convention(), une_enveloppe(), une_enveloppe("region")
    parts = {etat: Decimal(3000), region: Decimal(1800)}
    transitions.repartir(convention, par=charge, parts=parts)
    assert sum(i.montant for i in Imputation.objects.all()) == convention.montant_ttc
    assert (le_compte(etat).engage, le_compte(etat).reste) == (Decimal(3000), Decimal(7000))


@pytest.mark.parametrize(
    ("part", "phrase"),
    [
        ("4799.99", "il reste 0,01"),
        ("4800.01", "de trop"),
        ("0", "supérieur à zéro"),
        ("4800.001", "au centime près"),
    ],
)
def test_une_repartition_qui_ne_fait_pas_le_cout_est_refusee(charge, part, phrase):
    convention = une_convention()
    with pytest.raises(Manques, match=phrase):
        transitions.repartir(convention, par=charge, parts={une_enveloppe(): Decimal(part)})
    assert not Repartition.objects.exists()


def test_rien_ne_s_engage_au_dela_du_vote(charge):
    convention, petite = une_convention(), une_enveloppe(vote="4799.99")
    with pytest.raises(Manques, match="n'a plus que"):
        transitions.repartir(convention, par=charge, parts={petite: Decimal(4800)})


def test_le_flechage_se_respecte(charge, departement):
    convention = une_convention()
    secteurs = Terme.objects.de("secteur")
    structure = convention.ingenierie.accompagnements().get().structure
    ailleurs = une_enveloppe(secteur=secteurs.exclude(pk=structure.secteur_id).first())
    with pytest.raises(Manques, match="fléchée vers le secteur"):
        transitions.repartir(convention, par=charge, parts={ailleurs: Decimal(4800)})
    var = une_enveloppe(departement=fabrique.un_departement("83", "Var"))
    with pytest.raises(Manques, match="fléchée vers le département"):
        transitions.repartir(convention, par=charge, parts={var: Decimal(4800)})
    ici = une_enveloppe(departement=departement, secteur=structure.secteur)
    transitions.repartir(convention, par=charge, parts={ici: Decimal(4800)})


def test_l_annee_de_l_enveloppe_est_proche_de_la_signature(charge):
    convention = une_convention()
    loin = une_enveloppe(annee=convention.signee_le.year - 2)
    with pytest.raises(Manques, match="année de signature"):
        transitions.repartir(convention, par=charge, parts={loin: Decimal(4800)})


def test_une_enveloppe_engagee_garde_son_annee_son_financeur_et_son_flechage(
    client, charge, gestionnaire
):
    """A 2026 enveloppe already engaged became 2024 · Handicap."""
    convention, enveloppe = une_convention(), une_enveloppe()
    client.force_login(gestionnaire)
    adresse = reverse("accompagnements:enveloppe_modifier", args=[enveloppe.pk])
    envoi = {
        "version": enveloppe.version,
        "financeur": enveloppe.financeur_id,
        "annee": enveloppe.annee,
        "montant_vote": "10000",
    }
    # Free until then.
    assert client.post(adresse, {**envoi, "politique": "Ruralité"}).status_code == 302
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    enveloppe.refresh_from_db()
    envoi |= {"version": enveloppe.version, "politique": "Ruralité"}
    for champ, valeur in (
        ("annee", enveloppe.annee - 2),
        ("politique", "Handicap"),
        ("financeur", Terme.objects.get(liste="financeur", code="bdt").pk),
        ("departement", "13"),
    ):
        reponse = client.post(adresse, {**envoi, champ: valeur})
        assert reponse.status_code == 422
        assert "ne change plus" in str(reponse.context["formulaire"].errors[champ])
    assert (
        client.post(adresse, {**envoi, "montant_vote": "12000", "numero": "7"}).status_code == 302
    )


def test_l_enveloppe_d_un_autre_operateur_ne_paie_pas(charge, autre_operateur):
    autre = une_enveloppe(operateur=autre_operateur)
    with pytest.raises(Manques, match="autre opérateur"):
        transitions.repartir(une_convention(), par=charge, parts={autre: Decimal(4800)})


def test_seule_une_convention_signee_se_repartit(charge):
    convention = une_convention("en_signature")
    with pytest.raises(Manques, match="convention signée se répartit"):
        transitions.repartir(convention, par=charge, parts={une_enveloppe(): Decimal(4800)})


def test_une_repartition_faite_entre_temps_n_est_pas_ecrasee(charge):
    convention, enveloppe = une_convention(), une_enveloppe()
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    lue = Convention.objects.get(pk=convention.pk)
    assert lue.repartition.version == 0
    autre = Convention.objects.get(pk=convention.pk)
    transitions.repartir(autre, par=charge, parts={enveloppe: Decimal(4800)})
    with pytest.raises(VersionPerimee):
        transitions.repartir(lue, par=charge, parts={enveloppe: Decimal(4800)})


def test_un_changement_de_cout_rouvre_la_repartition_meme_payee(charge, gestionnaire):
    mission, enveloppe = une_mission(), une_enveloppe()
    transitions.repartir(mission.convention, par=charge, parts={enveloppe: Decimal(4800)})
    acompte = restitutions.recevoir_facture(facture_de(mission, "A", "1440"), par=charge)
    payer(acompte, gestionnaire)
    convention = Convention.objects.get(pk=mission.convention_id)
    with pytest.raises(Manques, match="elle ne change plus"):
        transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    assert REPARTIR not in {t.libelle for t in taches(gestionnaire, personnelles=False)}
    convention.montant_ttc = Decimal(5000)
    convention.save()
    assert REPARTIR in {t.libelle for t in taches(gestionnaire, personnelles=False)}
    convention = Convention.objects.get(pk=convention.pk)
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(5000)})
    assert le_compte(enveloppe).engage == Decimal(5000)


def test_ce_qui_est_paye_ne_change_pas_d_enveloppe(charge, gestionnaire):
    """1 440 paid from A, then all split again on B: A showed nothing paid any more."""
    mission, etat, region = une_mission(), une_enveloppe(), une_enveloppe("region")
    transitions.repartir(mission.convention, par=charge, parts={etat: Decimal(4800)})
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "1440"), par=charge)
    # Only received: a wrong split may still be corrected.
    convention = Convention.objects.get(pk=mission.convention_id)
    transitions.repartir(convention, par=charge, parts={region: Decimal(4800)})
    convention = Convention.objects.get(pk=convention.pk)
    transitions.repartir(convention, par=charge, parts={etat: Decimal(4800)})
    payer(Facture.objects.get(pk=facture.pk), gestionnaire)
    Convention.objects.filter(pk=convention.pk).update(montant_ttc=5000, montant_ht=4100)
    convention = Convention.objects.get(pk=convention.pk)
    for parts in ({region: Decimal(5000)}, {etat: Decimal("1439.99"), region: Decimal("3560.01")}):
        with pytest.raises(Manques, match="ne peut être inférieure"):
            transitions.repartir(convention, par=charge, parts=parts)
    transitions.repartir(convention, par=charge, parts={etat: Decimal(4800), region: Decimal(200)})


# What the database keeps by itself


def ecrire_a_la_main(convention, parts):
    """Write a split without its transition, then play what a commit checks (PostgreSQL)."""
    with transaction.atomic():
        repartition = Repartition.objects.create(convention=convention, cout=Decimal(4800))
        for enveloppe, part in parts.items():
            Imputation.objects.create(
                repartition=repartition, enveloppe=enveloppe, montant=Decimal(part)
            )
        connection.check_constraints()


def voter_a_la_main(enveloppe, montant):
    with transaction.atomic():
        Enveloppe.objects.filter(pk=enveloppe.pk).update(montant_vote=Decimal(montant))
        connection.check_constraints()


def test_la_base_refuse_des_parts_au_dessus_du_cout():
    parts = {une_enveloppe(): "4800", une_enveloppe("bdt"): "0.01"}
    with pytest.raises(IntegrityError, match="parts_font_le_cout"):
        ecrire_a_la_main(une_convention(), parts)


def test_la_base_refuse_un_engagement_au_dessus_du_vote():
    with pytest.raises(IntegrityError, match="engagee_sous_le_vote"):
        ecrire_a_la_main(une_convention(), {une_enveloppe(vote="4799.99"): "4800"})


def test_la_base_refuse_de_voter_moins_que_l_engage(charge):
    enveloppe = une_enveloppe()
    transitions.repartir(une_convention(), par=charge, parts={enveloppe: Decimal(4800)})
    with pytest.raises(IntegrityError, match="engagee_sous_le_vote"):
        voter_a_la_main(enveloppe, "4799.99")


def test_postgresql_refuse_des_parts_en_dessous_du_cout():
    """SQLite, without deferred triggers, leaves this side to the transition (migration 0015)."""
    convention, parts = une_convention(), {une_enveloppe(): "4799.99"}
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="parts_font_le_cout"):
            ecrire_a_la_main(convention, parts)
    else:
        ecrire_a_la_main(convention, parts)
        assert Repartition.objects.get().cout == Decimal(4800)


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({}, "enveloppe_unique"),
        ({"code": "bdt", "vote": "0"}, "enveloppe_montant_positif"),
        ({"code": "bdt", "annee": 1990}, "enveloppe_annee_plausible"),
    ],
)
def test_les_contraintes_de_l_enveloppe(champs, contrainte):
    une_enveloppe()
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        une_enveloppe(**champs)


# The figures


def test_vote_engage_facture_paye(charge, gestionnaire):
    mission = une_restitution().mission
    etat, region = une_enveloppe(vote="3000"), une_enveloppe("region", vote="2000")
    transitions.repartir(
        mission.convention, par=charge, parts={etat: Decimal(3000), region: Decimal(1800)}
    )
    acompte = restitutions.recevoir_facture(facture_de(mission, "A", "1440.01"), par=charge)
    payer(acompte, gestionnaire)
    refusee = restitutions.recevoir_facture(facture_de(mission, "B", "100"), par=charge)
    restitutions.rejeter(refusee, par=gestionnaire, motif="Numéro absent")
    restitutions.recevoir_facture(
        facture_de(mission, "C", "3359.99", jours=5, solde=True), par=charge
    )
    total = compte.total(compte.comptes([etat, region]).values())
    assert (total.vote, total.engage, total.facture, total.paye, total.reste) == (
        Decimal(5000),
        Decimal(4800),
        Decimal(4800),
        Decimal("1440.01"),
        Decimal(200),
    )
    assert le_compte(etat).paye == Decimal("900.01")


def test_le_reste_d_une_mission_soldee_retourne_a_l_enveloppe(charge, gestionnaire):
    mission, enveloppe = une_restitution().mission, une_enveloppe(vote="4800")
    convention = mission.convention
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    with pytest.raises(Manques, match="ni soldée ni résiliée"):
        transitions.liberer(convention, par=gestionnaire)
    solde = restitutions.recevoir_facture(
        facture_de(mission, "S", "4000", jours=4, solde=True), par=charge
    )
    payer(solde, gestionnaire)
    with pytest.raises(Refus):
        transitions.liberer(convention, par=charge)
    rendre = [t for t in taches(gestionnaire, personnelles=False) if t.libelle == RENDRE]
    assert [t.url for t in rendre] == [
        reverse("accompagnements:convention_liberer", args=[convention.pk])
    ]
    transitions.liberer(convention, par=gestionnaire)
    assert (le_compte(enveloppe).engage, le_compte(enveloppe).reste) == (4000, 800)
    assert RENDRE not in {t.libelle for t in taches(gestionnaire, personnelles=False)}
    with pytest.raises(Manques, match="déjà ramenée"):
        transitions.liberer(convention, par=gestionnaire)
    mission.refresh_from_db()
    with pytest.raises(Manques, match="n'attend plus de facture"):
        restitutions.recevoir_facture(facture_de(mission, "T", "1"), par=charge)


def test_une_convention_resiliee_rend_apres_sa_derniere_facture(charge, gestionnaire, responsable):
    mission, enveloppe = une_mission(), une_enveloppe()
    convention = mission.convention
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    une_journee(mission)
    missions.alerter(mission, par=charge, emise_par="La structure", motif="Absence")
    missions.arreter(
        mission,
        par=responsable,
        decidee_le=horloge.aujourdhui(),
        consultes="Tous",
        motif="Défaillance",
        suites="Arrêt",
    )
    convention.refresh_from_db()
    conventions.resilier(convention, par=responsable, motif="Défaillance")
    mission = type(mission).objects.get(pk=mission.pk)
    convention = mission.convention
    with pytest.raises(Manques, match="ne sont pas facturés"):
        transitions.liberer(convention, par=gestionnaire)
    assert RENDRE not in {t.libelle for t in taches(gestionnaire, personnelles=False)}
    restitutions.recevoir_facture(facture_de(mission, "A", "960", jours=1), par=charge)
    assert RENDRE in {t.libelle for t in taches(gestionnaire, personnelles=False)}
    transitions.liberer(convention, par=gestionnaire)
    assert le_compte(enveloppe).engage == Decimal(960)
    mission = type(mission).objects.get(pk=mission.pk)
    with pytest.raises(Manques, match="rendu aux enveloppes"):
        restitutions.recevoir_facture(facture_de(mission, "B", "10"), par=charge)


def test_ce_qu_aucune_enveloppe_ne_porte_se_voit(client, charge):
    """An avenant raises the cost: until the split is done again, the ledger says what it misses."""
    mission, enveloppe = une_mission(), une_enveloppe()
    convention = mission.convention
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    convention.montant_ht, convention.montant_ttc = Decimal(5000), Decimal(6000)
    convention.save()
    restitutions.recevoir_facture(facture_de(mission, "A", "6000", solde=True), par=charge)
    assert le_compte(enveloppe).facture == le_compte(enveloppe).engage == Decimal(4800)
    client.force_login(charge)
    page = client.get(convention.get_absolute_url()).content.decode()
    assert "sans qu'aucune enveloppe les porte" in page.replace("&#x27;", "'")
    assert "elle est à refaire" in page


def test_qui_tient_le_fonds(charge, responsable, gestionnaire, c2ra, pilote, operateur):
    nouvelle = {
        "operateur": operateur,
        "financeur": Terme.objects.get(liste="financeur", code="etat"),
        "montant_vote": Decimal(100),
    }
    for annee, personne in ((2024, gestionnaire), (2025, responsable)):
        transitions.ouvrir_enveloppe(Enveloppe(annee=annee, **nouvelle), par=personne)
    for personne in (charge, c2ra, pilote):
        with pytest.raises(Refus):
            transitions.ouvrir_enveloppe(Enveloppe(annee=2026, **nouvelle), par=personne)
    assert Enveloppe.objects.visibles_par(charge).count() == 2
    assert not Enveloppe.objects.visibles_par(pilote).exists()
    assert not Enveloppe.objects.visibles_par(c2ra).exists()


# The pages


def test_le_fonds_a_l_ecran_et_au_tableur(client, gestionnaire, charge):
    client.force_login(gestionnaire)
    nouvelle = reverse("accompagnements:enveloppe_nouvelle")
    financeur = Terme.objects.get(liste="financeur", code="etat")
    convention = une_convention()
    envoi = {
        "cle_envoi": client.get(nouvelle).context["formulaire"]["cle_envoi"].value(),
        "financeur": financeur.pk,
        "annee": convention.signee_le.year,
        "montant_vote": "12 000,50 €",
    }
    assert client.post(nouvelle, envoi).status_code == 302
    envoi["cle_envoi"] = client.get(nouvelle).context["formulaire"]["cle_envoi"].value()
    double = client.post(nouvelle, envoi)
    assert double.status_code == 422
    assert "existe déjà pour ce financeur" in double.content.decode()
    enveloppe = Enveloppe.objects.get()
    client.force_login(charge)
    adresse = reverse("accompagnements:convention_repartir", args=[convention.pk])
    formulaire = client.get(adresse).context["formulaire"]
    part = {"version": formulaire["version"].value(), f"part_{enveloppe.pk}": "4 799"}
    refus = client.post(adresse, part)
    assert refus.status_code == 422
    assert "à répartir" in refus.content.decode()
    part[f"part_{enveloppe.pk}"] = "4 800,00"
    assert client.post(adresse, part).status_code == 302
    page = client.get(convention.get_absolute_url()).content.decode()
    assert "État (DREETS)" in page
    assert client.post(adresse, part).status_code == 409  # the version is now another one
    liste = client.get(reverse("accompagnements:enveloppes"))
    assert liste.context["liste"].total.engage == Decimal(4800)
    tableur = client.get(reverse("accompagnements:enveloppes") + "?export=xlsx")
    feuille = openpyxl.load_workbook(io.BytesIO(b"".join(tableur))).active
    assert [c.value for c in feuille[2]][4:] == [12000.5, 4800, 0, 0, 7200.5]
    detail = client.get(enveloppe.get_absolute_url()).content.decode()
    assert convention.reference in detail
    # What is voted does not go below what is engaged.
    client.force_login(gestionnaire)
    modifier = reverse("accompagnements:enveloppe_modifier", args=[enveloppe.pk])
    envoi |= {"version": client.get(modifier).context["formulaire"]["version"].value()}
    reponse = client.post(modifier, {**envoi, "montant_vote": "4799"})
    assert reponse.status_code == 422
    assert "déjà engagés" in reponse.content.decode()
    assert client.post(modifier, {**envoi, "montant_vote": "4800"}).status_code == 302


def test_le_fonds_dit_ce_qui_est_paye_hors_enveloppe(
    client, charge, gestionnaire, autre_charge, autre_operateur
):
    """Paid before any split, real money was in no figure of the fund."""
    mission, enveloppe = une_mission(), une_enveloppe()
    une_enveloppe(operateur=autre_operateur)
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "1440"), par=charge)
    payer(facture, gestionnaire)

    def page(personne):
        client.force_login(personne)
        return client.get(reverse("accompagnements:enveloppes")).content.decode()

    assert "Payé hors enveloppe" in page(gestionnaire)
    assert compte.paye_hors_enveloppe(gestionnaire) == Decimal(1440)
    assert "Payé hors enveloppe" not in page(autre_charge)
    convention = Convention.objects.get(pk=mission.convention_id)
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    assert "Payé hors enveloppe" not in page(gestionnaire)


def test_la_repartition_attend_dans_aujourd_hui(client, gestionnaire, charge):
    convention = une_convention()
    assert REPARTIR not in {t.libelle for t in taches(gestionnaire, personnelles=False)}
    enveloppe = une_enveloppe()
    tache = next(t for t in taches(gestionnaire, personnelles=False) if t.libelle == REPARTIR)
    client.force_login(gestionnaire)
    assert client.get(tache.url).status_code == 200
    transitions.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    assert REPARTIR not in {t.libelle for t in taches(gestionnaire, personnelles=False)}


def test_la_liste_coute_autant_de_requetes_a_une_ligne_qu_a_vingt(client, gestionnaire):
    client.force_login(gestionnaire)
    adresse = reverse("accompagnements:enveloppes")
    une_enveloppe(annee=2020)
    client.get(adresse)
    with CaptureQueriesContext(connection) as une:
        client.get(adresse)
    for annee in range(2003, 2020):
        une_enveloppe(annee=annee)
    with CaptureQueriesContext(connection) as vingt:
        client.get(adresse)
    assert len(une) == len(vingt)


# Invoices and report


def test_les_jours_factures_ne_depassent_pas_la_convention(charge):
    mission = une_mission()
    restitutions.recevoir_facture(facture_de(mission, "A", "2000", jours=3), par=charge)
    with pytest.raises(Manques, match="jours factur"):
        restitutions.recevoir_facture(facture_de(mission, "B", "100", jours="2.5"), par=charge)
    restitutions.recevoir_facture(facture_de(mission, "B", "100", jours=2), par=charge)


def test_la_facture_qui_atteint_le_montant_du_est_le_solde(charge):
    """Unticked, it was certified and paid without restitution, and no balance could follow."""
    mission = une_mission()
    restitutions.recevoir_facture(facture_de(mission, "A", "1440"), par=charge)
    with pytest.raises(Manques, match="c'est le solde"):
        restitutions.recevoir_facture(facture_de(mission, "B", "3360"), par=charge)
    restitutions.recevoir_facture(facture_de(mission, "B", "3360", solde=True), par=charge)


def test_un_avenant_qui_descend_au_facture_fait_de_la_facture_le_solde(charge, gestionnaire):
    restitution = une_restitution(tenue=False)
    mission = restitution.mission
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "2400"), par=charge)
    un_avenant(mission.convention, "signe", montant_ht=Decimal(2000), montant_ttc=Decimal(2400))
    facture = Facture.objects.get(pk=facture.pk)
    with pytest.raises(Manques, match="restitution n'est pas tenue"):
        payer(facture, gestionnaire)
    restitution.refresh_from_db()
    restitutions.tenir(
        restitution, par=charge, tenue_le=horloge.aujourdhui(), lieu="Ici", presents="Tous"
    )
    paiement = {"payee_le": horloge.aujourdhui(), "paiement_reference": "VIR"}
    payee = restitutions.payer(Facture.objects.get(pk=facture.pk), par=gestionnaire, **paiement)
    restitution.refresh_from_db()
    assert (payee.solde, restitution.etat) == (True, "soldee")


def test_au_dessus_du_prorata_on_avertit_sans_bloquer(client, charge):
    mission = une_mission()
    acompte = restitutions.recevoir_facture(facture_de(mission, "A", "1440"), par=charge)
    (phrase,) = avertissements_de_la_facture(acompte)
    assert "pas bloquant" in phrase
    juste = restitutions.recevoir_facture(facture_de(mission, "B", "2400", jours=4), par=charge)
    assert avertissements_de_la_facture(juste) == []  # 3 840 € for 4 days of 5
    client.force_login(charge)
    page = client.get(acompte.get_absolute_url())
    assert "dépasse le prorata" in page.content.decode()


def test_des_jours_absents_du_journal_se_certifient_avec_un_motif(client, charge, gestionnaire):
    """Ten days invoiced with two in the journal triggered nothing."""
    mission = une_mission()
    une_journee(mission)
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "1900", jours=2), par=charge)
    with pytest.raises(Manques, match="dépassent ceux du journal"):
        restitutions.certifier(facture, par=gestionnaire)
    client.force_login(gestionnaire)
    adresse = reverse("accompagnements:facture_geste", args=[facture.pk, "certifier"])
    envoi = {"version_lue": Facture.objects.get(pk=facture.pk).version}
    assert client.post(adresse, envoi).status_code == 422
    motif = "Feuilles d'émargement reçues sur papier"
    assert client.post(adresse, {**envoi, "motif": motif}).status_code == 302
    assert Evenement.objects.get(transition="certifier").motif == motif


def test_les_jours_du_journal_se_certifient_sans_motif(client, charge, gestionnaire):
    mission = une_mission()
    une_journee(mission)
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "900", jours=1), par=charge)
    client.force_login(gestionnaire)
    adresse = reverse("accompagnements:facture_geste", args=[facture.pk, "certifier"])
    assert "motif" not in client.get(adresse).context["formulaire"].fields
    envoi = {"version_lue": Facture.objects.get(pk=facture.pk).version}
    assert client.post(adresse, envoi).status_code == 302


def test_qui_a_saisi_voit_le_bouton_grise(client, gestionnaire):
    mission = une_mission()
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "900"), par=gestionnaire)
    client.force_login(gestionnaire)
    page = client.get(facture.get_absolute_url()).content.decode()
    assert "par une autre personne que celle qui a saisi" in page
    adresse = reverse("accompagnements:facture_geste", args=[facture.pk, "certifier"])
    assert client.post(adresse, {"version_lue": 0}).status_code == 403


def test_la_base_refuse_que_qui_a_saisi_certifie(charge, gestionnaire):
    facture = restitutions.recevoir_facture(facture_de(une_mission(), "A", "900"), par=charge)
    restitutions.certifier(facture, par=gestionnaire)
    with (
        pytest.raises(IntegrityError, match="facture_certifiee_par_une_autre_personne"),
        transaction.atomic(),
    ):
        Facture.objects.filter(pk=facture.pk).update(saisie_par=gestionnaire)


def test_le_papier_ne_s_enregistre_qu_une_fois(charge, gestionnaire, operateur):
    operateur.rapport_papier = True
    operateur.save()
    restitution = une_restitution()
    recu = {"rapport_papier_recu_le": horloge.aujourdhui()}
    restitutions.recevoir_papier(restitution, par=gestionnaire, **recu)
    with pytest.raises(Manques, match="déjà enregistré"):
        restitutions.recevoir_papier(restitution, par=gestionnaire, **recu)


def test_les_montants_montres_suivent_l_avenant(client, charge, departement):
    mission = une_mission()
    un_avenant(mission.convention, "signe", montant_ht=Decimal(4500), montant_ttc=Decimal(5400))
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "900"), par=charge)
    client.force_login(charge)
    liste = reverse("accompagnements:conventions")
    for adresse in (facture.get_absolute_url(), mission.convention.get_absolute_url(), liste):
        page = client.get(adresse).content.decode().replace("\u202f", " ").replace("\xa0", " ")
        assert "5 400" in page
        assert "4 800" not in page


def test_une_facture_rejetee_le_dit_au_prestataire(charge, gestionnaire):
    mission = une_mission()
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "1440"), par=charge)
    with pytest.raises(Manques):
        restitutions.rejeter(facture, par=gestionnaire, motif="  ")
    facture.refresh_from_db()
    restitutions.rejeter(facture, par=gestionnaire, motif="SIRET différent")
    courriel = Courriel.objects.get(sujet__startswith="Facture A rejetée")
    assert courriel.destinataire == mission.convention.prestataire.email
    assert "SIRET différent" in courriel.corps
    assert facture.rejet_motif == "SIRET différent"


def test_le_rapport_se_declare_conforme_point_par_point(client, charge):
    mission = une_mission()
    restitution = restitutions.recevoir_rapport(
        mission,
        par=charge,
        rapport_recu_le=horloge.aujourdhui(),
        points=[PointRapport.COMMANDE],
    )
    assert not restitution.rapport_conforme
    client.force_login(charge)
    page = client.get(restitution.get_absolute_url()).content.decode()
    assert "il y manque : Mention" in page
    with pytest.raises(Manques, match="Annexes"):
        restitutions.declarer_conforme(
            restitution, par=charge, points=set(PointRapport.values) - {"annexes"}
        )
    adresse = reverse(
        "accompagnements:restitution_geste", args=[restitution.pk, "declarer-conforme"]
    )
    restitution.refresh_from_db()
    envoi = {"version_lue": restitution.version, "points": ["commande"]}
    assert client.post(adresse, envoi).status_code == 422
    envoi["points"] = PointRapport.values
    assert client.post(adresse, envoi).status_code == 302
    restitution.refresh_from_db()
    assert restitution.rapport_conforme
    assert all(verifie for _, verifie in restitution.points)


def test_le_papier_demande_retient_le_solde(charge, gestionnaire, operateur):
    restitution = une_restitution()
    mission = restitution.mission
    facture = restitutions.recevoir_facture(
        facture_de(mission, "S", "4800", jours=5, solde=True), par=charge
    )
    operateur.rapport_papier = True
    operateur.save()
    facture = Facture.objects.get(pk=facture.pk)
    with pytest.raises(Manques, match="papier"):
        payer(facture, gestionnaire)
    restitution.refresh_from_db()
    restitutions.recevoir_papier(
        restitution, par=gestionnaire, rapport_papier_recu_le=horloge.aujourdhui()
    )
    facture = Facture.objects.get(pk=facture.pk)
    restitutions.payer(
        facture, par=gestionnaire, payee_le=horloge.aujourdhui(), paiement_reference="VIR"
    )


def test_le_charge_qui_suit_lit_le_financement(client, charge):
    convention = une_convention()
    client.force_login(le_charge(convention))
    assert "pas encore réparti" in client.get(convention.get_absolute_url()).content.decode()


def test_le_fonds_s_ouvre_sur_l_annee_en_cours(client, gestionnaire):
    """Three years added together made a « Reste à engager » which meant nothing."""
    annee = horloge.aujourdhui().year
    une_enveloppe(annee=annee, vote="1000")
    une_enveloppe(annee=annee - 1, vote="500")
    client.force_login(gestionnaire)
    adresse = reverse("accompagnements:enveloppes")
    page = client.get(adresse)
    assert page.context["liste"].total.vote == 1000
    assert f'<option value="{annee}" selected>' in page.content.decode()
    assert client.get(f"{adresse}?annee=").context["liste"].total.vote == 1500
