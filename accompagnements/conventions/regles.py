"""What is missing before each gesture on a convention, in sentences."""

from accompagnements.conventions.etats import Etat
from accompagnements.conventions.models import Signature
from dla_portal.socle import horloge
from prestataires.etats import Etat as EtatPrestataire
from prestataires.regles import manques_fiche, manques_vigilance

ECARTES = (EtatPrestataire.SUSPENDU, EtatPrestataire.RETIRE, EtatPrestataire.REFUSE)


def manques_pour_preparer(consultation):
    """A retained proposition, and no convention living on the engineering."""
    if consultation.retenue is None:
        return ["Aucune proposition n'est retenue : la convention ne peut être préparée."]
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
    return []


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
    manques = []
    if signature.signee_le:
        manques.append(f"{signature.get_partie_display()} a déjà signé.")
    envoyee_le = signature.convention.envoyee_le
    if envoyee_le and signee_le < envoyee_le:
        manques.append(
            f"La signature ({signee_le:%d/%m/%Y}) ne peut précéder la mise à la signature "
            f"({envoyee_le:%d/%m/%Y})."
        )
    if signee_le > horloge.aujourdhui():
        manques.append("La signature ne peut être dans le futur.")
    return manques


def attendues(convention):
    """Signatures still to come, in their order."""
    return Signature.objects.filter(convention=convention, signee_le=None)
