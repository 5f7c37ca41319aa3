"""What is missing before each gesture on a demande, in sentences."""

from datetime import timedelta

from django.db.models import Q

from accompagnements.demandes import etats
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.etats import OUVERTES, EtatAccompagnement
from dla_portal.comptes import roles
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge, jetons
from dla_portal.socle.regles import exiger_ordre

ACCOMPAGNENT = {*roles.INSTRUCTEURS, roles.DlaRegional.code}
# What the public page takes at most: from one network address, for one mail.
PAR_ADRESSE, PENDANT_ADRESSE = 10, timedelta(hours=1)
PAR_COURRIEL, PENDANT_COURRIEL = 5, timedelta(days=1)
# The link of one request is mailed so many times in all, never twice in so little time.
LIENS_MAX, ENTRE_LIENS = 3, timedelta(minutes=10)

SUITE_JOURS = 45  # days after which one asks what came of an orientation
ENGAGEABLES = (*etats.OUVERTES, etats.Etat.DIAGNOSTIC_OUVERT)  # where a charter may be signed
MOTIF = "[motif]"  # in the letter, stands for the motive written beside it
LETTRE = """Madame, Monsieur,

Vous avez sollicité le dispositif local d'accompagnement pour {structure} (demande {reference}). \
Nous avons examiné votre demande avec attention.

Elle n'entre pas dans le cadre du dispositif, pour la raison suivante :

[motif]

Cette décision tient à la situation d'aujourd'hui : si elle change, recontactez-nous et la demande \
pourra être rouverte.

Nous vous prions d'agréer, Madame, Monsieur, l'expression de notre considération distinguée.

L'équipe DLA — {operateur}"""


def lettre_type(demande):
    """The letter of refusal as it is proposed, its motive still to be put in."""
    return LETTRE.format(
        structure=demande.structure.nom,
        reference=demande.reference,
        operateur=demande.operateur.nom,
    )


def rediger_le_refus(demande, motif, lettre=""):
    """Return the letter as it leaves: read over, or the proposed one, with its motive."""
    return (lettre.strip() or lettre_type(demande)).replace("\r\n", "\n").replace(MOTIF, motif)


def manques_de_l_engagement(charte, charte_le, charte_signataire, accord_ca_le):
    """A charter comes with its date and its signatory; there is at least that or the agreement."""
    parties = [bool(charte), bool(charte_le), bool(charte_signataire.strip())]
    if any(parties) and not all(parties):
        return ["La charte se dépose avec sa date de signature et le nom de qui l'a signée."]
    if not any(parties) and not accord_ca_le:
        return ["Déposez la charte signée, ou indiquez la date de l'accord du conseil."]
    dates = (("La signature de la charte", charte_le), ("L'accord du conseil", accord_ca_le))
    return [
        phrase
        for libelle, jour in dates
        for phrase in date_passee(libelle, jour, horloge.aujourdhui())
    ]


def manques_pour_ouvrir(demande):
    """Eligibility examined; every unmet criterion needs the written motive of the derogation."""
    manques = []
    reponses = dict(demande.criteres)
    if not reponses or any(reponse is None for reponse in reponses.values()):
        manques.append("Les critères d'éligibilité ne sont pas tous examinés.")
    refuses = [libelle for libelle, reponse in reponses.items() if reponse is False]
    if refuses and not demande.derogation.strip():
        manques.append(
            f"Critère non rempli : {', '.join(refuses)}. Écrivez le motif de la dérogation "
            "ou déclarez la demande non éligible."
        )
    if not demande.structure.secteur_id:
        manques.append("Le secteur principal de la structure n'est pas renseigné.")
    return manques


def manques_pour_attendre(demande):
    """The waiting list holds eligible demandes only."""
    return manques_pour_ouvrir(demande)


def manques_de_l_accueil(demande, accueil_le):
    """An accueil held comes after the request and not in the future."""
    return ordre_des_dates(demande, accueil_le) + date_passee(
        "L'accueil", accueil_le, horloge.aujourdhui()
    )


# What keeps a dossier open: relation from it to a later stage, living states, in words. Those
# stages come later in the chain: they are known through the tables that point to us.
_VIVANTS = [
    ("diagnostics__etat", ["en_cours", "en_relecture", "soumis"], "un diagnostic en cours"),
    (
        "plan__actions__ingenierie__consultations__etat",
        ["brouillon", "validee", "publiee", "en_analyse"],
        "une consultation en cours",
    ),
    (
        "plan__actions__ingenierie__conventions__etat",
        ["brouillon", "en_signature"],
        "une convention en cours de signature",
    ),
    (
        "plan__actions__ingenierie__conventions__mission__etat",
        ["en_cours", "en_alerte", "suspendue"],
        "une mission en cours",
    ),
]


