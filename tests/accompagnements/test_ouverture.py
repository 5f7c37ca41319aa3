"""The opening: all or nothing, damaged deposits, late answers, minutes kept, races."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models
from django.urls import reverse

from accompagnements.consultations import documents
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.models import Consultation, Depot, Proposition
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Evenement, Fichier
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_analyse import lire
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db
SECONDE = timedelta(seconds=1)
LIEN = "Par son lien"


@pytest.fixture
def publiee():
    """A consultation sent to two prestataires, closing in three days."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=3)
    return consultations.publier(
        consultation,
        par=suite.le_charge(consultation),
        date_limite=limite,
        justification_delai="Essai",
        jours_questions=1,
    )


def deposer_tous(consultation):
    return [
        consultations.deposer(
            s, par=LIEN, fichier=SimpleUploadedFile("offre.pdf", PDF), **suite.DEPOT
        )
        for s in consultation.sollicitations.all()
    ]


def abimer_le_contenu(depot):
    octets = bytearray(depot.scelle)
    octets[60] ^= 1
    Depot.objects.filter(pk=depot.pk).update(scelle=bytes(octets))


def abimer_le_fichier(depot):
    champ = depot.fichier.contenu
    with champ.open("rb") as lu:
        octets = bytearray(lu.read())
    octets[60] ^= 1
    champ.storage.delete(champ.name)
    champ.storage.save(champ.name, io.BytesIO(bytes(octets)))


def perdre_le_fichier(depot):
    depot.fichier.contenu.storage.delete(depot.fichier.contenu.name)


def sur_le_disque(settings):
    return {p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()}


@pytest.mark.parametrize("abimer", [abimer_le_contenu, abimer_le_fichier, perdre_le_fichier])
def test_un_depot_abime_n_ouvre_rien_meme_sur_le_disque(publiee, settings, abimer):
    d_ailleurs = sur_le_disque(settings)  # files of other tests
    _, second = deposer_tous(publiee)
    abimer(second)
    avant = sur_le_disque(settings)
    with horloge.voyage(publiee.date_limite), pytest.raises(Manques, match="Cabinet 1"):
        consultations.ouvrir(publiee, par=suite.le_charge(publiee))
    assert sur_le_disque(settings) == avant
    assert not any(PDF in chemin.read_bytes() for chemin in avant - d_ailleurs)
    assert not Proposition.objects.exists()
    assert Consultation.objects.get(pk=publiee.pk).etat == "publiee"


def test_une_ouverture_qui_echoue_apres_coup_ne_laisse_aucun_fichier(
    publiee, settings, monkeypatch
):
    deposer_tous(publiee)
    avant = sur_le_disque(settings)

    def panne(consultation):
        assert sur_le_disque(settings) > avant  # the propositions are written already
        raise RuntimeError("panne")

    monkeypatch.setattr(documents, "etablir_pv_d_ouverture", panne)
    with horloge.voyage(publiee.date_limite), pytest.raises(RuntimeError):
        consultations.ouvrir(publiee, par=suite.le_charge(publiee))
    assert sur_le_disque(settings) == avant
    assert not Proposition.objects.exists()


def test_les_autres_s_ouvrent_quand_le_depot_abime_est_ecarte(publiee, client):
    premier, second = deposer_tous(publiee)
    abimer_le_contenu(second)
    client.force_login(suite.le_charge(publiee))
    adresse = reverse("accompagnements:consultation_geste", args=[publiee.pk, "ouvrir"])
    with horloge.voyage(publiee.date_limite):
        assert "motif_ecart" not in client.get(adresse).context["formulaire"].fields
        version = Consultation.objects.get(pk=publiee.pk).version
        reponse = client.post(adresse, {"version_lue": version})
        assert reponse.status_code == 422
        assert "Cabinet 1" in reponse.content.decode()
        assert "motif_ecart" in reponse.content.decode()
        motif = "Sceau rompu sur le serveur"
        envoi = {"version_lue": version, "motif_ecart": motif}
        assert client.post(adresse, envoi).status_code == 302
    assert Proposition.objects.get().sollicitation == premier.sollicitation
    second.refresh_from_db()
    assert (second.ecarte_le, second.motif_ecart) == (publiee.date_limite, motif)
    courriel = Courriel.objects.get(sujet__startswith="Votre dépôt n'a pas pu")
    assert courriel.destinataire == "cabinet1@essai.example"
    assert motif in courriel.corps
    assert Evenement.objects.get(transition="ecarter_depot").motif == motif
    publiee.refresh_from_db()
    assert f"écarté : illisible ({motif})" in lire(documents.pv_d_ouverture(publiee))[1]


