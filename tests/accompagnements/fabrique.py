"""Objects of the chain in a given state, reached by replaying the real transitions.

Every dossier starts `jours` days ago (120 by default) and each gesture happens on its own past
day, so that the next stage still has room before today. Functions take keyword arguments only
past the state; what is not given is found or made.
"""

from datetime import timedelta
from itertools import count

from accompagnements.comites import transitions as comites
from accompagnements.comites.models import Seance
from accompagnements.demandes import commenter, reception
from accompagnements.demandes import transitions as demandes
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.models import Demande
from accompagnements.demandes.partenaires import Partenaire
from accompagnements.diagnostics import relire
from accompagnements.diagnostics import transitions as diagnostics
from accompagnements.plans import transitions as plans
from accompagnements.plans.models import Action
from accompagnements.structures.models import (
    Contact,
    DonneesAnnuelles,
    Signalement,
    Structure,
)
from dla_portal.comptes import roles, suppleer
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import Commune, Departement, Mandat, OperateurDLA, Region

JOURS = 120  # days between the request and today
_rang = count(1)

RUBRIQUES = {
    "activites": "Ateliers de réemploi ouverts à tous",
    "economie": "Deux tiers de ventes, un tiers de subventions",
    "forces": "Une équipe stable",
    "faiblesses": "Une trésorerie fragile",
    "problematique": "Trouver un modèle économique durable",
    "effectif": 8,
}
PERSONNE = {"nom": "Dominique Essai", "fonction": "La présidence"}
AXE = {
    "domaine": "economie",
    "forces": "Des ventes régulières",
    "enjeu": "Connaître le coût de chaque activité",
    "priorite": 1,
}
PRECONISATION = {
    "texte": "Une ingénierie individuelle sur le modèle économique",
    "genre": "ING_IND",
    "delai": 6,
}


def ilya(jours):
    """Freeze the clock at ten o'clock, `jours` days ago: `with ilya(30): …`."""
    quand = horloge.maintenant().replace(hour=10, minute=0, second=0, microsecond=0)
    return horloge.voyage(quand - timedelta(days=jours))


def un_departement(code="13", nom="Bouches-du-Rhône"):
    region, _ = Region.objects.get_or_create(code="93", defaults={"nom": "Provence"})
    departement, _ = Departement.objects.get_or_create(
        code=code, defaults={"nom": nom, "region": region}
    )
    return departement


def une_commune(nom="Aubagne", code="13005", codes_postaux="13400", departement=None):
    departement = departement or un_departement()
    commune, _ = Commune.objects.get_or_create(
        code=code,
        defaults={"nom": nom, "codes_postaux": codes_postaux, "departement": departement},
    )
    return commune


def un_operateur(nom="Fabrique Treize", departement=None):
    """The operator of a department, its mandate in force since three years."""
    departement = departement or un_departement()
    operateur, cree = OperateurDLA.objects.get_or_create(
        nom=nom, defaults={"region": departement.region}
    )
    if cree:
        debut = horloge.aujourdhui() - timedelta(days=3 * 365)
        Mandat.objects.create(operateur=operateur, departement=departement, debut=debut)
    return operateur


def une_personne(role, **portee):
    """A user holding one role since three years; the scope is that of the Rattachement."""
    rang = next(_rang)
    personne = Utilisateur.objects.create_user(
        f"{role}{rang}@essai.example", "mot de passe d'essai", prenom="Camille", nom=f"Essai{rang}"
    )
    debut = horloge.aujourdhui() - timedelta(days=3 * 365)
    Rattachement.objects.create(utilisateur=personne, role=role, debut=debut, **portee)
    return personne


def un_charge(operateur=None):
    """The chargé de mission of an operator, found or made."""
    operateur = operateur or un_operateur()
    rattachements = Rattachement.objects.filter(operateur=operateur, role=roles.ChargeMission.code)
    premier = rattachements.order_by("pk").first()
    if premier:
        return premier.utilisateur
    return une_personne(roles.ChargeMission.code, operateur=operateur)