def manques_pour_clore(accompagnement):
    """A dossier ends, closed or given up, when nothing under it goes on any more."""
    soi = type(accompagnement).objects.filter(pk=accompagnement.pk)
    manques = []
    for relation, vivants, quoi in _VIVANTS:
        condition = {f"{relation}__in": vivants}
        if relation.startswith("plan__actions"):  # an action given up no longer binds the dossier
            condition["plan__actions__statut__in"] = ["prevue", "en_cours", "realisee"]
        if soi.filter(**condition).exists():
            manques.append(f"Le dossier a {quoi} : mettez-y fin d'abord.")
    return manques


def manques_de_la_suite(demande, suite_le):
    """What came of an orientation is known after it, and at the latest today."""
    return date_passee("Cette suite", suite_le, horloge.aujourdhui()) + exiger_ordre(
        ("L'orientation", demande.decidee_le), ("la suite", suite_le)
    )


def manques_de_la_reception(demande, recue_le):
    """A demande is received at the latest today, and before its accueil."""
    return date_passee("La réception", recue_le, horloge.aujourdhui()) + exiger_ordre(
        ("La réception de la demande", recue_le), ("L'accueil", demande.accueil_le)
    )


def manques_de_l_accueil_prevu(demande, prevu_le):
    """An accueil is planned for today or later; one already held is recorded, not planned."""
    if prevu_le < horloge.aujourdhui():
        return ["Cette date est passée : enregistrez plutôt l'accueil tenu."]
    return ordre_des_dates(demande, prevu_le)


def ordre_des_dates(demande, accueil_le):
    """The accueil never precedes the request."""
    return exiger_ordre(("La réception de la demande", demande.recue_le), ("L'accueil", accueil_le))


def date_passee(libelle, date, aujourdhui):
    """Return a sentence when the date of something done lies in the future."""
    if date and date > aujourdhui:
        return [f"{libelle} ({date:%d/%m/%Y}) est dans le futur."]
    return []


def equipe_de(operateur_id):
    """Those who may be in charge of a dossier of an operator, as of today."""
    rattaches = Rattachement.objects.en_cours().filter(
        operateur=operateur_id, role__in=ACCOMPAGNENT
    )
    return Utilisateur.objects.filter(pk__in=rattaches.values("utilisateur"), is_active=True)


def manques_pour_confier(objet):
    """What is over no longer changes hands: it stays under the name of who led it."""
    if objet.etat in (*OUVERTES, EtatAccompagnement.OUVERT):
        return []
    return [f"À l'état « {objet.get_etat_display()} », le suivi ne change plus de mains."]


def manques_du_relais(objet, charge):
    """The person who takes over works for the operator, and is not already in charge."""
    if charge.pk == objet.charge_id:
        return [f"{charge} en assure déjà le suivi."]
    if not equipe_de(objet.operateur_id).filter(pk=charge.pk).exists():
        return [f"{charge} ne fait pas partie de l'équipe de l'opérateur."]
    return []


def _meme_boite(courriel):
    """Condition: the same mailbox, whatever stands after a « + » in its name."""
    nom, _, domaine = courriel.rpartition("@")
    boite = nom[:1] + nom[1:].partition("+")[0]
    etiquetees = Q(courriel__startswith=f"{boite}+", courriel__endswith=f"@{domaine}")
    return Q(courriel=f"{boite}@{domaine}") | etiquetees


def manques_pour_renvoyer(en_ligne):
    """A link is mailed again when it may be lost; never told to who asks (see `en_ligne`)."""
    liens = jetons.de(en_ligne)
    if liens.count() >= LIENS_MAX:
        return ["Le lien a déjà été envoyé plusieurs fois."]
    if liens.filter(cree_le__gt=horloge.maintenant() - ENTRE_LIENS).exists():
        return ["Le lien vient d'être envoyé."]
    return []


def aiguilleurs(en_ligne):
    """Who routes what no operator serves: the DLA régional of the region, else the administrators."""
    en_cours = Rattachement.objects.en_cours()
    for siens in (
        en_cours.filter(role=roles.DlaRegional.code, region=en_ligne.departement.region_id),
        en_cours.filter(role=roles.Administrateur.code),
    ):
        personnes = Utilisateur.objects.filter(pk__in=siens.values("utilisateur"), is_active=True)
        if personnes:
            return list(personnes)
    return []


def manques_de_cadence(en_ligne):
    """The public page is no mail cannon: so many from an address, so many mails to a person."""
    maintenant, toutes = horloge.maintenant(), DemandeEnLigne.objects
    d_ici = toutes.filter(
        empreinte=en_ligne.empreinte, cree_le__gt=maintenant - PENDANT_ADRESSE
    ).count()
    du_courriel = toutes.filter(
        _meme_boite(en_ligne.courriel), cree_le__gt=maintenant - PENDANT_COURRIEL
    ).count()
    if d_ici >= PAR_ADRESSE or du_courriel >= PAR_COURRIEL:
        return [
            "Beaucoup de demandes viennent d'être envoyées d'ici ou avec ce courriel. Rien n'est "
            "perdu : gardez cette page ouverte et renvoyez le formulaire un peu plus tard."
        ]
    return []
