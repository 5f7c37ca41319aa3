"""From the consultation to the balance, the survey and the follow-up."""

from datetime import timedelta
from decimal import Decimal

from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.pieces import PIECES, controler
from accompagnements.conventions import transitions as conventions
from accompagnements.demandes import transitions as demandes
from accompagnements.demonstration import textes
from accompagnements.demonstration.recit import a_l_heure
from accompagnements.missions import transitions as missions
from accompagnements.missions.models import NoteMiParcours
from accompagnements.plans import transitions as plans
from accompagnements.plans.etats import TERMINAUX, StatutAction
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture, PointRapport
from accompagnements.suites import transitions as suites
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from prestataires.models import Prestataire

TVA = Decimal("1.20")
PARTIELLES = 12  # one mission in so many ends a day short


def consulter(recit, ingenierie, *, infructueuse=False):
    """Two to four prestataires are asked; returns the consultation attributed, or None."""
    action = ingenierie.actions.first()
    with recit.geste(5, 20) as jour:
        consultation = consultations.preparer(ingenierie, par=recit.charge)
        cahier = consultation.cahier
        for champ, valeur in textes.CAHIER.items():
            setattr(cahier, champ, valeur)
        cahier.jours_max = action.jours_prevus
        cahier.budget_max = action.montant_prevu
        cahier.debut, cahier.fin = jour + timedelta(days=60), jour + timedelta(days=200)
        cahier.save()
    with recit.geste(3, 9) as jour:
        consultations.valider_cdc(
            consultation, par=recit.charge, valide_le=jour, valide_par="La présidence"
        )
        choisis = _choisir(recit, ingenierie)
        for prestataire in choisis:
            consultations.pressentir(consultation, prestataire, par=recit.charge)
    with recit.geste(1, 4) as jour:
        limite = a_l_heure(ajouter_jours_ouvres(jour + timedelta(days=19), -1), 17)
        consultations.publier(
            consultation, par=recit.charge, date_limite=limite, justification_nombre=""
        )
    _repondre(recit, consultation, infructueuse)
    return _choix(recit, consultation, infructueuse)


def _choisir(recit, ingenierie):
    """Three prestataires, preferring those who know the theme."""
    connus = [prestataire.pk for prestataire in recit.scene.prestataires]
    competents = list(Prestataire.objects.filter(pk__in=connus, competences=ingenierie.thematique))
    reserve = [p for p in recit.scene.prestataires if p not in competents]
    melange = recit.alea.sample(competents, len(competents)) + recit.alea.sample(reserve, 3)
    return melange[: recit.nombre_de_prestataires()]


def _repondre(recit, consultation, infructueuse):
    """The prestataires answer before the deadline: a deposit, a refusal, or nothing."""
    cahier = consultation.cahier
    deposes = 0
    sollicitations = list(consultation.sollicitations.select_related("prestataire"))
    for rang, sollicitation in enumerate(sollicitations):
        with recit.geste(1, 3):
            nom = f"{sollicitation.prestataire.nom}, par son lien"
            if infructueuse or (rang and recit.alea.random() < 0.2):
                if recit.alea.random() < 0.6:
                    consultations.decliner(
                        sollicitation, par=nom, motif="Plan de charge complet sur la période."
                    )
                continue
            jours = cahier.jours_max
            tjm = Decimal(recit.alea.choice((780, 820, 850, 880, 900)))
            ht = jours * tjm
            consultations.deposer(
                sollicitation,
                par=nom,
                montant_ht=ht,
                montant_ttc=round(ht * TVA, 2),
                frais=Decimal(0),
                jours=jours,
                debut=cahier.debut,
                fin=cahier.fin,
                intervenants="Deux personnes expérimentées du cabinet",
                methode=textes.METHODE,
            )
            deposes += 1
    return deposes


