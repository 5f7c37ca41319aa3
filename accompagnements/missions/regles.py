"""What is missing before each gesture on a mission, in sentences."""

import re
from collections import defaultdict
from decimal import Decimal

from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.missions import etats
from accompagnements.missions.journees import DEMI_JOURNEES_MAX
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre
from dla_portal.socle.templatetags.portail import jours as en_jours


def manques_pour_lancer(convention, lancee_le=None):
    """The mission starts once, after every signature."""
    manques = []
    if convention.etat != EtatConvention.SIGNEE:
        manques.append("La convention n'est pas signée par toutes les parties.")
    if hasattr(convention, "mission"):
        manques.append("La mission est déjà lancée.")
    if lancee_le and lancee_le > horloge.aujourdhui():
        manques.append("Le lancement ne peut être dans le futur.")
    return manques + exiger_ordre(
        ("La dernière signature", convention.signee_le), ("Le lancement", lancee_le)
    )


def manques_du_lancement_corrige(mission, lancee_le):
    """A corrected date stays after the signatures and before all that the mission has lived."""
    manques = []
    if lancee_le > horloge.aujourdhui():
        manques.append("Le lancement ne peut être dans le futur.")
    restitution = getattr(mission, "restitution", None)
    suites = (
        ("La première intervention", mission.journees.inscrites().values_list("le", flat=True)),
        ("La première note à mi-parcours", mission.notes.values_list("recue_le", flat=True)),
        ("La première alerte", mission.alertes.values_list("emise_le", flat=True)),
    )
    for nom, dates in suites:
        manques += exiger_ordre(("Le lancement", lancee_le), (nom, min(dates, default=None)))
    recu = restitution.rapport_recu_le if restitution is not None else None
    manques += exiger_ordre(("Le lancement", lancee_le), ("La réception du rapport", recu))
    return manques + exiger_ordre(
        ("La dernière signature", mission.convention.signee_le), ("Le lancement", lancee_le)
    )


def manques_d_etat(mission, permis, quoi):
    """One sentence when the state of the mission no longer allows `quoi` (« … se fait »)."""
    if mission.etat in permis:
        return []
    return [f"La mission est « {mission.get_etat_display().lower()} » : {quoi}."]


def manques_de_la_note(note):
    """The mid-term note stays within the days of the convention and after the launch."""
    mission = note.mission
    manques = manques_d_etat(mission, etats.OUVERTES, "la note à mi-parcours n'a plus lieu d'être")
    if note.jours_realises > mission.jours_convenus:
        prevus = f"{mission.jours_convenus:.2f}".replace(".", ",")
        manques.append(f"Les jours réalisés dépassent ceux de la convention ({prevus}).")
    if note.recue_le > horloge.aujourdhui():
        manques.append("La note ne peut être reçue dans le futur.")
    return manques + exiger_ordre(
        ("Le lancement", mission.lancee_le), ("La note à mi-parcours", note.recue_le)
    )


def manques_de_la_date(mission, le):
    """An intervention is dated between the launch and today, and before any interruption."""
    manques = []
    if mission.etat == etats.Etat.TERMINEE:
        manques.append("La mission est terminée : son journal est clos.")
    if le is None:
        return manques
    if le > horloge.aujourdhui():
        manques.append("Une intervention ne peut être dans le futur.")
    interrompue = mission.interrompue_le
    if interrompue and le > interrompue:
        manques.append(
            f"La mission est « {mission.get_etat_display().lower()} » depuis le "
            f"{interrompue:%d/%m/%Y} : aucune intervention ne peut être postérieure."
        )
    return manques + exiger_ordre(("Le lancement", mission.lancee_le), ("L'intervention", le))


def manques_pour_joindre(mission):
    """After the balance nothing of what proves the days changes any more (a later stage says so)."""
    restitution = getattr(mission, "restitution", None)
    if restitution is None or restitution.etat != "soldee":
        return []
    return ["La mission est soldée : ses feuilles d'émargement ne changent plus."]


def manques_de_la_duree(mission, duree):
    """Days by halves, within those agreed; more needs a written authorisation and an avenant."""
    demies = duree * 2
    if demies != int(demies) or not 1 <= demies <= DEMI_JOURNEES_MAX:
        return ["La durée se compte en demi-journées, de 0,5 à 5 jours."]
    total = mission.jours_realises + duree
    if total <= mission.jours_convenus:
        return []
    return [
        f"Le total ({en_jours(total)}) dépasserait les {en_jours(mission.jours_convenus)} de la "
        "convention : demandez une autorisation hors cadre, un avenant ajoutera les jours."
    ]


