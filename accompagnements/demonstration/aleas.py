"""What does not go as planned, this week: one dossier for each state that the story leaves out.

Each line picks the latest object in a state and plays a real transition on it, by a person who
may. With fewer dossiers than the full story, a line without candidate is left out.
"""

from datetime import timedelta
from decimal import Decimal

from accompagnements.comites import transitions as comites
from accompagnements.comites.models import Passage, Seance
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.models import Consultation, Sollicitation
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.models import Convention
from accompagnements.demandes import transitions as demandes
from accompagnements.demonstration import textes
from accompagnements.diagnostics import relire
from accompagnements.diagnostics import transitions as diagnostics
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.diagnostics.regles import lecteurs_possibles
from accompagnements.missions import transitions as missions
from accompagnements.missions.journees import Journee
from accompagnements.missions.models import Mission
from accompagnements.plans import transitions as plans
from accompagnements.plans.models import Plan
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture
from accompagnements.suites import transitions as suites
from accompagnements.suites.models import Enquete, Suivi
from dla_portal.socle import horloge
from dla_portal.socle.demonstration import partie
from dla_portal.socle.regles import Manques

# (model, state picked, transition, role which plays it, motive)
ALEAS = [
    (
        Diagnostic,
        "en_cours",
        diagnostics.abandonner,
        "charge_mission",
        "La structure a changé de direction : elle reprendra contact.",
    ),
    (
        Plan,
        "brouillon",
        plans.abandonner,
        "charge_mission",
        "Un autre dispositif prend le relais.",
    ),
    (
        Consultation,
        "publiee",
        consultations.abandonner,
        "charge_mission",
        "Le besoin a changé : le cahier des charges est à reprendre.",
    ),
    (
        Convention,
        "en_signature",
        conventions.abandonner,
        "charge_mission",
        "Le prestataire se retire avant de signer.",
    ),
    (
        Facture,
        "recue",
        restitutions.rejeter,
        "gestionnaire",
        "Le numéro de la convention n'est pas rappelé.",
    ),
    (Enquete, "envoyee", suites.clore, "charge_mission", "Trois relances sans réponse."),
    (
        Suivi,
        "prevu",
        suites.constater_injoignable,
        "charge_mission",
        "Aucune réponse aux appels ni aux courriels.",
    ),
    (
        Suivi,
        "prevu",
        suites.constater_disparition,
        "charge_mission",
        "L'association est dissoute depuis l'été.",
    ),
]


@partie(35, "ce qui ne se passe pas comme prévu")
def jouer(scene):
    """Play each turn for the worse once."""
    for modele, etat, transition, role, motif in ALEAS:
        _au_premier_possible(
            scene,
            modele.objects.filter(etat=etat).order_by(*_ordre(modele)),
            transition,
            role,
            motif,
        )
    _plan_soumis(scene)
    _relecture(scene)
    _dossier_abandonne(scene)
    _resilier(scene)
    _missions(scene)
    _sollicitation_annoncee(scene)
    _comites(scene)


def _plan_soumis(scene):
    """One plan waits for the agreement of its structure, by its link."""
    for plan in Plan.objects.filter(etat="brouillon").order_by("-pk"):
        try:
            plans.soumettre(plan, par=_membre(scene, plan, "charge_mission"))
        except Manques:
            continue
        break


def _au_premier_possible(scene, objets, transition, role, motif):
    """Play the transition on the first of the objects whose rules allow it."""
    for objet in objets[:10]:
        try:
            return transition(objet, par=_membre(scene, objet, role), motif=motif)
        except Manques:
            continue
    return None


def _ordre(modele):
    """The latest object, or the follow-up due for the longest time."""
    return ["prevu_au", "pk"] if modele is Suivi else ["-pk"]


def _membre(scene, objet, role):
    return scene.equipes[objet.operateur_id][role][0]


def _relecture(scene):
    """Somebody outside reads a diagnostic: the second one being written, or one taken up again."""
    for etat in ("en_cours", "soumis"):
        diagnostic = Diagnostic.objects.filter(etat=etat).order_by("-pk")[1:2].first()
        lecteur = diagnostic and lecteurs_possibles(diagnostic).first()
        if not lecteur:
            continue
        par = _membre(scene, diagnostic, "charge_mission")
        if etat == "soumis":
            diagnostics.corriger(diagnostic, par=par, motif="Un avis extérieur est souhaité.")
        relire.demander(diagnostic, par=par, lecteur=lecteur, question=textes.RELECTURE)
        return


def _dossier_abandonne(scene):
    """The dossier whose diagnostic was given up stops as well."""
    diagnostic = Diagnostic.objects.filter(etat="abandonne").first()
    if diagnostic is not None:
        demandes.abandonner(
            diagnostic.accompagnement,
            par=_membre(scene, diagnostic, "charge_mission"),
            motif="Le diagnostic n'a pas pu être mené.",
        )


def _resilier(scene):
    """A signed convention ends before its mission starts."""
    convention = Convention.objects.filter(etat="signee", mission=None).order_by("-pk").first()
    if convention is not None:
        conventions.resilier(
            convention,
            par=_membre(scene, convention, "responsable"),
            motif="La structure entre en procédure collective.",
        )


