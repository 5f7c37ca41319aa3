"""The restitution: planned and told to each party, held, its minutes kept."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accompagnements.parcours.taches import taches
from accompagnements.restitutions import documents
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Restitution
from dla_portal.socle import horloge
from dla_portal.socle.fichiers import Fichier
from dla_portal.socle.models import Courriel, Evenement
from dla_portal.socle.regles import Manques
from tests.accompagnements.fabrique_ingenierie import le_charge, une_restitution

pytestmark = pytest.mark.django_db
TEXTES = {
    "resultats": "Trois objectifs sur quatre atteints",
    "ecarts": "Un atelier n'a pas eu lieu",
    "besoins": "Une aide à la trésorerie",
    "decisions": "La structure cherche un comptable avant mars",
}


def dans(jours):
    return (horloge.maintenant() + timedelta(days=jours)).replace(minute=30)


def planifier(restitution, jours=5, lieu="Au siège"):
    restitution = Restitution.objects.get(pk=restitution.pk)
    return restitutions.planifier(
        restitution,
        par=le_charge(restitution.mission.convention),
        prevue_le=dans(jours),
        prevue_lieu=lieu,
    )


def texte_de(octets):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)


def prevenus(sujet):
    return set(
        Courriel.objects.filter(sujet__startswith=sujet).values_list("destinataire", flat=True)
    )


def test_chacun_recoit_la_date_puis_la_nouvelle():
    restitution = une_restitution(tenue=False)
    convention = restitution.mission.convention
    dossier = convention.ingenierie.accompagnements().get()
    attendus = {
        dossier.structure.courriel_principal(),
        dossier.charge.email,
        convention.prestataire.email,
    }
    planifier(restitution, lieu="Mairie de Toulon")
    assert prevenus("Restitution de la mission") == attendus
    assert prevenus("Restitution : nouvelle date") == set()
    corps = Courriel.objects.filter(sujet__startswith="Restitution").first().corps
    assert "Mairie de Toulon" in corps
    assert " h 30" in corps
    planifier(restitution, jours=12)
    assert prevenus("Restitution : nouvelle date") == attendus
    gestes = Evenement.objects.filter(transition__endswith="planifier").order_by("pk")
    assert [e.transition for e in gestes] == ["planifier", "replanifier"]


def test_une_restitution_se_planifie_dans_l_avenir_avec_son_lieu():
    restitution = une_restitution(tenue=False)
    with pytest.raises(Manques, match="à venir"):
        planifier(restitution, jours=-1)
    with pytest.raises(Manques, match="lieu"):
        planifier(restitution, lieu="  ")
    assert not Courriel.objects.filter(sujet__startswith="Restitution").exists()


def test_la_restitution_attend_d_etre_planifiee_puis_tenue():
    restitution = une_restitution(tenue=False)
    charge = le_charge(restitution.mission.convention)

    def a_faire():
        return {
            t.libelle: t.groupe for t in taches(charge) if "la restitution" in t.libelle.lower()
        }

    assert set(a_faire()) == {"Planifier la restitution"}
    planifier(restitution, jours=5)
    assert a_faire() == {"Tenir la restitution": "semaine"}
    for jours, groupe in ((5, "aujourdhui"), (6, "retard")):
        with horloge.voyage(horloge.maintenant() + timedelta(days=jours)):
            assert a_faire() == {"Tenir la restitution": groupe}


def test_le_geste_change_de_nom_une_fois_la_date_fixee(client):
    restitution = une_restitution(tenue=False)
    client.force_login(le_charge(restitution.mission.convention))
    adresse = reverse("accompagnements:restitution_geste", args=[restitution.pk, "planifier"])
    assert "Planifier la restitution" in client.get(restitution.get_absolute_url()).content.decode()
    envoi = {
        "version_lue": restitution.version,
        "prevue_le": timezone.localtime(dans(4)).strftime("%Y-%m-%dT%H:%M"),
        "prevue_lieu": "Salle du conseil",
    }
    assert client.post(adresse, envoi).status_code == 302
    page = client.get(restitution.get_absolute_url()).content.decode()
    assert "Changer la date de la restitution" in page
    assert "Planifier la restitution</a>" not in page
    assert "Salle du conseil" in page
    assert client.get(adresse).status_code == 403
    tenir = reverse("accompagnements:restitution_geste", args=[restitution.pk, "tenir"])
    assert client.get(tenir).context["formulaire"]["lieu"].value() == "Salle du conseil"


def test_le_compte_rendu_dit_tout_et_reste_celui_du_jour(client):
    restitution = une_restitution(avec_compte_rendu=True, **TEXTES)
    mission = restitution.mission
    client.force_login(le_charge(mission.convention))
    adresse = reverse("accompagnements:restitution_compte_rendu_pdf", args=[restitution.pk])
    octets = client.get(adresse).content
    texte = texte_de(octets)
    for attendu in (*TEXTES.values(), "Au siège", "Le bureau", "Signatures", "financé par"):
        assert attendu in texte.replace("’", "'")
    fichier = Fichier.objects.get(categorie="compte_rendu_restitution")
    assert fichier == restitution.compte_rendu
    assert fichier.fil == mission.fil
    mission.convention.prestataire.nom = "Un autre nom"
    mission.convention.prestataire.save()
    assert client.get(adresse).content == octets
    assert "Compte rendu (PDF)" in client.get(restitution.get_absolute_url()).content.decode()


def test_sans_exemplaire_garde_le_compte_rendu_se_refait(client):
    restitution = une_restitution(**TEXTES)
    client.force_login(le_charge(restitution.mission.convention))
    adresse = reverse("accompagnements:restitution_compte_rendu_pdf", args=[restitution.pk])
    refait = texte_de(documents.compte_rendu(restitution))
    assert texte_de(client.get(adresse).content) == refait
    assert restitution.compte_rendu is None


def test_pas_de_compte_rendu_avant_la_restitution(client):
    restitution = une_restitution(tenue=False)
    client.force_login(le_charge(restitution.mission.convention))
    adresse = reverse("accompagnements:restitution_compte_rendu_pdf", args=[restitution.pk])
    assert client.get(adresse).status_code == 404
    assert "Compte rendu (PDF)" not in client.get(restitution.get_absolute_url()).content.decode()


def test_la_base_refuse_une_date_sans_lieu():
    restitution = une_restitution(tenue=False)
    with pytest.raises(IntegrityError, match="prevue_avec_son_lieu"), transaction.atomic():
        Restitution.objects.filter(pk=restitution.pk).update(prevue_le=horloge.maintenant())
