"""Which operators a request belongs to: its commune, then its sector, then the region."""

from dla_portal.socle import horloge
from dla_portal.territoires.models import Mandat, OperateurDLA


def operateurs_pour(commune, secteur="", le=None):
    """Return the operators competent for a commune and the code of a sector, sorted by name.

    One: it is his. Several: they share the territory. A regional operator, which may hold a mandate
    everywhere, comes after those of the département; where no mandate fits, that of the region;
    where there is none, all those of the region.
    """
    le = le or horloge.aujourdhui()
    for niveau in (OperateurDLA.Niveau.DEPARTEMENTAL, OperateurDLA.Niveau.REGIONAL):
        mandats = Mandat.objects.filter(operateur__niveau=niveau).pour(commune, secteur, le)
        if mandats:
            competents = {mandat.operateur for mandat in mandats}
            return sorted(competents, key=lambda operateur: operateur.nom)
    de_la_region = OperateurDLA.objects.filter(region=commune.departement.region_id)
    regionaux = de_la_region.filter(niveau=OperateurDLA.Niveau.REGIONAL)
    return list(regionaux or de_la_region)
