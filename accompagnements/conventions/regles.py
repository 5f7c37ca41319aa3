"""What is missing before each gesture on a convention, in sentences."""

from decimal import Decimal

from django.db.models import Sum

from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.conventions import courriels
from accompagnements.conventions.etats import Etat, EtatAvenant
from dla_portal.socle import horloge
from dla_portal.socle.templatetags.portail import euros
from prestataires.etats import Etat as EtatPrestataire
from prestataires.regles import manques_fiche, manques_vigilance

ALTERE = (
    "Le document conservé n'est plus celui qui a été mis à la signature : personne ne peut le "
    "signer. Prévenez l'administrateur du portail."
)
SANS_ADRESSE = (
    "Aucune adresse n'est connue pour cette partie : complétez sa fiche, ou recueillez sa signature "
    "sur papier."
)
SEUIL_DU_DEPASSEMENT = Decimal("1.2")  # of the initial amount, every avenant included
ECARTES = (EtatPrestataire.SUSPENDU, EtatPrestataire.RETIRE, EtatPrestataire.REFUSE)


def manques_pour_preparer(consultation):
    """An attributed consultation (given up since, it is no choice any more), no living convention."""
    if consultation.retenue is None:
        return ["Aucune proposition n'est retenue : la convention ne peut être préparée."]
    if consultation.etat != EtatConsultation.ATTRIBUEE:
        etat = consultation.get_etat_display().lower()
        return [f"La consultation est « {etat} » : une convention suit un choix en vigueur."]
    vivante = consultation.ingenierie.conventions.exclude(
        etat__in=[Etat.ABANDONNEE, Etat.RESILIEE]
    ).first()
    if vivante is None:
        return []
    etat = vivante.get_etat_display().lower()
    return [f"La convention {vivante.reference} existe déjà pour cette ingénierie ({etat})."]


def manques_pour_resilier(convention):
    """The mission ends first. (It comes later in the chain: known by what points to us.)"""
    mission = getattr(convention, "mission", None)
    if mission is not None and mission.etat not in ("arretee", "terminee"):
        etat = mission.get_etat_display().lower()
        return [f"La mission est « {etat} » : arrêtez-la d'abord."]
    en_cours = _avenant_en_cours(convention)
    return [f"{en_cours} est en cours : abandonnez-le d'abord."] if en_cours else []


def manques_de_l_avenant_en_cours(convention, avant):
    """No open avenant may outlive what closes the mission; `avant` says before what."""
    en_cours = _avenant_en_cours(convention)
    if en_cours is None:
        return []
    etat = en_cours.get_etat_display().lower()
    return [f"{en_cours} est « {etat} » : faites-le signer ou abandonnez-le avant {avant}."]


def _manques_du_solde_paye(convention):
    """Once the balance is paid nothing more is due (a later stage, known by what points to us)."""
    restitution = getattr(getattr(convention, "mission", None), "restitution", None)
    if restitution is None or restitution.etat != "soldee":
        return []
    return ["La mission est soldée : sa convention ne change plus, aucun avenant n'est possible."]


def _avenant_en_cours(convention):
    etats = [EtatAvenant.EN_PREPARATION, EtatAvenant.A_SIGNER]
    return convention.avenants.filter(etat__in=etats).first()


def manques_pour_signature(convention):
    """Fiche prestataire complete, vigilance, amounts within the proposition, dates (D20)."""
    prestataire = convention.prestataire
    manques = [f"Fiche prestataire : {phrase}" for phrase in manques_fiche(prestataire)]
    manques += manques_vigilance(prestataire, convention.montant_ht)
    if prestataire.etat in ECARTES:
        manques.append(f"{prestataire} est {prestataire.get_etat_display().lower()} au registre.")
    if not convention.objet.strip():
        manques.append("L'objet de la mission n'est pas écrit.")
    if not (convention.debut and convention.fin):
        manques.append("Les dates de la mission manquent.")
    if not convention.jours or not convention.montant_ttc:
        manques.append("Le montant ou le nombre de jours manque.")
    if not convention.liste_financeurs:
        manques.append("Les financeurs de l'accompagnement ne sont pas indiqués.")
    return manques + depassements(convention)


def depassements(convention):
    """The convention never exceeds the proposition retained."""
    proposition = convention.proposition
    if proposition is None:
        return []
    manques = []
    if convention.montant_ttc > proposition.montant_ttc:
        manques.append("Le montant TTC dépasse celui de la proposition retenue.")
    if convention.montant_ht > proposition.montant_ht:
        manques.append("Le montant HT dépasse celui de la proposition retenue.")
    return manques


def manques_de_la_signature(signature, signee_le):
    """A signature is given after the sending and not in the future, once."""
    manques = manques_de_la_partie(signature)
    envoyee_le = signature.acte.envoyee_le
    if envoyee_le and signee_le < envoyee_le:
        manques.append(
            f"La signature ({signee_le:%d/%m/%Y}) ne peut précéder la mise à la signature "
            f"({envoyee_le:%d/%m/%Y})."
        )
    if signee_le > horloge.aujourdhui():
        manques.append("La signature ne peut être dans le futur.")
    return manques


def manques_de_la_partie(signature):
    """A party signs once."""
    return [f"{signature.nom_partie} a déjà signé."] if signature.signee_le else []


def manques_du_scan(signature, scan):
    """A paper signature comes with its scan, as soon as there is a document to compare it with."""
    if signature.acte.document_id and not scan:
        return ["Joignez l'exemplaire signé, numérisé en PDF."]
    return []


