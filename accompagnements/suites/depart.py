"""Year N beside year N+2: the baseline of the diagnostic, what the follow-up found, the differences."""

from dataclasses import dataclass

from accompagnements.diagnostics import chiffres
from accompagnements.diagnostics.chiffres import LIGNES, PARTIES, Ligne
from accompagnements.diagnostics.lignes import ChiffresAnnuels
from accompagnements.diagnostics.models import GOUVERNANCE, Diagnostic, Reponse
from dla_portal.socle import horloge
from dla_portal.socle.templatetags.portail import FINE, nombre

ECART_ANNEES = 2  # N+2, whatever the date of the follow-up
_PERSONNES = Ligne("beneficiaires", "Nombre de bénéficiaires")


@dataclass(frozen=True)
class Depart:
    """The baseline: the figures by line, the answers on governance, the year when it is known."""

    annee: int | None
    valeurs: dict
    diagnostic: Diagnostic

    def rendre(self, ligne):
        """One figure as it is read, « — » when unknown."""
        return chiffres.rendre(ligne, self.valeurs.get(ligne.nom))

    def reponse(self, nom):
        """One answer on governance, in words."""
        return getattr(self.diagnostic, f"get_{nom}_display")() or "—"


@dataclass(frozen=True)
class Mesure:
    """One line of the comparison. `sens`: + or - when the figure moved, else empty."""

    libelle: str
    avant: str
    apres: str
    ecart: str = ""
    sens: str = ""


def de(diagnostic):
    """Return the Depart of a diagnostic: its year N, completed by the sizes kept on it."""
    ligne = ChiffresAnnuels.objects.filter(
        diagnostic=diagnostic, annee=diagnostic.annee_n or 0
    ).first()
    valeurs = {li.nom: getattr(ligne, li.nom, None) for li in LIGNES}
    anciennes = {
        "effectif": diagnostic.effectif,
        "etp": diagnostic.etp,
        "charges": None if valeurs["produits"] is not None else diagnostic.budget,
    }
    for nom, valeur in anciennes.items():
        if valeurs[nom] is None:
            valeurs[nom] = valeur
    valeurs["beneficiaires"] = diagnostic.beneficiaires
    return Depart(diagnostic.annee_n, valeurs, diagnostic)


def annee_proposee(diagnostic):
    """The year of the figures of the follow-up: N+2, or last year when the diagnostic tells none."""
    derniere = horloge.aujourdhui().year
    if diagnostic.annee_n is None:
        return derniere - 1
    return min(diagnostic.annee_n + ECART_ANNEES, derniere)


def comparer(suivi):
    """Return [(title, [Mesure])] of the figures, then of the answers; lines known once at least."""
    depart, releve = de(suivi.diagnostic), getattr(suivi, "releve", None)
    parties = [(titre, [_mesure(li, depart, releve) for li in lot]) for titre, lot in PARTIES]
    parties.append(("Publics", [_mesure(_PERSONNES, depart, releve)]))
    parties.append(("Qualité de l'emploi", [_part_des_cdi(depart.valeurs, releve)]))
    parties.append(("Gouvernance", [_reponse(nom, depart, releve) for nom in GOUVERNANCE]))
    dites = [
        (titre, [m for m in mesures if (m.avant, m.apres) != ("—", "—")])
        for titre, mesures in parties
    ]
    return [(titre, mesures) for titre, mesures in dites if mesures]


def _mesure(ligne, depart, releve):
    avant = depart.valeurs.get(ligne.nom)
    apres = getattr(releve, ligne.nom, None)
    ecart, sens = _ecart(ligne, avant, apres)
    return Mesure(ligne.libelle, depart.rendre(ligne), chiffres.rendre(ligne, apres), ecart, sens)


def _ecart(ligne, avant, apres):
    """The difference in words: « + 2 (+ 25 %) »; no rate over nought, or under it."""
    if avant is None or apres is None:
        return "", ""
    if apres == avant:
        return "stable", "="
    sens = "+" if apres > avant else "−"
    dit = f"{sens}{FINE}{chiffres.rendre(ligne, abs(apres - avant))}"
    if avant > 0:
        taux = nombre(abs(apres - avant) * 100 / avant)
        dit += f" ({sens}{FINE}{taux}{FINE}%)"
    return dit, sens


def _part_des_cdi(avant, releve):
    """Share of the CDI among the jobs (I-95), in points."""
    parts = [
        _part(avant.get("cdi"), avant.get("effectif")),
        _part(getattr(releve, "cdi", None), getattr(releve, "effectif", None)),
    ]
    dites = ["—" if part is None else f"{nombre(part)}{FINE}%" for part in parts]
    if None in parts:
        return Mesure("Part des CDI", *dites)
    points = round(parts[1]) - round(parts[0])
    if not points:
        return Mesure("Part des CDI", *dites, "stable", "=")
    sens = "+" if points > 0 else "−"
    s = "s" if abs(points) > 1 else ""
    return Mesure("Part des CDI", *dites, f"{sens}{FINE}{abs(points)} point{s}", sens)


def _part(cdi, effectif):
    return None if cdi is None or not effectif else cdi * 100 / effectif


def _reponse(nom, depart, releve):
    libelle = str(Diagnostic._meta.get_field(nom).verbose_name)
    avant = depart.reponse(nom)
    apres = getattr(releve, f"get_{nom}_display")() if releve and getattr(releve, nom) else "—"
    ecart, sens = "", ""
    if "—" not in (avant, apres):
        rangs = list(Reponse.values)  # oui, moyen, non: from the best to the worst
        pas = rangs.index(getattr(depart.diagnostic, nom)) - rangs.index(getattr(releve, nom))
        ecart = "stable" if not pas else "mieux" if pas > 0 else "moins bien"
        sens = "=" if not pas else "+" if pas > 0 else "−"
    return Mesure(libelle[0].upper() + libelle[1:], avant, apres, ecart, sens)
