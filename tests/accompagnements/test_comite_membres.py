"""The members of the comité: register, links, recusal, consultation in writing, documents."""

import io
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader

from accompagnements.comites import courriels, documents, lecture, regles, transitions
from accompagnements.comites.models import AvisMembre, Deport, Seance
from accompagnements.models import Accompagnement
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_relances import relancer
from tests.banc import verapdf

pytestmark = pytest.mark.django_db


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def par_ecrit(membres, jours=-5):
    """A passage of a consultation in writing which closes in five days."""
    seance = fabrique.une_seance(jours=jours, membres=membres, format=Seance.Format.ELECTRONIQUE)
    return fabrique.un_passage(seance=seance)


def nommer(charge, **champs):
    debut = champs.pop("debut", horloge.aujourdhui())
    identite = {
        "email": "claude@reseau.example",
        "prenom": "Claude",
        "nom": "Essai",
        "au_titre_de": "Réseau d'essai",
    } | champs
    return transitions.nommer_membre(fabrique.un_operateur(), par=charge, debut=debut, **identite)


# --- The register -----------------------------------------------------------------------------


def test_un_mandat_ouvre_la_convocation_et_sa_fin_la_ferme(charge):
    operateur = fabrique.un_operateur()
    mandat = nommer(charge)
    assert list(regles.membres_possibles(operateur)) == [mandat.utilisateur]
    assert not mandat.utilisateur.has_usable_password()
    hier = horloge.aujourdhui() - timedelta(days=1)
    Rattachement.objects.filter(pk=mandat.pk).update(debut=hier)
    transitions.finir_mandat(Rattachement.objects.get(pk=mandat.pk), par=charge, fin=hier)
    assert not regles.membres_possibles(operateur).exists()


def test_un_mandat_a_la_fois(charge):
    nommer(charge, fin=horloge.aujourdhui() + timedelta(days=30))
    with pytest.raises(Manques, match="déjà membre"):
        nommer(charge)
    suivant = nommer(charge, debut=horloge.aujourdhui() + timedelta(days=31))
    assert suivant.utilisateur.rattachements.count() == 2


def test_un_compte_qui_existe_garde_son_nom_et_un_compte_ferme_ne_revient_pas(charge, pilote):
    mandat = nommer(charge, email=pilote.email.upper(), prenom="Autre", nom="Nom")
    assert mandat.utilisateur == pilote
    assert str(Utilisateur.objects.get(pk=pilote.pk)) == str(pilote)
    ferme = fabrique.une_personne(roles.MembreComite.code)
    Utilisateur.objects.filter(pk=ferme.pk).update(is_active=False)
    with pytest.raises(Manques, match="désactivé"):
        nommer(charge, email=ferme.email)


@pytest.mark.parametrize("qui", ["autre_charge", "gestionnaire", "pilote", "membre", "c2ra"])
def test_les_autres_ne_composent_pas_le_comite(request, charge, qui):
    mandat = nommer(charge)
    autre = request.getfixturevalue(qui)
    with pytest.raises(Refus):
        nommer(autre, email="x@y.example")
    with pytest.raises(Refus):
        transitions.finir_mandat(mandat, par=autre, fin=horloge.aujourdhui())


def test_le_mandat_d_un_role_plus_grand_ne_se_touche_pas(client, charge, responsable):
    """The register ends terms of members, never another role of the same operator."""
    client.force_login(charge)
    rattachement = responsable.rattachements.get()
    assert client.get(adresse("membre_fin", rattachement.pk)).status_code == 404
    national = Rattachement.objects.create(utilisateur=responsable, role=roles.MembreComite.code)
    assert client.get(adresse("membre_fin", national.pk)).status_code == 404


def test_le_registre_se_tient_par_les_pages(client, charge):
    client.force_login(charge)
    envoi = {
        "cle_envoi": str(uuid.uuid4()),
        "prenom": "Claude",
        "nom": "Essai",
        "au_titre_de": "Réseau d'essai",
        "email": "claude@reseau.example",
        "debut": "01/03/2026",
        "fin": "28/02/2026",
    }
    reponse = client.post(adresse("membre_nouveau"), envoi)
    assert "précède" in str(reponse.context["formulaire"].errors["fin"])
    for _ in range(2):
        assert client.post(adresse("membre_nouveau"), envoi | {"fin": ""}).url == adresse("membres")
    page = client.get(adresse("membres")).content.decode()
    assert page.count("claude@reseau.example") == 1
    mandat = Rattachement.objects.get(utilisateur__email="claude@reseau.example")
    assert (mandat.debut, mandat.au_titre_de) == (date(2026, 3, 1), "Réseau d'essai")
    fin = {"cle_envoi": str(uuid.uuid4()), "fin": "01/01/2026"}
    reponse = client.post(adresse("membre_fin", mandat.pk), fin)
    assert "précède" in str(reponse.context["formulaire"].errors["fin"])
    client.post(adresse("membre_fin", mandat.pk), fin | {"fin": "31/03/2026"})
    mandat.refresh_from_db()
    assert mandat.fin == date(2026, 3, 31)
    assert (
        "claude@reseau.example"
        not in client.get(adresse("membres"), {"en_cours": "oui"}).content.decode()
    )


