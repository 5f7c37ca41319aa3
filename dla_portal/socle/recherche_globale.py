"""One search box for everything: each app registers its part, the page walks them.

A part starts from what the user sees (`visibles_par`), says how well each row answers by a mark,
and the groups come in the order of their best one. When nothing answers, the same parts are asked
again with slips forgiven.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Case, FloatField, IntegerField, Value, When

from dla_portal.socle import recherche

TEXTE_MAX = 100  # characters
LETTRES_MIN = 2
PAR_RUBRIQUE = 8  # rows shown of one group

# How well a row answers, from the very number typed to words found here and there.
NUMERO, NUMERO_VOISIN, DEBUT_DE_NUMERO = 100, 96, 60
SIREN = 9  # digits from which a number names one organisation
NOM_EXACT, SIGLE, NOM_COMMENCE, MOT_COMMENCE, MOT_ENTIER, DEDANS, EPARS = 90, 88, 85, 80, 75, 65, 62
LIEU_EXACT, LIEU = 58, 50
PAR_AILLEURS = 40  # found through what the row belongs to
APPROCHE = 30


@dataclass(frozen=True)
class Question:
    """What was typed, as the parts need it; `approche` forgives slips."""

    texte: str
    approche: bool = False

    @cached_property
    def normal(self):
        """Lower case ASCII words separated by one space."""
        return recherche.normaliser(self.texte)

    @cached_property
    def compact(self):
        """Letters and digits alone."""
        return recherche.compacter(self.texte)

    @property
    def vide(self):
        return len(self.compact) < LETTRES_MIN

    def parmi(self, *champs):
        """Return the Q of the rows holding each word in one of these normalised fields."""
        return recherche.q_mots_parmi(champs, self.texte, approche=self.approche)

    def notes_du_nom(self, champ):
        """Return the When clauses marking a name kept normalised, best first."""
        n = self.normal
        return [
            When(**{champ: n}, then=Value(NOM_EXACT)),
            When(**{f"{champ}__endswith": f" {n}"}, then=Value(SIGLE)),
            When(**{f"{champ}__startswith": f"{n} "}, then=Value(NOM_COMMENCE)),
            When(**{f"{champ}__startswith": n}, then=Value(MOT_COMMENCE)),
            When(**{f"{champ}__contains": f" {n}"}, then=Value(MOT_ENTIER)),
            When(**{f"{champ}__contains": n}, then=Value(DEDANS)),
        ]

    def noter(self, lignes, *clauses, nom, ordre=(), sinon=EPARS):
        """Annotate `note` and keep the best rows, best first; `nom` is the normalised name."""
        note = Case(*clauses, default=Value(sinon), output_field=IntegerField())
        if self.approche:
            dizaine = Value(10.0, output_field=FloatField())
            note = Value(APPROCHE) + recherche.Similarite(Value(self.normal), nom) * dizaine
        lignes = lignes.annotate(note=note).order_by("-note", *ordre, nom)
        return lignes[: PAR_RUBRIQUE + 1]


@dataclass(frozen=True)
class Trouvaille:
    """One answer: where it leads, and how well it answers."""

    titre: str
    url: str
    detail: str = ""
    note: float = 0


@dataclass(frozen=True)
class Rubrique:
    """One kind of answers. `chercher(utilisateur, question)` returns Trouvailles, best first."""

    rang: int
    cle: str
    libelle: str
    chercher: Callable
    nom_liste: str = ""  # URL name of the list which shows them all with `?q=`


RUBRIQUES = []


def inscrire(*rubriques):
    """Register parts; called from `AppConfig.ready()`. Parts of the same key make one group."""
    for rubrique in rubriques:
        if rubrique not in RUBRIQUES:
            RUBRIQUES.append(rubrique)
    RUBRIQUES.sort(key=lambda rubrique: rubrique.rang)


@dataclass
class Groupe:
    """The answers of one kind."""

    rubrique: Rubrique
    trouvailles: list

    @property
    def montrees(self):
        return self.trouvailles[:PAR_RUBRIQUE]

    @property
    def suite(self):
        """Say whether the group has more than it shows."""
        return len(self.trouvailles) > PAR_RUBRIQUE


def repondre(utilisateur, texte):
    """Return (Question, groups) for a text typed by the user, best group first."""
    question = Question(texte.strip()[:TEXTE_MAX])
    if question.vide:
        return question, []
    groupes = _groupes(utilisateur, question)
    if not groupes and not question.compact.isdigit() and recherche.tolerante():
        question = replace(question, approche=True)
        groupes = _groupes(utilisateur, question)
    return question, groupes


def _groupes(utilisateur, question):
    groupes = {}
    for rubrique in RUBRIQUES:
        trouvailles = list(rubrique.chercher(utilisateur, question))
        if trouvailles:
            groupe = groupes.setdefault(rubrique.cle, Groupe(rubrique, []))
            groupe.trouvailles += trouvailles
    for groupe in groupes.values():
        groupe.trouvailles.sort(key=lambda trouvaille: -trouvaille.note)
    return sorted(groupes.values(), key=lambda g: (-g.trouvailles[0].note, g.rubrique.rang))


def note_de_numero(champ, question, longueur, moins=0):
    """Return the When clause marking a number: whole, a SIREN, or its beginning."""
    note = DEBUT_DE_NUMERO
    if len(question.compact) >= SIREN:
        note = (NUMERO if len(question.compact) >= longueur else NUMERO_VOISIN) - moins
    return When(**{f"{champ}__istartswith": question.compact}, then=Value(note))
