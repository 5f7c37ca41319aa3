"""The pieces of a dossier that a person may read, told once for the page, the timeline and the zip.

A piece is a stored file of one of the threads of the dossier, or a document which the portal makes
from what it knows. Sealed files do not exist here; the diagnostic, and the cahier which still
quotes it, only for those who read them. The relevé of a comité is not one: it speaks of others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone

from accompagnements.consultations import documents as documents_consultation
from accompagnements.consultations.etats import Etat as EtatConsultation
from accompagnements.conventions import documents as documents_convention
from accompagnements.conventions.etats import Etat as EtatConvention
from accompagnements.conventions.etats import EtatAvenant
from accompagnements.diagnostics.documents import diagnostic_pdf
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.financements.inventaire import LIBELLES
from accompagnements.missions import documents as documents_mission
from accompagnements.missions.models import Alerte, NoteMiParcours
from accompagnements.parcours.etapes import ETAPES_DU_DOSSIER
from accompagnements.plans.documents import plan_pdf
from accompagnements.restitutions import documents as documents_restitution
from dla_portal.socle.fichiers import Fichier, lisible_par

# Stage of a stored file by its category; the others stand with the dossier itself.
ETAPE_DE = {
    "charte": "demande",
    "proposition": "consultation",
    **dict.fromkeys(documents_consultation.PROCES_VERBAUX.values(), "consultation"),
    "convention": "convention",
    "convention_scan": "convention",
    "convention_signee": "convention",
    "emargement": "mission",
    "rapport": "restitution",
    "compte_rendu_restitution": "restitution",
    "facture": "restitution",
}
TITRES = {"charte": "Charte d'engagement signée", **LIBELLES}


@dataclass(frozen=True)
class Piece:
    """One piece: a stored file, or a document to make (`faire` returns its bytes)."""

    etape: str
    titre: str
    le: datetime
    url: str
    auteur: str = "Portail"
    fichier: Fichier | None = None
    faire: Callable | None = None
    precision: str = ""  # what the document is about, beside its kind

    @property
    def nom(self):
        """Its own name: that of the file, or that of the document."""
        if self.fichier:
            return self.fichier.nom
        return " - ".join(filter(None, (self.titre, self.precision))) + ".pdf"

    @property
    def etape_libelle(self):
        return ETAPES_DU_DOSSIER[self.etape]

    @property
    def rang(self):
        """Order of the stages, then of time."""
        return (list(ETAPES_DU_DOSSIER).index(self.etape), self.le)


def inventaire(dossier, utilisateur):
    """Return the pieces of a `Dossier` that the user may read, stage by stage, oldest first."""
    stockes = _lisibles(dossier, utilisateur)
    pieces = [_stockee(fichier) for fichier in stockes]
    pieces += _du_diagnostic(dossier, utilisateur) + _du_plan(dossier)
    gardes = {fichier.pk for fichier in stockes}
    for piste in dossier.pistes:
        for consultation in piste.ingenierie.lues:
            pieces += _de_la_consultation(consultation, gardes)
        for convention in piste.ingenierie.vivantes:
            pieces += _de_la_convention(convention)
    pieces += _des_missions([piste.mission for piste in dossier.pistes if piste.mission], gardes)
    return sorted(pieces, key=lambda piece: piece.rang)


def _lisibles(dossier, utilisateur):
    """Stored files, the right asked once a thread: it never depends on the file within one."""
    fichiers = Fichier.objects.filter(fil__in=dossier.fils, scelle=False)
    fichiers = list(fichiers.select_related("depose_par"))
    par_fil = {fichier.fil: fichier for fichier in fichiers}
    ouverts = {fil for fil, fichier in par_fil.items() if lisible_par(utilisateur, fichier)}
    return [fichier for fichier in fichiers if fichier.fil in ouverts]


def _stockee(fichier):
    return Piece(
        etape=ETAPE_DE.get(fichier.categorie, "demande" if _du_debut(fichier) else "dossier"),
        titre=TITRES.get(fichier.categorie, fichier.categorie.capitalize() or "Pièce"),
        le=fichier.depose_le,
        url=reverse("socle:telecharger", args=[fichier.pk]),
        auteur=str(fichier.depose_par or "Portail"),
        fichier=fichier,
    )


def _du_debut(fichier):
    return fichier.fil.startswith("demande:")


def _produite(etape, titre, le, nom_url, objet, faire, precision=""):
    """A document made by the portal; a date alone stands at noon of its day."""
    if not isinstance(le, datetime):
        le = timezone.make_aware(datetime.combine(le, time(12)))
    url = reverse(f"accompagnements:{nom_url}", args=[objet.pk])
    return Piece(etape, titre, le, url, faire=faire, precision=precision)


def _du_diagnostic(dossier, utilisateur):
    """Once it is given to the structure to read; nothing for those who do not read it."""
    lisibles = Diagnostic.objects.visibles_par(utilisateur).filter(
        accompagnement=dossier.accompagnement, soumis_le__isnull=False
    )
    return [
        _produite(
            "diagnostic",
            "Diagnostic partagé",
            diagnostic.valide_le or diagnostic.soumis_le,
            "diagnostic_pdf",
            diagnostic,
            lambda diagnostic=diagnostic: diagnostic_pdf(diagnostic)[1],
        )
        for diagnostic in lisibles
        if dossier.diagnostic and diagnostic.pk == dossier.diagnostic.pk
    ]


def _du_plan(dossier):
    plan = dossier.plan
    if plan is None or plan.valide_le is None:
        return []

    def faire():
        return plan_pdf(plan)[1]

    titre = "Plan d'accompagnement"
    return [_produite("plan", titre, plan.valide_le, "plan_pdf", plan, faire, f"v{plan.numero}")]


def _de_la_consultation(consultation, gardes):
    """From the sending on: a cahier being written still quotes the diagnostic."""
    if consultation.etat == EtatConsultation.BROUILLON or consultation.publiee_le is None:
        return []
    reference = consultation.reference
    faits = [
        (
            "Cahier des charges",
            consultation.publiee_le,
            "cahier_pdf",
            documents_consultation.cahier_des_charges,
        )
    ]
    if consultation.ouverte_le:
        ouverte_le = consultation.ouverte_le
        comparaison = documents_consultation.comparaison_pdf
        faits.append(("Comparaison des propositions", ouverte_le, "comparaison_pdf", comparaison))
        if consultation.pv_ouverture_id not in gardes:
            faire = documents_consultation.pv_d_ouverture
            faits.append(("Procès-verbal d'ouverture", ouverte_le, "ouverture_pdf", faire))
    if consultation.choix_le and consultation.pv_choix_id not in gardes:
        faire = documents_consultation.pv_de_choix
        faits.append(("Procès-verbal de choix", consultation.choix_le, "pv_pdf", faire))
    return [
        _produite(
            "consultation",
            titre,
            le,
            nom_url,
            consultation,
            lambda faire=faire: faire(consultation),
            reference,
        )
        for titre, le, nom_url, faire in faits
    ]


def _de_la_convention(convention):
    """What is signed is stored; it is made again only when it comes from before the portal."""
    actes = [("Convention tripartite", "convention_pdf", convention)]
    actes += [
        (f"Avenant n° {avenant.numero}", "avenant_pdf", avenant)
        for avenant in convention.avenants.all()
        if avenant.etat == EtatAvenant.SIGNE
    ]
    return [
        _produite(
            "convention",
            titre,
            acte.signee_le or acte.envoyee_le,
            nom_url,
            acte,
            lambda acte=acte: documents_convention.de(acte),
            acte.reference,
        )
        for titre, nom_url, acte in actes
        if acte.document_id is None
        and (acte.signee_le or acte.envoyee_le)
        and acte.etat not in (EtatConvention.BROUILLON, EtatConvention.ABANDONNEE)
        and (acte is not convention or convention.proposition_id)
    ]


def _des_missions(missions, gardes):
    """Launch, mid-term notes, decisions, restitution: the portal keeps the words."""
    pieces = []
    for mission in missions:
        reference = mission.convention.reference
        if mission.lancee_le:
            pieces.append(
                _produite(
                    "mission",
                    "Compte rendu de lancement",
                    mission.lancee_le,
                    "mission_lancement_pdf",
                    mission,
                    lambda mission=mission: documents_mission.lancement(mission),
                    reference,
                )
            )
        restitution = getattr(mission, "restitution", None)
        if restitution and restitution.tenue_le and restitution.compte_rendu_id not in gardes:
            pieces.append(
                _produite(
                    "restitution",
                    "Compte rendu de restitution",
                    restitution.tenue_le,
                    "restitution_compte_rendu_pdf",
                    restitution,
                    lambda restitution=restitution: documents_restitution.compte_rendu(restitution),
                    reference,
                )
            )
    return pieces + _notes_et_decisions(missions)


def _notes_et_decisions(missions):
    """All the missions at once: the count of queries does not follow theirs."""
    if not missions:
        return []
    lien = "mission__convention__ingenierie__operateur"
    notes = NoteMiParcours.objects.filter(mission__in=missions).select_related(lien)
    alertes = Alerte.objects.filter(mission__in=missions).exclude(decision="").select_related(lien)
    pieces = [
        _produite(
            "mission",
            "Note à mi-parcours",
            note.recue_le,
            "mission",
            note.mission,
            lambda note=note: documents_mission.note(note),
            f"{note.mission.convention.reference} {note.recue_le:%Y-%m-%d}",
        )
        for note in notes
    ]
    return pieces + [
        _produite(
            "mission",
            "Fiche de décision",
            alerte.decidee_le,
            "mission",
            alerte.mission,
            lambda alerte=alerte: documents_mission.decision(alerte),
            f"{alerte.mission.convention.reference} {alerte.decidee_le:%Y-%m-%d}",
        )
        for alerte in alertes
    ]
