"""Proof 6: one search box; forty queries with their expected first answer; nothing out of scope.

The same answers on SQLite and on PostgreSQL. Slips need trigrams: a PostgreSQL where pg_trgm
cannot be created finds nothing for them, and says so plainly.
"""

from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accompagnements.models import Structure
from dla_portal.comptes import roles
from dla_portal.socle import recherche
from prestataires.models import Prestataire
from prestataires.transitions import candidater
from tests.accompagnements import fabrique
from tests.test_acces import _personnes

pytestmark = pytest.mark.preuve
SIRETS = "73282932000074 78467169500087 44306184100047 38012986646850".split()


@pytest.fixture
def monde(db):
    """Structures of two departments, their people, three dossiers, a demande, two prestataires."""
    treize = fabrique.un_departement()
    operateur = fabrique.un_operateur(departement=treize)
    personnes = _personnes(operateur)
    communes = {
        "aubagne": fabrique.une_commune(),
        "aix": fabrique.une_commune("Aix-en-Provence", "13001", "13100"),
        "chamas": fabrique.une_commune("Saint-Chamas", "13092", "13250"),
        "toulon": fabrique.une_commune(
            "Toulon", "83137", "83000", fabrique.un_departement("83", "Var")
        ),
    }
    structures = {
        cle: fabrique.une_structure(communes[ou], nom=nom, **champs)
        for cle, ou, nom, champs in (
            ("atelier", "aubagne", "L'Atelier de la Colline", {"siret": SIRETS[0]}),
            ("creche", "aix", "Crèche Les P'tits Loups", {"siret": SIRETS[1], "sigle": "CPL"}),
            ("oeuvre", "aix", "L'Œuvre du Sacré-Cœur", {"rna": "W131000123"}),
            ("porte", "chamas", "Porte-Voix & Cie", {"sigle": "PVC"}),
            ("regie", "chamas", "Régie de quartier Étoile-Sud", {"siret": SIRETS[2]}),
            ("ailleurs", "toulon", "La Colline enchantée du Var", {"siret": SIRETS[3]}),
        )
    }
    _nommer(structures)
    dossiers = {
        cle: fabrique.un_accompagnement(structure=structures[cle]) for cle in ("atelier", "creche")
    }
    dossiers["ailleurs"] = fabrique.un_accompagnement(
        structure=structures["ailleurs"], operateur=personnes["B"].rattachement.operateur
    )
    demande = fabrique.une_demande("en_attente", structure=structures["regie"])
    objets = {
        **{f"structure {cle}": objet for cle, objet in structures.items()},
        **{f"dossier {cle}": objet for cle, objet in dossiers.items()},
        "demande regie": demande,
        "cabinet": _cabinet(personnes["A"], "Cabinet Périé & Associés", "40483304800022"),
        "bureau": _cabinet(personnes["A"], "Bureau d'études Héliotrope", "55208131766522"),
    }
    return personnes, objets


def _nommer(structures):
    """Give the structures people to talk to."""
    for cle, nom in (
        ("atelier", "Zoé Lefèvre-Martin"),
        ("porte", "Anaïs Ñuñez"),
        ("ailleurs", "Zoé Lefèvre-Durand"),
    ):
        contact = structures[cle].contacts.get()
        contact.nom = nom
        contact.save()


def _cabinet(charge, nom, siret):
    cabinet = Prestataire(siret=siret, nom=nom, ville="Forcalquier", contact="Élodie Bâton")
    return candidater(cabinet, par=charge)