def une_suppleance(absent, suppleant=None, jours=5):
    """A suppléance of some days from today on, by a colleague found or made."""
    operateur = absent.rattachement.operateur
    suppleant = suppleant or une_personne(roles.ChargeMission.code, operateur=operateur)
    du = horloge.aujourdhui()
    return suppleer.poser(
        operateur.pk,
        par=absent,
        absent=absent,
        suppleant=suppleant,
        du=du,
        au=du + timedelta(days=jours),
    )


def un_terme(liste):
    """The first term of a nomenclature."""
    return Terme.objects.de(liste).first()


def une_structure(commune=None, **champs):
    """A structure with a contact and its figures of last year."""
    rang = next(_rang)
    commune = commune or une_commune()
    champs.setdefault("nom", f"Les Ateliers n° {rang}")
    champs.setdefault("email", f"structure{rang}@essai.example")
    champs.setdefault("secteur", un_terme("secteur"))
    champs.setdefault("famille", Structure.Famille.ASSOCIATION)
    structure = Structure.objects.create(commune=commune, **champs)
    Contact.objects.create(
        structure=structure, nom="Dominique Essai", fonction="Présidence", email=structure.email
    )
    DonneesAnnuelles.objects.create(
        structure=structure, annee=horloge.aujourdhui().year - 1, effectif=8, cdi=6
    )
    return structure


def un_signalement(structure, auteur, **champs):
    """A difficulty noticed in a structure, a month ago."""
    champs.setdefault("nature", Signalement.Nature.TRESORERIE)
    champs.setdefault("constate_le", horloge.aujourdhui() - timedelta(days=30))
    return Signalement.objects.create(structure=structure, auteur=auteur, **champs)


def une_demande(etat="accueillie", *, operateur=None, charge=None, structure=None, jours=JOURS):
    """A demande `nouvelle`, `accueil_planifie`, `accueillie`, `en_attente`, `diagnostic_ouvert`,
    `reorientee`, `non_eligible` or `sans_suite`."""
    operateur = operateur or un_operateur()
    charge = charge or un_charge(operateur)
    structure = structure or une_structure()
    with ilya(jours):
        demande = demandes.enregistrer(
            Demande(
                structure=structure,
                operateur=operateur,
                departement=operateur.departements_couverts().first(),
                objet="Consolider notre modèle économique",
                recue_le=horloge.aujourdhui(),
            ),
            par=charge,
        )
    if etat == "nouvelle":
        return demande
    with ilya(jours - 2):
        accueil = horloge.aujourdhui() + timedelta(days=6)
        demandes.planifier_accueil(demande, par=charge, accueil_prevu_le=accueil)
    if etat == "accueil_planifie":
        return demande
    with ilya(jours - 8):
        demandes.accueillir(
            demande,
            par=charge,
            accueil_le=horloge.aujourdhui(),
            critere_existe=True,
            critere_statut=True,
            critere_emploi=True,
            critere_volonte=True,
        )
    if etat == "accueillie":
        return demande
    with ilya(jours - 9):
        _issue_de_demande(demande, etat, charge)
    return demande


def _issue_de_demande(demande, etat, charge):
    if etat == "en_attente":
        demandes.mettre_en_attente(demande, par=charge, motif="Plan de charge")
    elif etat == "diagnostic_ouvert":
        demandes.ouvrir(demande, par=charge)
    elif etat == "reorientee":
        demandes.orienter(
            demande, par=charge, motif="Besoin de formation", orientation=un_terme("orientation")
        )
    elif etat == "non_eligible":
        demandes.refuser(demande, par=charge, motif="Projet en création")
    elif etat == "sans_suite":
        demandes.classer(demande, par=charge, motif="Sans nouvelles de la structure")
    else:
        raise ValueError(etat)


