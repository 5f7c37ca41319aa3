"""Time, register and agenda in a browser: axe silent at both widths, the week filled by keyboard."""

from datetime import time

import pytest
from django.urls import reverse

from accompagnements.activites.models import Temps
from dla_portal.comptes import roles
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_activites import terme, un_temps, une_activite
from tests.banc.navigateur import AXE, REGLES

pytestmark = [pytest.mark.navigateur, pytest.mark.une_base]


@pytest.fixture
def gens(transactional_db):
    operateur = fabrique.un_operateur()
    charge = fabrique.un_charge(operateur)
    responsable = fabrique.une_personne(roles.Responsable.code, operateur=operateur)
    return charge, responsable


def fautes_de(onglet, adresse, largeur):
    """What axe finds on the page shown, and how much it overflows."""
    onglet.evaluate(AXE.read_text())
    bilan = onglet.evaluate("regles => axe.run(document, regles)", REGLES)
    fautes = [
        f"{adresse} {faute['id']} : {noeud['target']} {noeud['html'][:120]}"
        for faute in bilan["violations"]
        for noeud in faute["nodes"][:3]
    ]
    defile = onglet.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [*fautes, *([f"{adresse} déborde de {defile} px"] if defile > 0 else [])]


@pytest.mark.parametrize("largeur", [1440, 390])
def test_axe_ne_trouve_rien(gens, page, largeur):
    charge, responsable = gens
    vides = [reverse(f"accompagnements:{nom}") for nom in ("agenda", "temps", "activites")]
    onglet, fautes = page(largeur=largeur, utilisateur=charge), []
    for adresse in vides:
        onglet.goto(adresse)
        fautes += fautes_de(onglet, adresse, largeur)
    demande = fabrique.un_accompagnement().demande
    temps = un_temps(charge, demande=demande, nature="accueil", minutes=11 * 60)
    un_temps(charge, demande=demande, nature="suivi", minutes=30)
    un_temps(responsable)
    activite = une_activite(
        charge, jours=0, inscrits=3, presents=9, heure_debut=time(9), heure_fin=time(12)
    )
    un_temps(charge, activite=activite, nature="animation", minutes=30)
    une_activite(charge, jours=-400)
    adresses = [
        *vides,
        f"{vides[0]}?vue=operateur&pas=semaine",
        reverse("accompagnements:temps_semaine"),
        reverse("accompagnements:temps_nouveau"),
        temps.get_absolute_url(),
        reverse("accompagnements:temps_modifier", args=[temps.pk]),
        reverse("accompagnements:temps_geste", args=[temps.pk, "retirer"]),
        reverse("accompagnements:activite_nouvelle"),
        reverse("accompagnements:activite_piece", args=[activite.pk]),
        activite.get_absolute_url(),
        demande.accompagnement.get_absolute_url(),
    ]
    for adresse in adresses:
        assert onglet.goto(adresse).status == 200
        fautes += fautes_de(onglet, adresse, largeur)
    onglet.goto(vides[0])
    onglet.get_by_role("button", name="Créer une adresse : Mon agenda").click()
    onglet.get_by_label("Adresse à donner à votre logiciel d'agenda").wait_for()
    fautes += fautes_de(onglet, "abonnement", largeur)
    directrice = page(largeur=largeur, utilisateur=responsable)
    for adresse in (vides[1], f"{adresses[4]}?personne={charge.pk}"):
        directrice.goto(adresse)
        fautes += fautes_de(directrice, adresse, largeur)
    assert not fautes, "\n".join(fautes)


def test_la_semaine_se_remplit_au_clavier(gens, page):
    """Dossier, kind, Monday: typed without a mouse, saved by Enter; a slip keeps what is typed."""
    charge, _ = gens
    demande = fabrique.un_accompagnement().demande
    onglet = page(utilisateur=charge)
    onglet.goto(reverse("accompagnements:temps_semaine"))
    onglet.get_by_label("Dossier, ligne 1").focus()
    onglet.keyboard.type(demande.structure.nom[:8])
    onglet.keyboard.press("Tab")
    onglet.keyboard.type(str(terme("temps", "accueil"))[:8])
    onglet.keyboard.press("Tab")
    onglet.keyboard.type("demain")
    onglet.keyboard.press("Enter")
    onglet.get_by_text("Un point est à corriger").wait_for()
    case = onglet.locator("#id_x0_j0")
    assert case.input_value() == "demain"
    case.fill("1h30")
    case.press("Enter")
    onglet.get_by_text("Semaine enregistrée : 1 case changée.").wait_for()
    temps = Temps.objects.get()
    assert (temps.demande, temps.nature.code, temps.minutes) == (demande, "accueil", 90)
    assert temps.le.weekday() == 0
