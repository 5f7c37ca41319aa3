"""Proof 6: bad input at each form gives a clear French message, keeps what was typed, writes
nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accompagnements.consultations import transitions as consultations
from accompagnements.models import Demande
from dla_portal.socle import horloge
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import confirmer, lien_de
from tests.preuves.saisies import (
    ANGLAIS,
    EN_LECTURE,
    FORMULAIRES,
    PAR_LIEN,
    PHRASES,
    adresse_de,
    classes_de_formulaires,
    formulaire_de,
    mauvaise_valeur,
    traces,
    un_monde_en_cours,
)
from tests.test_acces import _personnes, monde, monde_plus_loin

__all__ = ["monde", "monde_plus_loin"]
TOUS = [(fixture, *ligne) for fixture, lignes in FORMULAIRES.items() for ligne in lignes]


@pytest.fixture
def monde_en_cours(db):
    personnes = _personnes(fabrique.un_operateur())
    return personnes, un_monde_en_cours(personnes["membre"])


@pytest.fixture
def formulaires(monde, monde_plus_loin, monde_en_cours):
    """(name, address, who) of every form of the tables, in one world for all of them."""
    mondes = {"monde": monde, "monde_plus_loin": monde_plus_loin, "monde_en_cours": monde_en_cours}
    ouverts = []
    for fixture, nom, cle, qui in TOUS:
        personnes, objets = mondes[fixture]
        ouverts.append((f"{nom} {cle}", adresse_de(nom, cle, objets), personnes[qui]))
    return ouverts


def test_preuve_6_une_mauvaise_saisie_est_dite_et_gardee(formulaires, client, subtests):
    """What no field accepts is refused at each field, in French, kept, and nothing is written."""
    for nom, adresse, qui in formulaires:
        client.force_login(qui)
        with subtests.test(nom):
            mal_remplir(client, adresse)


def mal_remplir(client, adresse):
    """Send what no field accepts; see it refused, said and kept, and nothing written."""
    page = client.get(adresse)
    formulaire = formulaire_de(page)
    envoi = {
        n: formulaire[n].value() or "" for n, c in formulaire.fields.items() if c.widget.is_hidden
    }
    envoi["version_lue"] = str(getattr(page.context.get("objet"), "version", ""))
    mauvaises = {n: mauvaise_valeur(c) for n, c in formulaire.fields.items()}
    mauvaises = {n: v for n, v in mauvaises.items() if v and n not in envoi}
    assert mauvaises, "aucun champ à mal remplir"
    avant = traces()  # opening a page may leave one: somebody has read
    reponse = client.post(adresse, {**envoi, **mauvaises})
    assert reponse.status_code == 422
    assert traces() == avant
    verifier_les_erreurs(reponse, formulaire_de(reponse), mauvaises)


def verifier_les_erreurs(reponse, formulaire, mauvaises):
    """Each badly filled field has its French error, and what was typed is still there."""
    erreurs = formulaire.errors
    assert set(mauvaises) <= set(erreurs), set(mauvaises) - set(erreurs)
    textes = " ".join(phrase for liste in erreurs.values() for phrase in liste)
    assert not ANGLAIS.search(textes), textes
    contenu = reponse.content.decode()
    for champ, valeur in mauvaises.items():
        if valeur != "valeur-inconnue":
            assert valeur in contenu, champ


def test_preuve_6_un_formulaire_vide_est_refuse_sans_rien_ecrire(formulaires, client, subtests):
    for nom, adresse, qui in formulaires:
        client.force_login(qui)
        avant = traces()
        with subtests.test(nom):
            reponse = client.post(adresse, {})
            assert reponse.status_code == 422
            assert traces() == avant
            assert formulaire_de(reponse).errors


def test_preuve_6_aucun_formulaire_n_est_oublie(monde, monde_plus_loin, monde_en_cours, client):
    """A form class which no row of the tables shows fails here."""
    vues = set()
    mondes = {"monde": monde, "monde_plus_loin": monde_plus_loin, "monde_en_cours": monde_en_cours}
    redites = [("monde_en_cours", *ligne[:3]) for ligne in PHRASES]
    for fixture, nom, cle, qui in [*TOUS, *redites]:
        personnes, objets = mondes[fixture]
        client.force_login(personnes[qui])
        classe = type(formulaire_de(client.get(adresse_de(nom, cle, objets))))
        vues.add(f"{classe.__module__}.{classe.__name__}")
    toutes = classes_de_formulaires()
    assert len(toutes) > 80
    ailleurs = PAR_LIEN | EN_LECTURE
    assert {nom for nom in toutes - vues if nom.rsplit(".", 1)[1] not in ailleurs} == set()


def test_preuve_6_chaque_exception_a_sa_classe():
    """An exception whose form is gone, or which a page shows by now, hides nothing."""
    noms = {nom.rsplit(".", 1)[1] for nom in classes_de_formulaires()}
    assert noms >= PAR_LIEN | EN_LECTURE


def test_preuve_6_les_faits_refusent_au_bon_champ(monde_en_cours, client):
    """What each field accepts and the facts do not: the expected sentence, there, nothing written."""
    personnes, objets = monde_en_cours
    for nom, cle, qui, saisie, champ, phrase in PHRASES:
        client.force_login(personnes[qui])
        adresse = adresse_de(nom, cle, objets)
        page = client.get(adresse)
        cles = {nom: objet.pk for nom, objet in objets.items()}
        cles["aujourdhui"] = horloge.aujourdhui().isoformat()
        envoi = {n: cles.get(v, v) for n, v in saisie.items()}
        version = str(getattr(page.context.get("objet"), "version", ""))
        avant = traces()
        reponse = client.post(adresse, {"version_lue": version, **envoi})
        assert reponse.status_code == 422, (cle, saisie)
        erreurs = formulaire_de(reponse).errors
        assert set(erreurs) == {champ}, (cle, saisie, erreurs)
        assert phrase in " ".join(erreurs[champ]), (cle, erreurs)
        contenu = reponse.content.decode()
        assert all(str(valeur) in contenu for valeur in envoi.values()), (cle, saisie)
        assert traces() == avant


@pytest.mark.parametrize(("action", "prefixe"), [("decliner", "declin"), ("deposer", "depot")])
def test_preuve_6_le_lien_du_prestataire_garde_la_mauvaise_saisie(db, client, action, prefixe):
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=5)
    consultations.publier(
        consultation,
        par=suite.le_charge(consultation),
        date_limite=limite,
        justification_delai="Essai",
    )
    destinataire = "cabinet0@essai.example"
    adresse = lien_de(destinataire)
    confirmer(client, adresse, destinataire)
    formulaire = client.get(adresse).context["formulaires"][prefixe]
    mauvaises = {n: mauvaise_valeur(c) for n, c in formulaire.fields.items()}
    mauvaises = {n: v for n, v in mauvaises.items() if v}
    envoi = {formulaire.add_prefix(n): v for n, v in mauvaises.items()}
    avant = traces()
    reponse = client.post(adresse, {"action": action, "version_lue": "1", **envoi})
    assert reponse.status_code == 422
    assert traces() == avant
    verifier_les_erreurs(reponse, reponse.context["formulaires"][prefixe], mauvaises)
    assert client.post(adresse, {"action": action}).status_code == 422
    assert client.post(adresse, {"action": "inconnu"}).status_code == 422
    assert traces() == avant


def test_preuve_6_le_lien_de_la_structure_garde_la_mauvaise_saisie(db, client):
    enquete = suite.une_enquete()
    adresse = lien_de(enquete.destinataire)
    formulaire = client.get(adresse).context["formulaire"]
    mauvaises = {n: mauvaise_valeur(c) for n, c in formulaire.fields.items()}
    mauvaises = {n: v for n, v in mauvaises.items() if v}
    avant = traces()
    reponse = client.post(adresse, mauvaises)
    assert reponse.status_code == 422
    assert traces() == avant
    verifier_les_erreurs(reponse, reponse.context["formulaire"], mauvaises)
    assert client.post(adresse, {}).status_code == 422
    enquete.refresh_from_db()
    assert enquete.etat == "envoyee"


@pytest.mark.parametrize(
    "siret", ["7328293200007", "73282932000073", "7328293200007A", "00000000000001"]
)
def test_preuve_6_un_siret_faux_est_refuse_au_bon_champ(monde, client, siret):
    personnes, _ = monde
    client.force_login(personnes["A"])
    reponse = client.post(reverse("prestataires:nouveau"), {"siret": siret, "nom": "Essai"})
    assert reponse.status_code == 422
    erreur = formulaire_de(reponse).errors["siret"][0]
    assert any(mot in erreur for mot in ("14 chiffres", "erreur de saisie", "que des chiffres"))
    assert siret in reponse.content.decode()


def test_preuve_6_une_date_avant_l_etape_precedente_est_refusee(monde, client):
    personnes, _ = monde
    demande = fabrique.une_demande("nouvelle", jours=10)
    client.force_login(personnes["A"])
    avant = demande.recue_le - timedelta(days=3)
    adresse = reverse("accompagnements:demande_geste", args=[demande.pk, "accueillir"])
    reponse = client.post(
        adresse, {"version_lue": demande.version, "accueil_le": avant.isoformat()}
    )
    assert reponse.status_code == 422
    assert "ne peut précéder" in reponse.content.decode()
    demande.refresh_from_db()
    assert (demande.etat, demande.accueil_le) == ("nouvelle", None)


def test_preuve_6_une_version_perimee_donne_409_et_garde_la_saisie(monde, client):
    personnes, objets = monde
    client.force_login(personnes["A"])
    cahier = objets["consultation"].cahier
    adresse = reverse("accompagnements:cahier_modifier", args=[objets["consultation"].pk])
    perimee = cahier.version
    cahier.contexte = "Écrit entre-temps"
    cahier.save()
    reponse = client.post(adresse, {"version": perimee, "contexte": "Ma saisie à ne pas perdre"})
    assert reponse.status_code == 409
    contenu = reponse.content.decode()
    assert "Ma saisie à ne pas perdre" in contenu
    assert "Écrit entre-temps" in contenu
    cahier.refresh_from_db()
    assert cahier.contexte == "Écrit entre-temps"


def test_preuve_6_un_double_envoi_ne_cree_qu_un_objet(monde, client):
    personnes, objets = monde
    client.force_login(personnes["A"])
    structure = objets["structure"]
    adresse = f"{reverse('accompagnements:demande_nouvelle')}?structure={structure.pk}"
    formulaire = formulaire_de(client.get(adresse))
    envoi = {
        "cle_envoi": formulaire["cle_envoi"].value(),
        "structure": structure.pk,
        "departement": structure.departement_id,
        "recue_le": horloge.aujourdhui().isoformat(),
        "canal": "telephone",
        "objet": "Une seule demande",
    }
    adresses = {client.post(adresse, envoi)["Location"] for _ in range(3)}
    assert len(adresses) == 1
    assert Demande.objects.filter(objet="Une seule demande").count() == 1