def un_accompagnement(etat="ouvert", **origine):
    """A dossier `ouvert`, `clos` or `abandonne`; `origine` goes to `une_demande`."""
    dossier = une_demande("diagnostic_ouvert", **origine).accompagnement
    if etat != "ouvert":
        geste = {"clos": demandes.clore, "abandonne": demandes.abandonner}[etat]
        with ilya(origine.get("jours", JOURS) - 10):
            geste(dossier, par=dossier.charge, motif="La structure renonce")
    return dossier


def un_commentaire(dossier=None, *, par=None, portee="interne", texte="Un mot", prevenir=()):
    """A comment of the chargé of a dossier, internal unless told otherwise."""
    dossier = dossier or un_accompagnement()
    return commenter.commenter(
        dossier, par=par or dossier.charge, texte=texte, portee=portee, prevenir=prevenir
    )


def un_lecteur():
    """The CRDLA who reads the diagnostics, found or made."""
    lecteurs = Rattachement.objects.filter(role=roles.Crdla.code).order_by("pk")
    premier = lecteurs.first()
    return premier.utilisateur if premier else une_personne(roles.Crdla.code)


def un_diagnostic(etat="valide", *, accompagnement=None, jours=JOURS, **origine):
    """A diagnostic `en_cours`, `en_relecture`, `soumis`, `valide`, `sans_plan` or `abandonne`, fully written.

    Validated 40 days after the request; `origine` goes to `une_demande`.
    """
    dossier = accompagnement or un_accompagnement(jours=jours, **origine)
    charge = dossier.charge
    with ilya(jours - 15):
        diagnostic = diagnostics.commencer(
            dossier, par=charge, entretien_le=horloge.aujourdhui(), **RUBRIQUES
        )
        diagnostic.rencontres.create(**PERSONNE)
        diagnostic.lignes_axes.create(**AXE)
        diagnostic.lignes_preconisations.create(**PRECONISATION)
    if etat == "abandonne":
        return diagnostics.abandonner(diagnostic, par=charge, motif="La structure renonce")
    if etat == "en_relecture":
        with ilya(jours - 25):
            return relire.demander(diagnostic, par=charge, lecteur=un_lecteur())
    if etat != "en_cours":
        with ilya(jours - 30):
            diagnostics.soumettre(diagnostic, par=charge)
    if etat in ("valide", "sans_plan"):
        with ilya(jours - 40):
            diagnostics.valider(
                diagnostic, par=charge, valide_le=horloge.aujourdhui(), organe="Bureau"
            )
    if etat == "sans_plan":
        diagnostics.clore_sans_plan(diagnostic, par=charge, motif="Conseils suffisants")
    return diagnostic


def une_action(plan, genre="ING_IND", **champs):
    """Add an action to a plan being prepared; an engineering is fully described."""
    champs.setdefault("intitule", "Consolider le modèle économique")
    if genre.startswith("ING"):
        champs.setdefault("thematique", un_terme("thematique"))
        champs.setdefault("jours_prevus", 5)
        champs.setdefault("montant_prevu", 5500)
    action = Action(plan=plan, genre=genre, **champs)
    return plans.ajouter_action(action, par=plan.accompagnement.charge)


def un_plan(etat="valide", *, genres=("ING_IND",), accompagnement=None, jours=JOURS, **origine):
    """A plan `brouillon`, `partage`, `valide`, `clos` or `abandonne`, with one action of each of `genres`.

    Agreed to 50 days after the request; `origine` goes to `une_demande`.
    """
    dossier = accompagnement or un_diagnostic(jours=jours, **origine).accompagnement
    charge = dossier.charge
    with ilya(jours - 42):
        plan = plans.preparer(dossier, par=charge)
        for genre in genres:
            une_action(plan, genre)
    if etat == "abandonne":
        return plans.abandonner(plan, par=charge, motif="La structure renonce")
    if etat == "partage":
        with ilya(jours - 46):
            return plans.soumettre(plan, par=charge)
    if etat in ("valide", "clos"):
        with ilya(jours - 50):
            plans.valider(
                plan, par=charge, valide_le=horloge.aujourdhui(), accord_de="La présidence"
            )
    if etat == "clos":
        for action in plan.actions.all():
            action.statut = "realisee"
            action.save()
        plans.clore(plan, par=charge)
    return plan


