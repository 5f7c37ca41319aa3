"""What a controller of the service fait looks for in a mission, and what is not there.

A point is there when its piece is in the zip; a fact which no document holds is read on the sheet
« Mission » of the index, and the index is then its piece.
"""

from dataclasses import dataclass

from accompagnements.consultations.models import Proposition
from accompagnements.conventions.etats import EtatAvenant
from accompagnements.financements.inventaire import INDEX, fichiers, garde, vigilances
from accompagnements.financements.models import Repartition
from accompagnements.financements.regles import avertissements_de_l_europe
from accompagnements.restitutions.etats import EtatFacture
from dla_portal.socle.templatetags.portail import date_courte
from prestataires.regles import VIGILANCE_SEUIL_HT, manques_fiche

HORS_PORTAIL = "à joindre : le portail ne la garde pas"
ABSENTE = "pièce absente du dossier"
FEUILLE = f"{INDEX}, feuille « Mission »"


@dataclass(frozen=True)
class Point:
    """One thing looked for; `detail` says what is known of it, `piece` where it is in the zip."""

    libelle: str
    present: bool
    detail: str = ""
    piece: str = ""


def controle(mission, pieces):
    """Return the points of the checklist, in the order of the chain.

    `pieces`: key → name in the zip of each entry that can be read (see `inventaire`).
    """
    return [
        *_concurrence(mission, pieces),
        *_convention(mission.convention, pieces),
        *_realisation(mission, pieces),
        *_restitution(mission, pieces),
        *_factures(mission, pieces),
        Point("RIB du prestataire", False, HORS_PORTAIL),
    ]


def _point(pieces, libelle, cles, detail="", fait=True):
    """A point proved by every piece of `cles`, provided that the thing is done (`fait`)."""
    noms = [pieces[cle] for cle in cles if cle in pieces]
    tout = bool(cles) and len(noms) == len(cles)
    if fait and not tout:
        detail = f"{detail} ; {ABSENTE}" if detail else ABSENTE
    return Point(libelle, fait and tout, detail, " ; ".join(noms))


def _fait(libelle, fait, detail=""):
    """A fact that no document holds: it is on the sheet of the index."""
    return Point(libelle, fait, detail, FEUILLE if fait else "")


def _concurrence(mission, pieces):
    """Competition: asked of whom, answered by whom, chosen how."""
    consultation = mission.convention.consultation
    if consultation is None:
        return [Point("Mise en concurrence", False, "convention reprise d'une année passée")]
    stockes = fichiers(mission)

    def cle(categorie):
        exemplaire = garde(stockes, categorie, consultation)
        return exemplaire.pk if exemplaire else categorie

    cahier = consultation.cahier
    valide = bool(cahier.valide_le) and not cahier.accord_a_recueillir
    libelle = "Cahier des charges validé par la structure"
    en_mots = cahier.validation_en_mots or "non validé"
    return [
        _point(pieces, libelle, [cle("cahier")], en_mots, valide),
        *_reponses(consultation, pieces, cle("pv_ouverture")),
        *_choix(consultation, pieces, cle("comparaison"), cle("pv_choix")),
    ]


def _reponses(consultation, pieces, ouverture):
    """Who was asked and who answered: the minutes of the opening name them all."""
    sollicites = consultation.sollicitations.count()
    recues = list(Proposition.objects.filter(consultation=consultation))
    jointes = [p.fichier_id for p in recues if p.fichier_id]
    combien = f"{len(recues)} reçues, {len(jointes)} avec un fichier"
    demandes, ouverte = f"{sollicites} sollicités", consultation.ouverte_le is not None
    quand = "" if ouverte else "les propositions ne sont pas ouvertes"
    return [
        _point(pieces, "Prestataires sollicités", [ouverture], demandes, sollicites > 0),
        _point(pieces, "Propositions reçues", jointes or [ouverture], combien, bool(recues)),
        _point(pieces, "Procès-verbal d'ouverture", [ouverture], quand, ouverte),
    ]


def _choix(consultation, pieces, comparaison, choix):
    ouverte, choisi = consultation.ouverte_le is not None, consultation.choix_le is not None
    quand = f"choix du {date_courte(consultation.choix_le)}"
    return [
        _point(pieces, "Comparaison des propositions", [comparaison], fait=ouverte),
        _point(pieces, "Procès-verbal de choix", [choix], quand, choisi),
    ]


def _convention(convention, pieces):
    prestataire = convention.prestataire
    fiche = manques_fiche(prestataire) if prestataire else ["Le prestataire n'est pas connu."]
    repartition = Repartition.objects.filter(convention=convention).first()
    signee = _signe(pieces, "Convention signée par toutes les parties", convention)
    avenants = convention.avenants.filter(etat=EtatAvenant.SIGNE).order_by("numero")
    return [
        signee,
        *[_signe(pieces, f"Avenant n° {a.numero} signé", a) for a in avenants],
        _fait("Fiche du prestataire complète", not fiche, " ".join(fiche)),
        *_vigilance(convention, pieces),
        _cout(convention, repartition),
    ]


