"""Acting by a personal link: the code of confirmation and its limits (promise 10)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse

from accompagnements.consultations import transitions as consultations
from dla_portal.socle import codes, horloge, jetons
from dla_portal.socle.courriels import envoyer_en_attente
from dla_portal.socle.models import Code, Courriel, Jeton
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import code_de, lien_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def lien():
    """The path of the personal link of the first prestataire asked, and its Jeton."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=5)
    consultations.publier(
        consultation,
        par=suite.le_charge(consultation),
        date_limite=limite,
        justification_delai="Essai",
    )
    chemin = lien_de("cabinet0@essai.example")
    return chemin, jetons.lire(chemin.split("/")[2])


def code_recu(jeton):
    return code_de(jeton.destinataire)


def faux(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_sans_code_rien_ne_se_fait(lien, client):
    chemin, jeton = lien
    reponse = client.post(chemin, {"action": "annoncer", "version_lue": "1"})
    assert reponse.status_code == 422
    assert "Confirmez d'abord" in unescape(reponse.content.decode())
    assert jeton.objet.etat == "sollicitee"


def test_le_code_recu_permet_d_agir_dans_ce_navigateur_seulement(lien, client):
    chemin, jeton = lien
    client.post(chemin, {"action": "recevoir-code"})
    client.post(chemin, {"action": "confirmer-code", "code": code_recu(jeton)})
    assert client.post(chemin, {"action": "annoncer", "version_lue": "1"}).status_code == 302
    jeton.objet.refresh_from_db()
    assert jeton.objet.etat == "annoncee"
    ailleurs = type(client)()
    assert ailleurs.post(chemin, {"action": "decliner", "declin-motif": "x"}).status_code == 422


def test_cinq_essais_faux_annulent_le_code(lien, client):
    chemin, jeton = lien
    client.post(chemin, {"action": "recevoir-code"})
    juste = code_recu(jeton)
    for _ in range(5):
        client.post(chemin, {"action": "confirmer-code", "code": faux(juste)})
    assert Code.objects.get().essais == 5
    client.post(chemin, {"action": "confirmer-code", "code": juste})
    assert client.post(chemin, {"action": "annoncer", "version_lue": "1"}).status_code == 422


def test_un_code_meurt_apres_dix_minutes_et_ne_sert_qu_une_fois(lien):
    _, jeton = lien
    pk, code = codes.envoyer(jeton).pk, code_recu(jeton)
    with (
        horloge.voyage(horloge.maintenant() + timedelta(minutes=10)),
        pytest.raises(Manques, match="plus valable"),
    ):
        codes.verifier(jeton, pk, code)
    codes.verifier(jeton, pk, f" {code[:3]} {code[3:]} ")
    with pytest.raises(Manques, match="plus valable"):
        codes.verifier(jeton, pk, code)


def test_un_nouveau_code_tue_le_precedent_du_meme_navigateur_et_ils_sont_comptes(lien):
    _, jeton = lien
    demandes = [codes.envoyer(jeton).pk]
    premier = code_recu(jeton)
    demandes.append(codes.envoyer(jeton, demandes).pk)
    with pytest.raises(Manques, match="plus valable"):
        codes.verifier(jeton, demandes[0], premier)
    for _ in range(3):
        demandes.append(codes.envoyer(jeton, demandes).pk)
    with pytest.raises(Manques, match="Trop de codes"):
        codes.envoyer(jeton, demandes)


def test_qui_tient_seulement_le_lien_n_enferme_pas_son_destinataire(lien, client):
    """Five codes asked for from elsewhere: the recipient's own code still opens."""
    chemin, jeton = lien
    client.post(chemin, {"action": "recevoir-code"})
    recu = code_recu(jeton)
    importun = type(client)()
    for _ in range(6):
        importun.post(chemin, {"action": "recevoir-code"})
    importun.post(chemin, {"action": "confirmer-code", "code": recu})
    assert importun.post(chemin, {"action": "annoncer"}).status_code == 422
    client.post(chemin, {"action": "confirmer-code", "code": recu})
    assert client.post(chemin, {"action": "annoncer", "version_lue": "1"}).status_code == 302
    for _ in range(3):
        importun = type(client)()
        for _ in range(5):
            importun.post(chemin, {"action": "recevoir-code"})
    assert jeton.codes.count() == codes.ENVOIS_PAR_LIEN


def test_le_code_d_un_lien_ne_vaut_pas_pour_un_autre(lien):
    _, jeton = lien
    autre = Jeton.objects.filter(usage=jeton.usage).exclude(pk=jeton.pk).get()
    pk = codes.envoyer(jeton).pk
    code = code_recu(jeton)
    with pytest.raises(Manques, match="plus valable"):
        codes.verifier(autre, pk, code)


@pytest.mark.django_db(transaction=True)
def test_des_essais_faux_en_parallele_n_en_font_que_cinq(lien):
    _, jeton = lien
    pk = codes.envoyer(jeton).pk
    mauvais = faux(code_recu(jeton))

    def essayer(_):
        try:
            codes.verifier(jeton, pk, mauvais)
        except Manques as refus:
            return refus.phrases[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as fils:
        phrases = list(fils.map(essayer, range(16)))
    assert sum("faux" in phrase for phrase in phrases) == 5
    assert Code.objects.get(pk=pk).essais == 5


def test_le_code_n_est_ni_en_base_ni_dans_le_courriel_parti(lien, settings):
    _, jeton = lien
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    codes.envoyer(jeton)
    code = code_recu(jeton)
    assert code not in Code.objects.get().empreinte
    envoyer_en_attente()
    courriel = Courriel.objects.filter(sujet="Votre code de confirmation").get()
    assert courriel.envoye_le
    assert code not in courriel.corps


def test_vingt_lectures_de_robot_ne_changent_rien(lien, client):
    chemin, jeton = lien
    avant = (jeton.objet.version, Courriel.objects.count(), Code.objects.count())
    for _ in range(20):
        assert client.get(chemin).status_code == 200
        assert client.head(chemin).status_code == 200
    jeton.objet.refresh_from_db()
    assert (jeton.objet.version, Courriel.objects.count(), Code.objects.count()) == avant


def test_un_lien_etranger_expire_ou_revoque_donne_une_page_qui_aide(lien, client):
    chemin, jeton = lien
    etranger = reverse("socle:lien", args=["x" * 32])
    assert client.get(etranger).status_code == 404
    with horloge.voyage(jeton.expire_le):
        assert client.get(chemin).status_code == 404
    jetons.revoquer(jeton.objet)
    reponse = client.post(chemin, {"action": "recevoir-code"})
    assert reponse.status_code == 404
    assert "lien" in reponse.content.decode().lower()
    assert not Code.objects.exists()


def test_ce_qui_concerne_le_code_se_lit_a_cote_de_son_champ(lien, client):
    chemin, jeton = lien
    envoi = client.post(chemin, {"action": "recevoir-code"})
    assert envoi["Location"] == f"{chemin}#code"
    page = unescape(client.get(chemin).content.decode())
    assert page.count("vient de partir par courriel") == 1
    assert page.index('id="code"') < page.index("vient de partir") < page.index('id="f-code"')
    assert "data-focus" in page.split('id="f-code"')[1].split(">")[0]
    erreur = client.post(chemin, {"action": "confirmer-code", "code": faux(code_recu(jeton))})
    assert erreur["Location"] == f"{chemin}#code"
    page = client.get(chemin).content.decode()
    assert page.index('id="code"') < page.index("Ce code est faux")
