"""From the request to the validated plan."""

from accompagnements.demandes import transitions as demandes
from accompagnements.demandes.models import Demande
from accompagnements.demonstration import textes
from accompagnements.demonstration.recit import a_l_heure
from accompagnements.diagnostics import transitions as diagnostics
from accompagnements.diagnostics.chiffres import point_de_depart
from accompagnements.plans import transitions as plans
from accompagnements.plans.etats import TypeAction
from accompagnements.plans.models import Action
from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme

CRITERES = {
    "critere_existe": True,
    "critere_statut": True,
    "critere_emploi": True,
    "critere_volonte": True,
}


def demander(recit, structure):
    """A structure calls; the request is recorded the same day."""
    prescripteurs = list(Terme.objects.de("prescripteur"))
    demande = Demande(
        structure=structure,
        operateur=recit.operateur,
        departement_id=structure.departement_id,
        charge=recit.charge,
        recue_le=recit.jour,
        canal=recit.alea.choice(("telephone", "courriel", "partenaire", "evenement")),
        objet=recit.alea.choice(textes.DEMANDES),
        exprimee_par="Direction de la structure",
        prescripteur=recit.alea.choice(prescripteurs),
    )
    with recit.geste():
        return demandes.enregistrer(demande, par=recit.charge)


def accueillir(recit, demande):
    """The accueil is planned, then held; a structure without employee needs a derogation."""
    with recit.geste(1, 4) as jour:
        prevu = jour
        demandes.planifier_accueil(demande, par=recit.charge, accueil_prevu_le=prevu)
    annee = demande.structure.annees.first()
    sans_emploi = annee is not None and annee.effectif == 0
    reponses = {**CRITERES, "critere_emploi": not sans_emploi}
    with recit.geste(4, 18) as jour:
        return demandes.accueillir(
            demande,
            par=recit.charge,
            accueil_le=jour,
            accueil_mode=recit.alea.choice(("sur_place", "visio", "telephone")),
            accueil_presents="Présidence et direction",
            accueil_notes="Besoin confirmé, calendrier convenu.",
            derogation="Première embauche décidée pour l'automne." if sans_emploi else "",
            **reponses,
        )


def fermer(recit, demande, destin):
    """The request ends at the accueil: elsewhere, not eligible, or not pursued."""
    with recit.geste(2, 10):
        if destin == "orientee":
            orientation = recit.alea.choice(list(Terme.objects.de("orientation")))
            demandes.orienter(
                demande,
                par=recit.charge,
                motif="Le besoin relève d'un appui spécialisé déjà disponible sur le territoire.",
                orientation=orientation,
                orientation_organisme="Antenne départementale",
            )
            suivre_l_orientation(recit, demande)
        elif destin == "non_eligible":
            demandes.refuser(
                demande, par=recit.charge, motif="La structure est encore en phase de création."
            )
        else:
            demandes.classer(
                demande, par=recit.charge, motif="La structure n'a pas donné suite à nos relances."
            )


def suivre_l_orientation(recit, demande):
    """What came of it is known on the day it is asked for, unless that day is still to come."""
    if demande.suite_prevue_le > recit.fin:
        return
    with horloge.voyage(a_l_heure(demande.suite_prevue_le, 10)):
        demandes.noter_suite(
            demande,
            par=recit.charge,
            suite_le=horloge.aujourdhui(),
            suite_resultat=Demande.Suite.PRISE_EN_CHARGE,
        )


def patienter(recit, demande):
    """The operator lacks room: the request waits."""
    with recit.geste(1, 5):
        demandes.mettre_en_attente(
            demande,
            par=recit.charge,
            motif="Plus de place ce trimestre pour un diagnostic.",
            priorite=recit.alea.choice((1, 2, 2, 3)),
        )


def ouvrir(recit, demande):
    """The dossier opens."""
    with recit.geste(1, 12):
        return demandes.ouvrir(demande, par=recit.charge)