def _cout(convention, repartition):
    """Split as a whole and, for a convention cofinanced by the FSE+, partly on its money."""
    libelle = "Coût réparti entre les financeurs"
    if repartition is None:
        return _fait(libelle, False, "le coût n'est pas réparti")
    if not repartition.a_jour:
        return _fait(libelle, False, "le coût a changé depuis la répartition")
    parts = repartition.imputations.select_related("enveloppe__financeur")
    manques = avertissements_de_l_europe(convention, [part.enveloppe for part in parts])
    return _fait(libelle, not manques, " ".join(manques))


def _signe(pieces, libelle, acte):
    """The final file with its evidence or, failing that, the scans signed by each party."""
    scans = [signature.scan_id for signature in acte.signatures.all()]
    cles = [acte.preuve_id] if acte.preuve_id else scans
    return _point(pieces, libelle, cles, date_courte(acte.signee_le), acte.signee_le is not None)


def _vigilance(convention, pieces):
    """From 5 000 € HT: the attestation in force at the signature, then at each payment."""
    if convention.montant_ht_effectif < VIGILANCE_SEUIL_HT:
        libelle = "Attestation de vigilance (à partir de 5 000 € HT)"
        return [_fait(libelle, True, "non exigée pour cette mission")]
    points = []
    for occasion, jour, attestation in vigilances(convention):
        libelle = f"Attestation de vigilance {occasion} ({date_courte(jour)})"
        detail = "aucun document du registre ne couvre ce jour"
        if attestation:
            detail = f"valable jusqu'au {date_courte(attestation.valable_jusquau)}"
        cles = [attestation.fichier_id] if attestation else []
        points.append(_point(pieces, libelle, cles, detail, attestation is not None))
    return points or [Point("Attestation de vigilance", False, "le prestataire n'est pas connu")]


def _realisation(mission, pieces):
    notes = mission.notes.order_by("recue_le", "pk")
    decidees = mission.alertes.exclude(decision="").order_by("decidee_le", "pk")
    return [
        _point(
            pieces,
            "Compte rendu de la réunion de lancement",
            ["lancement"],
            date_courte(mission.lancee_le),
            mission.lancee_le is not None,
        ),
        _point(
            pieces,
            "Note à mi-parcours",
            [f"note:{note.pk}" for note in notes],
            " ; ".join(date_courte(note.recue_le) for note in notes) or "aucune note reçue",
            bool(notes),
        ),
        *[
            _point(
                pieces,
                f"Fiche de décision du {date_courte(alerte.decidee_le)}",
                [f"decision:{alerte.pk}"],
                alerte.get_decision_display(),
            )
            for alerte in decidees
        ],
        _emargements(mission, pieces),
    ]


def _emargements(mission, pieces):
    """One signed sheet for each intervention of the journal, those withdrawn left out."""
    libelle = "Feuilles d'émargement"
    journees = list(mission.journees.inscrites().order_by("le", "pk"))
    if not journees:
        return Point(libelle, False, "aucune intervention au journal")
    jointes = [j.feuille_id for j in journees if j.feuille_id in pieces]
    sans = [date_courte(j.le) for j in journees if j.feuille_id not in pieces]
    detail = f"{len(jointes)} sur {len(journees)}"
    if sans:
        detail += f" ; manque celle du {sans[0]}" if len(sans) == 1 else ""
        detail += f" ; manquent celles des {', '.join(sans)}" if len(sans) > 1 else ""
    noms = " ; ".join(pieces[cle] for cle in dict.fromkeys(jointes))
    return Point(libelle, not sans, detail, noms)


def _restitution(mission, pieces):
    restitution = getattr(mission, "restitution", None)
    if restitution is None:
        return [
            Point("Rapport final (fichier)", False, "aucun rapport reçu"),
            Point("Rapport déclaré conforme", False),
            Point("Compte rendu de la restitution", False, "la restitution n'est pas tenue"),
        ]
    rapport = [restitution.rapport_id] if restitution.rapport_id else []
    tenue = restitution.tenue_le is not None
    return [
        _point(
            pieces,
            "Rapport final (fichier)",
            rapport,
            "" if rapport else "aucun fichier déposé",
            bool(rapport),
        ),
        _fait("Rapport déclaré conforme", restitution.rapport_conforme),
        _point(
            pieces,
            "Compte rendu de la restitution",
            [restitution.compte_rendu_id or "compte_rendu"],
            date_courte(restitution.tenue_le) if tenue else "la restitution n'est pas tenue",
            tenue,
        ),
    ]


def _factures(mission, pieces):
    """Each invoice: its file, its service fait, its payment and the proof of it."""
    factures = mission.factures.exclude(etat=EtatFacture.REJETEE).order_by("pk")
    points = []
    for facture in factures:
        nom = f"Facture {facture.numero}"
        fichier = [facture.fichier_id] if facture.fichier_id else []
        detail = "" if fichier else "aucun fichier déposé"
        payee = f"{date_courte(facture.payee_le)} {facture.paiement_reference}".strip()
        points += [
            _point(pieces, f"{nom} : fichier", fichier, detail, bool(fichier)),
            _fait(
                f"{nom} : service fait",
                facture.certifiee_le is not None,
                date_courte(facture.certifiee_le),
            ),
            _fait(f"{nom} : paiement", facture.payee_le is not None, payee),
        ]
    if not points:
        return [Point("Factures", False, "aucune facture enregistrée")]
    return [*points, Point("Relevé bancaire prouvant l'acquittement", False, HORS_PORTAIL)]
