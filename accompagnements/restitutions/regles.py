"""What is missing before each gesture on a restitution or an invoice, in sentences."""

from decimal import Decimal

from django.db.models import Sum

from accompagnements.conventions.regles import manques_de_l_avenant_en_cours
from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.restitutions.etats import Etat, EtatFacture
from accompagnements.restitutions.models import PointRapport
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre
from dla_portal.socle.templatetags.portail import euros, jours
from prestataires.regles import manques_fiche, manques_vigilance

TVA_MAX = Decimal("1.2")
CENTIME = Decimal("0.01")  # what a rounding may add
QUI_SAISIT = "Le service fait est certifié par une autre personne que celle qui a saisi."


def manques_pour_recevoir(mission, recu_le=None):
    """A report is received once, for a mission in progress, after its launch."""
    manques = []
    if mission.etat not in (EtatMission.EN_COURS, EtatMission.ARRETEE):
        etat = mission.get_etat_display().lower()
        manques.append(f"Le rapport s'enregistre sur une mission en cours ; elle est « {etat} ».")
    if hasattr(mission, "restitution"):
        manques.append("Le rapport de cette mission est déjà enregistré.")
    if recu_le and recu_le > horloge.aujourdhui():
        manques.append("Le rapport ne peut être reçu dans le futur.")
    manques += manques_de_l_avenant_en_cours(
        mission.convention, "d'enregistrer le rapport, qui achève la mission"
    )
    return manques + exiger_ordre(
        ("Le lancement", mission.lancee_le), ("La réception du rapport", recu_le)
    )


def manques_du_rapport(restitution, points):
    """The report is conform once every point of the checklist is ticked (domaine.md §6.9)."""
    absents = [point.label for point in PointRapport if point.value not in points]
    return [f"Le rapport n'est pas conforme, il y manque : {absent}." for absent in absents]


def manques_du_papier(restitution, recu_le):
    """The paper copy comes once, after the launch (before the digital one or not), not in the future."""
    manques = []
    if restitution.rapport_papier_recu_le:
        manques.append("L'exemplaire papier est déjà enregistré.")
    if recu_le > horloge.aujourdhui():
        manques.append("L'exemplaire papier ne peut être reçu dans le futur.")
    return manques + exiger_ordre(
        ("Le lancement", restitution.mission.lancee_le),
        ("La réception de l'exemplaire papier", recu_le),
    )


def manques_de_la_planification(restitution, prevue_le):
    """The meeting is planned for a moment to come, hence after the report."""
    if prevue_le <= horloge.maintenant():
        return ["La restitution se planifie à une date et une heure à venir."]
    return []


def manques_de_la_tenue(restitution, tenue_le):
    """The restitution comes after the report and not in the future."""
    manques = []
    if tenue_le > horloge.aujourdhui():
        manques.append("La restitution ne peut être tenue dans le futur.")
    manques += manques_de_l_avenant_en_cours(
        restitution.mission.convention, "de terminer la mission"
    )
    return manques + exiger_ordre(
        ("La réception du rapport", restitution.rapport_recu_le), ("La restitution", tenue_le)
    )


def manques_de_la_facture(facture):
    """The invoices of a mission never exceed its convention; the one that reaches it is its balance."""
    convention = facture.mission.convention
    manques = manques_des_montants(facture.montant_ht, facture.montant_ttc)
    manques += manques_du_numero(facture, facture.numero) + _depassements(facture)
    if not facture.solde and fait_le_solde(facture):
        manques.append(
            "Cette facture porte le total au montant dû de la convention : c'est le solde. Cochez "
            "« facture de solde » ; il se paie après le rapport et la restitution."
        )
    if facture.datee_du > horloge.aujourdhui():
        manques.append("La facture est datée dans le futur.")
    restitution = getattr(facture.mission, "restitution", None)
    if restitution is not None and restitution.etat == Etat.SOLDEE:
        manques.append("La mission est soldée : elle n'attend plus de facture.")
    repartition = getattr(convention, "repartition", None)  # of a later stage, which points to us
    if repartition is not None and repartition.liberee_le:
        manques.append(
            "Le reste de cette convention est rendu aux enveloppes depuis le "
            f"{repartition.liberee_le:%d/%m/%Y} : elle n'attend plus de facture."
        )
    return manques + exiger_ordre(
        ("La dernière signature", convention.signee_le), ("La facture", facture.datee_du)
    )