QUERIES = [
    # By name: accents, case, hyphens, apostrophes, ligatures, order and part of the words.
    ("L'Atelier de la Colline", "dossier atelier"),
    ("l'atelier de la colline", "dossier atelier"),
    ("ATELIER COLLINE", "dossier atelier"),
    ("colline atelier", "dossier atelier"),
    ("ateli", "dossier atelier"),
    ("crèche", "dossier creche"),
    ("CRECHE", "dossier creche"),
    ("p'tits loups", "dossier creche"),
    ("p’tits loups", "dossier creche"),
    ("oeuvre", "structure oeuvre"),
    ("l'œuvre", "structure oeuvre"),
    ("sacre coeur", "structure oeuvre"),
    ("Sacré-Cœur", "structure oeuvre"),
    ("porte voix", "structure porte"),
    ("porte-voix", "structure porte"),
    ("etoile sud", "demande regie"),
    ("régie de quartier", "demande regie"),
    # By acronym.
    ("CPL", "dossier creche"),
    ("pvc", "structure porte"),
    # By number: SIRET and SIREN with or without spaces, RNA.
    ("73282932000074", "structure atelier"),
    ("732 829 320 00074", "structure atelier"),
    ("732\u00a0829\u00a0320\u00a000074", "structure atelier"),
    ("732.829.320", "structure atelier"),
    ("784671695", "structure creche"),
    ("7846 7169", "dossier creche"),
    ("w131000123", "structure oeuvre"),
    ("W 131 000 123", "structure oeuvre"),
    ("404 833 048 00022", "cabinet"),
    # By reference, however it is typed.
    ("{atelier}", "dossier atelier"),
    ("{atelier minuscules}", "dossier atelier"),
    ("{atelier espaces}", "dossier atelier"),
    ("{atelier colle}", "dossier atelier"),
    ("{atelier sans zeros}", "dossier atelier"),
    ("{regie}", "demande regie"),
    # By commune, then with a word of the name.
    ("Saint Chamas", "demande regie"),
    ("saint-chamas voix", "structure porte"),
    ("aix crèche", "dossier creche"),
    # By person.
    ("lefevre martin", "structure atelier"),
    ("Zoé Lefèvre", "structure atelier"),
    ("nunez", "structure porte"),
    ("elodie baton", "bureau"),
    # Prestataires.
    ("périé", "cabinet"),
    ("perie associes", "cabinet"),
    ("heliotrope", "bureau"),
    ("Forcalquier", "bureau"),
]
SLIPS = [
    ("ateleir colinne", "dossier atelier"),
    ("crehce", "dossier creche"),
    ("heliotorpe", "bureau"),
    ("lefevbre", "structure atelier"),
]


class _Liens(HTMLParser):
    """The addresses of the answers of a search page, in their order."""

    def __init__(self):
        super().__init__()
        self.liens, self.profondeur = [], 0

    def handle_starttag(self, balise, attributs):
        attributs = dict(attributs)
        if balise == "section" and "trouvailles" in attributs.get("class", ""):
            self.profondeur = 1
        elif balise == "a" and self.profondeur:
            self.liens.append(attributs["href"])

    def handle_endtag(self, balise):
        if balise == "section":
            self.profondeur = 0


def _chercher(client, texte):
    """Return (addresses of the answers, HTML) of a search."""
    reponse = client.get(f"{reverse('socle:recherche')}?{urlencode({'q': texte})}")
    assert reponse.status_code == 200
    page = _Liens()
    page.feed(reponse.content.decode())
    return page.liens, reponse.content.decode()


def _ecrire(texte, objets):
    """Put the reference of a dossier in a query, spelt as the query says."""
    if not texte.startswith("{"):
        return texte
    cle, _, facon = texte.strip("{}").partition(" ")
    reference = objets["dossier atelier" if cle == "atelier" else "demande regie"].reference
    debut, numero = reference.rsplit("-", 1)
    return {
        "": reference,
        "minuscules": reference.lower(),
        "espaces": reference.replace("-", " "),
        "colle": reference.replace("-", ""),
        "sans zeros": f"{debut} {int(numero)}".replace("-", " "),
    }[facon]


def test_preuve_6_quarante_recherches_et_leur_premier_resultat(monde, client):
    personnes, objets = monde
    assert len(QUERIES) >= 40
    client.force_login(personnes["A"])
    noms = {objet.get_absolute_url(): cle for cle, objet in objets.items()}
    faux = []
    for texte, attendu in QUERIES:
        liens, _ = _chercher(client, _ecrire(texte, objets))
        premier = noms.get(liens[0], liens[0]) if liens else ""
        if premier != attendu:
            faux.append(f"« {texte} » : {premier or 'rien'} au lieu de {attendu}")
    assert not faux, "\n".join(faux)


def test_preuve_6_une_faute_de_frappe_se_pardonne(monde, client):
    personnes, objets = monde
    client.force_login(personnes["A"])
    noms = {objet.get_absolute_url(): cle for cle, objet in objets.items()}
    for texte, attendu in SLIPS:
        liens, page = _chercher(client, texte)
        if not recherche.tolerante():
            assert "Rien ne correspond" in page
            continue
        assert "Ce qui y ressemble" in page
        assert noms.get(liens[0]) == attendu, texte
    # What resembles nothing finds nothing, and a wrong number is not « almost » another one.
    for texte in ("zzyzx wqwq", "73282932000099", "W139999999"):
        liens, page = _chercher(client, texte)
        assert not liens, texte
        assert f"Rien ne correspond à « {texte} »" in page


