"""Proof 5: for every list and role, count = rows = export; a saved view survives; a bulk action
tells what it refused. Proof 6, the search box, is in `test_charge_de_mission_recherche.py`."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from accompagnements.models import Accompagnement, Demande, Structure
from dla_portal.comptes import roles
from dla_portal.socle.listes import Liste
from dla_portal.socle.models import Evenement, PreferenceListe, VueListe
from tests.accompagnements import fabrique
from tests.banc.navigateur import _session
from tests.preuves.lecture_de_liste import FORMATS, ecran, fichier
from tests.test_acces import ACCES, ROLES, monde, monde_plus_loin

__all__ = ["monde", "monde_plus_loin"]
pytestmark = pytest.mark.preuve
DEMANDES = "accompagnements:demandes"


def _classes(mere=Liste):
    """The list classes of the product, by their name: those which show a table, so have columns."""
    for classe in mere.__subclasses__():
        if classe.colonnes and not classe.__module__.startswith("tests."):
            yield f"{classe.__module__}.{classe.__qualname__}"
        yield from _classes(classe)


def _adresses(client):
    """Yield (address, its Liste) for the pages without object that answer with a list."""
    for nom, (cle, _) in ACCES.items():
        if not cle or cle.startswith("?"):
            adresse = reverse(nom) + cle
            reponse = client.get(adresse)
            liste = (reponse.context or {}).get("liste") if reponse.status_code == 200 else None
            if isinstance(liste, Liste):
                yield adresse, liste


def _avec(adresse, **parametres):
    return f"{adresse}{'&' if '?' in adresse else '?'}{urlencode(parametres)}"


def _toutes_les_pages(client, adresse):
    """Read the pages of a list one after the other; return (count said, headers, rows)."""
    premiere = client.get(adresse)
    liste = premiere.context["liste"]
    compte, nombre = liste.page.paginator.count, liste.page.paginator.num_pages
    if compte:
        assert liste.compte_en_mots in premiere.content.decode()
    entetes, lignes = ecran(premiere)
    for numero in range(2, nombre + 1):
        lignes += ecran(client.get(_avec(adresse, page=numero)))[1]
    return compte, entetes, lignes


def _ecarts(client, adresse, qui):
    """Differences between the count said, the rows of the pages and the three exports."""
    compte, entetes, lignes = _toutes_les_pages(client, adresse)
    ecarts = [] if compte == len(lignes) else [f"{qui} {adresse} : {compte} ≠ {len(lignes)}"]
    for format_ in FORMATS:
        lus, corps = fichier(client.get(_avec(adresse, export=format_)), format_)
        if lignes and lus != entetes:
            ecarts.append(f"{qui} {adresse} {format_} : colonnes {lus} ≠ {entetes}")
        if corps != lignes:
            faux = next((p for p in zip(corps, lignes, strict=False) if p[0] != p[1]), "")
            ecarts.append(f"{qui} {adresse} {format_} : {len(corps)} lignes, {faux}")
    return ecarts


def test_preuve_5_compte_lignes_et_exports_sont_egaux_partout(monde, monde_plus_loin, client):
    """Every list, every role, three formats: first as it opens, then 25 rows and other columns."""
    personnes, _ = monde
    for _ in range(27):  # a second page
        fabrique.une_demande("nouvelle")
    vues, ecarts, pleines = set(), [], 0
    for role in ROLES:
        client.force_login(personnes[role])
        for adresse, liste in list(_adresses(client)):
            vues.add(f"{type(liste).__module__}.{type(liste).__qualname__}")
            ecarts += _ecarts(client, adresse, role)
            colonnes = [colonne.cle for colonne in liste.colonnes]
            choix = {"geste": "colonnes", "colonne": colonnes[::2] + colonnes[-1:], "par_page": 25}
            assert client.post(adresse, choix).status_code == 302
            voulues = [c.libelle for c in liste.colonnes if c.cle in choix["colonne"]]
            _, entetes, lignes = _toutes_les_pages(client, adresse)
            assert not lignes or entetes == voulues
            pleines += bool(lignes)
            ecarts += _ecarts(client, adresse, f"{role}, ses colonnes,")
    assert not ecarts, "\n".join(ecarts)
    assert set(_classes()) == vues
    assert pleines > 3 * len(vues)  # the comparison was not of empty tables


@pytest.fixture
def equipe(db):
    """Two colleagues of one operator, its responsable, another operator, the DLA régional."""
    departement = fabrique.un_departement()
    operateur = fabrique.un_operateur(departement=departement)
    ailleurs = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    gens = {
        "elle": fabrique.un_charge(operateur),
        "collegue": fabrique.une_personne(roles.ChargeMission.code, operateur=operateur),
        "responsable": fabrique.une_personne(roles.Responsable.code, operateur=operateur),
        "gestion": fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur),
        "ailleurs": fabrique.un_charge(ailleurs),
        "c2ra": fabrique.une_personne(roles.DlaRegional.code, region=departement.region),
    }
    clients = {nom: Client() for nom in gens}
    for nom, personne in gens.items():
        clients[nom].force_login(personne)
    return gens, clients


def _garder(client, nom, portee="personnelle", adresse="", **plus):
    adresse = adresse or reverse(DEMANDES)
    envoi = {"nom": nom, "portee": portee, **plus}
    return client.post(_avec(adresse, enregistrer="vue"), envoi)


def test_preuve_5_une_vue_enregistree_survit(equipe):
    """Filters, sort and columns come back at the next sign-in, on the list opened plainly."""
    gens, clients = equipe
    fabrique.une_demande("nouvelle")
    attendue = fabrique.une_demande("en_attente")
    adresse = reverse(DEMANDES)
    choix = {"geste": "colonnes", "colonne": ["reference", "commune", "etat"], "par_page": 100}
    clients["elle"].post(adresse, choix)
    filtree = f"{adresse}?etat=en_attente&tri=-recue_le"
    reponse = _garder(clients["elle"], "En attente", adresse=filtree, par_defaut="on")
    assert reponse.status_code == 302
    clients["elle"].post(adresse, {"geste": "colonnes", "origine": "1", "par_page": 50})

    demain = Client()
    demain.force_login(gens["elle"])
    reponse = demain.get(adresse, follow=True)
    liste = reponse.context["liste"]
    assert ecran(reponse)[0] == ["Référence", "État", "Commune"]
    assert [ligne["pk"] for ligne in liste.lignes] == [attendue.pk]
    assert [puce["libelle"] for puce in liste.puces] == ["État : En liste d'attente"]
    assert liste.request.GET["tri"] == "-recue_le"
    assert "vue « En attente »" in reponse.content.decode()
    # The whole list stays one click away, and does not bounce back to the view.
    entiere = demain.get(f"{adresse}?vue=0")
    assert entiere.context["liste"].page.paginator.count == 2
    retrait = liste.puces[0]["url_retrait"]
    assert demain.get(adresse + retrait).context["liste"].page.paginator.count == 2
    # Opening plainly again, then deleting.
    demain.post(adresse, {"geste": "ouvrir-sur"})
    assert demain.get(adresse).status_code == 200
    demain.post(adresse, {"geste": "supprimer-vue", "choix": VueListe.objects.get().pk})
    assert not VueListe.objects.exists()


def test_preuve_5_chaque_liste_garde_une_vue(monde, monde_plus_loin, client):
    personnes, _ = monde
    client.force_login(personnes["A"])
    for adresse, liste in list(_adresses(client)):
        triable = next((c.cle for c in liste.colonnes if c.tri), "")
        reponse = _garder(client, "La mienne", adresse=_avec(adresse, tri=triable))
        assert reponse.status_code == 302, adresse
        page = client.get(reponse["Location"])
        assert page.status_code == 200
        assert page.context["menu_vues"]["courante"].nom == "La mienne", adresse
    assert VueListe.objects.count() == len({v.liste for v in VueListe.objects.all()})


def test_preuve_5_une_vue_se_partage_avec_son_operateur_ou_sa_region(equipe):
    gens, clients = equipe
    assert _garder(clients["elle"], "À moi").status_code == 302
    assert _garder(clients["elle"], "À nous", "operateur").status_code == 302
    assert _garder(clients["elle"], "À tous", "region").status_code == 422
    assert _garder(clients["c2ra"], "En région", "region").status_code == 302

    def lues(nom):
        menu = clients[nom].get(reverse(DEMANDES)).context["menu_vues"]
        return {vue["nom"]: vue["supprimable"] for vue in menu["vues"]}

    assert lues("elle") == {"À moi": True, "À nous": True, "En région": False}
    assert lues("collegue") == {"À nous": False, "En région": False}
    assert lues("responsable") == {"À nous": True, "En région": False}
    assert lues("ailleurs") == {"En région": False}  # the same region, another operator
    assert lues("c2ra") == {"En région": True}


def test_preuve_5_seuls_l_auteur_et_le_responsable_suppriment(equipe):
    gens, clients = equipe
    for _ in range(2):
        _garder(clients["elle"], "À nous", "operateur")
    vue = VueListe.objects.get()  # the same name twice is one view
    suppression = {"geste": "supprimer-vue", "choix": vue.pk}
    assert clients["ailleurs"].post(reverse(DEMANDES), suppression).status_code == 404
    assert clients["collegue"].post(reverse(DEMANDES), suppression).status_code == 403
    # A colleague's list may open on it; when the view goes, the list opens whole again.
    clients["collegue"].post(reverse(DEMANDES), {"geste": "ouvrir-sur", "choix": vue.pk})
    assert clients["collegue"].get(reverse(DEMANDES)).status_code == 302
    assert clients["responsable"].post(reverse(DEMANDES), suppression).status_code == 302
    assert not VueListe.objects.exists()
    assert clients["collegue"].get(reverse(DEMANDES)).status_code == 200


def test_preuve_5_une_vue_ne_montre_rien_de_plus(equipe):
    """A shared view holds filters, not rows: each reads it within her own scope."""
    gens, clients = equipe
    fabrique.une_demande("nouvelle")
    var = fabrique.une_demande("nouvelle", operateur=gens["ailleurs"].rattachement.operateur)
    _garder(clients["c2ra"], "Les nouvelles", "region", f"{reverse(DEMANDES)}?etat=nouvelle")
    vue = VueListe.objects.get()
    page = clients["ailleurs"].get(f"{reverse(DEMANDES)}?vue={vue.pk}&{vue.parametres}")
    assert [ligne["pk"] for ligne in page.context["liste"].lignes] == [var.pk]


def test_preuve_5_une_vue_sans_nom_est_refusee_au_bon_champ(equipe):
    gens, clients = equipe
    reponse = _garder(clients["elle"], "", "partout")
    assert reponse.status_code == 422
    assert set(reponse.context["formulaire"].errors) == {"nom", "portee"}
    trop = _garder(clients["elle"], "Longue", adresse=f"{reverse(DEMANDES)}?q={'x' * 2001}")
    assert trop.status_code == 422
    assert "trop longs" in trop.content.decode()
    assert not VueListe.objects.exists()


def test_preuve_5_une_taille_de_page_inconnue_est_ramenee(equipe):
    gens, clients = equipe
    for taille in ("1000000", "douze", ""):
        clients["elle"].post(reverse(DEMANDES), {"geste": "colonnes", "par_page": taille})
        assert PreferenceListe.objects.get().par_page == 50


# --- Bulk actions -----------------------------------------------------------------------------


@pytest.fixture
def cinquante(equipe):
    """Fifty demandes of the operator, three of them closed: they no longer change hands."""
    gens, clients = equipe
    ouvertes = [fabrique.une_demande("nouvelle") for _ in range(47)]
    closes = [fabrique.une_demande("sans_suite") for _ in range(3)]
    return gens, clients, ouvertes, closes


def _confier(client, a, lignes, vues, **plus):
    envoi = {"charge": a.pk, "motif": "Départ", "vues": vues, "ligne": lignes, **plus}
    return client.post(f"{reverse(DEMANDES)}?lot=confier", envoi)


def test_preuve_5_un_lot_de_cinquante_dit_ses_trois_refus(cinquante):
    gens, clients, ouvertes, closes = cinquante
    toutes = [demande.pk for demande in (*ouvertes, *closes)]
    apercu = clients["elle"].post(reverse(DEMANDES), {"lot": "confier", "ligne": toutes})
    assert apercu.status_code == 200
    texte = apercu.content.decode()
    assert "50 lignes choisies : 47 à traiter, 3 refusées" in texte
    assert all(demande.reference in texte for demande in closes)
    assert Demande.objects.filter(charge=gens["collegue"]).count() == 0  # nothing done yet

    rapport = _confier(clients["elle"], gens["collegue"], toutes, 50)
    texte = rapport.content.decode()
    assert "50 lignes choisies, 47 faites, 3 refusées." in texte
    refus = rapport.context["rapport"].refuses
    assert {objet.pk for objet, _ in refus} == {demande.pk for demande in closes}
    assert {phrase for _, phrase in refus} == {
        "À l'état « Sans suite », le suivi ne change plus de mains."
    }
    assert set(Demande.objects.filter(charge=gens["collegue"])) == set(ouvertes)
    journal = Evenement.objects.filter(transition="confier")
    assert journal.count() == 47
    assert set(journal.values_list("motif", "auteur")) == {("Départ", gens["elle"].pk)}
    # Sent again, nothing is done twice.
    encore = _confier(clients["elle"], gens["collegue"], toutes, 50)
    assert "50 lignes choisies, 0 faite, 50 refusées." in encore.content.decode()
    assert journal.count() == 47


def test_preuve_5_tous_les_resultats_suivent_les_filtres(cinquante):
    """« All N results » is the filtered list itself, read again by the server."""
    gens, clients, ouvertes, closes = cinquante
    filtre = f"{reverse(DEMANDES)}?etat=nouvelle"
    apercu = clients["elle"].post(filtre, {"lot": "confier", "tout": "1"})
    assert "47 lignes choisies : 47 à traiter, 0 refusée" in apercu.content.decode()
    adresse = apercu.context["url_envoi"]
    envoi = {"charge": gens["collegue"].pk, "vues": 47}
    fabrique.une_demande("nouvelle")  # one more since the preview: it is shown before it is touched
    assert clients["elle"].post(reverse(DEMANDES) + adresse, envoi).status_code == 409
    assert not Demande.objects.filter(charge=gens["collegue"]).exists()
    rapport = clients["elle"].post(reverse(DEMANDES) + adresse, {**envoi, "vues": 48})
    assert "48 lignes choisies, 48 faites, 0 refusée." in rapport.content.decode()
    assert not Demande.objects.filter(charge=gens["collegue"], etat="sans_suite").exists()


def test_preuve_5_un_lot_ne_sort_pas_de_son_ressort(cinquante):
    """Keys typed by hand, of another operator or of nothing, are refused and told."""
    gens, clients, ouvertes, _ = cinquante
    d_ailleurs = fabrique.une_demande(
        "nouvelle", operateur=gens["ailleurs"].rattachement.operateur, charge=gens["ailleurs"]
    )
    lignes = [ouvertes[0].pk, d_ailleurs.pk, 999_999, "douze"]
    rapport = _confier(clients["elle"], gens["collegue"], lignes, 1)
    assert "4 lignes choisies, 1 faite, 3 refusées." in rapport.content.decode()
    assert d_ailleurs.reference not in rapport.content.decode()
    d_ailleurs.refresh_from_db()
    assert d_ailleurs.charge == gens["ailleurs"]


@pytest.mark.parametrize(("qui", "statut"), [("gestion", 403), ("c2ra", 403), ("ailleurs", 200)])
def test_preuve_5_un_lot_exige_le_droit_de_chaque_role(cinquante, qui, statut):
    """Who leads no dossier gets the sentence of the refusal; another operator finds no row."""
    gens, clients, ouvertes, _ = cinquante
    reponse = clients[qui].post(reverse(DEMANDES), {"lot": "confier", "ligne": [ouvertes[0].pk]})
    assert reponse.status_code == statut
    assert ouvertes[0].reference not in reponse.content.decode()
    reponse = _confier(clients[qui], gens["collegue"], [ouvertes[0].pk], 1)
    assert reponse.status_code in (403, 422)
    assert not Demande.objects.filter(charge=gens["collegue"]).exists()


def test_preuve_5_on_ne_confie_pas_hors_de_l_equipe(cinquante):
    gens, clients, ouvertes, _ = cinquante
    reponse = _confier(clients["elle"], gens["ailleurs"], [ouvertes[0].pk], 1)
    assert reponse.status_code == 422
    assert "charge" in reponse.context["formulaire"].errors
    assert clients["elle"].post(f"{reverse(DEMANDES)}?lot=confier&tout=1", {}).status_code == 422
    assert clients["elle"].get(f"{reverse(DEMANDES)}?lot=inconnu").status_code == 404


def test_preuve_5_un_lot_trop_grand_ne_fait_rien(cinquante, monkeypatch):
    monkeypatch.setattr("dla_portal.socle.lots.LIGNES_MAX", 49)
    gens, clients, *_ = cinquante
    apercu = clients["elle"].post(reverse(DEMANDES), {"lot": "confier", "tout": "1"})
    assert "dépasse 49 lignes" in apercu.content.decode()
    adresse = reverse(DEMANDES) + apercu.context["url_envoi"]
    reponse = clients["elle"].post(adresse, {"charge": gens["collegue"].pk, "vues": 50})
    assert reponse.status_code == 409
    assert not Demande.objects.filter(charge=gens["collegue"]).exists()


def test_preuve_5_la_selection_s_exporte(cinquante):
    gens, clients, ouvertes, _ = cinquante
    voulues = sorted(demande.reference for demande in ouvertes[:4])
    for format_ in FORMATS:
        envoi = {"export": format_, "ligne": [demande.pk for demande in ouvertes[:4]]}
        _, lignes = fichier(clients["elle"].post(reverse(DEMANDES), envoi), format_)
        assert sorted(ligne[0] for ligne in lignes) == voulues, format_


def test_preuve_5_un_dossier_change_de_mains_seul_ou_en_lot(equipe):
    gens, clients = equipe
    dossier = fabrique.un_accompagnement(charge=gens["elle"])
    adresse = reverse("accompagnements:accompagnements")
    envoi = {"charge": gens["collegue"].pk, "vues": 1, "ligne": [dossier.pk]}
    clients["responsable"].post(f"{adresse}?lot=confier", envoi)
    dossier.refresh_from_db()
    assert dossier.charge == gens["collegue"]
    seul = reverse("accompagnements:dossier_geste", args=[dossier.pk, "confier"])
    refus = clients["elle"].post(
        seul, {"version_lue": dossier.version, "charge": dossier.charge_id}
    )
    assert refus.status_code == 422
    assert "assure déjà" in refus.content.decode()
    clients["elle"].post(seul, {"version_lue": dossier.version, "charge": gens["elle"].pk})
    assert Accompagnement.objects.get().charge == gens["elle"]


def test_preuve_5_un_reseau_s_ajoute_a_plusieurs_structures(equipe):
    gens, clients = equipe
    reseau = fabrique.un_terme("reseau")
    structures = [fabrique.une_structure() for _ in range(3)]
    structures[0].reseaux.add(reseau)
    adresse = f"{reverse('accompagnements:structures')}?lot=ajouter-reseau&tout=1"
    assert clients["gestion"].get(adresse).status_code == 403
    rapport = clients["elle"].post(adresse, {"reseau": reseau.pk, "vues": 3})
    assert "3 lignes choisies, 2 faites, 1 refusée." in rapport.content.decode()
    assert Structure.objects.filter(reseaux=reseau).count() == 3


def test_preuve_5_ni_la_liste_ni_l_apercu_ne_coutent_plus_avec_les_lignes(
    equipe, django_assert_max_num_queries
):
    """The same number of queries at 3 rows and at 30, vues and columns included."""
    gens, clients = equipe
    _garder(clients["elle"], "À nous", "operateur")

    def requetes():
        with django_assert_max_num_queries(60) as releve:
            assert clients["elle"].get(reverse(DEMANDES)).status_code == 200
            clients["elle"].post(reverse(DEMANDES), {"lot": "confier", "tout": "1"})
        return len(releve)

    for _ in range(3):
        fabrique.une_demande("nouvelle")
    peu = requetes()
    for _ in range(27):
        fabrique.une_demande("nouvelle")
    assert requetes() == peu


# --- In the browser ---------------------------------------------------------------------------


@pytest.mark.navigateur
@pytest.mark.une_base
@pytest.mark.django_db(transaction=True)
def test_preuve_5_la_selection_se_fait_au_clavier_et_l_etat_revient(page):
    """Ticked by Space, the bar says how many; coming back finds the filters and the page again."""
    operateur = fabrique.un_operateur()
    for _ in range(3):
        fabrique.une_demande("nouvelle")
    fabrique.une_demande("en_attente")
    onglet = page(utilisateur=fabrique.un_charge(operateur))
    filtree = f"{reverse(DEMANDES)}?etat=nouvelle&tri=reference"
    onglet.goto(filtree)
    barre = onglet.locator("[data-barre]")
    assert not barre.is_visible()
    for rang in (0, 2):
        onglet.locator("input[name=ligne]").nth(rang).focus()
        onglet.keyboard.press("Space")
    assert barre.locator("[data-compte]").inner_text() == "2 lignes choisies"
    barre.get_by_role("button", name="Changer la personne").focus()
    onglet.keyboard.press("Enter")
    onglet.get_by_role("heading", name="2 lignes choisies : 2 à traiter, 0 refusée").wait_for()
    onglet.get_by_role("link", name="Annuler").click()
    onglet.wait_for_url(f"**{filtree}")
    onglet.locator(".lien-ligne").first.click()
    onglet.wait_for_url("**/demandes/*/")
    onglet.go_back()
    onglet.wait_for_url(f"**{filtree}")
    assert onglet.locator("tbody tr").count() == 3


@pytest.mark.navigateur
@pytest.mark.une_base
@pytest.mark.django_db(transaction=True)
def test_preuve_5_tout_se_fait_sans_javascript(navigateur, live_server):
    """Columns, a saved view and a bulk action, in a browser whose scripts are off."""
    operateur = fabrique.un_operateur()
    demande = fabrique.une_demande("nouvelle")
    autre = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    contexte = navigateur.new_context(base_url=live_server.url, java_script_enabled=False)
    contexte.add_cookies(_session(fabrique.un_charge(operateur), live_server.url))
    onglet = contexte.new_page()
    onglet.goto(reverse(DEMANDES))
    onglet.locator("summary", has_text="Colonnes").click()
    onglet.get_by_label("Commune", exact=True).check()
    onglet.get_by_role("button", name="Appliquer").click()
    assert "Commune" in onglet.locator("thead").inner_text()
    onglet.locator("summary", has_text="Vues").click()
    onglet.get_by_role("link", name="Enregistrer la vue affichée").click()
    onglet.get_by_label("Nom de la vue").fill("Avec la commune")
    onglet.get_by_role("button", name="Enregistrer la vue").click()
    assert "vue « Avec la commune »" in onglet.locator(".compte-mots").inner_text()
    onglet.get_by_label(f"Sélectionner {demande}").check()
    onglet.get_by_role("button", name="Changer la personne").click()
    onglet.get_by_label("Personne chargée de mission").select_option(str(autre.pk))
    onglet.get_by_role("button", name="Changer la personne chargée de mission : 1 ligne").click()
    assert "1 ligne choisie, 1 faite, 0 refusée." in onglet.locator("main").inner_text()
    contexte.close()
    assert Demande.objects.get().charge == autre
