"""What a proposition says about one criterion, shown beside its note: nobody scores from memory."""

from dla_portal.socle.recherche import normaliser

# Words of a criterion, without accents → what of a proposition answers it; several may.
PRIX = ("prix", "budget", "cout", "tarif", "montant")
CALENDRIER = ("duree", "calendrier", "delai", "planning", "planification", "disponib", "jours")
PERSONNES = ("profil", "reference", "intervenant", "competence", "experience", "equipe", "secteur")
METHODE = ("method", "demarche", "modalite", "livrable", "resultat", "comprehension", "qualite")
EXTRAIT = 160  # signs of a long text shown before it is unfolded


def ce_qui_est_dit(proposition, critere):
    """Return {"faits": [(label, genre, value)], "textes": [(label, text)], "fichiers": [(label, id)]}.

    A criterion that no word tells is about the method.
    """
    mots = normaliser(critere.libelle)
    faits, textes, fichiers = [], [], []
    if critere.prix or _parle_de(mots, PRIX):
        faits += _prix(proposition)
    if not critere.prix and _parle_de(mots, CALENDRIER):
        faits += _calendrier(proposition)
    if not critere.prix and _parle_de(mots, PERSONNES):
        textes.append(("Intervenants", proposition.intervenants))
        fichiers.append(("CV et références", proposition.cv_id))
    if _parle_de(mots, METHODE) or not (faits or textes):
        textes.append(("Démarche", proposition.methode))
        fichiers.append(("Proposition complète", proposition.fichier_id))
    return {
        "faits": faits,
        "textes": [(libelle, texte) for libelle, texte in textes if texte],
        "fichiers": [(libelle, cle) for libelle, cle in fichiers if cle],
    }


def _parle_de(mots, racines):
    return any(racine in mots for racine in racines)


def _prix(proposition):
    return [
        ("TTC", "euros", proposition.montant_ttc),
        ("HT", "euros", proposition.montant_ht),
        ("dont frais HT", "euros", proposition.frais),
        ("Prix du jour HT", "euros", proposition.tjm_ht),
    ]


def _calendrier(proposition):
    return [
        ("Jours", "jours", proposition.jours),
        ("Début", "date", proposition.debut),
        ("Fin", "date", proposition.fin),
    ]
