"""Proof 1 of the consultation: the heart of the chain in Chromium, each hand in its own browser.

One prestataire declines, one asks a question, one deposits twice, one arrives late; two score
sheets; a choice against the ranking; a convention and its avenant signed by three on line.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.models import Convention
from accompagnements.missions.models import Mission
from accompagnements.models import Consultation, Restitution
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import code_de, lien_de
from tests.preuves.pilote_ecran import Ecran, jour
from tests.preuves.test_chaine_ecran import joindre, signer_par_lien, texte_du_pdf

TEXTE = "Besoin partagé avec les responsables de la structure."
CAHIER = ("contexte", "problematique", "objectifs", "contenu", "livrables", "profil")
CABINETS = [f"cabinet{rang}@essai.example" for rang in range(4)]
DECLINE, QUESTIONNE, DEUX_FOIS, TARDIF = CABINETS


@pytest.fixture
def monde(transactional_db):
    """An engineering whose plan is agreed to, its people, four referenced prestataires."""
    ingenierie = fabrique.une_ingenierie()
    operateur = ingenierie.operateur
    for rang in range(4):
        suite.un_prestataire(rang)
    dossier = ingenierie.accompagnements().get()
    return {
        "ingenierie": ingenierie,
        "dossier": dossier,
        "structure": dossier.structure.courriel_principal(),
        "charge": dossier.charge,
        "responsable": fabrique.une_personne(roles.Responsable.code, operateur=operateur),
        "gestionnaire": fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur),
    }


def par_lien(page, email, **options):
    """Open the personal link of somebody and confirm the code, in a browser of its own."""
    ecran = Ecran(page(**options)).ouvrir(lien_de(email)).appuyer("Recevoir mon code")
    return ecran.remplir(code=code_de(email)).appuyer("Confirmer")


def rediger(page, charge, monde):
    """The cahier des charges, validated by the structure on its link; four prestataires asked."""
    charge.ouvrir(f"/ingenieries/{monde['ingenierie'].pk}/consultation/nouvelle/")
    charge.appuyer("Préparer la consultation")
    consultation = Consultation.objects.get()
    fiche = consultation.get_absolute_url()
    charge.ouvrir(f"{fiche}cahier/modifier/").remplir(**dict.fromkeys(CAHIER, TEXTE))
    charge.remplir(jours_max="5", budget_max="6000", debut=jour(10), fin=jour(90))
    charge.appuyer("Enregistrer").ouvrir(fiche).lien("Envoyer à la structure pour validation")
    charge.appuyer("Envoyer à la structure pour validation")
    structure = par_lien(page, monde["structure"], largeur=390)
    structure.remplir(valide_par="La présidente").appuyer("Valider le cahier des charges")
    structure.lit("Validé par La présidente")
    for rang in range(4):
        charge.ouvrir(f"{fiche}prestataires/").appuyer(f"Ajouter Cabinet {rang}")
    limite = timezone.localtime(horloge.maintenant() + timedelta(days=5))
    charge.ouvrir(fiche).lien("Envoyer la consultation")
    charge.remplir(date_limite=limite.strftime("%Y-%m-%dT%H:%M"))
    charge.remplir(justification_delai="Essai")
    charge.appuyer("Envoyer la consultation")
    return consultation


def repondre(page, charge, consultation):
    """Three of the four answer in time; returns the page which the late one has left open."""
    decline = par_lien(page, DECLINE)
    decline.page.locator("summary", has_text="Je ne souhaite pas répondre").click()
    decline.remplir(**{"declin-motif": "Plan de charge complet"}).appuyer("Décliner")
    decline.appuyer("Oui, je ne réponds pas").lit("Revenir sur mon refus")
    questionne = par_lien(page, QUESTIONNE)
    questionne.page.locator("summary", has_text="Poser une question").click()
    questionne.remplir(**{"question-texte": "Combien d'ateliers attendez-vous ?"})
    questionne.appuyer("Envoyer ma question")
    fiche = consultation.get_absolute_url()
    charge.ouvrir(fiche).lit("Combien d'ateliers attendez-vous ?")
    charge.lien("Répondre à tous : Combien d'ateliers attendez-vous ?")
    charge.remplir(reponse="Trois au moins.").appuyer("Envoyer la réponse à tous")
    deux_fois = par_lien(page, DEUX_FOIS).lit("Trois au moins.")
    deposer(questionne.ouvrir(lien_de(QUESTIONNE)), "4 100")
    deposer(deux_fois, "4 950")
    deposer(deux_fois.ouvrir(lien_de(DEUX_FOIS)), "4 900")
    tardif = par_lien(page, TARDIF)
    remplir_le_depot(tardif, "3 000")
    charge.ouvrir(fiche).lit("2 propositions reçues")
    for montant in ("4 100", "4 900", "4 950"):
        assert montant.replace(" ", "") not in re.sub(r"\s", "", charge.page.content())
    return tardif


def remplir_le_depot(ecran, montant):
    tva = str(int(montant.replace(" ", "")) * 2 // 10)
    ecran.remplir(montant_ht=montant, tva=tva, jours="5")
    ecran.remplir(intervenants="Deux personnes", methode="Trois ateliers")
    joindre(ecran)


def deposer(ecran, montant):
    remplir_le_depot(ecran, montant)
    ecran.appuyer("Sceller et déposer ma proposition").lit("Votre proposition est reçue et scellée")


def fermer(charge, consultation, tardif):
    """The clock passes the deadline: the late one is refused, the others are opened together."""
    Consultation.objects.filter(pk=consultation.pk).update(date_limite=horloge.maintenant())
    tardif.page.get_by_role("button", name="Sceller et déposer ma proposition").click()
    tardif.page.wait_for_load_state()
    tardif.lit("est passée")
    charge.ouvrir(consultation.get_absolute_url()).lien("Ouvrir les propositions")
    charge.appuyer("Ouvrir les propositions").lit("4 900,00")
    assert "4 950,00" not in charge.texte()  # replaced, never opened


def choisir(page, charge, consultation, monde):
    """Two sheets, each closed alone; the second of the ranking retained, with its motive."""
    fiche = consultation.get_absolute_url()
    charge.ouvrir(fiche).lien("Demander sa grille à la structure")
    charge.appuyer("Demander sa grille à la structure")
    noter(charge.ouvrir(f"{fiche}grille/"), ("9", "5"))
    structure = par_lien(page, monde["structure"])
    noter(structure, ("8", "6"))
    structure.lit("votre grille est close")
    charge.ouvrir(fiche).lien("Retenir une proposition")
    charge.page.get_by_label(re.compile("Cabinet 2")).check()
    charge.remplir(presents="La présidente et la personne chargée de mission")
    charge.page.get_by_role("button", name="Retenir une proposition").click()
    charge.lit("s'écarte du classement")
    charge.lit("ne sont pas vérifiées").remplir(malgre_les_pieces=True)
    charge.remplir(motif="Connaissance des réseaux locaux").appuyer("Retenir une proposition")
    charge.lit("Connaissance des réseaux locaux")
    resultats = Courriel.objects.filter(sujet__startswith="Résultat de la consultation")
    assert sorted(resultats.values_list("destinataire", flat=True)) == [QUESTIONNE, DEUX_FOIS]
    for nom, phrase in (("ouverture", "Cabinet 3"), ("pv", "réseaux locaux")):
        assert phrase in texte_du_pdf(charge, f"{fiche}{nom}.pdf")


def noter(ecran, notes):
    """Fill the sheet: the same mark in each row, one column per proposition; close it."""
    champs = ecran.page.locator("input[name^='note_']").all()
    for rang, champ in enumerate(champs):
        champ.fill(notes[rang % len(notes)])
    ecran.remplir(sans_conflit=True).appuyer("Clore ma grille")


def signer(page, acte, responsable, monde):
    """The three parties, in order: two links and the account of the responsable."""
    signer_par_lien(page, monde["structure"])
    signer_par_lien(page, DEUX_FOIS)
    responsable.ouvrir(acte).lien("Signer pour l'opérateur")
    responsable.remplir(qualite="Direction", consentement=True).appuyer("Signer pour l'opérateur")
    responsable.ouvrir(acte).lit("Exemplaire signé et ses preuves")


def conventionner(page, charge, responsable, consultation, monde):
    """The convention signed by three; the launch; an alert, its decision and the avenant."""
    charge.ouvrir(f"/consultations/{consultation.pk}/convention/nouvelle/")
    charge.appuyer("Préparer la convention").lien("Mettre à la signature")
    charge.appuyer("Mettre à la signature")
    convention = Convention.objects.get()
    signer(page, convention.get_absolute_url(), responsable, monde)
    charge.ouvrir(convention.get_absolute_url()).lien("Enregistrer le lancement")
    charge.remplir(lancee_le=jour(), lieu="Au siège", presents="Les trois parties")
    charge.remplir(calendrier="Un atelier par mois", suites="Envoi des comptes")
    charge.appuyer("Enregistrer le lancement")
    prestataire = par_lien(page, DEUX_FOIS, largeur=390)
    prestataire.page.locator("summary", has_text="Donner l'alerte").click()
    prestataire.remplir(**{"alerte-motif": "La directrice part : il faut deux jours de plus."})
    prestataire.appuyer("Alerter l'opérateur")
    mission = Mission.objects.get().get_absolute_url()
    charge.ouvrir(mission).lit("il faut deux jours de plus").lien("Réorienter la mission")
    charge.remplir(consultes="La présidente", motif="Départ annoncé", suites="Un avenant")
    charge.appuyer("Réorienter la mission")
    charge.ouvrir(f"{convention.get_absolute_url()}avenant/nouveau/")
    charge.remplir(
        motif="Deux jours de plus",
        jours="7",
        montant_ht="6860",
        montant_ttc="8232",
        justification="Le poste reste vacant",
    )
    charge.appuyer("Préparer l'avenant").lien("Mettre l'avenant à la signature")
    charge.appuyer("Mettre l'avenant à la signature")
    signer(page, Avenant.objects.get().get_absolute_url(), responsable, monde)
    charge.ouvrir(mission).lit("7 jours")


def solder(page, charge, monde):
    """Report, restitution, one invoice of the amount raised by the avenant, balance paid."""
    charge.ouvrir(Mission.objects.get().get_absolute_url()).lien("Enregistrer le rapport final")
    charge.remplir(rapport_recu_le=jour()).cocher("points").appuyer("Enregistrer le rapport")
    charge.lien("Enregistrer la restitution")
    charge.remplir(tenue_le=jour(), lieu="Au siège", presents="Le bureau")
    charge.appuyer("Enregistrer la restitution")
    fiche = Restitution.objects.get().get_absolute_url()
    charge.ouvrir(fiche).lien("Enregistrer une facture")
    charge.remplir(numero="F-1", datee_du=jour(), montant_ht="6860", montant_ttc="8232")
    charge.remplir(jours="7", solde=True).appuyer("Enregistrer la facture")
    gestion = Ecran(page(utilisateur=monde["gestionnaire"]))
    gestion.ouvrir(fiche).lien("Certifier le service fait")
    gestion.remplir(motif="Feuilles d'émargement vues").appuyer("Certifier le service fait")
    gestion.ouvrir(fiche).lien("Enregistrer le paiement")
    gestion.remplir(payee_le=jour(), paiement_reference="VIR-1").appuyer("Enregistrer le paiement")
    gestion.ouvrir(fiche).lit("Soldée")


@pytest.mark.navigateur
def test_preuve_1_de_l_appel_au_solde(monde, page):
    charge = Ecran(page(utilisateur=monde["charge"]))
    responsable = Ecran(page(utilisateur=monde["responsable"]))
    consultation = rediger(page, charge, monde)
    tardif = repondre(page, charge, consultation)
    fermer(charge, consultation, tardif)
    choisir(page, charge, consultation, monde)
    vigilance = jour(120)
    suite.un_prestataire(2).__class__.objects.filter(email=DEUX_FOIS).update(
        vigilance_jusquau=vigilance
    )
    conventionner(page, charge, responsable, consultation, monde)
    solder(page, charge, monde)