def manques_des_montants(ht, ttc):
    """The TTC lies between the HT and the HT with a VAT of 20 %, to one cent."""
    if ttc < ht:
        return ["Le montant TTC ne peut être inférieur au montant HT."]
    plafond = round(ht * TVA_MAX, 2)
    if ttc <= plafond + CENTIME:
        return []
    return [
        f"Le montant TTC ({euros(ttc)}) dépasse le montant HT augmenté de la TVA à 20 % "
        f"({euros(plafond)}) : vérifiez les deux montants."
    ]


def manques_du_numero(facture, numero):
    """The same invoice is not recorded twice for a mission."""
    autres = facture.mission.factures.exclude(pk=facture.pk)
    if not autres.filter(numero__iexact=numero.strip()).exists():
        return []
    return [f"La facture {numero.strip()} de ce prestataire est déjà enregistrée."]


def _autres(facture):
    """What the other invoices of the mission come to, rejected ones left out."""
    autres = facture.mission.factures.exclude(pk=facture.pk).exclude(etat=EtatFacture.REJETEE)
    sommes = autres.aggregate(
        montant_ht=Sum("montant_ht"), montant_ttc=Sum("montant_ttc"), jours=Sum("jours")
    )
    return {nom: somme or Decimal(0) for nom, somme in sommes.items()}


def _depassements(facture):
    """Amounts and days above those due: signed avenants count, one being signed may lower them."""
    convention, autres, manques = facture.mission.convention, _autres(facture), []
    for champ, quoi, dire in (
        ("montant_ht", "Le total facturé HT", euros),
        ("montant_ttc", "Le total facturé TTC", euros),
        ("jours", "Le total des jours facturés", jours),
    ):
        total = autres[champ] + (getattr(facture, champ) or Decimal(0))
        plafond = convention.plafond(champ)
        if total > plafond:
            manques.append(f"{quoi} ({dire(total)}) dépasserait la convention ({dire(plafond)}).")
    return manques


def fait_le_solde(facture):
    """Whether an invoice is the balance: said so, or the last one, up to the whole amount due."""
    if facture.solde:
        return True
    du = facture.mission.convention.plafond("montant_ttc")
    suivantes = facture.mission.factures.exclude(etat=EtatFacture.REJETEE)
    if facture.pk and suivantes.filter(pk__gt=facture.pk).exists():
        return False
    return _autres(facture)["montant_ttc"] + facture.montant_ttc >= du


def devient_le_solde(facture):
    """Whether a payment closes the mission: it is the balance, and no other invoice is said so."""
    autres = facture.mission.factures.filter(solde=True).exclude(pk=facture.pk)
    return fait_le_solde(facture) and not autres.exclude(etat=EtatFacture.REJETEE).exists()


def avertissements_de_la_facture(facture):
    """Say when what is invoiced so far is above the prorata of the days invoiced.

    A warning only: an acompte at the signature or travel costs may rightly come before the days.
    The certification of the service fait stays the judgement of a person.
    """
    convention = facture.mission.convention
    recues = facture.mission.factures.exclude(etat=EtatFacture.REJETEE).filter(pk__lte=facture.pk)
    sommes = recues.aggregate(ttc=Sum("montant_ttc"), jours=Sum("jours"))
    if (
        facture.etat == EtatFacture.REJETEE
        or not convention.jours_effectifs
        or sommes["jours"] is None
    ):
        return []
    prorata = round(
        convention.montant_ttc_effectif * sommes["jours"] / convention.jours_effectifs, 2
    )
    if sommes["ttc"] <= prorata:
        return []
    return [
        f"Le total facturé ({euros(sommes['ttc'])} TTC) dépasse le prorata des jours facturés : "
        f"{euros(prorata)} pour {jours(sommes['jours'])} sur {jours(convention.jours_effectifs)}. Ce n'est "
        "pas bloquant : vérifiez qu'un acompte ou des frais l'expliquent."
    ]


