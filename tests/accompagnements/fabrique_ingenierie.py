"""Consultation, convention, mission, restitution in a given state, by the real transitions."""

from datetime import timedelta
from decimal import Decimal

from accompagnements.consultations import transitions as consultations
from accompagnements.conventions import revisions
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.avenants import Avenant
from accompagnements.financements.models import Enveloppe
from accompagnements.missions import transitions as missions
from accompagnements.missions.models import NoteMiParcours
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import PointRapport
from accompagnements.suites import transitions as suites
from dla_portal.comptes import roles
from dla_portal.comptes.models import Rattachement
from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme
from prestataires.models import Prestataire
from prestataires.transitions import candidater, referencer
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique import ilya

JOURS = 60  # days between the sending of the consultation and today
DEPOT = {
    "montant_ht": Decimal("4000"),
    "montant_ttc": Decimal("4800"),
    "frais": Decimal(0),
    "jours": Decimal(5),
    "debut": None,
    "fin": None,
    "intervenants": "Deux personnes",
    "methode": "Trois ateliers MARQUEURSCELLE",
}
SIRETS = ["73282932000074", "55208131766522", "44306184100047", "38012986648625"]


def un_prestataire(rang=0, **champs):
    """A referenced prestataire whose fiche is complete."""
    existant = Prestataire.objects.filter(siret=SIRETS[rang]).first()
    if existant:
        return existant
    departement = fabrique.un_departement()
    c2ra = fabrique.une_personne("dla_regional", region=departement.region)
    attributs = {
        "siret": SIRETS[rang],
        "nom": f"Cabinet {rang}",
        "statut": "cabinet",
        "adresse": "1 rue des Essais",
        "code_postal": "13001",
        "ville": "Marseille",
        "email": f"cabinet{rang}@essai.example",
        "tjm_ht": 800,
        **champs,
    }
    with ilya(200):
        prestataire = candidater(Prestataire(**attributs), par=c2ra)
        prestataire.competences.add(Terme.objects.de("thematique").first())
        prestataire.secteurs.add(Terme.objects.de("secteur").first())
        prestataire.departements.add(departement)
        return referencer(prestataire, par=c2ra)


def le_charge(objet):
    """The chargé who leads the engineering of an object."""
    ingenierie = getattr(objet, "ingenierie", objet)
    return ingenierie.accompagnements().first().charge


def le_responsable(objet):
    """A responsable of the operator of an object, found or made."""
    ingenierie = getattr(objet, "ingenierie", objet)
    trouve = Rattachement.objects.filter(
        operateur=ingenierie.operateur_id, role=roles.Responsable.code
    ).first()
    if trouve:
        return trouve.utilisateur
    return fabrique.une_personne(roles.Responsable.code, operateur=ingenierie.operateur)


def signer_sur_papier(acte, scan=lambda: None):
    """Every signature of a convention or an avenant, each recorded by who may record it.

    `scan()` gives the signed copy, which a frozen document asks for.
    """
    for signature in acte.signatures.all():
        de_l_operateur = signature.partie == signature.Partie.OPERATEUR
        conventions.signer(
            acte,
            par=le_responsable(acte) if de_l_operateur else le_charge(acte),
            signature=signature,
            signataire="Personne habilitée",
            qualite="Présidence",
            signee_le=horloge.aujourdhui(),
            scan=scan(),
        )


def une_consultation(etat="publiee", prestataires=2, avec_pv=False):
    """A consultation `brouillon`, `validee`, `publiee`, `en_analyse` or `attribuee`.

    `avec_pv`: its minutes are kept as files, which takes a while.
    """
    ingenierie = fabrique.une_ingenierie()
    charge = le_charge(ingenierie)
    with ilya(JOURS + 2):
        consultation = consultations.preparer(ingenierie, par=charge)
        cahier = consultation.cahier
        for champ in ("contexte", "problematique", "objectifs", "contenu", "livrables", "profil"):
            setattr(cahier, champ, f"Texte {champ}")
        cahier.jours_max, cahier.budget_max = Decimal(5), Decimal(6000)
        cahier.debut = horloge.aujourdhui() + timedelta(days=20)
        cahier.fin = horloge.aujourdhui() + timedelta(days=120)
        cahier.save()
        if etat == "brouillon":
            return consultation
        consultations.valider_cdc(
            consultation, par=charge, valide_le=horloge.aujourdhui(), valide_par="La présidente"
        )
        for rang in range(prestataires):
            consultations.pressentir(consultation, un_prestataire(rang), par=charge)
    if etat == "validee":
        return consultation
    with ilya(JOURS):
        limite = horloge.maintenant() + timedelta(days=10)
        consultations.publier(
            consultation,
            par=charge,
            date_limite=limite,
            justification_nombre="" if prestataires > 1 else "Seul spécialiste du territoire.",
            justification_delai="Essai",
        )
    if etat == "publiee":
        return consultation
    for rang, sollicitation in enumerate(consultation.sollicitations.all()):
        with ilya(JOURS - 2):
            hausse = Decimal(100 * rang)
            contenu = {**DEPOT, "montant_ht": 4000 + hausse, "montant_ttc": 4800 + hausse}
            consultations.deposer(sollicitation, par="Par son lien", **contenu)
    with ilya(JOURS - 11):
        consultations.ouvrir(consultation, par=charge, avec_pv=avec_pv)
    if etat == "en_analyse":
        return consultation
    with ilya(JOURS - 12):
        notes = {
            (p.pk, c.pk): Decimal(c.points) - rang
            for rang, p in enumerate(consultation.propositions.all())
            for c in consultation.criteres.all()
        }
        consultations.noter(consultation, par=charge, notes=notes)
        consultations.attribuer(
            consultation,
            par=charge,
            proposition=consultation.propositions.first(),
            presents="La présidente",
            motif="Mieux notée",
            avec_pv=avec_pv,
            malgre_les_pieces=True,
        )
    return consultation


