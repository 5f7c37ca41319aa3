"""Invented texts of the demonstration, short and plausible."""

DEMANDES = [
    "Nos subventions baissent et nous cherchons un équilibre plus solide.",
    "Notre conseil d'administration se renouvelle et la répartition des rôles n'est plus claire.",
    "Nous voulons embaucher une première personne et ne savons pas par où commencer.",
    "Deux associations voisines envisagent de rapprocher leurs moyens.",
    "Notre activité a doublé en trois ans, l'organisation ne suit plus.",
    "Nous voulons mieux connaître le coût de chacune de nos activités.",
    "Le départ de notre directrice nous oblige à repenser le pilotage.",
    "Nous souhaitons ouvrir un nouveau service et en vérifier la solidité.",
]
DIAGNOSTIC = {
    "historique": "Créée par un groupe d'habitants, la structure s'est professionnalisée peu à peu.",
    "activites": "Trois activités complémentaires au service des habitants du bassin de vie.",
    "gouvernance": "Conseil d'administration de neuf personnes, réuni tous les deux mois.",
    "ressources_humaines": "Équipe polyvalente, fiches de poste anciennes, peu de temps d'échange.",
    "economie": "Ressources publiques majoritaires, trésorerie tendue au premier semestre.",
    "forces": "Ancrage local, équipe engagée, partenaires fidèles.",
    "faiblesses": "Dépendance à un financeur, outils de gestion sommaires.",
    "problematique": "Comment consolider le modèle économique sans renoncer au projet ?",
    "beneficiaires_definition": "Habitants accueillis dans l'année.",
    "gouv_instances": "oui",
    "gouv_frequence": "oui",
    "gouv_statuts": "oui",
    "gouv_concertation": "moyen",
    "gouv_mandats": "moyen",
    "gouv_circuit": "non",
}
PERSONNES = [
    {"nom": "Camille Présidente", "fonction": "Présidence"},
    {"nom": "Sacha Directeur", "fonction": "Direction"},
    {"nom": "Équipe salariée", "fonction": "Réunion d'équipe"},
]
AXES = [
    {
        "domaine": "economie",
        "forces": "Ventes régulières, partenaires fidèles.",
        "faiblesses": "Aucun coût connu par activité.",
        "enjeu": "Connaître ses coûts et fixer ses tarifs.",
        "priorite": 1,
    },
    {
        "domaine": "finances",
        "faiblesses": "Un financeur apporte plus de la moitié des ressources.",
        "enjeu": "Diversifier les ressources.",
        "priorite": 2,
    },
    {
        "domaine": "gouvernance",
        "forces": "Conseil d'administration assidu.",
        "enjeu": "Clarifier les rôles entre présidence et direction.",
        "priorite": 3,
    },
]
RELECTURE = "Les hypothèses du prévisionnel vous semblent-elles tenables ?"
PRECONISATIONS = [
    {"texte": "Construire un modèle économique chiffré.", "genre": "ING_IND", "delai": 6},
    {"texte": "Rejoindre le groupe d'échange du réseau.", "genre": "OFFRE_PART", "delai": 9},
    {"texte": "Écrire les délégations du conseil.", "genre": "ACT_STRUCT", "delai": 3},
]
OBJECTIFS = "Retrouver l'équilibre en deux exercices ; disposer d'un tableau de bord partagé."
INTITULES = {  # by code of the theme: the title of an action says its theme
    "consolidation": "Consolider l'activité et les emplois",
    "projet": "Définir un projet stratégique",
    "activite": "Faire évoluer l'activité",
    "developpement": "Préparer un changement d'échelle",
    "organisation": "Organiser le travail de l'équipe",
    "gouvernance": "Clarifier la gouvernance",
    "rh": "Structurer la gestion des ressources humaines",
    "employeur": "Structurer la fonction employeur",
    "egalite": "Construire un plan d'égalité professionnelle",
    "modele_economique": "Consolider le modèle économique",
    "financements": "Diversifier les financements",
    "gestion": "Construire des outils de gestion",
    "restructuration": "Rétablir l'équilibre financier",
    "mutualisation": "Mutualiser des fonctions avec d'autres",
    "rapprochement": "Préparer un rapprochement",
    "partenariats": "Renouer avec les partenaires du territoire",
    "utilite_sociale": "Mesurer l'utilité sociale",
    "communication": "Bâtir une stratégie de communication",
    "commercial": "Structurer la démarche commerciale",
    "ecologie": "Engager la transition écologique",
    "numerique": "Choisir et déployer des outils numériques",
    "crise": "Sortir d'une passe difficile",
    "juridique": "Réviser les statuts",
}
CAHIER = {
    "contexte": "La structure sort d'un diagnostic partagé validé par ses instances.",
    "problematique": "La connaissance des coûts est insuffisante pour arbitrer entre les activités.",
    "objectifs": "Donner à la structure une lecture partagée de son modèle et des choix possibles.",
    "contenu": "Analyse des comptes, ateliers avec l'équipe et le conseil, scénarios chiffrés.",
    "livrables": "Note à mi-parcours, rapport final, outil de suivi, restitution.",
    "profil": "Expérience de l'économie sociale et solidaire et de la conduite d'ateliers.",
}
METHODE = "Trois ateliers, deux entretiens par personne clé, une restitution intermédiaire."
LANCEMENT = {
    "lieu": "Dans les locaux de la structure",
    "objectifs": "Partager une lecture du modèle économique et choisir entre deux scénarios.",
    "calendrier": "Un atelier par mois, note à mi-parcours, restitution à la fin du dernier mois.",
    "suites": "La structure transmet ses comptes ; le prestataire propose les dates des ateliers.",
}
INTERVENTIONS = [
    {
        "intervenants": "Une consultante",
        "lieu": "Dans les locaux de la structure",
        "travaux": "Analyse des comptes et entretiens avec l'équipe.",
        "rencontres": "Présidence, direction, comptabilité",
    },
    {
        "intervenants": "Deux consultants",
        "lieu": "Maison des associations",
        "travaux": "Premier atelier : activités, coûts et ressources.",
        "rencontres": "Conseil d'administration, équipe salariée",
    },
]
NOTE = {
    "reunions": "Réunion de lancement, entretiens, un atelier.",
    "travaux": "Premier atelier tenu, analyse des comptes partagée.",
    "resultats": "Les coûts de chaque activité sont connus.",
    "suite": "Deux ateliers, puis la rédaction du rapport final.",
}
HORS_CADRE = {
    "description": "Animer un échange avec le principal financeur.",
    "jours": 1,
    "raison": "La structure le demande ; cet échange n'est pas dans le cahier des charges.",
}
COMMENTAIRES = [
    "Un regard extérieur utile, des outils que nous utilisons.",
    "Le calendrier a été tenu et l'équipe s'est sentie associée.",
    "Nous aurions aimé davantage de temps sur la mise en œuvre.",
    "",
]
