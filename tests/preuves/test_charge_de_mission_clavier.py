"""Proof 1: request, diagnostic, plan and comité by the keyboard alone, timed and counted."""

import sys
from collections import Counter
from time import monotonic

import pytest

from accompagnements.models import Accompagnement
from dla_portal.socle import horloge
from tests.accompagnements import fabrique
from tests.preuves.clavier import Clavier
from tests.preuves.pilote_ecran import jour

RECIT = "Besoin partagé avec les responsables."
NOM, SIRET = "Les Ateliers du Lac", "73282932000074"
# The diagnostic tab by tab, in the order of the page; a tab with nothing to say is passed.
SECTIONS = (
    {"entretien_le": jour(), "ligne_0_nom": "La présidente"},
    {"activites": RECIT},
    {},
    {},
    {"economie": RECIT},
    {f"effectif_{int(jour()[:4]) - 1}": "8"},
    {"forces": RECIT, "faiblesses": RECIT, "problematique": RECIT},
    {"ligne_0_domaine": "Modèle économique", "ligne_0_enjeu": RECIT},
    {"ligne_0_texte": RECIT, "ligne_0_genre": "Ingénierie individuelle"},
)
# What the sheet of the domain marks mandatory (domaine.md, Annexes A.1, A.2, A.4 and A.5): the
# only fields which a form may refuse to do without before the gesture itself asks for more.
OBLIGATOIRES = {
    "structures": {"nom", "famille", "secteur", "commune", "siret"},
    "demandes": {"departement", "recue_le", "canal", "objet", "accueil_le", "accueil_mode"},
    "diagnostics": {"valide_le", "organe"},
    "actions": {"genre", "intitule"},
    "plans": {"valide_le", "accord_de"},
    "comites": {"quand", "format", "dossier", "avis", "decision"},
}


def enregistrer_la_demande(clavier):
    """A structure nobody knows yet, its request, its accueil, the opened dossier."""
    clavier.ouvrir("/").activer("Nouvelle demande")
    clavier.remplir(q=SIRET).valider()
    clavier.activer("Créer sa fiche, puis enregistrer la demande")
    clavier.remplir(siret=SIRET, nom=NOM, famille="Association")
    clavier.remplir(secteur="Culture", commune="Aubagne").activer("Créer la structure")
    clavier.remplir(objet="Consolider notre modèle économique.")
    clavier.activer("Enregistrer la demande").activer("Enregistrer l'accueil")
    clavier.remplir(accueil_le=jour(), accueil_mode="Sur place")
    for critere in ("existe", "statut", "emploi", "volonte"):
        clavier.remplir(**{f"critere_{critere}": "Oui"})
    clavier.activer("Enregistrer l'accueil").activer("Ouvrir l'accompagnement")
    clavier.activer("Ouvrir l'accompagnement")


def rediger_le_diagnostic(clavier):
    """What the structure validates, tab by tab, then its validation."""
    clavier.activer("Commencer le diagnostic").activer("Commencer le diagnostic")
    clavier.activer("Modifier : Rencontre")
    for champs in SECTIONS:
        clavier.remplir(**champs).activer("Enregistrer et continuer")
    clavier.activer("Enregistrer").activer("Soumettre à la structure")
    clavier.activer("Soumettre à la structure").activer("Enregistrer la validation")
    clavier.remplir(valide_le=jour(), organe="Bureau").activer("Enregistrer la validation")


def preparer_le_plan(clavier, dossier):
    """The plan takes up the preconisation, which becomes its engineering, agreed to."""
    clavier.ouvrir(dossier.get_absolute_url())
    clavier.activer("Préparer le plan").activer("Préparer le plan")
    clavier.activer(f"Modifier {RECIT}")
    clavier.remplir(thematique="Stratégie", jours_prevus="5", montant_prevu="5500")
    clavier.activer("Enregistrer").deplier("Autres gestes")
    clavier.activer("Enregistrer l'accord de la structure")
    clavier.remplir(valide_le=jour(), accord_de="La présidente")
    clavier.activer("Enregistrer l'accord de la structure")


def passer_en_comite(clavier):
    """A séance of this morning, the dossier on its agenda, the avis and the decision."""
    ce_matin = f"{jour()}T{horloge.maintenant():%H}:00"
    clavier.ouvrir("/comites/").activer("Nouvelle séance")
    clavier.remplir(quand=ce_matin, lieu="Au siège").activer("Planifier et convoquer")
    clavier.activer("Inscrire un dossier")
    clavier.remplir(dossier=NOM, synthese=RECIT).activer("Inscrire à l'ordre du jour")
    clavier.activer(f"Enregistrer l'avis du comité : {NOM}")
    clavier.remplir(avis="Favorable").activer("Enregistrer l'avis du comité")
    clavier.activer(f"Enregistrer la décision : {NOM}")
    clavier.remplir(decision="Conforme").activer("Enregistrer la décision")


@pytest.mark.navigateur
@pytest.mark.une_base
def test_preuve_1_une_demande_va_au_comite_par_le_seul_clavier(transactional_db, page, capsys):
    fabrique.une_commune()
    clavier = Clavier(page(utilisateur=fabrique.un_charge()))
    debut = monotonic()
    enregistrer_la_demande(clavier)
    dossier = Accompagnement.objects.get()
    rediger_le_diagnostic(clavier)
    preparer_le_plan(clavier, dossier)
    passer_en_comite(clavier)
    duree = monotonic() - debut
    assert dossier.passages.get().etat == "decide"
    exiges = {(chemin.split("/")[1], champ) for chemin, champ in clavier.exiges}
    permis = {(etape, champ) for etape, champs in OBLIGATOIRES.items() for champ in champs}
    assert exiges <= permis, exiges - permis
    ecrans = Counter(ecran.split("/")[1] or "aujourd'hui" for ecran in clavier.ecrans)
    with capsys.disabled():
        sys.stdout.write(
            f"\nDe la demande au comité : {len(clavier.ecrans)} écrans {dict(ecrans)}, "
            f"{len(exiges)} champs exigés, {clavier.touches} touches, {duree:.0f} s\n"
        )
