"""Proof 3: the whole chain in Chromium, from a real organisation to the CoSTRAT table.

Accounts change at each change of hands; prestataires and structure act by their personal links.
"""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from accompagnements.models import (
    Accompagnement,
    Consultation,
    Convention,
    Mission,
    Restitution,
    Structure,
)
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.territoires.management.commands.charger_territoires import charger
from dla_portal.territoires.models import Departement, Region
from pilotage.models import Objectif
from tests.accompagnements import fabrique
from tests.accompagnements.liens import code_de, lien_de
from tests.accompagnements.test_relances import PDF
from tests.preuves.pilote_ecran import Ecran, jour
from tests.preuves.test_chaine import DONNEES, avec_donnees, importer, siret_d_essai

RECIT = "Besoin exprimé et partagé avec les responsables de la structure."
DIAGNOSTIC = {
    "rencontre": {"ligne_0_nom": "La présidente", "entretien_le": jour()},
    "situation": {"activites": RECIT},
    "economie": {"economie": RECIT},
    "chiffres": {f"effectif_{int(jour()[:4]) - 1}": "8"},
    "analyse": {"forces": RECIT, "faiblesses": RECIT, "problematique": RECIT},
    "axes": {"ligne_0_domaine": "economie", "ligne_0_enjeu": RECIT},
    "preconisations": {"ligne_0_texte": RECIT, "ligne_0_genre": "ACT_STRUCT"},
}
CAHIER = ("contexte", "problematique", "objectifs", "contenu", "livrables", "profil")


def texte_du_pdf(ecran, adresse):
    """The text of a PDF fetched with the cookies of the person."""
    reponse = ecran.page.request.get(adresse)
    assert reponse.status == 200, adresse
    lecteur = PdfReader(io.BytesIO(reponse.body()))
    return " ".join(page.extract_text() for page in lecteur.pages).replace("\n", " ")


@pytest.fixture
def monde(transactional_db):
    """A real organisation of Marseille's department, an operator's team, two prestataires."""
    charger()
    importer("structures", DONNEES / "organisations" / "organisations.csv")
    departement = Departement.objects.get(pk="13")
    operateur = fabrique.un_operateur("Opérateur d'essai", departement)
    structure = Structure.objects.filter(departement=departement, commune__isnull=False).first()
    structure.secteur, structure.email = fabrique.un_terme("secteur"), "structure@essai.example"
    structure.save()
    Objectif.objects.create(
        annee=horloge.aujourdhui().year,
        departement=departement,
        valeur=10,
        signe_le=horloge.aujourdhui(),
    )
    return {
        "structure": structure,
        "charge": fabrique.un_charge(operateur),
        "responsable": fabrique.une_personne(roles.Responsable.code, operateur=operateur),
        "gestionnaire": fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur),
        "c2ra": fabrique.une_personne(roles.DlaRegional.code, region=departement.region),
        "pilote": fabrique.une_personne(roles.Pilote.code, region=Region.objects.get(pk="93")),
    }


def resultat_du_departement(page, pilote):
    """What the pilote reads for the Bouches-du-Rhône in the CoSTRAT table."""
    ecran = Ecran(page(utilisateur=pilote)).ouvrir("/pilotage/costrat/?region=93")
    ligne = ecran.page.get_by_role("row").filter(has_text="Bouches-du-Rhône")
    return int(ligne.locator("[data-label='Réalisé']").inner_text())


def referencer(page, monde):
    """An operator proposes two prestataires, the C2RA references them."""
    for rang in (1, 2):
        charge = Ecran(page(utilisateur=monde["charge"])).ouvrir("/prestataires/nouveau/")
        charge.remplir(
            siret=siret_d_essai(900 + rang),
            nom=f"Cabinet d'essai {rang}",
            statut="cabinet",
            adresse="1 rue des Essais",
            code_postal="13001",
            ville="Marseille",
            email=f"cabinet{rang}@essai.example",
            tjm_ht="800",
            competences=True,
            secteurs=True,
            departements=["Bouches-du-Rhône"],
        ).appuyer("Enregistrer la candidature")
        fiche = charge.page.url
        Ecran(page(utilisateur=monde["c2ra"])).ouvrir(fiche).lien("Référencer").appuyer(
            "Référencer"
        )


