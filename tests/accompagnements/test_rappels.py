"""The reminders as a table: who waits, when each letter is due, what stops it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.core.management import CommandError

from accompagnements.comites import transitions as comites
from accompagnements.comites.models import Seance
from accompagnements.consultations import depots
from accompagnements.consultations import transitions as consultations
from accompagnements.conventions import circuit
from accompagnements.conventions import transitions as conventions
from accompagnements.demandes import transitions as demandes
from accompagnements.diagnostics import transitions as diagnostics
from accompagnements.missions import suivi
from accompagnements.missions.models import NoteMiParcours
from accompagnements.plans import transitions as plans
from accompagnements.restitutions import transitions as restitutions
from accompagnements.suites import transitions as suites
from dla_portal.comptes import roles
from dla_portal.socle import horloge, relances
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.models import Courriel
from dla_portal.socle.relances import Echeance, Relance
from prestataires.models import Prestataire
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import le_charge
from tests.accompagnements.test_missions import NOTE, en_etat
from tests.accompagnements.test_relances import relancer

pytestmark = pytest.mark.django_db
PAR_LIEN = "Par son lien"


def consultee():
    """One prestataire who has not said whether he answers; the other one declined."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=40)
    consultations.publier(
        consultation, par=le_charge(consultation), date_limite=limite, justification_delai="Essai"
    )
    muette, autre = consultation.sollicitations.all()
    consultations.decliner(autre, par=PAR_LIEN, motif="Pas disponible")
    return muette


def signature():
    convention = suite.une_convention("brouillon")
    conventions.mettre_en_signature(convention, par=le_charge(convention), avec_document=False)
    return convention.signatures.first()


def prestataire_au_travail():
    """A prestataire on a mission of 5 000 € HT, whose attestation ends in four months."""
    mission = suite.une_mission()
    type(mission.convention).objects.filter(pk=mission.convention_id).update(
        montant_ht=5000, montant_ttc=6000
    )
    prestataire = mission.convention.prestataire
    prestataire.vigilance_jusquau = horloge.aujourdhui() + timedelta(days=120)
    prestataire.save()
    return prestataire


def nouvelle_attestation(prestataire):
    fin = prestataire.vigilance_jusquau + timedelta(days=180)
    Prestataire.objects.filter(pk=prestataire.pk).update(vigilance_jusquau=fin)


def abandonner(consultation):
    consultations.abandonner(consultation, par=le_charge(consultation), motif="Abandon")


def signer_sur_papier(signature):
    circuit.signer(
        signature.convention,
        par=le_charge(signature.convention),
        signature=signature,
        signataire="Personne habilitée",
        qualite="Présidence",
        signee_le=horloge.aujourdhui(),
    )


def rapport_recu(mission):
    restitutions.recevoir_rapport(
        mission, par=le_charge(mission.convention), rapport_recu_le=horloge.aujourdhui()
    )


def noter(mission):
    note = NoteMiParcours(mission=mission, **NOTE)
    suivi.ajouter_note(note, par=le_charge(mission.convention))


def mission_en(etat):
    return lambda mission: en_etat(mission, etat, le_charge(mission.convention))


ARRETS_MISSION = {
    "rapport": rapport_recu,
    **{etat: mission_en(etat) for etat in ("en_alerte", "suspendue", "arretee", "terminee")},
}


@dataclass(frozen=True)
class Cas:
    """A reminder: what waits, the days of its letters, the gestures that stop it."""

    attend: Callable
    jours: tuple
    arrets: dict


def convocation(forme):
    """A member convened to a séance in thirty days, which has a dossier on its agenda."""
    membre = fabrique.une_personne(roles.MembreComite.code)
    seance = fabrique.une_seance(jours=-30, membres=[membre], format=forme)
    fabrique.un_passage(seance=seance)
    return seance.convocations.get()


def annuler_la_seance(convoque):
    seance = convoque.seance
    comites.annuler(seance, par=fabrique.un_charge(seance.operateur), motif="Reportée")


