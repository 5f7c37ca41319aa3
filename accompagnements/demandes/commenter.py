"""Writing, correcting, withdrawing a comment; calling a colleague to it; having read it."""

import re

from django.db import transaction

from accompagnements.demandes.commentaires import (
    CommentaireDossier,
    Mention,
    commente,
    lecteurs,
    portees_ouvertes,
    reprend,
)
from dla_portal.comptes.droits import Refus, exiger
from dla_portal.socle import horloge, recherche
from dla_portal.socle.regles import Manques, exiger_aucun_manque

# « @ » at the start of a word: not that of an e-mail address. The name may take several words.
_APPEL = re.compile(r"(?<![\w@.])@([^\W\d_][^@\n,;:!?()]{0,119})")
_MOTS_MAX = 8  # words of a name


def personnes_citees(texte, possibles):
    """Return (people called by « @Prénom Nom » in the text, calls that name nobody of them).

    `possibles`: the readers of the comment. The longest name that fits wins.
    """
    par_nom = {}
    for personne in possibles:
        par_nom.setdefault(recherche.normaliser(personne.get_full_name()), []).append(personne)
    citees, inconnus = [], []
    for suite in _APPEL.findall(texte):
        mots = suite.split()[:_MOTS_MAX]
        debuts = (recherche.normaliser(" ".join(mots[:n])) for n in range(len(mots), 0, -1))
        trouvees = next((par_nom[debut] for debut in debuts if debut in par_nom), None)
        if trouvees:
            citees += trouvees
        else:
            inconnus.append(" ".join(mots[:2]))
    return citees, inconnus


def manques_des_mentions(dossier, portee, texte, prevenir, auteur):
    """Nobody is called to what they cannot read. Returns (people to call, sentences)."""
    possibles = list(lecteurs(dossier, portee))
    connus = {personne.pk for personne in possibles}
    phrases = [
        f"{personne} ne peut pas lire ce commentaire : partagez-le, ou ne l'appelez pas."
        for personne in prevenir
        if personne.pk not in connus
    ]
    citees, inconnus = personnes_citees(texte, possibles)
    phrases += [
        f"« @{nom} » ne désigne personne qui puisse lire ce commentaire : choisissez dans la liste "
        "« Prévenir », ou retirez l'arobase."
        for nom in inconnus
    ]
    appelees = {p.pk: p for p in [*prevenir, *citees] if p.pk != auteur.pk}
    return list(appelees.values()), phrases


def _texte(texte):
    propre = texte.replace("\x00", "").strip()
    exiger_aucun_manque([] if propre else ["Écrivez le commentaire."])
    return propre


@transaction.atomic
def commenter(dossier, *, par, texte, portee, prevenir=()):
    """Write a comment on a dossier and tell those who are mentioned. Returns the comment."""
    exiger(commente(par, dossier))
    if portee not in portees_ouvertes(par, dossier):
        raise Refus("Vous pouvez écrire un commentaire partagé, pas un commentaire interne.")
    texte = _texte(texte)
    appelees, phrases = manques_des_mentions(dossier, portee, texte, prevenir, par)
    exiger_aucun_manque(phrases)
    commentaire = CommentaireDossier(
        accompagnement=dossier,
        auteur=par,
        portee=portee,
        texte=texte,
        cree_le=horloge.maintenant(),
    )
    commentaire.save()
    _appeler(commentaire, appelees)
    return commentaire


@transaction.atomic
def corriger(commentaire, *, par, texte, prevenir=()):
    """The author mends the text; the earlier one stays in the history, and the page says so."""
    _exiger_vivant(commentaire, par)
    texte = _texte(texte)
    appelees, phrases = manques_des_mentions(
        commentaire.accompagnement, commentaire.portee, texte, prevenir, par
    )
    exiger_aucun_manque(phrases)
    commentaire.texte, commentaire.corrige_le = texte, horloge.maintenant()
    commentaire.save()
    deja = set(commentaire.mentions.values_list("personne", flat=True))
    _appeler(commentaire, [p for p in appelees if p.pk not in deja])
    return commentaire


@transaction.atomic
def retirer(commentaire, *, par):
    """The author takes the text away; its place, its date and the withdrawal stay."""
    # Under a lock: whatever its latest text, it is that one which goes.
    commentaire = CommentaireDossier.objects.select_for_update().get(pk=commentaire.pk)
    _exiger_vivant(commentaire, par)
    commentaire.texte, commentaire.retire_le = "", horloge.maintenant()
    commentaire.save()
    return commentaire


def _exiger_vivant(commentaire, par):
    exiger(reprend(par, commentaire))
    if commentaire.retire_le:
        raise Manques(["Ce commentaire est déjà retiré."])


def _appeler(commentaire, personnes):
    """They find it in the portal, and in the mail of the day or at once, as they have chosen."""
    Mention.objects.bulk_create(
        Mention(commentaire=commentaire, personne=personne, cree_le=horloge.maintenant())
        for personne in personnes
    )


def mentions_non_lues(utilisateur):
    """The mentions that wait for the user, latest first, among what they read today."""
    visibles = CommentaireDossier.objects.visibles_par(utilisateur).filter(retire_le=None)
    siennes = Mention.objects.filter(
        personne=utilisateur, lue_le=None, commentaire__in=visibles.values("pk")
    )
    return siennes.select_related(
        "commentaire__auteur", "commentaire__accompagnement__structure__commune"
    )


def noter_lue(mention, *, par):
    """The person called says she has read; saying it twice changes nothing."""
    if mention.personne_id != par.pk:
        raise Refus("Cette mention s'adresse à une autre personne.")
    Mention.objects.filter(pk=mention.pk, lue_le=None).update(lue_le=horloge.maintenant())
