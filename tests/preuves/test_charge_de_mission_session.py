"""Proof 2: the session dies in the middle of each long form; nothing typed is lost."""

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.urls import reverse

from dla_portal.socle import brouillons
from tests.preuves.saisies import adresse_de, formulaire_de
from tests.preuves.test_chaine_saisies import TOUS, monde_en_cours
from tests.test_acces import monde, monde_plus_loin

__all__ = ["monde", "monde_en_cours", "monde_plus_loin"]
pytestmark = pytest.mark.django_db

# Forms where a text is written and whose typing the server does not keep, and why.
SANS_BROUILLON = {
    # Sealed: what a proposition holds never lies on the server in clear.
    "accompagnements.consultations.forms.reponses.DepotRecuForm",
    # The public pages have no account, so no session to lose.
    "accompagnements.demandes.forms_en_ligne.DemandeEnLigneForm",
    "accompagnements.demandes.forms_en_ligne.DemandePrescripteurForm",
    # One sentence on the preview of a selection, which is made again with it.
    "accompagnements.demandes.forms.ConfierEnLotForm",
}


def _texte(nom):
    """What a person writes: accents, ligatures, euro sign, lines, markup, an odd space."""
    return f"Écrit « {nom} » : œuvre à 12\u202f000 €\n<b>l'équipe</b> & le C.A.\n\u00a0fin"


def _ecrire(formulaire):
    """{name in the page: text} for every field in which one writes a text."""
    return {
        formulaire.add_prefix(nom): _texte(nom)
        for nom, champ in formulaire.fields.items()
        if isinstance(champ.widget, forms.Textarea)
    }


def _reouvrir(client, personne, adresse):
    """The session dies; the person signs in again and comes back to the form."""
    Session.objects.all().delete()
    reponse = client.get(adresse)
    assert reponse.status_code == 302
    assert reponse["Location"].startswith("/compte/login/")
    client.force_login(personne)
    return client.get(adresse)


def test_preuve_2_la_session_tuee_ne_perd_aucun_caractere(
    monde, monde_plus_loin, monde_en_cours, client
):
    """Every form of the tables in which a text is written: kept, killed, signed in, compared."""
    mondes = {"monde": monde, "monde_plus_loin": monde_plus_loin, "monde_en_cours": monde_en_cours}
    gardes, pertes, oublies = set(), [], set()
    for fixture, nom, cle, qui in TOUS:
        personnes, objets = mondes[fixture]
        client.force_login(personnes[qui])
        adresse = adresse_de(nom, cle, objets)
        page = client.get(adresse)
        formulaire = formulaire_de(page)
        saisie = _ecrire(formulaire)
        if not saisie:
            continue
        qualite = f"{type(formulaire).__module__}.{type(formulaire).__name__}"
        if not page.context.get("brouillon"):
            oublies.add(qualite)
            continue
        assert "data-brouillon" in page.content.decode(), qualite
        envoi = {"adresse_brouillon": adresse, "page_brouillon": page.context["brouillon"]["page"]}
        assert client.post(reverse("socle:brouillon_garder"), envoi | saisie).status_code == 200
        retour = formulaire_de(_reouvrir(client, personnes[qui], adresse))
        rendu = {retour.add_prefix(n): retour[n].value() for n in retour.fields}
        for champ, texte in saisie.items():
            if (rendu[champ] or "").replace("\r\n", "\n") != texte:
                pertes.append(f"{qualite} {champ} : {rendu[champ]!r}")
        gardes.add(qualite)
    assert not pertes, "\n".join(pertes)
    assert oublies == SANS_BROUILLON
    assert len(gardes) > 30
    assert not any(brouillons.Brouillon.objects.filter(saisie=""))