CAS = {
    "rappel_attente": Cas(
        lambda: fabrique.une_demande("en_attente"),
        (0, 30, 60),
        {
            "ouverture": lambda d: demandes.ouvrir(d, par=d.charge),
            "sans suite": lambda d: demandes.classer(d, par=d.charge, motif="Désistement"),
        },
    ),
    "rappel_diagnostic": Cas(
        lambda: fabrique.un_diagnostic("soumis"),
        (15, 30),
        {
            "correction": lambda d: diagnostics.corriger(
                d, par=d.accompagnement.charge, motif="À reprendre"
            ),
            "validation": lambda d: diagnostics.valider(
                d,
                par=d.accompagnement.charge,
                valide_le=horloge.aujourdhui(),
                organe="Bureau",
            ),
        },
    ),
    "rappel_plan": Cas(
        lambda: fabrique.un_plan("partage"),
        (15, 30),
        {
            "correction": lambda p: plans.corriger(
                p, par=p.accompagnement.charge, motif="À reprendre"
            ),
            "accord": lambda p: plans.valider(
                p,
                par=p.accompagnement.charge,
                valide_le=horloge.aujourdhui(),
                accord_de="La présidence",
            ),
        },
    ),
    "rappel_comite": Cas(
        lambda: convocation(Seance.Format.PRESENTIEL), (-2,), {"annulation": annuler_la_seance}
    ),
    "rappel_comite_ecrit": Cas(
        lambda: convocation(Seance.Format.ELECTRONIQUE),
        (-3,),
        {
            "annulation": annuler_la_seance,
            "avis": lambda c: comites.donner_avis(
                c.seance.passages.get(), par=c.membre, avis="favorable"
            ),
            "déport": lambda c: comites.se_deporter(
                c.seance.passages.get(), par=c.membre, motif="Financeur"
            ),
        },
    ),
    "rappel_positionnement": Cas(
        consultee,
        (7,),
        {
            "annonce": lambda s: depots.annoncer(s, par=PAR_LIEN),
            "déclin": lambda s: consultations.decliner(s, par=PAR_LIEN, motif="Non"),
            "dépôt": lambda s: depots.deposer(s, par=PAR_LIEN, **suite.DEPOT),
            "sans suite": lambda s: abandonner(s.consultation),
        },
    ),
    "rappel_choix": Cas(
        lambda: suite.une_consultation("en_analyse"), (14, 20), {"sans suite": abandonner}
    ),
    "rappel_signature": Cas(
        signature,
        (5, 10),
        {
            "signature": signer_sur_papier,
            "refus": lambda s: circuit.refuser(s, par=PAR_LIEN, motif="Montant faux"),
            "correction": lambda s: circuit.corriger(
                s.convention, par=le_charge(s.convention), motif="À corriger"
            ),
        },
    ),
    "rappel_note": Cas(suite.une_mission, (0, 5, 10), {"note": noter, **ARRETS_MISSION}),
    "rappel_rapport": Cas(suite.une_mission, (0, 5, 10), ARRETS_MISSION),
    "rappel_vigilance": Cas(
        prestataire_au_travail, (-30, -7, 0), {"nouvelle attestation": nouvelle_attestation}
    ),
    "rappel_enquete": Cas(
        suite.une_enquete,
        (15, 30),
        {
            "réponse": lambda e: suites.repondre(e, par=PAR_LIEN, globale=3),
            "clôture": lambda e: suites.clore(e, par=e.accompagnement.charge, motif="Fermée"),
        },
    ),
}
PAR_NOM = {r.nom: r for r in relances.RELANCES if isinstance(r, Relance)}
ARRETS = [(nom, arret) for nom, cas in CAS.items() for arret in cas.arrets]


def jour_de(relance, objet, pas):
    depart = relance.depart(objet)
    return ajouter_jours_ouvres(depart, pas) if relance.ouvres else depart + timedelta(days=pas)


def lettres(relance, le):
    """Play the reminders of a date; return how many letters of this one left."""
    return int(relancer(le)[relance.libelle])


def test_chaque_rappel_a_sa_ligne():
    assert set(CAS) == set(PAR_NOM)
    assert {nom: PAR_NOM[nom].pas for nom in CAS} == {nom: cas.jours for nom, cas in CAS.items()}
    reste = [r for r in relances.RELANCES if not isinstance(r, Relance)]
    assert all(isinstance(r, Echeance) for r in reste)


@pytest.mark.parametrize("nom", CAS)
def test_chaque_lettre_part_a_son_jour_une_seule_fois(nom):
    relance, objet = PAR_NOM[nom], CAS[nom].attend()
    for pas in CAS[nom].jours:
        jour = jour_de(relance, objet, pas)
        assert lettres(relance, jour - timedelta(days=1)) == 0, f"{pas} : la veille"
        avant = Courriel.objects.count()
        assert lettres(relance, jour) == 1, f"{pas} : le jour"
        assert Courriel.objects.count() > avant
        apres = Courriel.objects.count()
        assert lettres(relance, jour) == 0, f"{pas} : le jour, de nouveau"
        assert Courriel.objects.count() == apres
    assert lettres(relance, jour + timedelta(days=3)) == 0


@pytest.mark.parametrize(("nom", "arret"), ARRETS)
def test_ce_qui_arrete_chaque_rappel(nom, arret):
    relance, cas = PAR_NOM[nom], CAS[nom]
    objet = cas.attend()
    jour = jour_de(relance, objet, cas.jours[-1])
    cas.arrets[arret](objet)
    objet.refresh_from_db()
    relancer(jour)
    assert relance.faits(objet) == {}


@pytest.mark.parametrize("nom", CAS)
def test_sans_arret_la_meme_date_envoie(nom):
    """What makes the table above say something."""
    relance, cas = PAR_NOM[nom], CAS[nom]
    assert lettres(relance, jour_de(relance, cas.attend(), cas.jours[-1])) == 1


def test_un_rappel_en_panne_n_arrete_pas_les_autres(monkeypatch):
    objet = suite.une_enquete()

    def panne(le):
        raise ZeroDivisionError

    en_panne = replace(PAR_NOM["rappel_note"], attendus=panne)
    monkeypatch.setattr(relances, "RELANCES", [en_panne, *relances.RELANCES])
    with pytest.raises(CommandError, match=en_panne.libelle):
        relancer(jour_de(PAR_NOM["rappel_enquete"], objet, 15))
    assert objet.journal().filter(transition__startswith="rappel_enquete").count() == 1