@pytest.mark.parametrize(
    ("qui", "voit", "ignore"),
    [
        ("A", "dossier atelier", "ailleurs"),
        ("responsable", "dossier atelier", "ailleurs"),
        ("gestionnaire", "dossier atelier", "ailleurs"),
        ("B", "dossier ailleurs", "atelier"),
        ("c2ra", "dossier atelier", None),
        ("admin", "dossier atelier", None),
        ("pilote", None, "atelier"),
        ("membre", None, "atelier"),
        ("crdla", None, "atelier"),
        ("national", None, "atelier"),
    ],
)
def test_preuve_6_chacun_ne_trouve_que_ce_qu_il_voit(monde, client, qui, voit, ignore):
    """By name, number, reference, commune, person and slip: never a row of somebody else."""
    personnes, objets = monde
    client.force_login(personnes[qui])
    if voit:
        assert objets[voit].get_absolute_url() in _chercher(client, "colline")[0]
    if not ignore:
        return
    structure, dossier = objets[f"structure {ignore}"], objets[f"dossier {ignore}"]
    cachees = {structure.get_absolute_url(), dossier.get_absolute_url()}
    contact = structure.contacts.get().nom
    textes = [structure.nom, "colline", "collinne", structure.siret, dossier.reference]
    for texte in [*textes, structure.commune.nom, contact, "Lefèvre", structure.siret[:9]]:
        liens, page = _chercher(client, texte)
        assert not cachees & set(liens), (qui, texte)
        sans_la_question = page.replace(f"« {texte} »", "").replace(f'value="{texte}"', "")
        assert contact not in sans_la_question


def test_preuve_6_le_membre_du_comite_trouve_le_dossier_de_sa_seance(monde, client):
    personnes, objets = monde
    diagnostic = fabrique.un_diagnostic(accompagnement=objets["dossier atelier"])
    fabrique.un_passage(
        seance=fabrique.une_seance(membres=[personnes["membre"]]),
        accompagnement=diagnostic.accompagnement,
    )
    client.force_login(personnes["membre"])
    assert _chercher(client, "atelier")[0] == [objets["dossier atelier"].get_absolute_url()]


def test_preuve_6_la_liste_ouverte_depuis_la_recherche_montre_la_suite(monde, client):
    """A group with more than it shows leads to the list with the same words."""
    personnes, _ = monde
    for rang in range(12):
        fabrique.une_structure(nom=f"Compagnie numéro {rang}")
    client.force_login(personnes["A"])
    liens, _ = _chercher(client, "compagnie")
    suite = f"{reverse('accompagnements:structures')}?q=compagnie"
    assert liens[-1] == suite
    assert len(liens) == 9
    assert client.get(suite).context["liste"].page.paginator.count == 12


def test_preuve_6_le_nombre_de_requetes_ne_depend_pas_des_lignes(
    monde, client, django_assert_max_num_queries
):
    personnes, _ = monde
    client.force_login(personnes["A"])

    def requetes():
        with django_assert_max_num_queries(40) as releve:
            _chercher(client, "colline")
        return len(releve)

    peu = requetes()
    for rang in range(6):
        structure = fabrique.une_structure(nom=f"Colline {rang}")
        fabrique.un_accompagnement(structure=structure)
    assert requetes() == peu


@pytest.mark.parametrize("texte", ["", " ", "a", "--", "«»", "%", "_", "\\", "(", "[a-", "'; --"])
def test_preuve_6_rien_de_ce_qu_on_tape_ne_casse(monde, client, texte):
    personnes, _ = monde
    client.force_login(personnes["A"])
    assert _chercher(client, texte)[0] == []
    assert client.get(reverse("accompagnements:demandes"), {"q": f"{texte}1"}).status_code == 200


def test_preuve_6_la_colonne_pliee_dit_comme_python(db):
    """The folding done by the database equals the one kept in the normalised columns."""
    for texte in ("Élodie BÂTON", "Anaïs Ñuñez", "Lœtitia d'Aubigné-Ça", "Œuvre & Cie (13)", "É"):
        structure = fabrique.une_structure(nom=texte)
        plie = Structure.objects.annotate(plie=recherche.Normalise("nom")).get(pk=structure.pk)
        assert plie.plie == recherche.normaliser(texte), texte


@pytest.mark.navigateur
@pytest.mark.une_base
@pytest.mark.django_db(transaction=True)
def test_preuve_6_la_recherche_se_fait_au_clavier(page):
    """`/` reaches the box from any page; Enter searches; Tab reaches the first answer."""
    operateur = fabrique.un_operateur()
    structure = fabrique.une_structure(nom="L'Atelier de la Colline")
    elle = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    onglet = page(utilisateur=elle)
    onglet.goto(reverse("accompagnements:demandes"))
    onglet.keyboard.press("/")
    assert onglet.evaluate("document.activeElement.id") == "recherche-globale"
    onglet.keyboard.type("collinne")
    onglet.keyboard.press("Enter")
    lien = onglet.get_by_role("link", name="L'Atelier de la Colline")
    lien.wait_for()
    onglet.locator("#recherche-page-q").focus()
    for _ in range(4):
        onglet.keyboard.press("Tab")
        if onglet.evaluate("document.activeElement.textContent").startswith("L'Atelier"):
            break
    onglet.keyboard.press("Enter")
    onglet.wait_for_url(f"**{structure.get_absolute_url()}")