def une_convention(etat="signee"):
    """A convention `brouillon`, `en_signature` or `signee`."""
    consultation = une_consultation("attribuee")
    charge = le_charge(consultation)
    with ilya(JOURS - 14):
        convention = conventions.preparer(consultation, par=charge)
        if etat == "brouillon":
            return convention
        conventions.mettre_en_signature(convention, par=charge, avec_document=False)
    if etat == "en_signature":
        return convention
    with ilya(JOURS - 16):
        signer_sur_papier(convention)
    convention.refresh_from_db()
    return convention


def un_avenant(convention=None, etat="en_preparation", **changements):
    """An avenant `en_preparation`, `a_signer` or `signe` (on paper); one day more by default."""
    convention = convention or une_convention()
    charge = le_charge(convention)
    changements = changements or {"jours": convention.jours_effectifs + 1}
    avenant = Avenant(convention=convention, motif="La mission s'étend", **changements)
    revisions.preparer(avenant, par=charge)
    if etat == "en_preparation":
        return avenant
    revisions.mettre_en_signature(avenant, par=charge, avec_document=False)
    if etat == "signe":
        signer_sur_papier(avenant)
    avenant.refresh_from_db()
    return avenant


def une_mission():
    """A mission in progress."""
    convention = une_convention()
    with ilya(JOURS - 18):
        return missions.lancer(
            convention,
            par=le_charge(convention),
            lancee_le=horloge.aujourdhui(),
            presents="Les trois parties",
        )


def une_journee(mission, par="Par son lien", **champs):
    """An intervention in the journal of a mission, the day of its launch unless told otherwise."""
    contenu = {
        "le": mission.lancee_le,
        "duree": Decimal(1),
        "moment": "journee",
        "intervenants": "Une consultante",
        "lieu": "Au siège",
        "travaux": "Entretiens avec l'équipe",
        "rencontres": "La présidente",
        **champs,
    }
    return missions.inscrire_journee(mission, par=par, **contenu)


def une_note(mission, par="Par son lien"):
    """The mid-term note of a mission, received today."""
    note = NoteMiParcours(
        mission=mission,
        jours_realises=mission.jours_realises,
        objectifs="Rappel : un modèle stable",
        travaux="Quatre entretiens, un atelier",
        suite="Un second atelier en mars",
    )
    return missions.ajouter_note(note, par=par)


def une_decision(mission):
    """The decision to go on, after an alert of the prestataire. Returns the alert."""
    charge = le_charge(mission.convention)
    missions.alerter(
        mission, par="Par son lien", emise_par="Le cabinet, par son lien", motif="Un mois de retard"
    )
    missions.poursuivre(
        mission, par=charge, motif="Le retard se rattrape", consultes="La présidente", suites="—"
    )
    return mission.alertes.get()


def une_demande_hors_cadre(mission, jours=1):
    """A request of the prestataire to leave the scope, not answered."""
    return missions.demander_hors_cadre(
        mission,
        par="Par son lien",
        description="Animer un échange avec le financeur",
        jours=Decimal(jours),
        raison="La structure le demande",
    )


def une_restitution(
    tenue=True, points=tuple(PointRapport.values), avec_compte_rendu=False, **constats
):
    """A restitution whose report is conform, held unless told otherwise, its minutes not kept.

    The mission has one entry in its journal and one request out of the scope.
    """
    mission = une_mission()
    une_journee(mission)
    une_demande_hors_cadre(mission)
    charge = le_charge(mission.convention)
    with ilya(JOURS - 40):
        restitution = restitutions.recevoir_rapport(
            mission, par=charge, rapport_recu_le=horloge.aujourdhui(), points=points
        )
    if tenue:
        with ilya(JOURS - 45):
            restitutions.tenir(
                restitution,
                par=charge,
                tenue_le=horloge.aujourdhui(),
                lieu="Au siège",
                presents="Le bureau",
                avec_compte_rendu=avec_compte_rendu,
                **constats,
            )
    return restitution


def une_enquete():
    """A survey sent five days ago."""
    restitution = une_restitution()
    with ilya(5):
        dossier = restitution.mission.convention.ingenierie.accompagnements().get()
        return suites.envoyer_enquete(restitution, dossier, par=dossier.charge)


def une_enveloppe(code="etat", vote="10000", **champs):
    """An enveloppe of the operator of `fabrique`, for the year of the conventions made there."""
    champs.setdefault("annee", (horloge.aujourdhui() - timedelta(days=JOURS - 16)).year)
    champs.setdefault("operateur", fabrique.un_operateur())
    return Enveloppe.objects.create(
        financeur=Terme.objects.get(liste="financeur", code=code),
        montant_vote=Decimal(vote),
        **champs,
    )
