"""The timeline of a dossier: what the user may read of it, filtered by the address of the page.

The team reads everything; the other readers of the page read the shared comments alone. The lines
come in a fixed number of queries whatever their number, and are filtered and counted here: a
dossier holds hundreds of them, not thousands.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Paginator

from accompagnements.demandes.commentaires import CommentaireDossier
from accompagnements.parcours.etapes import ETAPES_DU_DOSSIER
from dla_portal.socle import chronologie, recherche
from dla_portal.socle.courriels import ESSAIS_MAX
from dla_portal.socle.templatetags.portail import date_courte

PAR_PAGE = 25
TEXTE_MAX = 100  # characters of the search
GENRE_COMMENTAIRE = "commentaire"
GENRES = {
    "etat": "États et gestes",
    "courriel": "Courriels",
    "piece": "Pièces",
    GENRE_COMMENTAIRE: "Commentaires",
}
# Stage of a line of the journal by the object it is about.
_ETAPE_DE = {
    "accompagnement": "dossier",
    "demande": "demande",
    "diagnostic": "diagnostic",
    "plan": "plan",
    "action": "plan",
    "passage": "comite",
    "seance": "comite",
    **dict.fromkeys(
        ["ingenierie", "consultation", "sollicitation", "proposition", "question", "fiche"],
        "consultation",
    ),
    "cahierdescharges": "consultation",
    **dict.fromkeys(["convention", "avenant", "signature", "repartition"], "convention"),
    **dict.fromkeys(["mission", "alerte", "notemiparcours", "journee", "horscadre"], "mission"),
    **dict.fromkeys(["restitution", "facture"], "restitution"),
    **dict.fromkeys(["enquete", "suivi"], "suites"),
}
_TONS_COURRIEL = {
    "envoyé": "fait",
    "en attente": "attente",
    "à réessayer": "attente",
    "abandonné": "alerte",
}
_ICONES_COURRIEL = {"envoyé": "envelope-check", "abandonné": "envelope-exclamation"}


@dataclass
class Ligne:
    """One line of the timeline."""

    le: datetime
    genre: str
    titre: str
    auteur: str
    icone: str
    etape: str = ""
    detail: str = ""
    url: str = ""
    ton: str = ""  # tone and words of the delivery state of a mail
    etat: str = ""
    commentaire: CommentaireDossier | None = None

    @property
    def etape_libelle(self):
        return ETAPES_DU_DOSSIER.get(self.etape, "")

    @cached_property
    def texte(self):
        """What the search looks into."""
        ecrit = self.commentaire.texte if self.commentaire else ""
        morceaux = (self.titre, self.detail, self.auteur, self.etat, ecrit)
        return recherche.normaliser(" ".join(morceaux))


def lignes(dossier, utilisateur, pieces, *, equipe):
    """Return the lines that the user may read, latest first; `pieces` is the inventory."""
    toutes = _commentaires(dossier, utilisateur)
    if equipe:
        toutes += _journal_et_courriels(dossier) + [_piece(piece) for piece in pieces]
    return sorted(toutes, key=lambda ligne: ligne.le, reverse=True)


def _journal_et_courriels(dossier):
    brutes = chronologie.evenements(dossier.fils, avec_fichiers=False)
    etapes = _EtapesDesFils(brutes)
    return [
        _courriel(brute, etapes) if brute["genre"] == "courriel" else _evenement(brute)
        for brute in brutes
    ]


def _etape_de(evenement):
    return _ETAPE_DE.get(evenement.objet_type.rsplit(".", 1)[-1], "dossier")


class _EtapesDesFils:
    """A mail says only its thread: it belongs to the stage that last moved there when it left."""

    def __init__(self, brutes):
        self.fils = {}
        for brute in reversed(brutes):  # oldest first
            if brute["genre"] == "etat":
                evenement = brute["objet"]
                instants, etapes = self.fils.setdefault(evenement.fil, ([], []))
                instants.append(evenement.le)
                etapes.append(_etape_de(evenement))

    def de(self, courriel):
        instants, etapes = self.fils.get(courriel.fil, ([], []))
        rang = bisect_right(instants, courriel.cree_le)
        return etapes[rang - 1] if rang else "dossier"


def _evenement(brute):
    return Ligne(
        le=brute["le"],
        genre="etat",
        titre=brute["titre"],
        auteur=brute["auteur"],
        icone=brute["icone"],
        etape=_etape_de(brute["objet"]),
        detail=brute["detail"],
    )


def _courriel(brute, etapes):
    """A mail with what became of it: when it left, or why it has not."""
    courriel = brute["objet"]
    etat = courriel.etat
    if courriel.envoye_le:
        suite = f" le {date_courte(courriel.envoye_le)}"
    elif courriel.essais:
        suite = f", {courriel.essais} essai{'s' if courriel.essais > 1 else ''} sur {ESSAIS_MAX}"
    else:
        suite = ""
    return Ligne(
        le=brute["le"],
        genre="courriel",
        titre=f"Courriel : {courriel.sujet}",
        auteur="Portail",
        icone=_ICONES_COURRIEL.get(etat, "envelope"),
        etape=etapes.de(courriel),
        detail=f"À {courriel.destinataire}",
        ton=_TONS_COURRIEL[etat],
        etat=f"{etat.capitalize()}{suite}",
    )


def _piece(piece):
    etabli = "" if piece.fichier else "Document établi par le portail"
    return Ligne(
        le=piece.le,
        genre="piece",
        titre=f"Pièce : {piece.nom}",
        auteur=piece.auteur,
        icone="paperclip" if piece.fichier else "file-earmark-pdf",
        etape=piece.etape,
        detail=etabli,
        url=piece.url,
    )


def _commentaires(dossier, utilisateur):
    """Those the user reads, with the people called and the earlier texts of those corrected."""
    lus = list(
        CommentaireDossier.objects.visibles_par(utilisateur)
        .filter(accompagnement=dossier.accompagnement)
        .select_related("auteur")
        .prefetch_related("mentions__personne")
    )
    anciens = _textes_anterieurs([c.pk for c in lus if c.corrige_le and not c.retire_le])
    for commentaire in lus:
        commentaire.textes_anterieurs = anciens.get(commentaire.pk, [])
        commentaire.a_lui = commentaire.auteur_id == utilisateur.pk
    return [
        Ligne(
            le=commentaire.cree_le,
            genre=GENRE_COMMENTAIRE,
            titre=f"Commentaire {commentaire.get_portee_display().lower()}",
            auteur=str(commentaire.auteur),
            icone="lock" if commentaire.interne else "people",
            commentaire=commentaire,
        )
        for commentaire in lus
    ]


def _textes_anterieurs(numeros):
    """Comment → [(when it was written, text)], latest first, the text in force left out."""
    versions = {}
    historique = CommentaireDossier.history.model.objects.filter(id__in=numeros)
    for version in historique.order_by("-history_date", "-history_id"):
        versions.setdefault(version.id, []).append((version.history_date, version.texte))
    return {numero: lus[1:] for numero, lus in versions.items()}


class Chronologie:
    """The lines filtered as the address says; an unknown value filters nothing."""

    def __init__(self, lignes, parametres):
        self.lignes = lignes
        self.parametres = parametres
        self.q = parametres.get("q", "").strip()[:TEXTE_MAX]
        self.genre = self._connu("genre", GENRES)
        self.etape = self._connu("etape", ETAPES_DU_DOSSIER)
        self.personne = self._connu("personne", {ligne.auteur for ligne in lignes})

    def _connu(self, nom, connus):
        valeur = self.parametres.get(nom, "")
        return valeur if valeur in connus else ""

    @property
    def filtree(self):
        return bool(self.genre or self.etape or self.personne or self.q)

    @cached_property
    def _sans_genre(self):
        """The lines that every filter but the kind keeps: the kinds are counted among them."""
        mots = recherche.normaliser(self.q).split()
        return [
            ligne
            for ligne in self.lignes
            if (not self.etape or ligne.etape == self.etape)
            and (not self.personne or ligne.auteur == self.personne)
            and all(mot in ligne.texte for mot in mots)
        ]

    @cached_property
    def gardees(self):
        return [x for x in self._sans_genre if not self.genre or x.genre == self.genre]

    @cached_property
    def page(self):
        return Paginator(self.gardees, PAR_PAGE).get_page(self.parametres.get("page"))

    @property
    def pages(self):
        """Neighbouring pages, for `composants/pages.html`."""
        if self.page.paginator.num_pages < 2:
            return []
        marque = self.page.paginator.ELLIPSIS
        return [
            {
                "numero": numero,
                "url": "" if numero == marque else self._adresse(page=numero),
                "courante": numero == self.page.number,
            }
            for numero in self.page.paginator.get_elided_page_range(self.page.number, on_ends=1)
        ]

    @property
    def onglets(self):
        """One tab for everything, one for each kind that the user reads, with their counts."""
        presents = [genre for genre in GENRES if any(x.genre == genre for x in self.lignes)]
        if len(presents) < 2:
            return []
        comptes = [("", "Tout", len(self._sans_genre))] + [
            (genre, GENRES[genre], sum(x.genre == genre for x in self._sans_genre))
            for genre in presents
        ]
        return [
            {
                "libelle": libelle,
                "compte": compte,
                "url": self._adresse(genre=genre),
                "courant": genre == self.genre,
            }
            for genre, libelle, compte in comptes
        ]

    @property
    def etapes(self):
        """(code, label) of the stages that some line belongs to."""
        presentes = {ligne.etape for ligne in self.lignes}
        return [(code, nom) for code, nom in ETAPES_DU_DOSSIER.items() if code in presentes]

    @property
    def personnes(self):
        return sorted({ligne.auteur for ligne in self.lignes}, key=recherche.normaliser)

    def _adresse(self, **changements):
        """The same filters with these ones changed; another kind starts again at its first page."""
        actuels = {
            "genre": self.genre,
            "etape": self.etape,
            "personne": self.personne,
            "q": self.q,
            **changements,
        }
        question = urlencode({nom: valeur for nom, valeur in actuels.items() if valeur})
        return f"?{question}#s-chronologie" if question else "?#s-chronologie"

    @property
    def url_sans_filtre(self):
        return "?#s-chronologie"