def ouvrir_le_dossier(charge, structure):
    """Request, accueil, opening, diagnostic, plan."""
    charge.ouvrir(f"/demandes/nouvelle/?q={structure.siret}").lien(structure.nom)
    charge.remplir(objet="Consolider notre modèle économique.", recue_le=jour())
    charge.appuyer("Enregistrer la demande").lien("Enregistrer l'accueil")
    oui = dict.fromkeys(
        ("critere_existe", "critere_statut", "critere_emploi", "critere_volonte"), "true"
    )
    charge.remplir(accueil_le=jour(), accueil_mode="sur_place", **oui)
    charge.appuyer("Enregistrer l'accueil").lien("Ouvrir l'accompagnement")
    charge.appuyer("Ouvrir l'accompagnement")
    dossier = Accompagnement.objects.get(structure=structure)
    charge.ouvrir(dossier.get_absolute_url()).lien("Commencer le diagnostic")
    charge.appuyer("Commencer le diagnostic")
    diagnostic = dossier.diagnostics.get()
    for section, champs in DIAGNOSTIC.items():
        charge.ouvrir(f"/diagnostics/{diagnostic.pk}/modifier/{section}/").remplir(**champs)
        charge.appuyer("Enregistrer")
    charge.ouvrir(diagnostic.get_absolute_url()).lien("Soumettre à la structure")
    charge.appuyer("Soumettre à la structure").lien("Enregistrer la validation")
    charge.remplir(valide_le=jour(), organe="Conseil d'administration")
    charge.appuyer("Enregistrer la validation")
    charge.ouvrir(dossier.get_absolute_url()).lien("Préparer le plan")
    charge.remplir(objectifs="Retrouver l'équilibre.").appuyer("Préparer le plan")
    charge.ouvrir(f"/plans/{dossier.plan.pk}/actions/nouvelle/")
    charge.remplir(
        genre="ING_IND",
        intitule="Consolider le modèle économique",
        thematique=["Stratégie de consolidation"],
        jours_prevus="5",
        montant_prevu="5500",
    ).appuyer("Ajouter l'action")
    charge.ouvrir(dossier.plan.get_absolute_url()).lien("Enregistrer l'accord de la structure")
    charge.remplir(valide_le=jour(), accord_de="La présidente")
    charge.appuyer("Enregistrer l'accord de la structure")
    return dossier


def consulter(page, charge, dossier):
    """Cahier des charges, sealed deposits by link, opening, grid, choice."""
    charge.ouvrir(dossier.get_absolute_url()).lien("Préparer la consultation")
    charge.appuyer("Préparer la consultation")
    consultation = Consultation.objects.get()
    fiche = consultation.get_absolute_url()
    charge.ouvrir(f"{fiche}cahier/modifier/").remplir(**dict.fromkeys(CAHIER, RECIT))
    charge.remplir(jours_max="5", budget_max="5500", debut=jour(10), fin=jour(90))
    charge.appuyer("Enregistrer")
    charge.ouvrir(fiche).lien("Enregistrer la validation du cahier des charges")
    charge.remplir(valide_le=jour(), valide_par="La présidente")
    charge.appuyer("Enregistrer la validation du cahier des charges")
    for rang in (1, 2):
        charge.ouvrir(f"{fiche}prestataires/").appuyer(f"Ajouter Cabinet d'essai {rang}")
    limite = timezone.localtime(horloge.maintenant() + timedelta(days=1))
    charge.ouvrir(fiche).lien("Envoyer la consultation")
    charge.remplir(date_limite=limite.strftime("%Y-%m-%dT%H:%M"))
    charge.remplir(jours_questions="0", justification_delai="Essai")
    charge.appuyer("Envoyer la consultation")
    for rang, montant in ((1, "4000"), (2, "4500")):
        deposer(page, f"cabinet{rang}@essai.example", montant)
    charge.ouvrir(fiche).lit("2 propositions reçues")
    assert "4 000" not in charge.page.content()
    # The day after: the server's clock has passed the deadline.
    Consultation.objects.filter(pk=consultation.pk).update(date_limite=horloge.maintenant())
    charge.ouvrir(fiche).lien("Ouvrir les propositions").appuyer("Ouvrir les propositions")
    charge.ouvrir(f"{fiche}grille/")
    for champ in charge.page.locator("input[name^='note_']").all():
        champ.fill("8,5")
    charge.remplir(sans_conflit=True).appuyer("Clore ma grille").lien("Retenir une proposition")
    charge.page.get_by_label(re.compile("Cabinet d'essai 1")).check()
    charge.remplir(presents="La présidente et la personne chargée de mission")
    charge.remplir(malgre_les_pieces=True)  # nobody has checked them
    charge.appuyer("Retenir une proposition")
    return consultation


