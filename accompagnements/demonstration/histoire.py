"""How many dossiers meet which fate: figures near a regional year of 346 for 266 expected."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accompagnements.comites import transitions as comites
from accompagnements.comites.models import Seance
from accompagnements.demonstration import debut, ingenierie
from accompagnements.demonstration.recit import Aujourdhui, Recit
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.plans.etats import TypeAction
from accompagnements.structures.demonstration import Annuaire, simuler_zonages
from accompagnements.suites import transitions as suites
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.demonstration import partie
from prestataires.demonstration import siret_invente

# Requests received per department and year (N−2, N−1, N): a region which grows.
DEMANDES = {
    "04": (12, 28, 28),
    "05": (11, 26, 25),
    "06": (22, 53, 52),
    "13": (30, 75, 72),
    "83": (21, 52, 49),
    "84": (17, 42, 40),
}
DESTINS = {
    "ingenierie": 42,
    "collectif": 20,
    "interne": 9,
    "sans_plan": 10,
    "orientee": 6,
    "non_eligible": 4,
    "sans_suite": 4,
    "attente": 5,
    "infructueuse": 2,
    "alerte": 2,
}
TAILLE_COLLECTIF = 4


@partie(30, "dossiers de trois années")
def jouer(scene):
    """Play three years of dossiers, oldest first, then the séances and the follow-ups."""
    simuler_zonages(scene)
    annuaire = Annuaire(scene, siret_invente)
    annee = horloge.aujourdhui().year
    for operateur in scene.operateurs:
        departement = operateur.departements.get().pk
        for rang, nombre in enumerate(DEMANDES[departement]):
            dates = _dates(scene, annee - 2 + rang, max(2, int(nombre * scene.taille)))
            _jouer_annee(scene, annuaire, operateur, departement, dates)
        _comites(scene, operateur)
    _suivis(scene)


def _dates(scene, annee, nombre):
    """Dates of the requests of a year, sorted, never after today."""
    fin = min(date(annee, 12, 31), horloge.aujourdhui())
    etendue = (fin - date(annee, 1, 2)).days
    jours = sorted(scene.alea.randint(0, max(etendue, 1)) for _ in range(nombre))
    return [date(annee, 1, 2) + timedelta(days=jour) for jour in jours]


def _jouer_annee(scene, annuaire, operateur, departement, dates):
    groupe = []
    for recue_le in dates:
        destin = scene.alea.choices(list(DESTINS), list(DESTINS.values()))[0]
        recit = Recit(scene, operateur, recue_le)
        structure = annuaire.inventer(departement)
        if destin == "collectif":
            groupe.append((recit, structure))
            if len(groupe) == TAILLE_COLLECTIF:
                _jouer_collectif(groupe)
                groupe = []
            continue
        jouer_dossier(recit, structure, destin)
    for recit, structure in groupe:
        jouer_dossier(recit, structure, "ingenierie")


def jouer_dossier(recit, structure, destin):
    """Play one dossier until its fate, or until today."""
    try:
        accompagnement = _jusqu_a_l_ouverture(recit, structure, destin)
        if accompagnement is None:
            return
        diagnostic = debut.diagnostiquer(recit, accompagnement)
        if destin == "sans_plan":
            debut.clore_sans_plan(recit, diagnostic)
            return
        plan = debut.preparer_plan(recit, accompagnement, _genres(recit, destin))
        debut.valider_plan(recit, plan)
        engagees = plan.actions.filter(ingenierie__isnull=False)
        if not engagees:
            ingenierie.clore(recit, accompagnement)
            return
        _jouer_ingenierie(recit, engagees.first().ingenierie, [accompagnement], destin)
    except Aujourdhui:
        return


def _jusqu_a_l_ouverture(recit, structure, destin):
    """Request, accueil, then the way out or the opening; None when the dossier never opens."""
    demande = debut.demander(recit, structure)
    debut.accueillir(recit, demande)
    if destin in ("orientee", "non_eligible", "sans_suite"):
        debut.fermer(recit, demande, destin)
        return None
    if destin == "attente":
        debut.patienter(recit, demande)
        recit.attendre(60, 150)
    return debut.ouvrir(recit, demande)


def _genres(recit, destin):
    """Kinds of action of the plan; two in five are complex parcours."""
    if destin == "interne":
        return [TypeAction.EXP_INT, TypeAction.ACT_STRUCT]
    genres = [recit.alea.choices((TypeAction.ING_IND, TypeAction.ING_MIX), (88, 12))[0]]
    if recit.alea.random() < 0.4:
        genres.append(recit.alea.choice((TypeAction.EXP_INT, TypeAction.OFFRE_PART)))
    if recit.alea.random() < 0.5:
        genres.append(TypeAction.ACT_STRUCT)
    return genres


def _jouer_collectif(groupe):
    """Four structures share one collective engineering, led by the dossier of the first."""
    prets, commune = [], None
    for recit, structure in groupe:
        try:
            accompagnement = _jusqu_a_l_ouverture(recit, structure, "collectif")
            debut.diagnostiquer(recit, accompagnement)
            plan = debut.preparer_plan(
                recit, accompagnement, [TypeAction.ING_COL], ingenierie=commune
            )
            debut.valider_plan(recit, plan)
        except Aujourdhui:
            continue
        commune = plan.actions.get().ingenierie
        prets.append((recit, accompagnement))
    if len(prets) < 2:
        return
    meneur = max((recit for recit, _ in prets), key=lambda recit: recit.jour)
    try:
        _jouer_ingenierie(meneur, commune, [a for _, a in prets], "collectif")
    except Aujourdhui:
        return


def _jouer_ingenierie(recit, engagee, accompagnements, destin):
    """Play one engineering to its end for all its structures."""
    if destin == "infructueuse":
        ingenierie.consulter(recit, engagee, infructueuse=True)
        recit.attendre(5, 15)
    consultation = ingenierie.consulter(recit, engagee)
    convention = ingenierie.conventionner(recit, consultation)
    mission = ingenierie.realiser(recit, convention, alerte=destin == "alerte")
    restitution = ingenierie.restituer(recit, mission)
    for accompagnement in accompagnements:
        ingenierie.enqueter(recit, restitution, accompagnement)
    ingenierie.payer(recit, restitution)
    for accompagnement in accompagnements:
        ingenierie.clore(recit, accompagnement)


def _comites(scene, operateur):
    """A séance each quarter for two years, the next one in two weeks."""
    aujourdhui = horloge.aujourdhui()
    equipe = scene.equipes[operateur.pk]
    charge = equipe["charge_mission"][0]
    quands = [aujourdhui + timedelta(days=14)]
    quands += [aujourdhui - timedelta(days=30 + 91 * rang) for rang in range(4)]
    for quand in (ajouter_jours_ouvres(jour, 1) for jour in quands):
        convocation = quand - timedelta(days=21)
        with horloge.voyage(_a(min(convocation, aujourdhui), 9)):
            seance = comites.planifier(
                Seance(operateur=operateur, quand=_a(quand, 14), lieu="Salle des partenaires"),
                par=charge,
                membres=scene.membres,
            )
            _inscrire(seance, charge, quand)
        if quand < aujourdhui:
            with horloge.voyage(_a(quand, 17)):
                _tenir(scene, seance, charge)


def _inscrire(seance, charge, quand):
    """Up to four dossiers whose diagnostic was validated in the quarter before the séance."""
    valides = Diagnostic.objects.filter(
        accompagnement__operateur=seance.operateur_id,
        valide_le__range=(quand - timedelta(days=110), min(quand, horloge.aujourdhui())),
        accompagnement__passages=None,
        accompagnement__etat="ouvert",
        etat=EtatDiagnostic.VALIDE,
    ).select_related("accompagnement")
    for diagnostic in valides[:4]:
        comites.inscrire(
            seance,
            diagnostic.accompagnement,
            par=charge,
            synthese="Structure ancrée dans son territoire, modèle économique à consolider.",
        )


def _tenir(scene, seance, charge):
    for passage in seance.passages.all():
        comites.rendre_avis(
            passage,
            par=charge,
            avis=scene.alea.choice(("favorable", "favorable", "reserves")),
            reserves="Associer le réseau dès le démarrage.",
            ressources="Appui d'une tête de réseau sur la gouvernance.",
            jours_conseilles=5,
        )
        comites.decider(passage, par=charge, decision="conforme", justification="")
    comites.tenir(seance, par=charge, presents="Membres convoqués, équipe du DLA.")


def _suivis(scene):
    """Follow-ups are planned for every validated diagnostic; most of the due ones are done."""
    aujourdhui = horloge.aujourdhui()
    valides = Diagnostic.objects.filter(valide_le__isnull=False)
    for diagnostic in valides.select_related("accompagnement", "suivi"):
        suivi = getattr(diagnostic, "suivi", None) or suites.prevoir_suivi(diagnostic)
        fait_le = suivi.prevu_du + timedelta(days=scene.alea.randint(0, 150))
        if fait_le <= aujourdhui and scene.alea.random() < 0.92:
            with horloge.voyage(_a(fait_le, 11)):
                suites.realiser(
                    suivi,
                    par=diagnostic.accompagnement.charge,
                    realise_le=fait_le,
                    effectif=(diagnostic.effectif or 0) + scene.alea.choice((-1, 0, 0, 1))
                    if diagnostic.effectif
                    else 0,
                    budget=diagnostic.budget,
                    preconisations="Tableau de bord en place, nouvelles ressources engagées.",
                    effets="Équipe confortée, visibilité à dix-huit mois.",
                    besoins="",
                )


def _a(jour, heure):
    return timezone.make_aware(datetime.combine(jour, time(heure)))
