"""The comité d'appui: séances, agenda, own avis before the others', decision."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.comites import etats, regles, transitions
from accompagnements.comites.etats import Etat, EtatPassage
from accompagnements.comites.gestes import GESTES, GESTES_PASSAGE
from accompagnements.comites.models import AvisMembre, Passage, Seance
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.courriels import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
TABLE = {t.nom: t for t in etats.TRANSITIONS}
TABLE_PASSAGE = {t.nom: t for t in etats.TRANSITIONS_PASSAGE}
OPTIONS = {
    "tenir": {"presents": "Tous"},
    "annuler": {"motif": "Quorum"},
    "rendre_avis": {"avis": "favorable"},
    "decider": {"decision": "conforme"},
    "retirer": {"motif": "Incomplet"},
}


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def jouer(nom, objet, par):
    return getattr(transitions, nom)(objet, par=par, **OPTIONS[nom])


@pytest.mark.parametrize("nom", ["tenir", "annuler"])
@pytest.mark.parametrize("etat", Etat.values)
def test_chaque_geste_de_seance_ne_part_que_de_ses_etats(charge, nom, etat):
    seance, transition = fabrique.une_seance(etat), TABLE[nom]
    if etat in transition.depuis:
        jouer(nom, seance, charge)
    else:
        with pytest.raises(Manques):
            jouer(nom, seance, charge)
    seance.refresh_from_db()
    assert seance.etat == (transition.vers if etat in transition.depuis else etat)


@pytest.mark.parametrize("nom", ["rendre_avis", "decider", "retirer"])
@pytest.mark.parametrize("etat", EtatPassage.values)
def test_chaque_geste_de_passage_ne_part_que_de_ses_etats(charge, nom, etat):
    passage, transition = fabrique.un_passage(etat), TABLE_PASSAGE[nom]
    if etat in transition.depuis:
        jouer(nom, passage, charge)
    else:
        with pytest.raises(Manques):
            jouer(nom, passage, charge)
    passage.refresh_from_db()
    assert passage.etat == (transition.vers if etat in transition.depuis else etat)


@pytest.mark.parametrize("qui", ["autre_charge", "gestionnaire", "pilote", "membre", "c2ra"])
@pytest.mark.parametrize("nom", sorted(OPTIONS))
def test_les_autres_roles_sont_refuses(request, qui, nom):
    if nom in TABLE:
        objet = fabrique.une_seance(TABLE[nom].depuis[0])
    else:
        objet = fabrique.un_passage(TABLE_PASSAGE[nom].depuis[0])
    avant = objet.etat
    with pytest.raises(Refus):
        jouer(nom, objet, request.getfixturevalue(qui))
    objet.refresh_from_db()
    assert objet.etat == avant


def test_planifier_convoque_chaque_membre_une_fois(charge, membre):
    seance = fabrique.une_seance(membres=[membre], jours=-10)
    transitions.convoquer(seance, par=charge, membres=[membre])
    courriel = Courriel.objects.get(fil=seance.fil)
    assert courriel.destinataire == membre.email
    assert seance.get_absolute_url() in courriel.corps


def test_modifier_previent_les_membres_si_le_rendez_vous_change(charge, membre):
    seance = fabrique.une_seance(membres=[membre], jours=-10)
    Courriel.objects.all().delete()
    transitions.modifier(seance, par=charge, ordre_du_jour="Deux dossiers")
    assert not Courriel.objects.exists()
    transitions.modifier(seance, par=charge, quand=seance.quand + timedelta(days=1))
    assert "changement" in Courriel.objects.get().sujet


def test_annuler_vide_l_ordre_du_jour_et_previent(charge, membre):
    seance = fabrique.une_seance(membres=[membre], jours=-10)
    passage = fabrique.un_passage(seance=seance)
    transitions.annuler(seance, par=charge, motif="Quorum impossible")
    passage.refresh_from_db()
    assert passage.etat == "retire"
    assert Courriel.objects.filter(sujet__startswith="Comité d'appui annulé").count() == 1


def test_on_inscrit_un_dossier_en_cours_au_diagnostic_valide(charge, autre_operateur):
    seance = fabrique.une_seance()
    pret = fabrique.un_diagnostic().accompagnement
    fabrique.un_diagnostic("soumis")
    ailleurs = fabrique.un_diagnostic(operateur=autre_operateur).accompagnement
    assert list(regles.dossiers_a_inscrire(seance)) == [pret]
    with pytest.raises(Manques, match="diagnostic validé"):
        transitions.inscrire(seance, ailleurs, par=charge)
    transitions.inscrire(seance, pret, par=charge)
    with pytest.raises(Manques, match="figure déjà"):
        transitions.inscrire(seance, pret, par=charge)


def test_la_synthese_vide_reprend_la_problematique_et_les_axes(charge):
    dossier = fabrique.un_diagnostic().accompagnement
    passage = transitions.inscrire(fabrique.une_seance(), dossier, par=charge, synthese=" ")
    axe = f"Modèle économique : {fabrique.AXE['enjeu']}"
    assert passage.synthese == f"{fabrique.RUBRIQUES['problematique']}\n\n{axe}"


def test_une_seance_close_n_inscrit_plus(charge):
    dossier = fabrique.un_diagnostic().accompagnement
    with pytest.raises(Manques, match="Tenue"):
        transitions.inscrire(fabrique.une_seance("tenue"), dossier, par=charge)


def test_une_seance_a_venir_n_a_ni_avis_ni_tenue(charge):
    seance = fabrique.une_seance(jours=-5)
    passage = fabrique.un_passage(seance=seance)
    with pytest.raises(Manques, match="pas encore eu lieu"):
        jouer("rendre_avis", passage, charge)
    with pytest.raises(Manques, match="pas encore eu lieu"):
        jouer("tenir", seance, charge)


def test_une_consultation_electronique_rend_son_avis_avant_sa_cloture(charge):
    seance = fabrique.une_seance(jours=-5, format=Seance.Format.ELECTRONIQUE)
    assert jouer("rendre_avis", fabrique.un_passage(seance=seance), charge).etat == "avis_rendu"


def test_tenir_attend_l_avis_de_chaque_dossier(charge):
    passage = fabrique.un_passage()
    with pytest.raises(Manques, match=passage.accompagnement.reference):
        jouer("tenir", passage.seance, charge)


def test_une_decision_divergente_se_justifie(charge):
    passage = fabrique.un_passage("avis_rendu")
    with pytest.raises(Manques, match="pourquoi"):
        transitions.decider(passage, par=charge, decision="divergente", justification=" ")
    transitions.decider(passage, par=charge, decision="divergente", justification="Urgence")
    assert (passage.etat, passage.decide_le) == ("decide", horloge.aujourdhui())


def test_la_base_refuse_une_divergence_sans_raison():
    passage = fabrique.un_passage("decide")
    with (
        pytest.raises(IntegrityError, match="passage_divergence_justifiee|CHECK"),
        transaction.atomic(),
    ):
        Passage.objects.filter(pk=passage.pk).update(decision="divergente")


def test_un_membre_donne_son_avis_une_fois(membre, charge):
    passage = fabrique.un_passage(membres=[membre])
    transitions.donner_avis(passage, par=membre, avis="reserves", commentaire="À préciser")
    with pytest.raises(Manques, match="déjà donné"):
        transitions.donner_avis(passage, par=membre, avis="favorable")
    jouer("rendre_avis", passage, charge)
    assert passage.avis_membres.get().avis == "reserves"


def test_apres_l_avis_du_comite_les_membres_ne_parlent_plus(membre, charge):
    passage = fabrique.un_passage(membres=[membre])
    jouer("rendre_avis", passage, charge)
    with pytest.raises(Manques, match="déjà rendu"):
        transitions.donner_avis(passage, par=membre, avis="favorable")


def test_un_membre_non_convoque_ou_l_equipe_ne_donnent_pas_d_avis(membre, charge):
    passage = fabrique.un_passage()
    with pytest.raises(Refus, match="pas convoqué"):
        transitions.donner_avis(passage, par=membre, avis="favorable")
    with pytest.raises(Refus, match="Seuls les membres"):
        transitions.donner_avis(passage, par=charge, avis="favorable")


def test_un_membre_lit_les_autres_apres_avoir_parle(client, membre):
    autre = fabrique.une_personne(roles.MembreComite.code)
    passage = fabrique.un_passage(membres=[membre, autre])
    transitions.donner_avis(passage, par=autre, avis="defavorable", commentaire="Trop fragile")
    client.force_login(membre)
    url = passage.seance.get_absolute_url()
    avant = client.get(url).content.decode()
    assert passage.synthese in avant
    assert "Trop fragile" not in avant
    assert str(autre) + "</strong>" not in avant
    client.post(
        adresse("passage_geste", passage.pk, "donner-avis"),
        {"version_lue": passage.version, "avis": "favorable"},
    )
    apres = client.get(url).content.decode()
    assert AvisMembre.objects.filter(membre=membre, avis="favorable").exists()
    assert "Trop fragile" in apres


def test_un_membre_ne_voit_que_ses_seances_et_rien_du_diagnostic(client, membre):
    sienne = fabrique.un_passage(membres=[membre])
    autre = fabrique.un_passage()
    client.force_login(membre)
    page = client.get(adresse("seances"))
    assert [s.pk for s in page.context["liste"].page] == [sienne.seance_id]
    assert client.get(autre.seance.get_absolute_url()).status_code == 404
    url = adresse("passage_geste", autre.pk, "donner-avis")
    assert client.post(url, {"version_lue": 0, "avis": "favorable"}).status_code == 404
    texte = client.get(sienne.seance.get_absolute_url()).content.decode()
    assert fabrique.RUBRIQUES["faiblesses"] not in texte


def test_un_membre_ne_fait_pas_les_gestes_de_l_operateur(client, membre):
    passage = fabrique.un_passage(membres=[membre])
    client.force_login(membre)
    for nom in ("rendre-avis", "retirer", "synthese"):
        assert client.get(adresse("passage_geste", passage.pk, nom)).status_code == 403
    for nom in ("tenir", "annuler", "modifier", "convoquer"):
        assert client.get(adresse("seance_geste", passage.seance_id, nom)).status_code == 403
    assert client.get(adresse("seance_inscrire", passage.seance_id)).status_code == 403
    assert client.get(adresse("seance_nouvelle")).status_code == 403


@pytest.mark.parametrize("qui", ["autre_charge", "pilote", "c2ra"])
def test_la_seance_n_existe_pas_pour_les_autres(client, request, qui):
    passage = fabrique.un_passage()
    client.force_login(request.getfixturevalue(qui))
    assert client.get(passage.seance.get_absolute_url()).status_code == 404
    assert client.get(adresse("passage_geste", passage.pk, "decider")).status_code == 404


def test_planifier_et_inscrire_par_les_pages(client, charge, membre):
    dossier = fabrique.un_diagnostic().accompagnement
    client.force_login(charge)
    assert client.get(adresse("seance_nouvelle")).status_code == 200
    envoi = {
        "cle_envoi": str(uuid.uuid4()),
        "quand": f"{horloge.aujourdhui() + timedelta(days=15)}T14:00",
        "format": "presentiel",
        "lieu": "Salle des partenaires",
        "membres": [membre.pk],
    }
    for _ in range(2):
        client.post(adresse("seance_nouvelle"), envoi)
    seance = Seance.objects.get()
    assert Courriel.objects.filter(fil=seance.fil).count() == 1
    url = adresse("seance_inscrire", seance.pk)
    assert dossier.reference in client.get(url).content.decode()
    envoi = {"cle_envoi": str(uuid.uuid4()), "dossier": dossier.pk, "synthese": "En bref"}
    assert client.post(url, envoi).url == seance.get_absolute_url()
    assert "En bref" in client.get(seance.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"quand": "demain"}, "quand"),
        ({"quand": ""}, "quand"),
        ({"membres": ["999999"]}, "membres"),
    ],
)
def test_une_seance_mal_saisie_est_dite_au_bon_champ(client, charge, champs, champ):
    client.force_login(charge)
    envoi = {
        "cle_envoi": str(uuid.uuid4()),
        "quand": "2030-01-15T14:00",
        "format": "visio",
        **champs,
    }
    reponse = client.post(adresse("seance_nouvelle"), envoi)
    assert reponse.status_code == 422
    assert champ in reponse.context["formulaire"].errors
    assert not Seance.objects.exists()


def test_la_justification_manquante_est_dite_a_son_champ(client, charge):
    passage = fabrique.un_passage("avis_rendu")
    client.force_login(charge)
    reponse = client.post(
        adresse("passage_geste", passage.pk, "decider"),
        {"version_lue": passage.version, "decision": "divergente"},
    )
    assert reponse.status_code == 422
    assert "justification" in reponse.context["formulaire"].errors


def test_enregistrer_la_tenue_et_les_presences(client, charge, membre):
    seance = fabrique.une_seance(membres=[membre])
    client.force_login(charge)
    convocation = seance.convocations.get()
    client.post(
        adresse("seance_geste", seance.pk, "tenir"),
        {
            "version_lue": seance.version,
            f"presence_{convocation.pk}": "excuse",
            "presents": "L'équipe",
        },
    )
    seance.refresh_from_db()
    convocation.refresh_from_db()
    assert (seance.etat, seance.presents) == ("tenue", "L'équipe")
    assert convocation.presence == "excuse"


def test_un_geste_sur_une_seance_perimee_est_refuse(client, charge):
    seance = fabrique.une_seance()
    perimee = seance.version
    seance.save()
    client.force_login(charge)
    url = adresse("seance_geste", seance.pk, "annuler")
    reponse = client.post(url, {"version_lue": perimee, "motif": "Quorum"})
    assert reponse.status_code == 409
    seance.refresh_from_db()
    assert seance.etat == "planifiee"


@pytest.mark.parametrize("geste", GESTES, ids=lambda g: g.nom)
def test_chaque_geste_de_seance_a_sa_page(client, charge, geste):
    seance = fabrique.une_seance()
    client.force_login(charge)
    assert client.get(adresse("seance_geste", seance.pk, geste.nom)).status_code == 200


@pytest.mark.parametrize("geste", GESTES_PASSAGE, ids=lambda g: g.nom)
def test_chaque_geste_de_passage_a_sa_page(client, charge, membre, geste):
    passage = fabrique.un_passage(geste.depuis[0], membres=[membre])
    client.force_login(membre if geste.nom in ("donner-avis", "me-deporter") else charge)
    assert client.get(adresse("passage_geste", passage.pk, geste.nom)).status_code == 200


def test_la_page_d_une_seance_a_le_meme_nombre_de_requetes(
    client, charge, membre, django_assert_max_num_queries
):
    seance = fabrique.une_seance(membres=[membre])
    client.force_login(charge)
    fabrique.un_passage(seance=seance)
    client.get(seance.get_absolute_url())
    with CaptureQueriesContext(connection) as un:
        client.get(seance.get_absolute_url())
    for _ in range(4):
        fabrique.un_passage(seance=seance)
    with django_assert_max_num_queries(len(un)):
        client.get(seance.get_absolute_url())


@pytest.mark.parametrize(
    ("format_", "geste", "libelle"),
    [
        (Seance.Format.PRESENTIEL, "tenir", "Enregistrer la tenue"),
        (Seance.Format.ELECTRONIQUE, "clore", "Clore la consultation"),
    ],
)
def test_la_fin_se_dit_comme_la_seance(client, charge, format_, geste, libelle):
    """A consultation by writing is not held: it is closed, and nobody was present."""
    seance = fabrique.une_seance(format=format_)
    client.force_login(charge)
    page = client.get(seance.get_absolute_url()).content.decode()
    autre = {"Enregistrer la tenue", "Clore la consultation"} - {libelle}
    assert libelle in page
    assert autre.pop() not in page
    url = adresse("seance_geste", seance.pk, geste)
    formulaire = client.get(url).context["formulaire"]
    assert ("presents" in formulaire.fields) is (geste == "tenir")
    assert client.post(url, {"version_lue": seance.version}).status_code == 302
    seance.refresh_from_db()
    assert seance.etat == "tenue"
    assert seance.journal().first().libelle == libelle
