"""Proof 6: bad input at each form gives a clear French message, keeps what was typed, writes
nothing."""

import re
from datetime import timedelta

import pytest
from django import forms
from django.urls import reverse

from accompagnements.models import Demande
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Evenement
from tests.accompagnements import fabrique
from tests.test_acces import monde, monde_plus_loin

__all__ = ["monde", "monde_plus_loin"]

# (URL name, object of `monde`, who): every form open to somebody at these stages.
FORMULAIRES = [
    ("accompagnements:demande_modifier", "demande", "A"),
    ("accompagnements:demande_geste", "demande+mettre-en-attente", "A"),
    ("accompagnements:demande_geste", "demande+orienter", "A"),
    ("accompagnements:demande_geste", "demande+refuser", "A"),
    ("accompagnements:demande_geste", "demande+classer", "A"),
    ("accompagnements:structure_nouvelle", "", "A"),
    ("accompagnements:structure_modifier", "structure", "A"),
    ("accompagnements:contact_ajouter", "structure", "A"),
    ("accompagnements:annee_ajouter", "structure", "A"),
    ("accompagnements:diagnostic_modifier", "diagnostic+rencontre", "A"),
    ("accompagnements:diagnostic_modifier", "diagnostic+economie", "A"),
    ("accompagnements:diagnostic_geste", "diagnostic+abandonner", "A"),
    ("accompagnements:plan_modifier", "plan", "A"),
    ("accompagnements:action_ajouter", "plan", "A"),
    ("accompagnements:plan_geste", "plan+valider", "A"),
    ("accompagnements:seance_nouvelle", "", "A"),
    ("accompagnements:seance_geste", "seance+annuler", "A"),
    ("accompagnements:passage_geste", "passage+rendre-avis", "A"),
    ("accompagnements:cahier_modifier", "consultation", "A"),
    ("accompagnements:criteres_modifier", "consultation", "A"),
    ("accompagnements:consultation_geste", "consultation+valider-cdc", "A"),
    ("accompagnements:consultation_geste", "consultation+abandonner", "A"),
    ("accompagnements:sollicitation_depot", "sollicitation", "A"),
    ("accompagnements:dossier_geste", "dossier+abandonner", "A"),
    ("prestataires:nouveau", "", "A"),
    ("prestataires:modifier", "prestataire", "c2ra"),
    ("prestataires:geste", "prestataire+refuser", "c2ra"),
    ("pilotage:objectif_nouveau", "", "c2ra"),
    ("pilotage:objectif_modifier", "objectif", "c2ra"),
]
FORMULAIRES_PLUS_LOIN = [
    ("accompagnements:convention_modifier", "brouillon", "A"),
    ("accompagnements:convention_geste", "brouillon+abandonner", "A"),
    ("accompagnements:note_ajouter", "mission", "A"),
    ("accompagnements:facture_ajouter", "mission", "A"),
    ("accompagnements:facture_geste", "facture+rejeter", "gestionnaire"),
    ("accompagnements:enquete_geste", "enquete+repondre", "A"),
    ("accompagnements:enquete_geste", "enquete+clore", "A"),
    ("accompagnements:suivi_geste", "suivi+realiser", "A"),
    ("accompagnements:suivi_geste", "suivi+injoignable", "A"),
]
ANGLAIS = re.compile(r"\b(This field|Enter a|required\.|Ensure|Select a valid)\b")


def adresse_de(nom, cle, objets):
    objet, _, geste = cle.partition("+")
    arguments = [objets[objet].pk] if objet else []
    return reverse(nom, args=[*arguments, geste] if geste else arguments)


def formulaire_de(reponse):
    return reponse.context["formulaire"]


def mauvaise_valeur(champ):
    """Something that the kind of the field cannot accept, or None when it accepts anything."""
    if isinstance(champ, (forms.DateField, forms.DateTimeField)):
        return "le trente-deux du mois"
    if isinstance(champ, (forms.DecimalField, forms.IntegerField)):
        jamais_negatif = champ.min_value is not None and champ.min_value >= 0
        return "-5" if jamais_negatif else "douze"
    if isinstance(champ, forms.FileField):
        return None
    if isinstance(champ, forms.ModelMultipleChoiceField):
        return None
    if isinstance(champ, (forms.ChoiceField, forms.ModelChoiceField)):
        return "valeur-inconnue"
    if isinstance(champ, forms.EmailField):
        return "pas un courriel"
    if isinstance(champ, forms.BooleanField):
        return None
    if isinstance(champ, forms.CharField):
        return "x" * 30_000
    return None


def traces():
    """What a half-written gesture would leave behind."""
    return (Evenement.objects.count(), Courriel.objects.count(), Demande.objects.count())


@pytest.mark.parametrize(("nom", "cle", "qui"), FORMULAIRES, ids=lambda v: str(v))
def test_preuve_6_une_mauvaise_saisie_est_dite_et_gardee(monde, client, nom, cle, qui):
    mal_remplir(client, *monde, nom, cle, qui)


@pytest.mark.parametrize(("nom", "cle", "qui"), FORMULAIRES_PLUS_LOIN, ids=lambda v: str(v))
def test_preuve_6_de_meme_aux_dernieres_etapes(monde_plus_loin, client, nom, cle, qui):
    mal_remplir(client, *monde_plus_loin, nom, cle, qui)


def mal_remplir(client, personnes, objets, nom, cle, qui):
    """Send what no field accepts: refused at each field, in French, kept, nothing written."""
    client.force_login(personnes[qui])
    adresse = adresse_de(nom, cle, objets)
    page = client.get(adresse)
    formulaire = formulaire_de(page)
    envoi = {
        n: formulaire[n].value() or "" for n, c in formulaire.fields.items() if c.widget.is_hidden
    }
    envoi["version_lue"] = str(getattr(page.context.get("objet"), "version", ""))
    mauvaises = {n: mauvaise_valeur(c) for n, c in formulaire.fields.items()}
    mauvaises = {n: v for n, v in mauvaises.items() if v and n not in envoi}
    assert mauvaises, "aucun champ à mal remplir"
    avant = traces()
    reponse = client.post(adresse, {**envoi, **mauvaises})
    assert reponse.status_code == 422
    assert traces() == avant
    erreurs = formulaire_de(reponse).errors
    assert set(mauvaises) <= set(erreurs), set(mauvaises) - set(erreurs)
    textes = " ".join(phrase for liste in erreurs.values() for phrase in liste)
    assert not ANGLAIS.search(textes), textes
    contenu = reponse.content.decode()
    for champ, valeur in mauvaises.items():
        if valeur != "valeur-inconnue":
            assert valeur in contenu, champ


@pytest.mark.parametrize(("nom", "cle", "qui"), FORMULAIRES, ids=lambda v: str(v))
def test_preuve_6_un_formulaire_vide_est_refuse_sans_rien_ecrire(monde, client, nom, cle, qui):
    personnes, objets = monde
    client.force_login(personnes[qui])
    adresse = adresse_de(nom, cle, objets)
    avant = traces()
    reponse = client.post(adresse, {})
    assert reponse.status_code == 422
    assert traces() == avant
    assert formulaire_de(reponse).errors


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