def _missions(scene):
    """Three missions raise an alert: one waits for a decision, one is suspended, one stops."""
    lancees = Mission.objects.filter(etat="en_cours", restitution=None).order_by("-pk")
    suites_de_l_alerte = [
        None,
        (missions.suspendre, "charge_mission", "Reprise attendue à la rentrée."),
        (missions.arreter, "responsable", "La structure renonce au projet accompagné."),
    ]
    for mission, suite in zip(list(lancees[:3]), suites_de_l_alerte, strict=False):
        missions.alerter(
            mission,
            par=_membre(scene, mission, "charge_mission"),
            emise_par=str(mission.convention.prestataire),
            motif="Deux ateliers reportés : la direction est en arrêt.",
        )
        if suite:
            geste, role, motif = suite
            geste(
                mission,
                par=_membre(scene, mission, role),
                motif=motif,
                consultes="La présidence de la structure, le prestataire",
                suites="Le prestataire transmet l'état des travaux sous dix jours.",
            )
    ouvertes = list(lancees[:3])
    if ouvertes:
        _hors_cadre(scene, ouvertes)
        _saisie_en_double(scene)


def _saisie_en_double(scene):
    """An intervention was written twice: the second one is withdrawn from the journal."""
    en_cours = Journee.objects.filter(mission__etat="en_cours", mission__restitution=None)
    journee = en_cours.order_by("-pk").first()
    if journee is not None:
        double = missions.inscrire_journee(
            journee.mission,
            par=f"{journee.mission.convention.prestataire.nom}, par son lien",
            le=journee.le,
            duree=Decimal("0.5"),
            moment="matin",
            **textes.INTERVENTIONS[1],
        )
        charge = _membre(scene, double, "charge_mission")
        missions.retirer_journee(double, par=charge, motif="Intervention déjà inscrite.")


def _hors_cadre(scene, ouvertes):
    """Three requests to leave the scope: one waits, one is granted, one is not."""
    reponses = [None, (missions.autoriser, True), (missions.refuser, None)]
    for rang, reponse in enumerate(reponses):
        mission = ouvertes[rang % len(ouvertes)]
        nom = f"{mission.convention.prestataire.nom}, par son lien"
        demande = missions.demander_hors_cadre(mission, par=nom, **textes.HORS_CADRE)
        if reponse:
            geste, avenant = reponse
            suite = {"avenant_attendu": avenant} if avenant else {}
            charge = _membre(scene, mission, "charge_mission")
            geste(demande, par=charge, motif="Avis pris auprès de la présidence.", **suite)


def _sollicitation_annoncee(scene):
    """A prestataire says that he answers, before the deadline."""
    attendues = Sollicitation.objects.filter(
        etat="sollicitee",
        consultation__etat="publiee",
        consultation__date_limite__gt=horloge.maintenant(),
    ).select_related("prestataire", "consultation")
    sollicitation = attendues.order_by("-pk").first()
    if sollicitation is not None:
        consultations.annoncer(sollicitation, par=f"{sollicitation.prestataire.nom}, par son lien")


def _comites(scene):
    """A séance is cancelled, a dossier withdrawn; an electronic one has given its avis."""
    operateur = scene.operateurs[0]
    charge = scene.equipes[operateur.pk]["charge_mission"][0]
    annulee = comites.planifier(
        Seance(
            operateur=operateur,
            quand=horloge.maintenant() + timedelta(days=40),
            lieu="Maison des associations",
        ),
        par=charge,
        membres=scene.membres,
    )
    comites.annuler(annulee, par=charge, motif="Trop peu de dossiers prêts.")
    inscrits = list(Passage.objects.filter(etat="inscrit").order_by("pk")[:2])
    if inscrits:
        retire = inscrits[0]
        comites.retirer(
            retire,
            par=_membre(scene, retire, "charge_mission"),
            motif="La structure s'est ravisée.",
        )
    if len(inscrits) > 1:
        _avis_electronique(scene, inscrits[1].accompagnement)


def _avis_electronique(scene, accompagnement):
    """A dossier in a hurry goes through an electronic consultation of the members."""
    charge = _membre(scene, accompagnement, "charge_mission")
    seance = comites.planifier(
        Seance(
            operateur_id=accompagnement.operateur_id,
            quand=horloge.maintenant() + timedelta(days=5),
            format=Seance.Format.ELECTRONIQUE,
        ),
        par=charge,
        membres=scene.membres,
    )
    passage = comites.inscrire(
        seance, accompagnement, par=charge, synthese="Décision attendue avant la fin du mois."
    )
    partie, *autres = scene.membres
    comites.se_deporter(passage, par=partie, motif="siège à son conseil d'administration")
    for membre in autres:
        comites.donner_avis(
            passage,
            par=membre,
            avis="reserves",
            commentaire="Vérifier le plan de trésorerie avant l'engagement.",
            jours_conseilles=4,
        )
    comites.rendre_avis(
        passage,
        par=charge,
        avis="reserves",
        reserves="Vérifier le plan de trésorerie avant l'engagement.",
        ressources="",
        jours_conseilles=4,
    )
