"""What is missing before the cost of a convention is split, in sentences."""

from decimal import Decimal

from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accompagnements.conventions.avenants import montant_ttc_en_vigueur
from accompagnements.conventions.etats import Etat
from accompagnements.financements.compte import facture_total, lignes
from accompagnements.financements.models import ANNEES, RIEN, Enveloppe, Repartition
from accompagnements.marques import dit_europeen
from accompagnements.missions.journees import Journee
from accompagnements.restitutions.etats import Etat as EtatRestitution
from accompagnements.restitutions.etats import EtatFacture
from accompagnements.restitutions.models import Facture
from dla_portal.socle.templatetags.portail import euros

SANS_EUROPE = (
    "La convention est cofinancée par le FSE+, et aucune part n'est sur une enveloppe européenne"
)


def avertissements_de_l_europe(convention, enveloppes):
    """Say when a convention said cofinanced by the FSE+ rests on no European enveloppe."""
    europe = any(dit_europeen(str(enveloppe.financeur)) for enveloppe in enveloppes)
    return [f"{SANS_EUROPE}."] if convention.cofinancee_fse and not europe else []


def repartition_de(convention):
    """Return the répartition of a convention, or None."""
    return getattr(convention, "repartition", None)


def conventions_a_repartir(signees):
    """Keep those never split, or whose cost has changed since, of operators which keep a ledger."""
    enveloppes = Enveloppe.objects.filter(operateur=OuterRef("ingenierie__operateur"))
    a_jour = Repartition.objects.filter(
        Q(liberee_le__isnull=False) | Q(cout=OuterRef("a_repartir")), convention=OuterRef("pk")
    )
    signees = signees.annotate(a_repartir=montant_ttc_en_vigueur())
    return signees.filter(Exists(enveloppes), ~Exists(a_jour), reprise=False)


def conventions_a_rendre(conventions):
    """Keep those over, whose split is above what was invoiced: the rest may be engaged elsewhere."""
    recues = Facture.objects.filter(mission__convention=OuterRef("pk"))
    recues = recues.exclude(etat=EtatFacture.REJETEE).order_by().values("mission__convention")
    faites = Journee.objects.inscrites().filter(mission__convention=OuterRef("pk"))
    faites = faites.order_by().values("mission__convention")
    # As in `manques_pour_liberer`: every day worked is invoiced first, unless there is a balance.
    tout_facture = conventions.filter(
        Q(mission__restitution__etat=EtatRestitution.SOLDEE)
        | Q(etat=Etat.RESILIEE, mission=None)
        | Q(
            etat=Etat.RESILIEE,
            pk__in=conventions.annotate(
                demies=Coalesce(Subquery(faites.annotate(n=Sum("demi_journees")).values("n")), 0),
                jours_factures=Coalesce(
                    Subquery(recues.annotate(n=Sum("jours")).values("n")),
                    RIEN,
                    output_field=DecimalField(),
                ),
            )
            .filter(jours_factures__gte=F("demies") / Decimal(2))
            .order_by()
            .values("pk"),
        )
    )
    return tout_facture.filter(
        repartition__liberee_le=None,
        repartition__cout__gt=Coalesce(
            Subquery(recues.annotate(somme=Sum("montant_ttc")).values("somme")),
            RIEN,
            output_field=DecimalField(),
        ),
    )


def manques_pour_repartir(convention):
    """A signed convention; once something is paid, only a change of its cost reopens the split."""
    if convention.etat != Etat.SIGNEE:
        etat = convention.get_etat_display().lower()
        return [f"Le coût d'une convention signée se répartit ; celle-ci est « {etat} »."]
    repartition = repartition_de(convention)
    if repartition is None:
        return []
    if repartition.liberee_le:
        return ["La répartition est ramenée au facturé : elle ne change plus."]
    if repartition.a_jour and _paye(repartition):
        return ["Une facture est payée sur cette répartition : elle ne change plus."]
    return []


def _paye(repartition):
    siennes = lignes(Repartition.objects.filter(pk=repartition.pk)).values()
    return sum((ligne.paye for ligne in siennes), RIEN)