# --- Links ------------------------------------------------------------------------------------


def test_un_membre_sans_compte_lit_et_repond_par_son_lien(client, membre):
    autre = fabrique.une_personne(roles.MembreComite.code)
    passage = par_ecrit([membre, autre])
    transitions.donner_avis(passage, par=autre, avis="defavorable", commentaire="Trop fragile")
    lien = lien_de(membre.email)
    for _ in range(20):
        page = client.get(lien).content.decode()
    assert passage.synthese not in page
    avis = {"action": f"avis-{passage.pk}", f"avis-{passage.pk}-avis": "favorable"}
    assert client.post(lien, avis).status_code == 422  # no code, nothing happens
    assert not AvisMembre.objects.filter(membre=membre).exists()
    confirmer(client, lien, membre.email)
    page = client.get(lien).content.decode()
    assert passage.synthese in page
    assert "Trop fragile" not in page
    vide = client.post(lien, avis | {f"avis-{passage.pk}-avis": ""})
    assert vide.status_code == 422
    assert (
        client.post(lien, avis | {f"avis-{passage.pk}-jours_conseilles": "4,5"}).status_code == 302
    )
    assert "Trop fragile" in client.get(lien).content.decode()
    mien = AvisMembre.objects.get(membre=membre)
    assert (mien.avis, str(mien.jours_conseilles)) == ("favorable", "4.50")
    assert client.post(lien, avis).status_code == 422
    assert AvisMembre.objects.filter(membre=membre).count() == 1


def test_un_lien_ne_touche_que_les_dossiers_de_sa_seance(client, membre):
    passage, ailleurs = par_ecrit([membre]), par_ecrit([])
    lien = lien_de(membre.email)
    confirmer(client, lien, membre.email)
    for action in (f"avis-{ailleurs.pk}", f"effacer-{passage.pk}", "avis-", "²"):
        reponse = client.post(lien, {"action": action, f"avis-{ailleurs.pk}-avis": "favorable"})
        assert reponse.status_code == 422
    assert not AvisMembre.objects.exists()
    assert ailleurs.accompagnement.reference not in client.get(lien).content.decode()


def test_le_lien_se_ferme_avec_la_seance_et_avec_le_mandat(client, charge, membre):
    passage = par_ecrit([membre])
    lien = lien_de(membre.email)
    membre.rattachements.update(fin=horloge.aujourdhui() - timedelta(days=1))
    assert client.get(lien).status_code == 404
    membre.rattachements.update(fin=None)
    assert client.get(lien).status_code == 200
    transitions.annuler(passage.seance, par=charge, motif="Reportée")
    assert client.get(lien).status_code == 404


def test_un_changement_de_date_porte_un_lien_qui_vit_jusque_la(client, charge, membre):
    seance = fabrique.une_seance(jours=-10, membres=[membre])
    Courriel.objects.all().delete()
    transitions.modifier(seance, par=charge, quand=seance.quand + timedelta(days=90))
    lien = lien_de(membre.email)
    with fabrique.ilya(-95):
        assert client.get(lien).status_code == 200
    with fabrique.ilya(-105):
        assert client.get(lien).status_code == 404


# --- Keeping out ------------------------------------------------------------------------------


def test_qui_se_deporte_ne_lit_plus_et_ne_parle_plus(client, membre):
    passage = fabrique.un_passage(membres=[membre])
    reste = fabrique.un_passage(seance=passage.seance)
    transitions.se_deporter(passage, par=membre, motif="Administratrice de la structure")
    with pytest.raises(Refus, match="déporté"):
        transitions.donner_avis(passage, par=membre, avis="favorable")
    client.force_login(membre)
    page = client.get(passage.seance.get_absolute_url()).content.decode()
    assert passage.accompagnement.structure.nom not in page
    assert reste.accompagnement.structure.nom in page
    assert "Vous ne siégez pas sur 1 dossier" in page
    assert client.get(adresse("passage_geste", passage.pk, "donner-avis")).status_code == 404
    vus = Accompagnement.objects.visibles_par(membre)
    assert list(vus) == [reste.accompagnement]