def _choix(recit, consultation, infructueuse):
    """Opening after the deadline, notes, choice in agreement with the structure."""
    recit.jour = max(recit.jour, consultation.date_limite.date() + timedelta(days=1))
    with recit.geste(0, 2):
        if infructueuse:
            consultations.constater_infructueuse(consultation, par=recit.charge)
            return None
        consultations.ouvrir(consultation, par=recit.charge, avec_pv=recit.garde_les_pv)
    with recit.geste(1, 6):
        criteres = list(consultation.criteres.all())
        propositions = list(consultation.propositions.all())
        notes = {
            (proposition.pk, critere.pk): Decimal(
                round(critere.points * recit.alea.uniform(0.55, 0.98) * 2)
            )
            / 2
            for proposition in propositions
            for critere in criteres
        }
        for proposition in propositions:
            controler(proposition, par=recit.charge, pieces=list(PIECES))
        consultations.noter(consultation, par=recit.charge, notes=notes, sans_conflit=True)
        totaux = {
            proposition.pk: sum(notes[(proposition.pk, c.pk)] for c in criteres)
            for proposition in propositions
        }
        retenue = max(propositions, key=lambda p: totaux[p.pk])
    with recit.geste(1, 5):
        return consultations.attribuer(
            consultation,
            par=recit.charge,
            proposition=retenue,
            presents="La présidence, la direction, la personne chargée de mission",
            motif="Proposition la mieux notée."
            if len(propositions) > 1
            else "Seule proposition reçue, conforme au cahier des charges et au budget.",
            avec_pv=recit.garde_les_pv,
        )


def conventionner(recit, consultation, *, jusqu_a="signee"):
    """The convention is prepared, then signed by the three parties."""
    with recit.geste(2, 8):
        convention = conventions.preparer(consultation, par=recit.charge)
    with recit.geste(1, 5):
        conventions.mettre_en_signature(convention, par=recit.charge, avec_document=False)
    for signature in convention.signatures.all():
        with recit.geste(1, 5) as jour:
            conventions.signer(
                convention,
                par=recit.responsable,
                signature=signature,
                signataire=f"Signataire pour {signature.get_partie_display().lower()}",
                qualite="Représentation légale",
                signee_le=jour,
            )
    convention.refresh_from_db()
    return convention


def realiser(recit, convention, *, alerte=False):
    """Launch, mid-term note, sometimes an alert."""
    with recit.geste(5, 20) as jour:
        mission = missions.lancer(
            convention,
            par=recit.charge,
            lancee_le=jour,
            presents="Structure, prestataire, personne chargée de mission",
            **textes.LANCEMENT,
        )
        debut = jour
    with recit.geste(25, 60) as jour:
        _intervenir(mission, debut, jour)
        missions.ajouter_note(
            NoteMiParcours(
                mission=mission,
                recue_le=jour,
                jours_realises=mission.jours_realises,
                objectifs=mission.objectifs,
                **textes.NOTE,
            ),
            par=f"{convention.prestataire.nom}, par son lien",
        )
    if alerte:
        with recit.geste(5, 15):
            missions.alerter(
                mission,
                par=recit.charge,
                emise_par="Le prestataire",
                motif="La direction est absente pour deux mois : le calendrier n'est plus tenable.",
            )
        with recit.geste(1, 6):
            missions.poursuivre(
                mission,
                par=recit.charge,
                motif="Reprise convenue au retour de la direction.",
                consultes="La présidence, le prestataire",
                suites="Les deux ateliers restants sont reportés d'un mois.",
            )
    return mission