def joindre(ecran):
    """Attach the PDF of a proposition."""
    offre = {"name": "offre.pdf", "mimeType": "application/pdf", "buffer": PDF}
    ecran.page.locator("input[name='fichier']").set_input_files(files=[offre])
    return ecran


def deposer(page, email, montant):
    """A prestataire opens his link, says he answers, deposits."""
    prestataire = Ecran(page()).ouvrir(lien_de(email)).appuyer("Recevoir mon code")
    prestataire.remplir(code=code_de(email)).appuyer("Confirmer")
    prestataire.appuyer("Je compte répondre")
    prestataire.remplir(
        montant_ht=montant,
        tva=str(int(int(montant) * 0.2)),
        jours="5",
        intervenants="Deux personnes expérimentées",
        methode="Trois ateliers",
    )
    joindre(prestataire).appuyer("Sceller et déposer ma proposition")
    prestataire.lit("Votre proposition est reçue et scellée")


def signer_par_lien(page, email):
    """A party opens its link, confirms its code, ticks the sentence and signs."""
    partie = Ecran(page()).ouvrir(lien_de(email)).appuyer("Recevoir mon code")
    partie.remplir(code=code_de(email)).appuyer("Confirmer")
    partie.remplir(
        **{"signer-signataire": "Dominique Essai", "signer-qualite": "Présidence"},
        **{"signer-consentement": True},
    )
    partie.appuyer("Signer le document").lit("Votre signature est enregistrée")


def conventionner(page, monde, consultation):
    """Convention signed by the three parties; launch, note."""
    charge = Ecran(page(utilisateur=monde["charge"]))
    charge.ouvrir(f"/consultations/{consultation.pk}/convention/nouvelle/")
    charge.appuyer("Préparer la convention").lien("Mettre à la signature")
    charge.appuyer("Mettre à la signature")
    fiche = charge.page.url
    responsable = Ecran(page(utilisateur=monde["responsable"]))
    signer_par_lien(page, monde["structure"].email)
    signer_par_lien(page, "cabinet1@essai.example")
    responsable.ouvrir(fiche).lien("Signer pour l'opérateur")
    responsable.remplir(qualite="Direction", consentement=True).appuyer("Signer pour l'opérateur")
    charge.ouvrir(fiche).lit("Exemplaire signé et ses preuves")
    charge.lit("Signée").lien("Enregistrer le lancement")
    charge.remplir(lancee_le=jour(), lieu="Au siège", presents="Les trois parties")
    charge.remplir(calendrier="Un atelier par mois", suites="Envoi des comptes")
    charge.appuyer("Enregistrer le lancement")
    intervenir(page, Convention.objects.get().prestataire.email)
    charge.ouvrir(Mission.objects.get().get_absolute_url()).lit("2,5 jours")
    charge.lien("Ajouter la note à mi-parcours")
    charge.remplir(recue_le=jour(), travaux=RECIT, suite="Deux ateliers")
    charge.appuyer("Enregistrer la note")
    return fiche


