"""The fonds d'ingénierie of each operator: voted each year, split convention by convention."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.models import Convention
from accompagnements.financements import regles, transitions
from accompagnements.financements.models import Enveloppe
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.missions.models import Mission
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture
from dla_portal.socle import horloge
from dla_portal.socle.demonstration import partie
from dla_portal.socle.nomenclatures import Terme

# Shares of the financeurs, in hundredths: near those published for the country (I-A1).
PARTS = {"etat": 42, "bdt": 22, "fse": 20, "region": 16}
MARGE = Decimal("1.20")  # voted above what a year costs
PALIER = 500  # euros: what is voted is a round figure
RECENTES = timedelta(days=12)  # signed since: still to be split
CENTIME = Decimal("0.01")


@partie(34, "fonds d'ingénierie")
def jouer(scene):
    """Vote the enveloppes of each year, then split every convention signed but the latest."""
    limite = horloge.aujourdhui() - RECENTES
    for operateur in scene.operateurs:
        equipe = scene.equipes[operateur.pk]
        annees = defaultdict(list)
        signees = Convention.objects.filter(
            ingenierie__operateur=operateur, etat=EtatConvention.SIGNEE
        )
        for convention in signees.select_related("ingenierie").order_by("signee_le", "pk"):
            annees[convention.signee_le.year].append(convention)
        for annee, conventions in annees.items():
            cout = sum(convention.montant_ttc for convention in conventions)
            enveloppes = _voter(operateur, annee, cout, equipe["gestionnaire"][0])
            for convention in conventions:
                if convention.signee_le <= limite:
                    _repartir(convention, enveloppes, equipe["gestionnaire"][0])


def _voter(operateur, annee, cout, gestionnaire):
    """Open the enveloppes of a year, at its beginning; return {code of the financeur: enveloppe}."""
    enveloppes = {}
    with horloge.voyage(_a(date(annee, 1, 15))):
        for code, part in PARTS.items():
            vote = (cout * part * MARGE / 100 // PALIER + 1) * PALIER
            enveloppes[code] = transitions.ouvrir_enveloppe(
                Enveloppe(
                    operateur=operateur,
                    financeur=Terme.objects.get(liste="financeur", code=code),
                    annee=annee,
                    numero=f"{annee}-{code.upper()}-{operateur.pk:03d}",
                    montant_vote=vote,
                    departement=operateur.departements.first() if code == "region" else None,
                ),
                par=gestionnaire,
            )
    return enveloppes


def _repartir(convention, enveloppes, gestionnaire):
    """Every financeur bears its usual share; the last one takes the cents left."""
    cout, parts = convention.montant_ttc, {}
    for code, enveloppe in enveloppes.items():
        parts[enveloppe] = (cout * PARTS[code] / 100).quantize(CENTIME)
    dernier = enveloppes[next(reversed(PARTS))]
    parts[dernier] += cout - sum(parts.values())
    with horloge.voyage(_a(min(convention.signee_le + timedelta(days=3), horloge.aujourdhui()))):
        transitions.repartir(convention, par=gestionnaire, parts=parts)


@partie(36, "acomptes et restes rendus")
def rendre(scene):
    """A third of the missions in progress send an acompte; half of those which ended short give back."""
    en_cours = Mission.objects.filter(
        etat=EtatMission.EN_COURS, convention__repartition__isnull=False, factures=None
    ).select_related("convention__ingenierie")
    for mission in en_cours.order_by("pk")[::3]:
        convention = mission.convention
        restitutions.recevoir_facture(
            Facture(
                mission=mission,
                numero=f"A-{convention.pk:05d}",
                datee_du=horloge.aujourdhui(),
                montant_ht=_acompte(convention, convention.montant_ht),
                montant_ttc=_acompte(convention, convention.montant_ttc),
                jours=Decimal(0),
            ),
            par=scene.equipes[mission.operateur_id]["charge_mission"][0],
        )
    finies = regles.conventions_a_rendre(Convention.objects.select_related("ingenierie"))
    for convention in list(finies.order_by("pk"))[::2]:
        transitions.liberer(
            convention, par=scene.equipes[convention.operateur_id]["gestionnaire"][0]
        )


def _acompte(convention, montant):
    return (montant * convention.acompte / 100).quantize(CENTIME)


def _a(jour):
    return timezone.make_aware(datetime.combine(jour, time(10)))