def test_quand_aucun_depot_ne_se_lit_rien_ne_s_ouvre(publiee):
    for depot in deposer_tous(publiee):
        abimer_le_contenu(depot)
    with horloge.voyage(publiee.date_limite), pytest.raises(Manques, match="sans suite"):
        consultations.ouvrir(publiee, par=suite.le_charge(publiee), motif_ecart="Sceaux rompus")


@pytest.mark.parametrize("abimer", [abimer_le_contenu, abimer_le_fichier])
def test_un_depot_abime_se_remplace_par_le_meme(publiee, abimer):
    premier, _ = deposer_tous(publiee)
    abimer(premier)
    refait = consultations.deposer(
        premier.sollicitation,
        par=LIEN,
        fichier=SimpleUploadedFile("offre.pdf", PDF),
        **suite.DEPOT,
    )
    assert refait.pk != premier.pk
    publiee.refresh_from_db()
    with horloge.voyage(publiee.date_limite):
        consultations.ouvrir(publiee, par=suite.le_charge(publiee))
    assert publiee.propositions.count() == 2


def test_un_depot_ecarte_sans_motif_est_refuse_par_la_base(publiee):
    premier, _ = deposer_tous(publiee)
    premier.ecarte_le = horloge.maintenant()
    with pytest.raises(IntegrityError, match="depot_ecarte_motive"):
        premier.save()


# --- The lock: what is waited for counts ---------------------------------------------------------


def pendant_l_attente(monkeypatch, geste):
    """Play `geste` once, when the row of the consultation is locked: what the lock waited for."""
    verrouiller, faits = models.QuerySet.select_for_update, []

    def attendre(lignes, *args, **kwargs):
        if lignes.model is Consultation and not faits:
            faits.append(True)
            geste()
        return verrouiller(lignes, *args, **kwargs)

    monkeypatch.setattr(models.QuerySet, "select_for_update", attendre)


def test_un_depot_complet_avant_la_limite_ne_perd_rien_a_attendre(publiee, monkeypatch):
    instants = [publiee.date_limite - SECONDE]
    monkeypatch.setattr(horloge, "maintenant", lambda: instants[0])
    pendant_l_attente(monkeypatch, lambda: instants.insert(0, publiee.date_limite + SECONDE))
    depot = consultations.deposer(publiee.sollicitations.first(), par=LIEN, **suite.DEPOT)
    assert not depot.hors_delai
    assert depot.recu_le == publiee.date_limite - SECONDE


@pytest.mark.parametrize("nom", ["constater_infructueuse", "ouvrir"])
def test_un_depot_en_vol_est_attendu(publiee, monkeypatch, nom):
    premiere, seconde = publiee.sollicitations.all()
    if nom == "ouvrir":
        consultations.deposer(premiere, par=LIEN, **suite.DEPOT)

    def arriver():
        with horloge.voyage(publiee.date_limite - SECONDE):
            consultations.deposer(seconde, par=LIEN, **suite.DEPOT)

    pendant_l_attente(monkeypatch, arriver)
    with horloge.voyage(publiee.date_limite + SECONDE):
        if nom == "ouvrir":
            consultations.ouvrir(publiee, par=suite.le_charge(publiee))
            assert publiee.propositions.count() == 2
        else:
            with pytest.raises(Manques, match="ouvrez-les"):
                consultations.constater_infructueuse(publiee, par=suite.le_charge(publiee))


