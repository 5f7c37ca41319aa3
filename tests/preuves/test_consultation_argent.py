"""Proofs 7 and 8 of the consultation: no sequence of gestures breaks a sum; the zip holds all."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accompagnements.conventions.transitions import figer_document
from accompagnements.financements import compte, inventaire, transitions
from accompagnements.financements.models import Enveloppe, Repartition
from accompagnements.models import Convention
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture, PointRapport, Restitution
from dla_portal.comptes import roles
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_ingenierie import (
    une_convention,
    une_enveloppe,
    une_mission,
    une_restitution,
)
from tests.accompagnements.test_argent import facture_de
from tests.accompagnements.test_preuves_fse import le_zip
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge():
    return fabrique.un_charge(fabrique.un_operateur())


@pytest.fixture
def gestionnaire():
    return fabrique.une_personne(roles.Gestionnaire.code, operateur=fabrique.un_operateur())


# Anything, in any order

RANG = st.integers(min_value=0, max_value=2)
CENTIEMES = st.sampled_from([Decimal(c) / 100 for c in (1, 33_33, 1440_00, 2400_01, 4800_00)])
GESTES = st.one_of(
    st.tuples(
        st.just("repartir"),
        RANG,
        st.tuples(RANG, RANG, RANG),
        st.sampled_from([Decimal(0), Decimal(0), Decimal(0), Decimal("0.01"), Decimal("-0.01")]),
    ),
    st.tuples(st.just("facturer"), CENTIEMES, st.integers(0, 5), st.booleans()),
    st.tuples(st.just("traiter"), RANG, st.sampled_from(["certifier", "payer", "rejeter"])),
    st.tuples(st.just("rapport"), st.booleans()),
    st.tuples(st.just("tenir")),
    st.tuples(st.just("liberer"), RANG),
    st.tuples(st.just("voter"), RANG, CENTIEMES),
)


class Caisse:
    """Two signed conventions, one of them carried out, three enveloppes too small for both."""

    def __init__(self, gestionnaire, charge):
        self.gestionnaire, self.charge = gestionnaire, charge
        self.mission = une_mission()
        self.conventions = [self.mission.convention.pk, une_convention().pk]
        votes = (("etat", "4800"), ("region", "2500.01"), ("fse", "1999.99"))
        self.enveloppes = [une_enveloppe(code, vote).pk for code, vote in votes]
        self.reussis = set()

    def jouer(self, geste):
        """Play one gesture by its service; a rule may refuse it."""
        nom, *arguments = geste
        try:
            with transaction.atomic():
                getattr(self, nom)(*arguments)
        except Manques:
            return False
        self.reussis.add(arguments[-1] if nom == "traiter" else nom)
        return True

    def avancer(self, restituee):
        """Split, then send a balance certified too early: what is left is the end of the chain."""
        suite = [
            ("repartir", 0, (2, 1, 1), Decimal(0)),
            ("facturer", Decimal("2400.01"), 5, True),
            ("traiter", 0, "certifier"),
        ]
        for geste in [*suite, ("rapport", True), ("tenir",)] if restituee else suite:
            assert self.jouer(geste)

    def repartir(self, rang, poids, ecart):
        convention = Convention.objects.get(pk=self.conventions[rang % 2])
        total = sum(poids) or 1
        parts = {}
        for enveloppe, sien in zip(Enveloppe.objects.order_by("pk"), poids, strict=True):
            if sien:
                part = round(convention.montant_ttc * sien / total, 2)
                parts[enveloppe] = part
                derniere = enveloppe
        if parts:
            parts[derniere] += convention.montant_ttc - sum(parts.values()) + ecart
        transitions.repartir(convention, par=self.charge, parts=parts)

    def facturer(self, montant, jours, solde):
        numero = f"F{Facture.objects.count()}"
        facture = facture_de(self.mission, numero, montant, jours=jours, solde=solde)
        if solde and Facture.objects.filter(solde=True).exclude(etat="rejetee").exists():
            return  # the database refuses a second balance
        restitutions.recevoir_facture(facture, par=self.charge)

    def traiter(self, rang, geste):
        facture = Facture.objects.order_by("pk")[rang : rang + 1].first()
        if facture is None:
            return
        if geste == "payer":
            paiement = {"payee_le": horloge.aujourdhui(), "paiement_reference": "VIR"}
            restitutions.payer(facture, par=self.gestionnaire, **paiement)
        elif geste == "rejeter":
            restitutions.rejeter(facture, par=self.gestionnaire, motif="À refaire")
        else:
            restitutions.certifier(facture, par=self.gestionnaire, motif="Feuilles vues")

    def rapport(self, conforme):
        mission = type(self.mission).objects.get(pk=self.mission.pk)
        points = PointRapport.values if conforme else ()
        restitutions.recevoir_rapport(
            mission, par=self.charge, rapport_recu_le=horloge.aujourdhui(), points=points
        )

    def tenir(self):
        restitution = Restitution.objects.first()
        if restitution is not None:
            restitutions.tenir(
                restitution,
                par=self.charge,
                tenue_le=horloge.aujourdhui(),
                lieu="Au siège",
                presents="Le bureau",
                avec_compte_rendu=False,
            )

    def liberer(self, rang):
        convention = Convention.objects.get(pk=self.conventions[rang % 2])
        transitions.liberer(convention, par=self.gestionnaire)

    def voter(self, rang, montant):
        enveloppe = Enveloppe.objects.get(pk=self.enveloppes[rang])
        enveloppe.montant_vote = montant
        try:
            transitions.modifier_enveloppe(enveloppe, par=self.gestionnaire)
        except ValidationError as erreur:
            raise Manques(erreur.messages) from erreur

    def verifier(self):
        """What no sequence of gestures may break."""
        for repartition in Repartition.objects.prefetch_related("imputations"):
            assert sum(i.montant for i in repartition.imputations.all()) == repartition.cout
        for repartition in Repartition.objects.filter(liberee_le=None):
            assert repartition.cout == repartition.convention.montant_ttc
        for caisse in compte.comptes(Enveloppe.objects.all()).values():
            assert 0 <= caisse.paye <= caisse.facture <= caisse.engage <= caisse.vote
        for facture in Facture.objects.filter(solde=True, etat="payee"):
            restitution = facture.mission.restitution
            assert restitution.rapport_conforme
            assert restitution.tenue_le
            assert restitution.etat == "soldee"


DEPARTS = {
    "au début": {"repartir", "facturer", "certifier", "rejeter", "rapport", "tenir", "voter"},
    "avant le rapport": {"rapport", "tenir", "payer", "repartir", "voter"},
    "avant le paiement": {"payer", "liberer", "repartir", "voter"},
}


@pytest.fixture(params=DEPARTS)
def caisse(request, gestionnaire, charge):
    """At the end, the gestures of the place have been accepted: the suites are not all refusals."""
    caisse = Caisse(gestionnaire, charge)
    if request.param != "au début":
        caisse.avancer(restituee=request.param == "avant le paiement")
    caisse.reussis.clear()
    yield caisse
    assert DEPARTS[request.param] <= caisse.reussis


@settings(max_examples=670, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(suite=st.lists(GESTES, min_size=1, max_size=6))
def test_preuve_7_deux_mille_suites_de_gestes_ne_rompent_aucune_somme(caisse, suite):
    """A third from each place: the start, a balance without report, then one to pay."""
    with transaction.atomic():
        for geste in suite:
            if caisse.jouer(geste):
                caisse.verifier()
        transaction.set_rollback(True)


# The evidence of a mission


def test_preuve_8_le_dossier_fse_contient_toutes_les_pieces_et_leur_index(client, charge):
    mission = une_restitution().mission
    figer_document(mission.convention, par=charge)
    facture = SimpleUploadedFile("../../etc\\facture: n°1?.pdf", PDF)
    restitutions.recevoir_facture(facture_de(mission, "A", "1440"), par=charge, fichier=facture)
    for nom in ("CON.pdf", "a/../../b.pdf", ".pdf", "x" * 170 + ".pdf", "a\u202efdp.pdf"):
        fichiers.enregistrer(nom, PDF, "application/pdf", fil=mission.fil, categorie="autre/..")
    client.force_login(charge)
    archive = le_zip(client, mission)
    noms = archive.namelist()
    deposees = inventaire.fichiers(mission)
    assert len(deposees) == 7
    # Cahier, opening, comparison, choice, launch, minutes of the restitution; then the index.
    assert len(noms) == len(set(noms)) == len(deposees) + 7
    for nom in noms:
        assert not set(nom) & set('\\/:*?"<>|')
        assert nom.isprintable()
        assert nom[:2].isdigit()
        assert len(nom) < 140
    livre = openpyxl.load_workbook(io.BytesIO(archive.read("00 - Index et contrôle.xlsx")))
    assert [ligne[0].value for ligne in livre["Pièces"].iter_rows(min_row=2)] == noms[:-1]
    points = {ligne[0].value: ligne[1].value for ligne in livre["Contrôle"].iter_rows(min_row=2)}
    assert points["Convention signée par toutes les parties"] == "non"  # no signed copy is there
    assert points["Procès-verbal de choix"] == "oui"
    assert points["Compte rendu de la restitution"] == "oui"
    assert points["Attestation de vigilance (à partir de 5 000 € HT)"] == "oui"  # not due
    assert points["Facture A : fichier"] == "oui"
    assert points["Facture A : paiement"] == "non"
    assert points["Rapport final (fichier)"] == "non"
    assert archive.testzip() is None
