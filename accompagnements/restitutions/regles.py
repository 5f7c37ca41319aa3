"""What is missing before each gesture on a restitution or an invoice, in sentences."""

from decimal import Decimal

from django.db.models import Sum

from accompagnements.missions.etats import Etat as EtatMission
from accompagnements.restitutions.etats import Etat, EtatFacture
from accompagnements.restitutions.models import PointRapport
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre
from dla_portal.socle.templatetags.portail import euros, jours
from prestataires.regles import manques_fiche, manques_vigilance


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
    return manques + exiger_ordre(
        ("Le lancement", mission.lancee_le), ("La réception du rapport", recu_le)
    )


def manques_du_rapport(restitution, points):
    """The report is conform once every point of the checklist is ticked (domaine.md §6.9)."""
    absents = [point.label for point in PointRapport if point.value not in points]
    return [f"Le rapport n'est pas conforme, il y manque : {absent}." for absent in absents]


def manques_du_papier(restitution, recu_le):
    """The paper copy comes once, on the day of the digital one or later, never in the future."""
    manques = []
    if recu_le > horloge.aujourdhui():
        manques.append("L'exemplaire papier ne peut être reçu dans le futur.")
    return manques + exiger_ordre(
        ("Le lancement", restitution.mission.lancee_le),
        ("La réception de l'exemplaire papier", recu_le),
    )


def manques_de_la_tenue(restitution, tenue_le):
    """The restitution comes after the report and not in the future."""
    manques = []
    if tenue_le > horloge.aujourdhui():
        manques.append("La restitution ne peut être tenue dans le futur.")
    return manques + exiger_ordre(
        ("La réception du rapport", restitution.rapport_recu_le), ("La restitution", tenue_le)
    )


def manques_de_la_facture(facture):
    """The invoices of a mission never exceed its convention, avenants included."""
    convention, manques = facture.mission.convention, []
    autres = facture.mission.factures.exclude(pk=facture.pk).exclude(etat=EtatFacture.REJETEE)
    sommes = autres.aggregate(ht=Sum("montant_ht"), ttc=Sum("montant_ttc"), jours=Sum("jours"))
    for nom, total, plafond in (
        ("HT", (sommes["ht"] or Decimal(0)) + facture.montant_ht, convention.montant_ht_effectif),
        (
            "TTC",
            (sommes["ttc"] or Decimal(0)) + facture.montant_ttc,
            convention.montant_ttc_effectif,
        ),
    ):
        if total > plafond:
            manques.append(
                f"Le total facturé {nom} ({euros(total)}) dépasserait la convention "
                f"({euros(plafond)})."
            )
    total = (sommes["jours"] or Decimal(0)) + (facture.jours or Decimal(0))
    if total > convention.jours_effectifs:
        manques.append(
            f"Le total des jours facturés ({jours(total)}) dépasserait la convention "
            f"({jours(convention.jours_effectifs)})."
        )
    if facture.datee_du > horloge.aujourdhui():
        manques.append("La facture est datée dans le futur.")
    restitution = getattr(facture.mission, "restitution", None)
    if restitution is not None and restitution.etat == Etat.SOLDEE:
        manques.append("La mission est soldée : elle n'attend plus de facture.")
    return manques + exiger_ordre(
        ("La dernière signature", convention.signee_le), ("La facture", facture.datee_du)
    )


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
    """The balance waits for the report and the restitution (D21)."""
    if not facture.solde:
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
    return manques


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


def manques_pour_certifier(facture, par):
    """The service fait is certified by another person than the one who entered the invoice."""
    if facture.saisie_par_id and facture.saisie_par_id == par.pk:
        return ["Le service fait est certifié par une autre personne que celle qui a saisi."]
    return []