def manques_pour_signer_en_ligne(signature):
    """Its turn, once, on a document which is still the one that was frozen."""
    acte, manques = signature.acte, manques_de_la_partie(signature)
    if not acte.en_signature:
        return [acte.CIRCUIT.signer.refus(acte)]
    if manques:
        return manques
    if acte.au_tour.pk != signature.pk:
        manques.append(f"C'est d'abord à une autre partie de signer : {acte.au_tour.nom_partie}.")
    if acte.document_id is None:
        manques.append("Le document à signer n'est pas conservé : il se signe sur papier.")
    elif not acte.document.intact:
        manques.append(ALTERE)
    return manques


def manques_du_lien(signature, jeton):
    """The link is that of this very signature."""
    sien = jeton.usage == courriels.USAGE and jeton.objet_id == signature.pk
    return [] if sien else ["Ce lien n'est pas celui de cette signature."]


def manques_pour_operateur(acte):
    """What the responsable still waits for before signing in the application."""
    signature = acte.signatures.filter(partie="operateur").first()
    return manques_pour_signer_en_ligne(signature)


def manques_pour_le_papier(acte):
    """Somebody else than the operator has still to sign."""
    if acte.attendues().exclude(partie="operateur").exists():
        return []
    return ["Il ne manque que la signature de l'opérateur : elle revient à son responsable."]


def manques_pour_le_papier_de_l_operateur(acte):
    """The operator has still to sign."""
    if acte.attendues().filter(partie="operateur").exists():
        return []
    return ["L'opérateur a déjà signé."]


def manques_pour_renvoyer(acte):
    """A link goes to the party whose turn it is, at an address which is known."""
    signature = acte.au_tour
    if signature is None:
        return ["Aucune signature n'est attendue."]
    if acte.document_id is None:
        return ["Le document à signer n'est pas conservé : il se signe sur papier."]
    return [] if courriels.destinataires(signature) else [SANS_ADRESSE]


def manques_de_l_avenant(avenant):
    """A change, coherent, and nothing below what is already invoiced or done."""
    manques = []
    if not (avenant.perimetre or avenant.intervenants or avenant.change):
        manques.append("L'avenant ne change rien : indiquez au moins un changement.")
    if (avenant.montant_ht is None) != (avenant.montant_ttc is None):
        manques.append("Un nouveau montant se dit hors taxes et toutes taxes comprises.")
    elif avenant.montant_ht is not None and avenant.montant_ttc < avenant.montant_ht:
        manques.append("Le montant TTC ne peut être inférieur au montant HT.")
    debut = avenant.debut or avenant.avant["debut"]
    fin = avenant.fin or avenant.avant["fin"]
    if debut and fin and fin < debut:
        manques.append("La fin de la mission précède son début.")
    return manques + manques_du_deja_fait(avenant)


def manques_du_depassement(avenant):
    """Far above the initial amount, former avenants included, the reason is written and printed."""
    convention, manques = avenant.convention, []
    for champ, sigle in (("montant_ht", "HT"), ("montant_ttc", "TTC")):
        initial, nouveau = getattr(convention, champ), getattr(avenant, champ)
        monte = nouveau is not None and nouveau > avenant.avant[champ]
        if monte and nouveau > initial * SEUIL_DU_DEPASSEMENT and not manques:
            manques.append(
                f"Le nouveau montant ({euros(nouveau, sigle)}) dépasse de plus de 20 % celui de la "
                f"convention initiale ({euros(initial, sigle)}) : justifiez ce dépassement."
            )
    return [] if avenant.justification.strip() else manques


def manques_du_deja_fait(avenant):
    """Nothing below what is invoiced nor below the days worked (known by what points to us)."""
    mission = getattr(avenant.convention, "mission", None)
    if mission is None:
        return []
    sommes = mission.factures.exclude(etat="rejetee").aggregate(
        montant_ht=Sum("montant_ht"), montant_ttc=Sum("montant_ttc"), jours=Sum("jours")
    )
    manques, jours = [], avenant.jours
    for champ in ("montant_ht", "montant_ttc"):
        nouveau = getattr(avenant, champ)
        if nouveau is not None and nouveau < (sommes[champ] or 0) and not manques:
            manques.append("Le nouveau montant est inférieur à ce qui est déjà facturé.")
    if jours is not None and jours < (sommes["jours"] or 0):
        manques.append("Le nouveau nombre de jours est inférieur à ceux déjà facturés.")
    if jours is not None and jours < mission.jours_realises:
        manques.append("Le nouveau nombre de jours est inférieur à ceux du journal de la mission.")
    return manques


def manques_pour_la_derniere_signature(avenant):
    """Once more before it takes effect: what came during the signatures, the balance above all."""
    return _manques_du_solde_paye(avenant.convention) + manques_du_deja_fait(avenant)


def manques_pour_preparer_avenant(convention):
    """A signed convention, and no other avenant under way."""
    if convention.etat != Etat.SIGNEE:
        return ["Un avenant modifie une convention signée."]
    if convention.prestataire is None:
        return ["La convention n'a pas de prestataire : complétez-la."]
    en_cours = _avenant_en_cours(convention)
    deja = [f"{en_cours} est déjà en cours."] if en_cours else []
    return _manques_du_solde_paye(convention) + deja


def manques_pour_envoyer_avenant(avenant):
    """A convention still in force, a change, a fiche and a vigilance up to date."""
    manques, prestataire = manques_de_l_avenant(avenant), avenant.prestataire
    manques += manques_du_depassement(avenant) + _manques_du_solde_paye(avenant.convention)
    if avenant.convention.etat != Etat.SIGNEE:
        manques.append("La convention n'est plus en vigueur.")
    montant_ht = avenant.montant_ht or avenant.avant["montant_ht"]
    manques += [f"Fiche prestataire : {phrase}" for phrase in manques_fiche(prestataire)]
    return manques + manques_vigilance(prestataire, montant_ht)