def personnes(intervenants):
    """Names of a list written in words, in lower case: cut at commas, semicolons, lines and « et »."""
    morceaux = re.split(r"[,;\n+&]| et ", intervenants.lower())
    return list(dict.fromkeys(" ".join(m.split()) for m in morceaux if m.strip()))


def manques_du_moment(moment, duree, intervenants):
    """Half a day is 0,5 and a day is 1 for each person named."""
    noms, chacun = personnes(intervenants), Decimal(1)
    if moment != "journee":
        chacun = Decimal("0.5")
    plafond = chacun * max(len(noms), 1)
    if duree <= plafond:
        return []
    quand = "Une journée" if moment == "journee" else "Une demi-journée"
    return [
        f"{quand} compte {en_jours(chacun)} par personne, soit {en_jours(plafond)} ici : nommez chaque "
        "intervenant, séparé par une virgule, ou inscrivez les autres jours à leur date."
    ]


def manques_du_meme_jour(mission, le, duree, intervenants):
    """On one date the journal holds a day at most for each person named."""
    noms, faits = personnes(intervenants), defaultdict(Decimal)
    for journee in mission.journees.inscrites().filter(le=le):
        presents = personnes(journee.intervenants)
        for nom in presents:
            faits[nom] += journee.jours / len(presents)
    return [
        f"Le journal porte déjà {en_jours(faits[nom])} pour « {nom} » le {le:%d/%m/%Y} : une personne "
        "n'intervient pas plus d'un jour par date."
        for nom in noms
        if faits[nom] and faits[nom] + duree / len(noms) > 1
    ]


def manques_de_l_intervention(mission, le, duree):
    """All that an entry of the journal must respect."""
    return manques_de_la_date(mission, le) + manques_de_la_duree(mission, duree)


def manques_de_la_decision(mission, decidee_le, consultes, motif, suites):
    """A decision record is complete: its date, who was consulted, why, and what follows."""
    manques = []
    for texte, phrase in (
        (consultes, "Indiquez les personnes consultées."),
        (motif, "Indiquez le motif de la décision."),
        (suites, "Indiquez les suites données."),
    ):
        if not texte.strip():
            manques.append(phrase)
    return manques + manques_de_la_date_de_decision(mission, decidee_le)


def manques_de_la_date_de_decision(mission, decidee_le):
    """Decided between the alert and today."""
    manques = []
    if decidee_le > horloge.aujourdhui():
        manques.append("La décision ne peut être dans le futur.")
    alerte = mission.alertes.first()
    debut = ("L'alerte", alerte.emise_le) if alerte else ("Le lancement", mission.lancee_le)
    precedente = alerte.decidee_le if alerte else None
    return manques + exiger_ordre(
        debut, ("La décision précédente", precedente), ("La décision", decidee_le)
    )


def manques_pour_demander(mission):
    """A request out of the scope is made while the mission goes on."""
    return manques_d_etat(mission, etats.OUVERTES, "une demande hors cadre n'a plus lieu d'être")


def manques_pour_autoriser(demande, avenant_attendu):
    """The chargé or the responsable of the operator authorises, nobody else.

    Days which do not fit in those of the convention need an avenant: the authorisation says so.
    """
    mission = demande.mission
    manques = manques_pour_demander(mission)
    reste = mission.jours_convenus - mission.jours_realises
    if demande.jours > reste and not avenant_attendu:
        manques.append(
            f"Les jours demandés ({en_jours(demande.jours)}) dépassent ce qui reste "
            f"({en_jours(reste)}) : indiquez qu'un avenant est à préparer."
        )
    return manques


def manques_pour_classer_l_avenant(mission):
    """There is an avenant awaited."""
    return [] if mission.avenant_attendu else ["Aucun avenant n'est attendu sur cette mission."]


def phrase_des_jours(mission):
    """Days done compared with those agreed, in words."""
    faits, convenus = mission.jours_realises, mission.jours_convenus
    reste = max(convenus - faits, 0)
    return (
        f"{en_jours(faits)} au journal sur {en_jours(convenus)} convenus, reste {en_jours(reste)}."
    )
