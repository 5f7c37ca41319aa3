"""Acting by a personal link: the code of confirmation and its limits (promise 10)."""

from datetime import timedelta
from html import unescape

import pytest
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
    consultations.publier(consultation, par=suite.le_charge(consultation), date_limite=limite)
    chemin = lien_de("cabinet0@essai.example")
    return chemin, jetons.lire(chemin.split("/")[2])


def code_recu(jeton):
    return code_de(jeton.destinataire)


def faux(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_sans_code_rien_ne_se_fait(lien, client):
    chemin, jeton = lien
    reponse = client.post(chemin, {"action": "annoncer"})
    assert reponse.status_code == 422
    assert "Confirmez d'abord" in unescape(reponse.content.decode())
    assert jeton.objet.etat == "sollicitee"


def test_le_code_recu_permet_d_agir_dans_ce_navigateur_seulement(lien, client):
    chemin, jeton = lien
    client.post(chemin, {"action": "recevoir-code"})
    client.post(chemin, {"action": "confirmer-code", "code": code_recu(jeton)})
    assert client.post(chemin, {"action": "annoncer"}).status_code == 302
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
    assert client.post(chemin, {"action": "annoncer"}).status_code == 422


def test_un_code_meurt_apres_dix_minutes_et_ne_sert_qu_une_fois(lien):
    _, jeton = lien
    codes.envoyer(jeton)
    code = code_recu(jeton)
    with (
        horloge.voyage(horloge.maintenant() + timedelta(minutes=10)),
        pytest.raises(Manques, match="plus valable"),
    ):
        codes.verifier(jeton, code)
    codes.verifier(jeton, f" {code[:3]} {code[3:]} ")
    with pytest.raises(Manques, match="plus valable"):
        codes.verifier(jeton, code)


def test_un_nouveau_code_tue_le_precedent_et_ils_sont_comptes(lien):
    _, jeton = lien
    codes.envoyer(jeton)
    premier = code_recu(jeton)
    codes.envoyer(jeton)
    if premier != code_recu(jeton):
        with pytest.raises(Manques):
            codes.verifier(jeton, premier)
    for _ in range(3):
        codes.envoyer(jeton)
    with pytest.raises(Manques, match="Trop de codes"):
        codes.envoyer(jeton)


def test_le_code_d_un_lien_ne_vaut_pas_pour_un_autre(lien):
    _, jeton = lien
    autre = Jeton.objects.exclude(pk=jeton.pk).get()
    codes.envoyer(jeton)
    codes.envoyer(autre)
    code = code_recu(jeton)
    if code != code_recu(autre):
        with pytest.raises(Manques, match="faux"):
            codes.verifier(autre, code)


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