def manques_du_solde(facture):
    """The balance waits for the report and the restitution (D21), whether said so or not."""
    if not fait_le_solde(facture):
        return []
    restitution = getattr(facture.mission, "restitution", None)
    if restitution is None:
        return ["Le rapport final n'est pas reçu : le solde ne peut être payé."]
    manques = []
    if not restitution.rapport_conforme:
        manques.append("Le rapport final n'est pas déclaré conforme : le solde attend.")
    papier = facture.mission.convention.ingenierie.operateur.rapport_papier
    if papier and restitution.rapport_papier_recu_le is None:
        manques.append("L'exemplaire papier du rapport, demandé par l'opérateur, n'est pas reçu.")
    if restitution.etat == Etat.RAPPORT_RECU:
        manques.append("La restitution n'est pas tenue : le solde ne peut être payé.")
    return manques + _manques_de_la_cloture(facture)


def _manques_de_la_cloture(facture):
    """What is paid last is paid last: no other invoice waits, no avenant moves the amount due."""
    if not devient_le_solde(facture):
        return []  # the invoice said to be the balance is another one: it waits for this one
    mission = facture.mission
    attendues = mission.factures.filter(etat__in=[EtatFacture.RECUE, EtatFacture.CERTIFIEE])
    manques = []
    for autre in attendues.exclude(pk=facture.pk).order_by("pk"):
        issue = "payez-la" if autre.etat == EtatFacture.CERTIFIEE else "payez-la ou rejetez-la"
        manques.append(
            f"La facture {autre.numero} est encore « {autre.get_etat_display().lower()} » : {issue} "
            "avant le solde."
        )
    return manques + manques_de_l_avenant_en_cours(mission.convention, "de payer le solde")


def manques_pour_payer(facture):
    """What the payment of an invoice still waits for: complete fiche, vigilance, balance (D20)."""
    return manques_du_prestataire(facture) + manques_du_solde(facture)


def manques_du_prestataire(facture):
    """No payment without a complete fiche nor, from 5 000 € HT, a vigilance in force."""
    convention = facture.mission.convention
    prestataire = convention.prestataire
    if prestataire is None:
        return ["La convention n'a pas de prestataire : complétez-la."]
    manques = [f"Fiche prestataire : {phrase}" for phrase in manques_fiche(prestataire)]
    return manques + manques_vigilance(prestataire, convention.montant_ht_effectif)


def manques_du_paiement(facture, payee_le):
    """An invoice is paid after its service fait, and not in the future."""
    manques = []
    if payee_le > horloge.aujourdhui():
        manques.append("Le paiement ne peut être dans le futur.")
    return manques + exiger_ordre(
        ("La certification du service fait", facture.certifiee_le), ("Le paiement", payee_le)
    )


def manques_des_jours(facture, motif):
    """More days invoiced than the journal of the mission holds are certified with a motive only."""
    recues = facture.mission.factures.exclude(etat=EtatFacture.REJETEE)
    factures = recues.aggregate(somme=Sum("jours"))["somme"] or Decimal(0)
    faits = facture.mission.jours_realises
    if not facture.jours or factures <= faits or motif.strip():
        return []
    return [
        f"Les jours facturés ({jours(factures)}) dépassent ceux du journal de la mission "
        f"({jours(faits)}) : faites compléter le journal, ou dites ce qui prouve le service fait."
    ]


def manques_pour_corriger(facture):
    """An invoice is corrected before its service fait is certified."""
    if facture.etat != EtatFacture.RECUE:
        etat = facture.get_etat_display().lower()
        return [f"La facture est « {etat} » : elle ne se corrige plus."]
    return []


def manques_pour_certifier(facture, par):
    """The service fait is certified by another person than the one who entered the invoice."""
    if facture.saisie_par_id and facture.saisie_par_id == par.pk:
        return [QUI_SAISIT]
    return []