def _intervenir(mission, debut, jour):
    """Half of the days, written in the journal by the prestataire, in two interventions."""
    demies = int(mission.convention.jours)
    premiere = min(demies // 2, 10)
    for rang, duree in enumerate((premiere, min(demies - premiere, 10))):
        if duree:
            missions.inscrire_journee(
                mission,
                par=f"{mission.convention.prestataire.nom}, par son lien",
                le=debut + (jour - debut) * (rang + 1) / 3,
                duree=Decimal(duree) / 2,
                moment="journee" if duree > 1 else "matin",
                **textes.INTERVENTIONS[rang],
            )


def _faits(convention):
    """Days worked of a mission which goes to its end: sometimes one less than agreed."""
    un_de_moins = convention.pk % PARTIELLES == 0 and convention.jours > 2
    return convention.jours - 1 if un_de_moins else convention.jours


def _achever(mission, jour):
    """The days left, at most five at once, written in the journal the day before the report."""
    reste = int((_faits(mission.convention) - mission.jours_realises) * 2)
    while reste > 0:
        duree = min(reste, 10)
        missions.inscrire_journee(
            mission,
            par=f"{mission.convention.prestataire.nom}, par son lien",
            le=max(mission.lancee_le, jour - timedelta(days=1)),
            duree=Decimal(duree) / 2,
            moment="journee" if duree > 1 else "matin",
            **textes.INTERVENTIONS[-1],
        )
        reste -= duree


def restituer(recit, mission):
    """Report, restitution, invoice of the balance, service fait, payment."""
    with recit.geste(20, 70) as jour:
        _achever(mission, jour)
        restitution = restitutions.recevoir_rapport(
            mission,
            par=recit.charge,
            rapport_recu_le=jour,
            rapport=None,
            points=PointRapport.values,
        )
    with recit.geste(5, 20) as jour:
        if recit.operateur.rapport_papier:
            restitutions.recevoir_papier(
                restitution, par=recit.gestionnaire, rapport_papier_recu_le=jour
            )
        restitutions.tenir(
            restitution,
            par=recit.charge,
            tenue_le=jour,
            lieu="Dans les locaux de la structure",
            presents="Conseil d'administration, équipe, prestataire",
            resultats="Les objectifs de la commande sont atteints ; les outils sont en place.",
            decisions="La structure applique le plan d'actions du rapport ; point à six mois.",
            avec_compte_rendu=False,
        )
    return restitution


def enqueter(recit, restitution, accompagnement):
    """The survey leaves some days later; four structures in five answer."""
    with recit.geste(3, 10):
        enquete = suites.envoyer_enquete(restitution, accompagnement, par=recit.charge)
    if recit.repond_a_l_enquete():
        with recit.geste(4, 25):
            notes = recit.alea.choices((4, 3, 2, 1), (55, 39, 5, 1), k=7)
            suites.repondre(
                enquete,
                par="La structure, par son lien",
                globale=notes[0],
                modalites=notes[1],
                deroulement=notes[2],
                competences=notes[3],
                resultats=notes[4],
                impact=notes[5],
                service_dla=notes[6],
                recommande=notes[0] >= 3,
                commentaire=recit.alea.choice(textes.COMMENTAIRES),
                consent_publication=recit.alea.random() < 0.4,
            )


def payer(recit, restitution):
    """The invoice of the balance is matched, certified by somebody else, and paid."""
    convention = restitution.mission.convention
    faits = _faits(convention)
    with recit.geste(2, 12) as jour:
        facture = Facture(
            mission=restitution.mission,
            numero=f"F-{convention.pk:05d}",
            datee_du=jour,
            montant_ht=round(convention.montant_ht * faits / convention.jours, 2),
            montant_ttc=round(convention.montant_ttc * faits / convention.jours, 2),
            jours=faits,
            solde=True,
        )
        restitutions.recevoir_facture(facture, par=recit.charge)
    with recit.geste(2, 12):
        restitutions.certifier(facture, par=recit.gestionnaire)
    with recit.geste(5, 25) as jour:
        restitutions.payer(
            facture,
            par=recit.gestionnaire,
            payee_le=jour,
            paiement_reference=f"VIR-{jour:%Y%m%d}-{facture.pk}",
        )


def clore(recit, accompagnement):
    """The plan is carried out, the dossier closes; its follow-up stays due."""
    with recit.geste(5, 30):
        accompagnement.refresh_from_db()
        plan = accompagnement.plan
        for action in plan.actions.exclude(statut__in=TERMINAUX):
            action.statut = StatutAction.REALISEE
            action.resultat = "Menée comme prévu."
            action.save()
        plans.clore(plan, par=recit.charge)
        demandes.clore(accompagnement, par=recit.charge, motif="Plan réalisé.")