def manques_de_la_repartition(convention, parts):
    """The shares ({enveloppe: euros TTC}) add up to the cost and each enveloppe can bear its own."""
    if not parts:
        return ["Indiquez la part d'au moins un financeur."]
    manques = manques_du_deja_porte(convention, parts)
    for enveloppe, montant in parts.items():
        manques += manques_de_la_part(convention, enveloppe, montant)
    total, cout = sum(parts.values(), RIEN), convention.montant_ttc_effectif
    if total != cout:
        ecart = cout - total
        reste = f"il reste {euros(ecart)} à répartir" if ecart > 0 else f"{euros(-ecart)} de trop"
        manques.append(
            f"Les parts totalisent {euros(total)} pour un coût de {euros(cout)} TTC : {reste}."
        )
    return manques


def manques_du_deja_porte(convention, parts):
    """A new share never goes below what its enveloppe already bears of certified or paid invoices.

    An invoice only received does not count: a split which is wrong may still be corrected.
    """
    cles = {enveloppe.pk: montant for enveloppe, montant in parts.items()}
    manques = []
    for ligne in lignes(Repartition.objects.filter(convention=convention)).values():
        enveloppe = ligne.imputation.enveloppe
        part = cles.get(enveloppe.pk, RIEN)
        if part < ligne.acquis:
            manques.append(
                f"L'enveloppe « {enveloppe} » porte déjà {euros(ligne.acquis)} de factures "
                f"certifiées ou payées : sa part ({euros(part)}) ne peut être inférieure."
            )
    return manques


def manques_de_la_part(convention, enveloppe, montant):
    """A share is a whole number of cents, within the enveloppe and its earmark."""
    if enveloppe.operateur_id != convention.operateur_id:
        return [f"L'enveloppe « {enveloppe} » est celle d'un autre opérateur."]
    if montant <= 0 or montant != round(montant, 2):
        return [f"La part de « {enveloppe} » est un montant supérieur à zéro, au centime près."]
    manques = manques_du_flechage(convention, enveloppe)
    deja = enveloppe.imputations.filter(repartition__convention=convention).exists()
    if not deja and abs(enveloppe.annee - convention.signee_le.year) > ANNEES:
        manques.append(
            f"L'enveloppe « {enveloppe} » est trop loin de l'année de signature de la convention "
            f"({convention.signee_le.year})."
        )
    libre = enveloppe.montant_vote - enveloppe.engage(sauf=repartition_de(convention))
    if montant > libre:
        manques.append(
            f"L'enveloppe « {enveloppe} » n'a plus que {euros(max(libre, Decimal(0)))} à engager : "
            f"la part de {euros(montant)} ne tient pas."
        )
    return manques


def manques_du_flechage(convention, enveloppe):
    """An earmarked enveloppe pays for a structure of its sector, in its department.

    The politique publique is words: shown to whoever splits, never checked by the portal.
    """
    dossiers, manques = convention.ingenierie.accompagnements(), []
    if enveloppe.secteur_id and not dossiers.filter(secteur=enveloppe.secteur_id).exists():
        manques.append(
            f"L'enveloppe « {enveloppe} » est fléchée vers le secteur {enveloppe.secteur} : aucune "
            "structure de la convention n'en relève."
        )
    ailleurs = enveloppe.departement_id and not dossiers.filter(
        departement=enveloppe.departement_id
    )
    if ailleurs:
        manques.append(
            f"L'enveloppe « {enveloppe} » est fléchée vers le département "
            f"{enveloppe.departement} : aucun dossier de la convention n'y est."
        )
    return manques


def _jours_factures(mission):
    recues = mission.factures.exclude(etat=EtatFacture.REJETEE)
    return recues.aggregate(somme=Sum("jours"))["somme"] or 0


def manques_pour_liberer(convention):
    """What is left of the shares goes back once nothing more can be invoiced.

    On a terminated convention every day worked is invoiced first; afterwards the stage of the
    invoices refuses any other one.
    """
    repartition = repartition_de(convention)
    if repartition is None:
        return ["Le coût de cette convention n'est pas réparti."]
    if repartition.liberee_le:
        return ["La répartition est déjà ramenée au facturé."]
    mission = getattr(convention, "mission", None)
    restitution = getattr(mission, "restitution", None)
    soldee = restitution is not None and restitution.etat == EtatRestitution.SOLDEE
    if not soldee and convention.etat != Etat.RESILIEE:
        return ["La mission n'est ni soldée ni résiliée : d'autres factures peuvent venir."]
    if not soldee and mission is not None and _jours_factures(mission) < mission.jours_realises:
        return [
            "Des jours du journal de la mission ne sont pas facturés : attendez la dernière facture."
        ]
    if facture_total(convention) >= repartition.cout:
        return ["Tout le coût réparti est facturé : il ne reste rien à rendre."]
    return []