def intervenir(page, email):
    """The prestataire writes in the journal by his link, on a phone."""
    prestataire = Ecran(page(largeur=390)).ouvrir(lien_de(email)).appuyer("Recevoir mon code")
    prestataire.remplir(code=code_de(email)).appuyer("Confirmer")
    prestataire.page.locator("summary", has_text="Inscrire une intervention").click()
    champs = {
        "le": jour(),
        "duree": "2,5",
        "intervenants": "Ana, Léa, Zoé",
        "lieu": "Au siège",
        "travaux": RECIT,
    }
    prestataire.remplir(**{f"journee-{nom}": valeur for nom, valeur in champs.items()})
    prestataire.appuyer("Inscrire au journal").lit("2,5 jours")


def solder(page, monde, charge):
    """Report, restitution, invoice entered by one, certified and paid by another."""
    charge.lien("Enregistrer le rapport final")
    charge.remplir(rapport_recu_le=jour()).cocher("points").appuyer("Enregistrer le rapport")
    charge.lien("Enregistrer la restitution")
    charge.remplir(tenue_le=jour(), lieu="Au siège", presents="Le bureau")
    charge.appuyer("Enregistrer la restitution")
    fiche = Restitution.objects.get().get_absolute_url()
    charge.ouvrir(fiche).lien("Enregistrer une facture")
    charge.remplir(
        numero="F-1", datee_du=jour(), montant_ht="4000", montant_ttc="4800", jours="5", solde=True
    ).appuyer("Enregistrer la facture")
    gestion = Ecran(page(utilisateur=monde["gestionnaire"]))
    gestion.ouvrir(fiche).lien("Certifier le service fait").lit("2,5 jours")
    gestion.remplir(motif="Feuilles d'émargement vues").appuyer("Certifier le service fait")
    gestion.ouvrir(fiche).lien("Enregistrer le paiement")
    gestion.remplir(payee_le=jour(), paiement_reference="VIR-1").appuyer("Enregistrer le paiement")
    gestion.ouvrir(fiche).lit("Soldée")
    charge.ouvrir(fiche).lien("Envoyer l'enquête de satisfaction")
    charge.appuyer("Envoyer l'enquête de satisfaction")


def repondre(page):
    """The structure answers by its link."""
    structure = Ecran(page()).ouvrir(lien_de("structure@essai.example"))
    structure.remplir(globale="4", commentaire="Un appui décisif.").appuyer("Envoyer mon avis")
    structure.lit("Merci")


@avec_donnees
@pytest.mark.navigateur
def test_preuve_3_toute_la_chaine_a_l_ecran(monde, page):
    avant = resultat_du_departement(page, monde["pilote"])
    referencer(page, monde)
    charge = Ecran(page(utilisateur=monde["charge"]))
    dossier = ouvrir_le_dossier(charge, monde["structure"])
    consultation = consulter(page, charge, dossier)
    fiche = conventionner(page, monde, consultation)
    charge.ouvrir(fiche).lien("Voir la mission")
    solder(page, monde, charge)
    repondre(page)
    charge.ouvrir(dossier.get_absolute_url()).lit("Répondue")
    assert resultat_du_departement(page, monde["pilote"]) == avant + 1

    nom = monde["structure"].nom
    cahier = texte_du_pdf(charge, f"/consultations/{consultation.pk}/cahier.pdf")
    assert nom in cahier
    assert "Compréhension de la problématique" in cahier
    pv = texte_du_pdf(charge, f"/consultations/{consultation.pk}/pv.pdf")
    assert "Cabinet d'essai 1" in pv
    assert "Procès-verbal de choix" in pv
    convention = texte_du_pdf(charge, f"{fiche}convention.pdf")
    assert nom in convention
    assert siret_d_essai(901) in convention
    assert "4 800,00" in convention.replace("\u202f", " ")
