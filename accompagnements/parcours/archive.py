"""The complete dossier as one zip: its pieces in a folder a stage, two indexes, what is missing.

One file is in memory at a time, by blocks when it is stored; the zip grows in a temporary file.
What the index says of a file (size, SHA-256) is taken from the very bytes that were written.
"""

import csv
import hashlib
import io
import tempfile
import zipfile
from dataclasses import dataclass

from django.template.loader import render_to_string

from accompagnements.demandes.commentaires import CommentaireDossier, Portee
from accompagnements.financements.inventaire import nom_inerte
from accompagnements.parcours.etapes import ETAPES_DU_DOSSIER
from accompagnements.parcours.inventaire import inventaire
from dla_portal.comptes.droits import exiger
from dla_portal.socle import exports, horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import exiger_aucun_manque
from dla_portal.socle.templatetags.portail import date_courte

TAILLE_MAX = 500 * 1024 * 1024  # bytes of stored files in one zip
INDEX_CSV, INDEX_HTML = "index.csv", "index.html"
INTERNES = "INTERNE - Commentaires de l'équipe - ne pas transmettre.txt"
PARTAGES = "Commentaires partagés.txt"
PRESENT, ABSENT, MANQUE, A_VENIR = "présent", "absent du stockage", "manque", "étape à venir"
ENTETES = [
    "Étape",
    "Document",
    "Fichier",
    "État",
    "Origine",
    "Date",
    "Déposé par",
    "Octets",
    "SHA-256",
]


@dataclass
class Entree:
    """One line of the index: a file written in the zip, or what is not there."""

    etape: str
    titre: str
    nom: str = ""
    presence: str = PRESENT
    origine: str = ""
    le: object = None
    auteur: str = ""
    taille: int = 0
    sha256: str = ""

    @property
    def etape_libelle(self):
        return ETAPES_DU_DOSSIER[self.etape]

    @property
    def ecrite(self):
        """Its bytes are in the zip."""
        return bool(self.nom) and self.presence != ABSENT

    def cellules(self):
        return [
            self.etape_libelle,
            self.titre,
            self.nom,
            self.presence,
            self.origine,
            self.le,
            self.auteur,
            self.taille if self.ecrite else "",
            self.sha256,
        ]


def noms(pieces):
    """Return [(piece, its name in the zip)]: a folder a stage, a number, inert words."""
    rangs = {}
    nommees = []
    for piece in pieces:
        rangs[piece.etape] = rang = rangs.get(piece.etape, 0) + 1
        place = list(ETAPES_DU_DOSSIER).index(piece.etape)
        dossier = f"{place} - {nom_inerte(ETAPES_DU_DOSSIER[piece.etape])}"
        debut = f"{piece.titre} - " if piece.fichier else ""
        nommees.append((piece, f"{dossier}/{rang:02d} - {nom_inerte(f'{debut}{piece.nom}')}"))
    return nommees


def manques_de_l_archive(pieces):
    """The whole stays within what a browser can download at once."""
    total = sum(piece.fichier.taille for piece in pieces if piece.fichier)
    if total <= TAILLE_MAX:
        return []
    mebi = 1024 * 1024
    return [
        f"Les pièces pèsent {total // mebi} Mo : au-delà de {TAILLE_MAX // mebi} Mo, "
        "téléchargez-les une à une depuis la page du dossier."
    ]


def manquantes(dossier, pieces, lit_le_diagnostic):
    """Return the lines of what the dossier lacks at the stages that it has reached, or has ahead."""
    presentes = {(piece.etape, piece.titre) for piece in pieces}
    titres = {titre for _, titre in presentes}

    def attendue(etape, titre, atteinte, *autres):
        if titres & {titre, *autres}:
            return []
        return [Entree(etape, titre, presence=MANQUE if atteinte else A_VENIR)]

    lignes = attendue("demande", "Charte d'engagement signée", True)
    if lit_le_diagnostic or dossier.diagnostic is None:
        soumis = dossier.diagnostic is not None and dossier.diagnostic.soumis_le is not None
        lignes += attendue("diagnostic", "Diagnostic partagé", soumis)
    else:
        reserve = "réservé à l'équipe d'accompagnement"
        lignes.append(Entree("diagnostic", "Diagnostic partagé", presence=reserve))
    lignes += attendue(
        "plan", "Plan d'accompagnement", bool(dossier.plan and dossier.plan.valide_le)
    )
    for piste in dossier.pistes:
        lignes += _manquantes_de(piste, pieces, several=len(dossier.pistes) > 1)
    return lignes


def _manquantes_de(piste, pieces, *, several):
    """What lacks in one engineering, named when the dossier has several."""
    fil, reference = piste.ingenierie.fil, piste.ingenierie.reference
    consultation, convention = piste.consultation, piste.convention
    mission, restitution = piste.mission, piste.restitution
    objets = {getattr(objet, "reference", None) for objet in (consultation, convention)} - {None}
    siennes = {
        piece.titre
        for piece in pieces
        if (piece.fichier and piece.fichier.fil == fil) or piece.precision.split(" ")[0] in objets
    }
    signee = bool(convention and convention.signee_le)
    attendues = [
        ("consultation", "Cahier des charges", bool(consultation and consultation.publiee_le)),
        (
            "consultation",
            "Procès-verbal d'ouverture",
            bool(consultation and consultation.ouverte_le),
        ),
        ("consultation", "Procès-verbal de choix", bool(consultation and consultation.choix_le)),
        ("convention", "Convention signée", signee),
        ("mission", "Compte rendu de lancement", bool(mission and mission.lancee_le)),
        ("mission", "Feuille d'émargement", bool(mission)),
        ("restitution", "Rapport final", restitution is not None),
        ("restitution", "Compte rendu de restitution", bool(restitution and restitution.tenue_le)),
        ("restitution", "Facture", bool(restitution and restitution.tenue_le)),
    ]
    equivalents = {"Convention signée": {"Convention signée, numérisée"}}
    suite = f" ({reference})" if several else ""
    return [
        Entree(etape, f"{titre}{suite}", presence=MANQUE if atteinte else A_VENIR)
        for etape, titre, atteinte in attendues
        if not siennes & {titre, *equivalents.get(titre, ())}
    ]


