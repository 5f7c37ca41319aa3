"""What the digest says of tasks and mentions: gestures, dates and links, never whose dossier."""

from accompagnements.demandes.commenter import mentions_non_lues
from accompagnements.parcours.taches import taches, trier
from dla_portal.comptes import roles
from dla_portal.comptes.resumes import Ligne, TypeDeCourriel, inscrire


def _les_siennes(utilisateur):
    """Tasks of a person, her absent colleagues' included; counted once for the three kinds."""
    if not hasattr(utilisateur, "taches_du_resume"):
        utilisateur.taches_du_resume = trier(utilisateur, taches(utilisateur))[0]
    return utilisateur.taches_du_resume


def _ligne(tache):
    echeance = f", échéance le {tache.echeance:%d/%m/%Y}" if tache.echeance else ""
    pour = " (suppléance)" if tache.pour else ""
    return Ligne(f"{tache.cle}|{tache.cycle}", f"{tache.libelle}{echeance}{pour}", tache.url)


def _du_groupe(groupe):
    return lambda u: [_ligne(t) for t in _les_siennes(u) if t.groupe == groupe]


def _mentions(utilisateur):
    return [
        Ligne(
            f"mention|{mention.pk}",
            f"{mention.commentaire.auteur} vous a mentionné·e dans un commentaire du dossier "
            f"{mention.commentaire.accompagnement.reference}",
            mention.commentaire.get_absolute_url(),
        )
        for mention in mentions_non_lues(utilisateur)
    ]


inscrire(
    TypeDeCourriel(
        "taches_en_retard",
        "Tâches en retard",
        "Celles dont l'échéance est passée, chaque jour ouvré tant qu'elles le restent.",
        "tâche en retard",
        "tâches en retard",
        roles.EQUIPE_OPERATEUR,
        _du_groupe("retard"),
        rappelee=True,
    ),
    TypeDeCourriel(
        "taches_du_jour",
        "Tâches du jour",
        "Celles dont l'échéance tombe aujourd'hui.",
        "tâche du jour",
        "tâches du jour",
        roles.EQUIPE_OPERATEUR,
        _du_groupe("aujourdhui"),
        rappelee=True,
    ),
    TypeDeCourriel(
        "taches_nouvelles",
        "Nouvelles tâches",
        "Celles qui vous reviennent depuis le dernier courriel, une seule fois.",
        "nouvelle tâche",
        "nouvelles tâches",
        roles.EQUIPE_OPERATEUR,
        lambda u: [_ligne(t) for t in _les_siennes(u)],
    ),
    TypeDeCourriel(
        "mentions",
        "Mentions",
        "Quelqu'un vous appelle dans un commentaire ; dit une seule fois.",
        "mention",
        "mentions",
        roles.EQUIPE_OPERATEUR | {roles.DlaRegional.code, roles.MembreComite.code},
        _mentions,
    ),
)