def test_l_operateur_deporte_un_membre_et_son_avis_s_efface(charge, membre):
    passage = fabrique.un_passage(membres=[membre])
    transitions.donner_avis(passage, par=membre, avis="favorable")
    etranger = fabrique.une_personne(roles.MembreComite.code)
    with pytest.raises(Manques, match="pas convoquée"):
        transitions.deporter(passage, par=charge, membre=etranger, motif="Prestataire possible")
    transitions.deporter(passage, par=charge, membre=membre, motif="Prestataire possible")
    assert not passage.avis_membres.exists()
    with pytest.raises(Manques, match="déjà déportée"):
        transitions.deporter(passage, par=charge, membre=membre, motif="Encore")
    transitions.rendre_avis(passage, par=charge, avis="favorable")
    with pytest.raises(Manques, match="déjà rendu"):
        transitions.deporter(passage, par=charge, membre=membre, motif="Trop tard")
    assert Deport.objects.get().motif == "Prestataire possible"


# --- In writing -------------------------------------------------------------------------------


def test_la_consultation_ecrite_attend_tous_les_avis_ou_sa_cloture(charge, membre):
    autre, dehors = (fabrique.une_personne(roles.MembreComite.code) for _ in range(2))
    passage = par_ecrit([membre, autre, dehors])
    transitions.donner_avis(passage, par=membre, avis="favorable")
    transitions.deporter(passage, par=charge, membre=dehors, motif="Financeur")
    with pytest.raises(Manques, match=str(autre)) as refus:
        transitions.rendre_avis(passage, par=charge, avis="favorable")
    assert str(membre) not in str(refus.value)
    with fabrique.ilya(-6):
        with pytest.raises(Manques, match="close depuis"):
            transitions.donner_avis(passage, par=autre, avis="favorable")
        transitions.rendre_avis(passage, par=charge, avis="favorable")
        transitions.tenir(passage.seance, par=charge)


def test_tous_ont_repondu_la_consultation_se_conclut_avant_sa_cloture(charge, membre):
    passage = par_ecrit([membre])
    transitions.donner_avis(passage, par=membre, avis="favorable", ressources="Un parrain")
    assert "Un parrain" in regles.avis_rassembles(passage)["ressources"]
    transitions.rendre_avis(passage, par=charge, avis="favorable")
    assert transitions.tenir(passage.seance, par=charge).etat == "tenue"


@pytest.mark.parametrize(("ecrit", "pas"), [(True, 3), (False, 2)])
def test_le_rappel_part_une_fois_a_qui_n_a_pas_repondu(charge, membre, ecrit, pas):
    autre = fabrique.une_personne(roles.MembreComite.code)
    forme = Seance.Format.ELECTRONIQUE if ecrit else Seance.Format.PRESENTIEL
    seance = fabrique.une_seance(jours=-30, membres=[membre, autre], format=forme)
    passage = fabrique.un_passage(seance=seance)
    if ecrit:
        transitions.donner_avis(passage, par=autre, avis="favorable")
    Courriel.objects.all().delete()
    le = horloge.timezone.localdate(seance.quand)
    trop_tot = ajouter_jours_ouvres(le, -pas - 1)
    relancer(trop_tot)
    assert not Courriel.objects.filter(sujet__startswith="Rappel").exists()
    for _ in range(2):
        relancer(ajouter_jours_ouvres(le, -pas))
    a_qui = Courriel.objects.filter(sujet__startswith="Rappel").values_list(
        "destinataire", flat=True
    )
    attendus = {membre.email} if ecrit else {membre.email, autre.email}
    assert sorted(a_qui) == sorted(attendus)


# --- Documents --------------------------------------------------------------------------------


def test_le_releve_dit_tout_sauf_qui_a_pense_quoi(tmp_path, charge, membre):
    operateur = fabrique.un_operateur()
    operateur.cofinance_fse = True
    operateur.save()
    autre = fabrique.une_personne(roles.MembreComite.code)
    passage = fabrique.un_passage(membres=[membre, autre])
    transitions.donner_avis(passage, par=membre, avis="defavorable", commentaire="Secret du vote")
    transitions.deporter(passage, par=charge, membre=autre, motif="Prestataire possible")
    transitions.rendre_avis(
        passage, par=charge, avis="reserves", reserves="Revoir le budget", jours_conseilles=4
    )
    transitions.decider(passage, par=charge, decision="divergente", justification="Urgence")
    seance = Seance.objects.get(pk=passage.seance_id)
    chemins = []
    for nom in ("releve", "emargement"):
        octets = getattr(documents, nom)(seance)
        chemins.append(tmp_path / f"{nom}.pdf")
        chemins[-1].write_bytes(octets)
        texte = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)
        texte = " ".join(texte.split())
        assert "Cofinancé par l'Union européenne" in texte
        assert str(membre) in texte
        if nom == "releve":
            for dit in ("Favorable avec réserves", "Revoir le budget", "Prestataire possible"):
                assert dit in texte
            assert "Urgence" in texte
            assert "Secret du vote" not in texte
    assert verapdf.fautes(chemins, verapdf.PDF_UA) == {str(chemin): [] for chemin in chemins}