def une_ingenierie(genre="ING_IND", **origine):
    """The engineering of a plan just agreed to; `origine` goes to `un_plan`."""
    return un_plan(genres=(genre,), **origine).actions.get().ingenierie


def une_seance(etat="planifiee", *, operateur=None, membres=(), jours=2, **champs):
    """A séance `planifiee`, `tenue` or `annulee`, set `jours` days ago (negative: to come)."""
    operateur = operateur or un_operateur()
    charge = un_charge(operateur)
    quand = horloge.maintenant() - timedelta(days=jours)
    with ilya(max(jours, 0) + 20):
        seance = comites.planifier(
            Seance(operateur=operateur, quand=quand, lieu="Salle des partenaires", **champs),
            par=charge,
            membres=membres,
        )
    if etat == "tenue":
        comites.tenir(seance, par=charge, presents="Tous")
    elif etat == "annulee":
        comites.annuler(seance, par=charge, motif="Quorum impossible")
    return seance


def un_passage(etat="inscrit", *, seance=None, accompagnement=None, membres=()):
    """A dossier on the agenda of a séance: `inscrit`, `avis_rendu`, `decide` or `retire`."""
    dossier = accompagnement or un_diagnostic().accompagnement
    seance = seance or une_seance(operateur=dossier.operateur, membres=membres)
    charge = dossier.charge
    passage = comites.inscrire(seance, dossier, par=charge, synthese="Un modèle à consolider")
    if etat == "retire":
        return comites.retirer(passage, par=charge, motif="Dossier incomplet")
    if etat in ("avis_rendu", "decide"):
        comites.rendre_avis(passage, par=charge, avis="favorable")
    if etat == "decide":
        comites.decider(passage, par=charge, decision="conforme")
    return passage


def un_partenaire(nom="Réseau d'essai", departement=None, **champs):
    """A partner of the directory of the region; `departements` narrows it."""
    departements = champs.pop("departements", [])
    champs.setdefault("genre", un_terme("orientation"))
    region = (departement or un_departement()).region
    partenaire = Partenaire.objects.create(region=region, nom=nom, **champs)
    partenaire.departements.set(departements)
    return partenaire


def un_departement_ailleurs():
    """A département of another region, in which no operator works."""
    region, _ = Region.objects.get_or_create(code="84", defaults={"nom": "Auvergne"})
    departement, _ = Departement.objects.get_or_create(
        code="69", defaults={"nom": "Rhône", "region": region}
    )
    return departement


def une_demande_en_ligne(etat="a_prendre", *, commune=None, **champs):
    """A request of the public page, `a_confirmer`, `a_prendre` (shared), `sans_operateur` or
    `transmise`.

    Two operators share the département in `a_prendre`, so that nobody has it yet; none works in
    the region in `sans_operateur`.
    """
    if etat == "sans_operateur":
        commune = une_commune("Givors", "69091", "69700", un_departement_ailleurs())
    else:
        commune = commune or une_commune()
        operateur = un_operateur(departement=commune.departement)
    champs.setdefault("structure_nom", f"Les Jardins n° {next(_rang)}")
    champs.setdefault("origine", "structure")
    champs.setdefault("objet", "Retrouver un équilibre économique")
    champs.setdefault("nom", "Dominique Essai")
    champs.setdefault("courriel", f"jardins{next(_rang)}@essai.example")
    en_ligne = reception.recevoir(
        DemandeEnLigne(commune=commune, departement=commune.departement, **champs),
        adresse=f"192.0.2.{next(_rang) % 250}",
    )
    if etat == "a_confirmer":
        return en_ligne
    if etat == "a_prendre":
        partage = un_operateur("Partage Treize", commune.departement)
        assert partage != operateur
    return reception.confirmer(en_ligne)