def diagnostiquer(recit, accompagnement):
    """The diagnostic is written, submitted and validated by the board."""
    with recit.geste(2, 15) as jour:
        effectif = accompagnement.effectif or 0
        diagnostic = diagnostics.commencer(
            accompagnement,
            par=recit.charge,
            entretien_le=jour,
            temps_passe=recit.alea.choice((2, 3, 4, 5)),
            annee_n=jour.year - 1,
            beneficiaires=120 + 40 * effectif,
            **textes.DIAGNOSTIC,
        )
        _ecrire_les_lignes(diagnostic, effectif)
    with recit.geste(20, 50):
        diagnostics.soumettre(diagnostic, par=recit.charge)
    with recit.geste(7, 25) as jour:
        return diagnostics.valider(
            diagnostic,
            par=recit.charge,
            valide_le=jour,
            organe=recit.alea.choice(("Conseil d'administration", "Bureau")),
        )


def _ecrire_les_lignes(diagnostic, effectif):
    """Who was met, three years of figures (the baseline with them), axes, advice."""
    for personne in textes.PERSONNES:
        diagnostic.rencontres.create(**personne)
    for recul in (2, 1, 0):
        personnes = max(effectif - recul, 0)
        charges = 20000 + 38000 * personnes
        chiffres = {
            "produits": charges - 1500 + 1000 * recul,
            "charges": charges,
            "resultat": -1500 + 1000 * recul,
            "subventions": charges // 2,
            "tresorerie": 6000 + 2500 * recul,
            "effectif": personnes,
            "etp": personnes,
        }
        diagnostic.annees.create(annee=diagnostic.annee_n - recul, **chiffres)
    for nom, valeur in point_de_depart(chiffres).items():
        setattr(diagnostic, nom, valeur)
    diagnostic.save()
    for axe in textes.AXES:
        diagnostic.lignes_axes.create(**axe)
    for conseil in textes.PRECONISATIONS:
        diagnostic.lignes_preconisations.create(**conseil)


def clore_sans_plan(recit, diagnostic):
    """About one structure in six needs no engineering; its dossier closes after the diagnostic."""
    with recit.geste(2, 10):
        diagnostics.clore_sans_plan(
            diagnostic, par=recit.charge, motif="Les préconisations seront menées en interne."
        )
        demandes.clore(diagnostic.accompagnement, par=recit.charge, motif="Sans plan.")


def preparer_plan(recit, accompagnement, genres, ingenierie=None):
    """The plan is written; `ingenierie` is the collective one to join, if any."""
    thematiques = list(Terme.objects.de("thematique"))
    with recit.geste(3, 15):
        plan = plans.preparer(accompagnement, par=recit.charge, objectifs=textes.OBJECTIFS)
        for genre in genres:
            paye = genre in (TypeAction.ING_IND, TypeAction.ING_COL, TypeAction.ING_MIX)
            jours = recit.alea.choice((4, 4, 5, 5, 6)) if paye else None
            thematique = _thematique(recit, thematiques)
            action = Action(
                plan=plan,
                genre=genre,
                intitule=textes.INTITULES[thematique.code],
                thematique=thematique,
                jours_prevus=jours,
                montant_prevu=jours * 1100 if jours else None,
            )
            plans.ajouter_action(action, par=recit.charge)
            if paye and ingenierie is not None:
                plans.rattacher(action, par=recit.charge, ingenierie=ingenierie)
    return plan


def _thematique(recit, thematiques):
    """Consolidation, project and organisation come first, as in the published tables."""
    lourds = {"consolidation": 22, "projet": 16, "organisation": 15, "modele_economique": 10}
    poids = [lourds.get(terme.code, 3) for terme in thematiques]
    return recit.alea.choices(thematiques, poids)[0]


def valider_plan(recit, plan):
    """The structure agrees."""
    with recit.geste(4, 14) as jour:
        return plans.valider(plan, par=recit.charge, valide_le=jour, accord_de="La présidence")
