"""Totals of the time by kind, by dossier and by person; counts of the activities by year."""

from django.db.models import Count, Sum

from accompagnements.activites.models import Temps

PREMIERS = 10  # dossiers and people shown in the totals of the list
ANNEES = 4  # years shown in the counts of the register


def _sommes(lignes, *champs):
    """(values of the fields…, minutes) by decreasing sum."""
    groupes = lignes.order_by().values_list(*champs).annotate(somme=Sum("minutes"))
    return sorted(groupes, key=lambda groupe: -groupe[-1])


def totaux(lignes):
    """What the list of the time adds up: the sum, by kind, by person, by dossier."""
    lignes = lignes.notes()
    par_nature = _sommes(lignes, "nature__libelle")
    gens = _sommes(lignes, "personne", "personne__prenom", "personne__nom", "personne__email")
    dossiers = lignes.filter(demande__isnull=False)
    champs = ("demande__structure__nom", "demande__reference", "demande__accompagnement__reference")
    return {
        "somme": sum(groupe[-1] for groupe in par_nature),
        "par_nature": par_nature,
        "par_personne": [
            (f"{prenom} {nom}".strip() or courriel, minutes)
            for _, prenom, nom, courriel, minutes in gens
        ][:PREMIERS]
        if len(gens) > 1
        else [],
        "par_dossier": [
            (f"{nom} · {reference or demandee}", minutes)
            for nom, demandee, reference, minutes in _sommes(dossiers, *champs)[:PREMIERS]
        ],
    }


def du_dossier(utilisateur, demande, diagnostic=None):
    """Time of the team on a dossier, by kind, in one query; days of the diagnostic beside.

    The two are never added: the days written in the diagnostic are an estimate of the same work.
    """
    lignes = Temps.objects.de_l_equipe(utilisateur).notes().filter(demande=demande)
    par_nature = _sommes(lignes, "nature__libelle", "nature__code")
    return {
        "somme": sum(groupe[-1] for groupe in par_nature),
        "par_nature": [(libelle, minutes) for libelle, _, minutes in par_nature],
        "diagnostic_jours": diagnostic.temps_passe if diagnostic else None,
        "diagnostic_note": sum(m for _, code, m in par_nature if code == "diagnostic"),
    }


def par_annee(activites):
    """(years, rows) of the register: each kind with its number of activities by year, then people.

    Cancelled ones count for nothing; the years are the latest ones.
    """
    groupes = list(
        activites.inscrites()
        .order_by()
        .values_list("nature__libelle", "le__year")
        .annotate(nombre=Count("pk", distinct=True), presents=Sum("presents"))
    )
    annees = sorted({annee for _, annee, _, _ in groupes}, reverse=True)[:ANNEES]
    nombres = {(nature, annee): nombre for nature, annee, nombre, _ in groupes}
    natures = sorted({nature for nature, annee, _, _ in groupes if annee in annees})
    lignes = [(nature, [nombres.get((nature, a), 0) for a in annees]) for nature in natures]
    sommes = [sum(nombres.get((n, a), 0) for n in natures) for a in annees]
    venus = [sum(p or 0 for _, annee, _, p in groupes if annee == a) for a in annees]
    return {"annees": annees, "lignes": lignes, "sommes": sommes, "presents": venus}
