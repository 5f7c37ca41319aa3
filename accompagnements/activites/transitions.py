"""The only code that enters, corrects and withdraws time, enters and cancels an activity."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accompagnements.activites import etats, regles
from accompagnements.activites.models import Activite, Temps
from accompagnements.demandes.models import Demande
from dla_portal.comptes.droits import exiger
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle import fichiers
from dla_portal.socle.etats import journaliser
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.references import prochaine
from dla_portal.socle.regles import exiger_aucun_manque
from dla_portal.socle.verrou import VersionPerimee

PIECES = {
    "emargement": "Feuille d'émargement signée",
    "programme": "Programme, invitation",
    "support": "Support présenté",
    "autre": "Autre pièce",
}
VIDEE = "Case vidée dans la feuille de la semaine"


def _garder_la_journee(personne):
    """Hold the person's days until the commit: two entries at once cannot pass 24 hours."""
    Utilisateur.objects.select_for_update().get(pk=personne.pk)


@transaction.atomic
def noter(temps, *, par):
    """Enter a line (not saved yet, its operator set). Returns it."""
    exiger(regles.corrige(par, temps))
    _garder_la_journee(temps.personne)
    exiger_aucun_manque(regles.manques_du_temps(temps, par))
    etats.NOTER.appliquer(temps, par=par)
    return temps


@transaction.atomic
def corriger(temps, *, par):
    """Save a line changed in memory; its version is the one that was read."""
    exiger(regles.corrige(par, temps))
    _garder_la_journee(temps.personne)
    exiger_aucun_manque(regles.manques_du_temps(temps, par))
    temps.save()
    journaliser(temps, f"Temps corrigé : {temps.sujet_journal}"[:200], par=par, nom="corriger")
    return temps


@transaction.atomic
def retirer(temps, *, par, motif):
    """Withdraw a line: it stays readable with who, when and why, and no longer counts."""
    exiger(regles.corrige(par, temps))
    exiger_aucun_manque(regles.manques_du_jour(temps.le, par))
    exiger_aucun_manque(regles.manques_pour_retirer(temps))
    etats.RETIRER.appliquer(temps, par=par, motif=motif)
    return temps


@dataclass(frozen=True)
class Case:
    """One cell of the weekly sheet that changes; `temps` is its line, None when it is new."""

    temps: Temps | None
    demande: Demande | None
    nature: Terme
    le: date
    minutes: int | None


def empreinte_de(lignes):
    """Fingerprint of the lines of a week and of their versions: any change elsewhere shows."""
    texte = ",".join(f"{temps.pk}:{temps.version}" for temps in sorted(lignes, key=lambda t: t.pk))
    return hashlib.sha256(texte.encode()).hexdigest()[:32]


@transaction.atomic
def enregistrer_semaine(personne, operateur, lundi, *, par, cases, empreinte):
    """Apply the changed cells of a week at once; return how many lines changed.

    `empreinte` is that of the lines which the person had on screen: VersionPerimee otherwise.
    """
    _garder_la_journee(personne)
    lues = list(Temps.objects.de_la_semaine(personne, lundi))
    if empreinte_de(lues) != empreinte:
        raise VersionPerimee(personne)
    # What goes away or shrinks makes room for the rest of the day.
    avant = {case: case.temps.minutes if case.temps else 0 for case in cases}
    for case in sorted(cases, key=lambda case: (case.minutes or 0) - avant[case]):
        if case.minutes is None:
            retirer(case.temps, par=par, motif=VIDEE)
        elif case.temps:
            case.temps.minutes = case.minutes
            corriger(case.temps, par=par)
        else:
            neuf = Temps(personne=personne, operateur=operateur, le=case.le, minutes=case.minutes)
            neuf.demande, neuf.nature = case.demande, case.nature
            noter(neuf, par=par)
    return len(cases)


@transaction.atomic
def inscrire(activite, *, par, termes=()):
    """Enter an activity (not saved yet, its register set) and the lists that it points to.

    `termes` are (field name, rows) pairs of its many-to-many fields. Returns it.
    """
    exiger(regles.tient(par, activite))
    activite.reference = prochaine(f"ANIM-{activite.region_id}-{activite.le.year}")
    etats.INSCRIRE.appliquer(activite, par=par)
    for nom, lignes in termes:
        getattr(activite, nom).set(lignes)
    return activite


@transaction.atomic
def annuler(activite, *, par, motif):
    """Cancel an activity: it stays in the register with its reason and no longer counts."""
    exiger(regles.tient(par, activite))
    etats.ANNULER.appliquer(activite, par=par, motif=motif)
    return activite


@transaction.atomic
def joindre(activite, televerse, *, par, nature):
    """Attach a piece, of a nature of PIECES, to an activity that stands. Returns the file."""
    exiger(regles.tient(par, activite))
    # Somebody may be cancelling it meanwhile.
    stockee = Activite.objects.select_for_update(of=("self",)).get(pk=activite.pk)
    exiger_aucun_manque(regles.manques_si_annulee(stockee))
    fichier = fichiers.deposer(televerse, fil=activite.fil, categorie=nature, par=par)
    libelle = f"{PIECES[nature]} : {fichier.nom}"[:200]
    journaliser(activite, libelle, par=par, nom="joindre")
    return fichier
