"""Timeline of one or several threads: journal, mails with their delivery state, files.

`objet` is the row behind a line, for a page which tells more of it or filters on it.
"""

from dla_portal.socle.courriels import Courriel
from dla_portal.socle.etats import Evenement
from dla_portal.socle.fichiers import Fichier


def evenements(fils, avec_fichiers=True):
    """Return the lines of `composants/chronologie.html`, latest first, in three queries."""
    lignes = [
        {
            "le": evenement.le,
            "titre": evenement.libelle,
            "detail": evenement.motif,
            "auteur": evenement.nom_auteur,
            "icone": "arrow-right-circle" if evenement.vers else "pencil",
            "genre": "etat",
            "objet": evenement,
        }
        for evenement in Evenement.objects.filter(fil__in=fils).select_related("auteur")
    ]
    lignes += [
        {
            "le": courriel.cree_le,
            "titre": f"Courriel : {courriel.sujet}",
            "detail": f"À {courriel.destinataire} — {courriel.etat}",
            "auteur": "Portail",
            "icone": "envelope",
            "genre": "courriel",
            "objet": courriel,
        }
        for courriel in Courriel.objects.filter(fil__in=fils).defer("corps")
    ]
    if avec_fichiers:
        lignes += _fichiers(fils)
    return sorted(lignes, key=lambda ligne: ligne["le"], reverse=True)


def _fichiers(fils):
    visibles = Fichier.objects.filter(fil__in=fils, scelle=False).select_related("depose_par")
    return [
        {
            "le": fichier.depose_le,
            "titre": f"Pièce : {fichier.nom}",
            "detail": "",
            "auteur": str(fichier.depose_par or "Portail"),
            "icone": "paperclip",
            "genre": "piece",
            "objet": fichier,
        }
        for fichier in visibles
    ]
