"""Where a figure is counted: one operator, one department, one region, or the nation."""

from dataclasses import dataclass

from django.http import Http404

from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.territoires.models import Departement, OperateurDLA, Region

TOUT_LIRE = {roles.National.code, roles.Administrateur.code, roles.Crdla.code}


@dataclass(frozen=True)
class Perimetre:
    """A scope. `genre` is operateur, departement, region or national; `cle` its primary key."""

    genre: str
    cle: str
    libelle: str

    def __str__(self):
        return self.libelle

    @property
    def code(self):
        """How the scope is written in an address: `region-93`, `national`."""
        return f"{self.genre}-{self.cle}" if self.cle else self.genre

    def filtrer(self, lignes):
        """Keep the rows (with `operateur` and `departement`) of the scope, by sub-query."""
        if self.genre == "operateur":
            return lignes.filter(operateur=self.cle)
        if self.genre == "departement":
            return lignes.filter(departement=self.cle)
        if self.genre == "region":
            return lignes.filter(departement__in=self.departements().values("pk"))
        return lignes

    def departements(self):
        """Departments whose objectives count for the scope."""
        if self.genre == "departement":
            return Departement.objects.filter(pk=self.cle)
        if self.genre == "region":
            return Departement.objects.filter(region=self.cle)
        if self.genre == "operateur":
            return Departement.objects.filter(mandats__operateur=self.cle).distinct()
        return Departement.objects.all()


NATIONAL = Perimetre("national", "", "France entière")


def d_une_region(region):
    """Scope of a Region."""
    return Perimetre("region", region.pk, region.nom)


def d_un_departement(departement):
    """Scope of a Departement."""
    return Perimetre("departement", departement.pk, str(departement))


def d_un_operateur(operateur):
    """Scope of an OperateurDLA."""
    return Perimetre("operateur", str(operateur.pk), str(operateur))


_MODELES = {
    "region": (Region, d_une_region),
    "departement": (Departement, d_un_departement),
    "operateur": (OperateurDLA, d_un_operateur),
}


def lire(code):
    """Return the scope written `region-93`; raises Http404 when there is none."""
    if code == "national":
        return NATIONAL
    genre, _, cle = code.partition("-")
    if genre not in _MODELES or (genre == "operateur" and not cle.isdigit()):
        raise Http404("Périmètre inconnu.")
    modele, fabriquer = _MODELES[genre]
    objet = modele.objects.filter(pk=cle).first()
    if objet is None:
        raise Http404("Périmètre inconnu.")
    return fabriquer(objet)


def ouverts(utilisateur):
    """Return the scopes that the role may read, its own first."""
    rattachement = utilisateur.rattachement
    if rattachement is None:
        return []
    if rattachement.role in roles.EQUIPE_OPERATEUR:
        return [d_un_operateur(rattachement.operateur)]
    if rattachement.role in TOUT_LIRE:
        regions = Region.objects.filter(departements__mandats__isnull=False).distinct()
        return [NATIONAL, *_avec_departements(regions)]
    if rattachement.role == roles.DlaRegional.code:
        operateurs = OperateurDLA.objects.filter(region=rattachement.region)
        region = _avec_departements([rattachement.region])
        return [*region, *(d_un_operateur(o) for o in operateurs)]
    if rattachement.role == roles.Pilote.code:
        if rattachement.departement:
            return [d_un_departement(rattachement.departement)]
        return _avec_departements([rattachement.region])
    return []


def _avec_departements(regions):
    scopes = []
    for region in regions:
        scopes.append(d_une_region(region))
        scopes += [d_un_departement(d) for d in region.departements.all()]
    return scopes


def choisir(utilisateur, code):
    """Return the asked scope, or the user's own; Http404 unknown, Refus when it is not open."""
    permis = ouverts(utilisateur)
    if not permis:
        raise Refus("Votre rôle ne lit pas les tableaux de pilotage.")
    if not code:
        return permis[0]
    demande = lire(code)
    if utilisateur.role not in TOUT_LIRE and demande not in permis:
        raise Refus(f"Votre rattachement ne permet pas de lire « {demande} ».")
    return demande