def test_le_rendez_vous_se_lit_dans_un_agenda_et_se_remplace(client, charge, membre):
    seance = fabrique.une_seance(jours=-10, membres=[membre])
    client.force_login(membre)

    def rendez_vous():
        reponse = client.get(adresse("seance_agenda", seance.pk))
        return Calendar.from_ical(reponse.content).walk("VEVENT")[0]

    premier = rendez_vous()
    assert premier["DTSTART"].dt == seance.quand.replace(microsecond=0)
    assert "Salle des partenaires" in premier["LOCATION"]
    transitions.modifier(seance, par=charge, quand=seance.quand + timedelta(days=1))
    second = rendez_vous()
    assert second["UID"] == premier["UID"]
    assert int(second["SEQUENCE"]) > int(premier["SEQUENCE"])
    transitions.annuler(seance, par=charge, motif="Reportée")
    assert rendez_vous()["STATUS"] == "CANCELLED"


def test_le_dossier_se_presente_depuis_sa_page(client, charge):
    dossier = fabrique.un_diagnostic().accompagnement
    seance = fabrique.une_seance(jours=-10)
    client.force_login(charge)
    url = adresse("dossier_presenter", dossier.pk)
    assert url in client.get(dossier.get_absolute_url()).content.decode()
    assert fabrique.RUBRIQUES["problematique"] in client.get(url).content.decode()
    envoi = {"cle_envoi": str(uuid.uuid4()), "seance": seance.pk, "synthese": "En bref"}
    assert client.post(url, envoi).url == seance.get_absolute_url()
    reponse = client.post(url, envoi | {"cle_envoi": str(uuid.uuid4())})
    assert "figure déjà" in str(reponse.context["formulaire"].errors["seance"])
    autre = fabrique.une_seance(
        operateur=fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    )
    reponse = client.post(url, envoi | {"cle_envoi": str(uuid.uuid4()), "seance": autre.pk})
    assert "seance" in reponse.context["formulaire"].errors


def test_le_courriel_ne_dit_rien_des_dossiers(membre):
    passage = par_ecrit([membre])
    courriels.rappel(passage.seance.convocations.get())
    for courriel in Courriel.objects.filter(destinataire=membre.email):
        assert passage.synthese not in courriel.corps
        assert passage.accompagnement.structure.nom not in courriel.corps


def test_un_siege_ne_prend_la_place_d_aucun_autre_role(charge, responsable):
    mandat = nommer(charge, email=responsable.email, debut=date(1990, 1, 1))
    responsable = Utilisateur.objects.get(pk=responsable.pk)
    assert mandat.utilisateur == responsable
    assert responsable.role == roles.Responsable.code


def test_le_mandat_chez_un_operateur_n_ouvre_rien_chez_un_autre(charge, autre_operateur):
    membre = nommer(charge).utilisateur
    passage = fabrique.un_passage(membres=[membre])
    assert Seance.objects.visibles_par(membre).exists()
    membre.rattachements.update(operateur=autre_operateur)
    ailleurs = Utilisateur.objects.get(pk=membre.pk)
    assert not Seance.objects.visibles_par(ailleurs).exists()
    assert not type(passage).objects.visibles_par(ailleurs).exists()


def test_le_deport_vaut_aussi_a_la_seance_suivante(charge, membre):
    passage = fabrique.un_passage(membres=[membre])
    transitions.se_deporter(passage, par=membre, motif="Administratrice de la structure")
    suivante = fabrique.une_seance(membres=[membre])
    transitions.inscrire(suivante, passage.accompagnement, par=charge, synthese="De nouveau")
    assert lecture.passages_lus(suivante, membre) == []
    assert lecture.hors_siege(suivante, membre) == 1
    assert not type(passage).objects.visibles_par(membre).exists()


def test_un_diagnostic_reserve_ne_donne_rien_au_comite(charge):
    diagnostic = fabrique.un_diagnostic()
    type(diagnostic).objects.filter(pk=diagnostic.pk).update(confidentialite="reservee")
    assert regles.synthese_du_diagnostic(diagnostic.accompagnement) == ""


def test_l_avis_rassemble_ne_nomme_personne_et_se_laisse_enregistrer(charge):
    membres = [fabrique.une_personne(roles.MembreComite.code) for _ in range(3)]
    passage = fabrique.un_passage(membres=membres)
    for membre, jours in zip(membres, (3, 3, 4), strict=True):
        transitions.donner_avis(
            passage, par=membre, avis="favorable", commentaire="Prudence", jours_conseilles=jours
        )
    rassembles = regles.avis_rassembles(passage)
    assert rassembles["reserves"] == "Prudence"
    assert str(rassembles["jours_conseilles"]) == "3.33"
