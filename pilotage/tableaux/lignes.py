"""The rows that make a figure: same queryset, same count, columns according to the role."""

from accompagnements.models import (
    Convention,
    Demande,
    Diagnostic,
    Enquete,
    Plan,
    Restitution,
    Structure,
)
from dla_portal.comptes import roles
from dla_portal.socle.listes import Colonne, Liste
from pilotage.indicateurs import populations
from pilotage.models import Objectif

# Who may see the names of the structures behind a figure (domaine.md §1.4).
NOMINATIF = {*roles.EQUIPE_OPERATEUR, roles.DlaRegional.code, roles.Administrateur.code}
# A survey is answered in confidence: only those who lead the dossiers read who said what.
REPONSES_LISIBLES = {*roles.INSTRUCTEURS, roles.Administrateur.code}


def nominatif(utilisateur, modele):
    """Say whether the user reads the nominal columns of the rows of this model."""
    lecteurs = REPONSES_LISIBLES if modele is Enquete else NOMINATIF
    return utilisateur.role in lecteurs


def _texte(valeur):
    return str(valeur) if valeur else ""


def _profil(structure_de):
    """Columns that say nothing nominal about a structure."""
    return [
        Colonne("departement", "Département", lambda o: _texte(structure_de(o).departement)),
        Colonne("secteur", "Secteur", lambda o: _texte(structure_de(o).secteur)),
        Colonne("famille", "Statut", lambda o: structure_de(o).get_famille_display()),
    ]


def _noms(structure_de):
    """Columns reserved to those who work with the structures."""
    return [
        Colonne("structure", "Structure", lambda o: structure_de(o).nom),
        Colonne("siret", "SIRET", lambda o: structure_de(o).siret or ""),
    ]


def _de_dossier(objet):
    return objet.accompagnement.structure


def _dossier():
    return [
        Colonne("reference", "Référence", lambda o: o.accompagnement.reference),
        *_noms(_de_dossier),
    ]


_DOSSIER = [Colonne("operateur", "Opérateur", lambda o: _texte(o.accompagnement.operateur))]
_CONVENTION = [
    Colonne("operateur", "Opérateur", lambda c: _texte(c.ingenierie.operateur)),
    Colonne("genre", "Type", lambda c: c.ingenierie.get_genre_display()),
    Colonne("thematique", "Thématique", lambda c: _texte(c.ingenierie.thematique)),
    Colonne("signee_le", "Signée le", lambda c: c.signee_le, "signee_le", "date"),
    Colonne("jours", "Jours", lambda c: c.jours_dus, "jours_dus", "nombre"),
    Colonne("ttc", "Montant TTC", lambda c: c.ttc_du, "ttc_du", "euros"),
]
# Model → (relations to read at once, public columns, nominal columns).
DESCRIPTIONS = {
    Structure: (
        ["departement", "secteur"],
        _profil(lambda s: s),
        _noms(lambda s: s),
    ),
    Demande: (
        ["structure__departement", "structure__secteur", "operateur"],
        [
            *_profil(lambda d: d.structure),
            Colonne("operateur", "Opérateur", lambda d: _texte(d.operateur)),
            Colonne("recue_le", "Reçue le", lambda d: d.recue_le, "recue_le", "date"),
            Colonne("accueil_le", "Accueil le", lambda d: d.accueil_le, "accueil_le", "date"),
        ],
        [Colonne("reference", "Référence", lambda d: d.reference), *_noms(lambda d: d.structure)],
    ),
    Diagnostic: (
        [
            "accompagnement__structure__departement",
            "accompagnement__structure__secteur",
            "accompagnement__operateur",
        ],
        [
            *_profil(_de_dossier),
            *_DOSSIER,
            Colonne("valide_le", "Validé le", lambda d: d.valide_le, "valide_le", "date"),
        ],
        _dossier(),
    ),
    Plan: (
        ["accompagnement__structure__departement", "accompagnement__structure__secteur"],
        [
            *_profil(_de_dossier),
            Colonne("valide_le", "Validé le", lambda p: p.valide_le, "valide_le", "date"),
        ],
        _dossier(),
    ),
    Convention: (
        ["ingenierie__operateur", "ingenierie__thematique", "prestataire"],
        _CONVENTION,
        [
            Colonne("reference", "Référence", lambda c: c.reference),
            Colonne("prestataire", "Prestataire", lambda c: _texte(c.prestataire)),
        ],
    ),
    Restitution: (
        [
            "mission__convention__ingenierie__operateur",
            "mission__convention__ingenierie__thematique",
        ],
        [
            Colonne(
                "operateur",
                "Opérateur",
                lambda r: _texte(r.mission.convention.ingenierie.operateur),
            ),
            Colonne("lancee_le", "Lancée le", lambda r: r.mission.lancee_le, "", "date"),
            Colonne("tenue_le", "Restituée le", lambda r: r.tenue_le, "tenue_le", "date"),
        ],
        [Colonne("reference", "Référence", lambda r: r.mission.convention.reference)],
    ),
    Enquete: (
        ["accompagnement__structure", "accompagnement__operateur"],
        _DOSSIER,
        [
            *_dossier(),
            Colonne("globale", "Satisfaction", lambda e: e.get_globale_display()),
        ],
    ),
    Objectif: (
        ["departement"],
        [
            Colonne("departement", "Département", lambda o: str(o.departement)),
            Colonne("annee", "Année", lambda o: o.annee),
            Colonne("valeur", "Objectif", lambda o: o.valeur, "valeur", "nombre"),
            Colonne("numero", "Version", lambda o: o.numero, "numero", "nombre"),
            Colonne("signe_le", "Signé le", lambda o: o.signe_le, "signe_le", "date"),
        ],
        [],
    ),
}


def liste_des_lignes(resultat, quoi, part=None):
    """Return the Liste class of the rows behind one number of a Resultat."""
    source = part or resultat
    quantite = source.denominateur if quoi == "denominateur" else source.numerateur
    relations, publiques, nominales = DESCRIPTIONS[quantite.lignes.model]
    libelle = f"{resultat.indicateur.libelle}{' — ' + part.libelle if part else ''}"

    class ListeLignes(Liste):
        titre = f"{resultat.indicateur.code} · {libelle}"
        phrase = f"{resultat.perimetre}, {resultat.annee}, {quoi}. {resultat.indicateur.definition}"
        nom_fichier = f"{resultat.indicateur.code}-{resultat.perimetre.code}-{resultat.annee}"
        vide = "Aucune ligne ne forme ce chiffre."
        cle = f"lignes-{quantite.lignes.model._meta.model_name}"
        singulier, pluriel = _mots(quantite.lignes.model)

        def base(self):
            lignes = quantite.lignes
            if lignes.model is Convention:
                lignes = populations.chiffrees(lignes)
            return lignes.select_related(*relations)

        @property
        def colonnes(self):
            if nominatif(self.request.user, quantite.lignes.model):
                return [*nominales, *publiques]
            return publiques

        def url_ligne(self, objet):
            return ""

    return ListeLignes


def _mots(modele):
    options = modele._meta
    return str(options.verbose_name), str(options.verbose_name_plural)