# --- Late answers are refused and recorded -------------------------------------------------------


@pytest.mark.parametrize("etat", ["en_analyse", "attribuee"])
def test_un_depot_tardif_laisse_une_trace_meme_apres_l_ouverture(etat):
    consultation = suite.une_consultation(etat)
    sollicitation = consultation.sollicitations.first()
    with pytest.raises(Manques, match="son arrivée notée"):
        consultations.deposer(sollicitation, par=LIEN, **suite.DEPOT)
    assert sollicitation.depots.get(hors_delai=True).scelle is None
    assert sollicitation.journal().filter(transition="hors_delai").count() == 1


def test_une_consultation_classee_avant_sa_limite_ne_note_pas_de_retard(publiee):
    consultations.abandonner(publiee, par=suite.le_charge(publiee), motif="Reporté")
    with pytest.raises(Manques, match="ne reçoit plus"):
        consultations.deposer(publiee.sollicitations.first(), par=LIEN, **suite.DEPOT)
    assert not Depot.objects.exists()


def test_un_courrier_arrive_a_temps_mais_saisi_apres_garde_son_arrivee(publiee, client):
    premiere, seconde = publiee.sollicitations.all()
    consultations.deposer(premiere, par=LIEN, **suite.DEPOT)
    client.force_login(suite.le_charge(publiee))
    adresse = reverse("accompagnements:sollicitation_depot", args=[seconde.pk])
    arrivee = (publiee.date_limite - timedelta(hours=2)).replace(second=0, microsecond=0)
    saisie = {"arrivee_le": horloge.timezone.localtime(arrivee).strftime("%Y-%m-%dT%H:%M")}
    with horloge.voyage(publiee.date_limite + SECONDE):
        assert adresse in client.get(publiee.get_absolute_url()).content.decode()
        assert client.post(adresse, saisie).status_code == 302
        publiee.refresh_from_db()
        consultations.ouvrir(publiee, par=suite.le_charge(publiee))
    depot = seconde.depots.get()
    assert (depot.hors_delai, depot.recu_par_courrier, depot.arrivee_le) == (True, True, arrivee)
    texte = lire(documents.pv_d_ouverture(publiee))[1]
    assert "enregistrée après la date limite : non ouverte" in texte
    assert "arrivé après la date limite" not in texte


# --- The minutes are those of the day ------------------------------------------------------------


def test_les_proces_verbaux_sont_gardes_tels_qu_au_jour_de_l_acte(client):
    consultation = suite.une_consultation("attribuee", avec_pv=True)
    pv = {"ouverture": consultation.pv_ouverture, "pv": consultation.pv_choix}
    client.force_login(suite.le_charge(consultation))
    structure = consultation.ingenierie.accompagnements().get().structure
    structure.nom = "Un nom changé depuis"
    structure.save()
    for nom, fichier in pv.items():
        servi = client.get(f"{consultation.get_absolute_url()}{nom}.pdf")
        assert servi.content == fichier.lire()
        assert fichier.intact
    texte = lire(documents.pv_de_choix(consultation))[1]
    assert f"{consultation.choix_le:%d/%m/%Y}" in texte
    assert f"{horloge.aujourdhui():%d/%m/%Y}" not in texte
    assert Fichier.objects.filter(categorie__startswith="procès-verbal").count() == 2


def test_un_acte_ancien_sans_proces_verbal_garde_le_refait():
    consultation = suite.une_consultation("attribuee")
    consultation.pv_choix = consultation.pv_ouverture = None
    assert f"{consultation.choix_le:%d/%m/%Y}" in lire(documents.pv_de_choix(consultation))[1]
    ouverte = horloge.timezone.localdate(consultation.ouverte_le)
    assert f"{ouverte:%d/%m/%Y}" in lire(documents.pv_d_ouverture(consultation))[1]
