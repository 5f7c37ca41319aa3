"""Entries of the side rail for the chain."""

from accompagnements.diagnostics.relectures import LECTEURS
from accompagnements.parcours import compteur
from dla_portal.comptes import roles
from dla_portal.socle.navigation import Entree

EQUIPE = roles.EQUIPE_OPERATEUR
EQUIPE_ET_REGION = EQUIPE | {roles.DlaRegional.code, roles.Administrateur.code}
GRILLES = {roles.DlaRegional.code, roles.Administrateur.code}
COMITE = roles.INSTRUCTEURS | {roles.MembreComite.code}

ENTREES = [
    Entree(10, "Aujourd'hui", compteur.NOM, "sun", EQUIPE, compteur.compter),
    Entree(20, "Demandes", "accompagnements:demandes", "inbox", EQUIPE_ET_REGION),
    Entree(21, "Demandes en ligne", "accompagnements:en_ligne_liste", "envelope", EQUIPE_ET_REGION),
    Entree(
        30, "Accompagnements", "accompagnements:accompagnements", "folder2-open", EQUIPE_ET_REGION
    ),
    Entree(40, "Structures", "accompagnements:structures", "building", EQUIPE_ET_REGION),
    Entree(50, "Comités d'appui", "accompagnements:seances", "people", COMITE),
    Entree(55, "Relectures", "accompagnements:relectures", "chat-square-text", LECTEURS),
    Entree(60, "Consultations", "accompagnements:consultations", "send", EQUIPE),
    Entree(45, "Liste d'attente", "accompagnements:attente", "clock-history", EQUIPE_ET_REGION),
    Entree(46, "Partenaires", "accompagnements:partenaires", "signpost-split", EQUIPE_ET_REGION),
    Entree(60, "Éligibilité", "accompagnements:eligibilites", "ui-checks", GRILLES),
    Entree(61, "Grilles", "accompagnements:grilles_types", "ui-checks", GRILLES),
    Entree(62, "Conventions", "accompagnements:conventions", "file-earmark-text", EQUIPE),
    Entree(
        63,
        "Trame de convention",
        "accompagnements:trames",
        "file-earmark-text",
        {roles.DlaRegional.code, roles.Administrateur.code},
    ),
    Entree(64, "Missions", "accompagnements:missions", "flag", EQUIPE),
    Entree(65, "Fonds d'ingénierie", "accompagnements:enveloppes", "wallet2", EQUIPE),
    Entree(67, "Agenda", "accompagnements:agenda", "calendar3", EQUIPE | {roles.DlaRegional.code}),
    Entree(68, "Temps passé", "accompagnements:temps", "clock", EQUIPE | {roles.DlaRegional.code}),
    Entree(69, "Animations", "accompagnements:activites", "calendar-event", EQUIPE_ET_REGION),
    Entree(66, "Suivis", "accompagnements:suivis", "arrow-repeat", roles.INSTRUCTEURS),
]