def archive(dossier, *, par, droit, lit_le_diagnostic, avec_internes=False):
    """Return the zip as an open temporary file, at its beginning; the caller closes it.

    `droit` is the answer to "does this person follow the dossier?". The download is logged.
    Raises Manques when the files are too heavy together.
    """
    exiger(droit)
    pieces = inventaire(dossier, par)
    exiger_aucun_manque(manques_de_l_archive(pieces))
    flux = tempfile.TemporaryFile()  # noqa: SIM115 (handed over to the answer, which closes it)
    try:
        with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as zip_:
            entrees = [_ecrire(zip_, piece, nom) for piece, nom in noms(pieces)]
            comptees = sum(entree.ecrite for entree in entrees)
            entrees += _commentaires(zip_, dossier, par, avec_internes)
            entrees += manquantes(dossier, pieces, lit_le_diagnostic)
            zip_.writestr(INDEX_CSV, index_csv(entrees))
            zip_.writestr(INDEX_HTML, _index_html(dossier, par, entrees, avec_internes))
    except BaseException:
        flux.close()
        raise
    _noter(dossier.accompagnement, par, comptees, avec_internes)
    flux.seek(0)
    return flux


def _noter(accompagnement, par, combien, avec_internes):
    suite = ", avec les commentaires internes" if avec_internes else ""
    libelle = f"Dossier complet téléchargé : {combien} pièce{'s' if combien > 1 else ''}{suite}"
    journaliser(accompagnement, libelle, par=par, nom="telechargement")


def _ecrire(zip_, piece, nom):
    """Write one piece; a stored file whose bytes are gone is said in the index, not hidden."""
    entree = Entree(
        etape=piece.etape,
        titre=piece.titre,
        nom=nom,
        origine="déposé" if piece.fichier else "établi par le portail",
        le=piece.le,
        auteur=piece.auteur,
    )
    try:
        blocs = _blocs(piece)
        premier = next(blocs, b"")
    except OSError:
        entree.presence, entree.sha256 = ABSENT, piece.fichier.sha256 if piece.fichier else ""
        return entree
    empreinte = hashlib.sha256()
    with zip_.open(nom, "w", force_zip64=True) as sortie:
        bloc = premier
        while bloc:
            empreinte.update(bloc)
            entree.taille += len(bloc)
            sortie.write(bloc)
            bloc = next(blocs, b"")
    entree.sha256 = empreinte.hexdigest()
    if piece.fichier and entree.sha256 != piece.fichier.sha256:
        entree.presence = f"altéré : son empreinte au dépôt était {piece.fichier.sha256}"
    return entree


def _blocs(piece):
    """The bytes of a piece: by blocks from the storage, at once when the portal makes it."""
    if piece.fichier is None:
        yield piece.faire()
        return
    with piece.fichier.contenu.open("rb") as flux:
        yield from flux.chunks()


def _commentaires(zip_, dossier, par, avec_internes):
    """The comments as texts, each kind in its own file; the internal ones only when asked."""
    lus = list(
        CommentaireDossier.objects.visibles_par(par)
        .filter(accompagnement=dossier.accompagnement, retire_le=None)
        .select_related("auteur")
        .order_by("cree_le", "pk")
    )
    fichiers = [(PARTAGES, "Commentaires partagés", Portee.PARTAGE)]
    if avec_internes:
        fichiers.append((INTERNES, "Commentaires internes", Portee.INTERNE))
    entrees = []
    for nom, titre, portee in fichiers:
        siens = [commentaire for commentaire in lus if commentaire.portee == portee]
        if not siens:
            continue
        octets = "\n\n".join(_en_texte(c) for c in siens).encode("utf-8-sig")
        zip_.writestr(nom, octets)
        entrees.append(
            Entree(
                "dossier",
                titre,
                nom,
                origine="établi par le portail",
                le=horloge.maintenant(),
                auteur="Portail",
                taille=len(octets),
                sha256=hashlib.sha256(octets).hexdigest(),
            )
        )
    return entrees


def _en_texte(commentaire):
    corrige = (
        f", corrigé le {date_courte(commentaire.corrige_le)}" if commentaire.corrige_le else ""
    )
    return (
        f"{date_courte(commentaire.cree_le)} · {commentaire.auteur}{corrige}\n{commentaire.texte}"
    )


def index_csv(entrees):
    """Return the bytes of the index as French spreadsheets open it (UTF-8 with its mark, « ; »)."""
    tampon = io.StringIO()
    ecrivain = csv.writer(tampon, delimiter=";")
    ecrivain.writerow(ENTETES)
    for entree in entrees:
        ecrivain.writerow([exports.inerte(cellule) for cellule in entree.cellules()])
    return tampon.getvalue().encode("utf-8-sig")


def _index_html(dossier, par, entrees, avec_internes):
    """The same lines to be read in a browser, each file one click away."""
    ecrites = [entree for entree in entrees if entree.nom]
    return render_to_string(
        "accompagnements/parcours/index_du_dossier.html",
        {
            "accompagnement": dossier.accompagnement,
            "entrees": ecrites,
            "manquantes": [entree for entree in entrees if not entree.nom],
            "par": par,
            "le": horloge.maintenant(),
            "avec_internes": avec_internes,
            "absent": ABSENT,
        },
    )
