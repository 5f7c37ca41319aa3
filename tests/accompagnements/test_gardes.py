"""What the chain no longer lets through: each test holds one way around that was found."""

from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accompagnements.consultations import transitions as consultations
from accompagnements.conventions import transitions as conventions
from accompagnements.demandes import transitions as demandes
from accompagnements.missions import transitions as missions
from accompagnements.models import Convention, Ingenierie
from accompagnements.plans import transitions as plans
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import PointRapport
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.imports.moteur import importer
from dla_portal.socle.models import Courriel, Fichier
from dla_portal.socle.regles import Manques
from prestataires.transitions import suspendre
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_ingenierie import facture_de
from tests.preuves.test_chaine import siret_d_essai

pytestmark = pytest.mark.django_db


def responsable_de(objet):
    return fabrique.une_personne(roles.Responsable.code, operateur=fabrique.un_operateur())


def envoyee():
    """A consultation sent today, closing in five days."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=5)
    consultations.publier(
        consultation,
        par=suite.le_charge(consultation),
        date_limite=limite,
        justification_delai="Essai",
    )
    return consultation


@pytest.mark.parametrize("geste", [demandes.clore, demandes.abandonner])
def test_un_dossier_ne_se_ferme_pas_sur_une_mission_en_cours(geste):
    mission = suite.une_mission()
    dossier = mission.convention.ingenierie.accompagnements().get()
    with pytest.raises(Manques, match="une mission en cours"):
        geste(dossier, par=dossier.charge, motif="Fini")
    dossier.refresh_from_db()
    assert dossier.etat == "ouvert"


def test_un_plan_ne_s_abandonne_pas_sous_une_consultation():
    consultation = envoyee()
    plan = consultation.ingenierie.accompagnements().get().plan
    with pytest.raises(Manques, match="une consultation en cours"):
        plans.abandonner(plan, par=suite.le_charge(consultation), motif="Autre priorité")


def test_une_consultation_demande_un_plan_vivant():
    ingenierie = fabrique.une_ingenierie()
    charge = suite.le_charge(ingenierie)
    plans.abandonner(ingenierie.accompagnements().get().plan, par=charge, motif="Renonce")
    with pytest.raises(Manques, match="plan accepté"):
        consultations.preparer(ingenierie, par=charge)


def test_un_prestataire_suspendu_apres_coup_n_est_pas_invite():
    consultation = suite.une_consultation("validee")
    c2ra = fabrique.une_personne(roles.DlaRegional.code, region=fabrique.un_departement().region)
    suspendre(suite.un_prestataire(0), par=c2ra, motif="Litige")
    with pytest.raises(Manques, match="ne peut être sollicité"):
        consultations.publier(
            consultation,
            par=suite.le_charge(consultation),
            date_limite=horloge.maintenant() + timedelta(days=5),
            justification_delai="Essai",
        )


def test_une_resiliation_mene_a_une_autre_consultation():
    convention = suite.une_convention()
    charge, responsable = suite.le_charge(convention), responsable_de(convention)
    consultation = convention.consultation
    conventions.resilier(convention, par=responsable, motif="Prestataire défaillant")
    consultation.refresh_from_db()
    consultations.relancer(consultation, par=responsable, motif="Choisir un autre prestataire")
    nouvelle = consultations.preparer(convention.ingenierie, par=charge)
    assert nouvelle.etat == "brouillon"
    assert Courriel.objects.filter(sujet__startswith="Consultation sans suite").count() == 1


def test_une_convention_resiliee_et_remplacee_compte_une_fois():
    convention = suite.une_convention()
    conventions.resilier(convention, par=responsable_de(convention), motif="Erreur de partie")
    convention.refresh_from_db()
    nouvelle = conventions.preparer(convention.consultation, par=suite.le_charge(convention))
    assert Convention.objects.engagees().count() == 1
    conventions.mettre_en_signature(nouvelle, par=suite.le_charge(convention), avec_document=False)
    suite.signer_sur_papier(nouvelle)
    assert list(Convention.objects.engagees()) == [nouvelle]


def test_une_mission_en_cours_se_resilie_apres_son_arret():
    mission = suite.une_mission()
    with pytest.raises(Manques, match="arrêtez-la d'abord"):
        conventions.resilier(mission.convention, par=responsable_de(mission), motif="Litige")


def test_une_mission_arretee_se_solde():
    mission = suite.une_mission()
    charge = suite.le_charge(mission.convention)
    missions.alerter(mission, par=charge, emise_par="La structure", motif="Désaccord")
    missions.arreter(
        mission,
        par=responsable_de(mission),
        motif="Arrêt décidé à trois",
        consultes="La présidence",
        suites="Rapport des jours réalisés",
    )
    restitution = restitutions.recevoir_rapport(
        mission, par=charge, rapport_recu_le=horloge.aujourdhui()
    )
    restitutions.tenir(
        restitution,
        par=charge,
        tenue_le=horloge.aujourdhui(),
        lieu="Au siège",
        presents="Le bureau",
    )
    # Judged conform after the restitution only: the balance is not blocked for ever.
    restitutions.declarer_conforme(restitution, par=charge, points=PointRapport.values)
    assert (restitution.etat, restitution.rapport_conforme) == ("tenue", True)


def test_rien_ne_se_paie_sans_fiche_ni_vigilance():
    mission = suite.une_restitution().mission
    facture = restitutions.recevoir_facture(
        facture_de(mission), par=suite.le_charge(mission.convention)
    )
    prestataire = mission.convention.prestataire
    prestataire.adresse = ""
    prestataire.save()
    gestion = fabrique.une_personne(roles.Gestionnaire.code, operateur=fabrique.un_operateur())
    facture.refresh_from_db()
    with pytest.raises(Manques, match="adresse postale"):
        restitutions.certifier(facture, par=gestion)


def test_rouvrir_une_demande_jamais_accueillie_n_invente_pas_d_accueil():
    demande = fabrique.une_demande("nouvelle")
    demandes.classer(demande, par=demande.charge, motif="Sans nouvelles")
    demandes.rouvrir(demande, par=responsable_de(demande), motif="La structure rappelle")
    assert (demande.etat, demande.accueil_le) == ("nouvelle", None)


def test_personne_ne_rejoint_une_ingenierie_deja_signee():
    meneuse = fabrique.une_ingenierie("ING_COL")
    action = fabrique.un_plan("brouillon", genres=("ING_COL",)).actions.get()
    Convention.objects.create(
        reference="DEJA",
        ingenierie=meneuse,
        montant_ht=1,
        montant_ttc=1,
        jours=1,
        reprise=True,
        signee_le=horloge.aujourdhui(),
        etat="signee",
    )
    with pytest.raises(Manques, match="ne peut pas être partagée"):
        plans.rattacher(action, par=action.plan.accompagnement.charge, ingenierie=meneuse)


def test_un_depot_impossible_a_ouvrir_est_refuse():
    consultation = envoyee()
    sollicitation = consultation.sollicitations.first()
    with pytest.raises(ValidationError):
        consultations.deposer(
            sollicitation, par="Par son lien", **{**suite.DEPOT, "jours": Decimal("99999999.99")}
        )
    assert not sollicitation.depots.exists()
    assert not Fichier.objects.filter(scelle=True).exists()


def test_le_charge_ne_remplace_pas_sans_le_dire_un_depot_fait_par_lien():
    consultation = envoyee()
    sollicitation = consultation.sollicitations.first()
    consultations.deposer(sollicitation, par="Par son lien", **suite.DEPOT)
    with pytest.raises(Manques, match="le dépôt en ligne ne sera jamais ouvert"):
        consultations.deposer(
            sollicitation,
            par=suite.le_charge(consultation),
            arrivee_le=horloge.maintenant(),
            **{**suite.DEPOT, "montant_ht": 1, "montant_ttc": 1},
        )
    assert sollicitation.depots.filter(remplace_le=None).get().recu_par_courrier is False


def test_un_lien_n_agit_plus_sur_une_consultation_classee():
    consultation = envoyee()
    sollicitation = consultation.sollicitations.first()
    consultations.abandonner(consultation, par=suite.le_charge(consultation), motif="Reporté")
    sollicitation.refresh_from_db()
    for geste in (consultations.annoncer, consultations.decliner):
        suite_du_geste = {} if geste is consultations.annoncer else {"motif": "Trop tard"}
        with pytest.raises(Manques, match="n'attend plus"):
            geste(sollicitation, par="Par son lien", **suite_du_geste)


def test_deux_grilles_a_la_fois_la_seconde_est_prevenue(client):
    consultation = suite.une_consultation("en_analyse")
    client.force_login(suite.le_charge(consultation))
    adresse = reverse("accompagnements:consultation_grille", args=[consultation.pk])
    formulaire = client.get(adresse).context["formulaire"]
    envoi = {nom: "5" for nom in formulaire.fields if nom.startswith("note_")}
    envoi["version"] = formulaire["version"].value()
    assert client.post(adresse, envoi).status_code == 302
    seconde = client.post(adresse, {**envoi, **dict.fromkeys(list(envoi)[:1], "7")})
    assert seconde.status_code == 409
    assert "rien n'a été écrasé" in seconde.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("suite_de_l_adresse", ["?q=%00", "?page=%00", "?etat=a%00b"])
def test_un_caractere_nul_est_une_mauvaise_requete(client, suite_de_l_adresse):
    client.force_login(fabrique.un_charge())
    for page in ("socle:recherche", "accompagnements:demandes", "accompagnements:structures"):
        reponse = client.get(reverse(page) + suite_de_l_adresse)
        assert reponse.status_code == 400


def test_une_page_personnelle_n_est_pas_gardee_par_le_navigateur(client):
    client.force_login(fabrique.un_charge())
    assert client.get("/")["Cache-Control"] == "private, no-store"


def test_les_liens_ne_se_lisent_pas_dans_l_administration(admin_client):
    envoyee()
    courriel = Courriel.objects.filter(corps__contains="/lien/").first()
    page = admin_client.get(reverse("admin:socle_courriel_change", args=[courriel.pk]))
    contenu = page.content.decode()
    assert "[lien retiré]" in contenu
    jeton = courriel.corps.split("/lien/")[1].split("/")[0]
    assert jeton not in contenu


def test_une_adresse_ne_se_change_pas_seul(client):
    personne = fabrique.un_charge()
    client.force_login(personne)
    reponse = client.post("/compte/email/", {"action_add": "", "email": "autre@essai.example"})
    assert reponse.status_code == 405
    personne.refresh_from_db()
    assert personne.email != "autre@essai.example"


ENTETES = (
    "reference;siret;operateur;departement;date_accueil;date_diagnostic;type_action;collectif;"
    "thematique;jours;montant_ht;montant_ttc;date_convention"
)


def ecrire(dossier, nom, *lignes):
    fichier = dossier / nom
    fichier.write_text("\n".join([ENTETES, *lignes]), encoding="utf-8")
    return fichier


def test_un_collectif_repris_en_deux_fois_reste_une_ingenierie(tmp_path):
    fabrique.un_departement()
    ligne = "{ref};{siret};Op 13;13;11/02/2024;11/04/2024;ING_COL;C1;mutualisation;4;3000;3600;01/07/2024"
    for rang in (1, 2):
        fichier = ecrire(
            tmp_path, f"{rang}.csv", ligne.format(ref=f"R{rang}", siret=siret_d_essai(rang))
        )
        assert importer("accompagnements", fichier).comptes["crees"] == 1
    assert Ingenierie.objects.count() == 1
    assert Convention.objects.count() == 1


def test_une_reference_se_reprend_entiere_ou_pas_du_tout(tmp_path):
    fabrique.un_departement()
    bonne = f"R1;{siret_d_essai(1)};Op 13;13;11/02/2024;11/04/2024;EXP_INT;;;;;;"
    fausse = (
        f"R1;{siret_d_essai(1)};Op 13;13;11/02/2024;31/02/2024;ING_IND;;projet;5;1;2;01/06/2024"
    )
    rapport = importer("accompagnements", ecrire(tmp_path, "a.csv", bonne, fausse))
    assert rapport.comptes["rejetes"] == 2
    assert not Ingenierie.objects.exists()
    assert any("même référence" in raison for _, raison, _ in rapport.rejets)


def test_une_consultation_relancee_ne_fait_plus_de_convention():
    """Given up after the choice, its proposition stays marked as retained."""
    consultation = suite.une_consultation("attribuee")
    charge = suite.le_charge(consultation)
    consultations.relancer(
        consultation, par=responsable_de(consultation), motif="Le prestataire se retire"
    )
    consultation.refresh_from_db()
    with pytest.raises(Manques, match="sans suite"):
        conventions.preparer(consultation, par=charge)


def _lundi():
    """Half past nine on a Monday without public holiday in the following days."""
    return datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("jours", "options", "manque"),
    [
        (4, {}, "Moins de 5 jours ouvrés"),
        (12, {}, "jour non ouvré"),
        (7, {"jours_questions": 7}, "Les questions seraient closes"),
        (7, {}, None),
        (4, {"justification_delai": "Urgence de trésorerie", "jours_questions": 1}, None),
    ],
)
def test_un_appel_laisse_cinq_jours_ouvres_ou_dit_pourquoi(jours, options, manque):
    with horloge.voyage(_lundi()):
        consultation = suite.une_consultation("validee")
        envoi = {"par": suite.le_charge(consultation), **options}
        envoi["date_limite"] = _lundi() + timedelta(days=jours)
        if manque:
            with pytest.raises(Manques, match=manque):
                consultations.publier(consultation, **envoi)
            return
        consultations.publier(consultation, **envoi)
    courriel = Courriel.objects.filter(sujet__startswith="Appel à proposition").first()
    assert "sous une semaine" not in courriel.corps  # seven days at most are left
    motif = options.get("justification_delai", "")
    assert consultation.journal().filter(transition="publier", motif=motif).exists()


@pytest.mark.parametrize(
    ("jours", "justification", "manque"),
    [
        (9, "", None),  # a Wednesday
        (12, "", "jour non ouvré"),  # a Saturday
        (35, "", "jour non ouvré"),  # Easter Monday
        (12, "  ", "jour non ouvré"),
        (12, "Jury commun le lundi matin", None),
    ],
)
def test_une_prolongation_a_un_jour_non_ouvre_dit_pourquoi(client, jours, justification, manque):
    with horloge.voyage(_lundi()):
        consultation = suite.une_consultation("validee")
        charge = suite.le_charge(consultation)
        consultations.publier(consultation, par=charge, date_limite=_lundi() + timedelta(days=7))
        limite = _lundi() + timedelta(days=jours)
        envoi = {"date_limite": limite, "motif": "Congés", "justification_delai": justification}
        adresse = reverse("accompagnements:consultation_geste", args=[consultation.pk, "prolonger"])
        saisie = {**envoi, "date_limite": f"{limite:%Y-%m-%dT%H:%M}"}
        client.force_login(charge)
        reponse = client.post(adresse, {**saisie, "version_lue": str(consultation.version)})
        if manque:
            assert reponse.status_code == 422
            (phrase,) = reponse.context["formulaire"].errors["justification_delai"]
            assert manque in phrase
            with pytest.raises(Manques, match=manque):
                consultations.prolonger(consultation, par=charge, **envoi)
            return
        assert reponse.status_code == 302
    consultation.refresh_from_db()
    assert consultation.date_limite == limite
    dites = consultation.journal().filter(libelle="Date limite justifiée")
    assert [ligne.motif for ligne in dites] == ([justification] if justification else [])
    courriel = Courriel.objects.filter(sujet__startswith="Date limite prolongée").first()
    assert "Congés" in courriel.corps
    assert not justification or justification not in courriel.corps


def test_les_destinataires_se_lisent_avant_l_envoi(client):
    consultation = suite.une_consultation("validee")
    client.force_login(suite.le_charge(consultation))
    adresse = reverse("accompagnements:consultation_geste", args=[consultation.pk, "publier"])
    page = unescape(client.get(adresse).content.decode())
    assert "2 prestataires reçoivent leur lien personnel : Cabinet 0, Cabinet 1." in page
    saisie = {"date_limite": f"{horloge.aujourdhui() + timedelta(days=1)}T12:00"}
    saisie |= {"jours_questions": "3", "version_lue": str(consultation.version)}
    reponse = client.post(adresse, saisie)
    assert reponse.status_code == 422
    erreurs = reponse.context["formulaire"].errors
    assert {"justification_delai", "jours_questions"} <= set(erreurs)
