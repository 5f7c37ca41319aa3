"""What a prestataire knows: sectors, themes and networks (domaine.md §3.2, §3.3, §3.7).

No official closed list was found: these are starting values, edited in the admin site; official
codes go to `code_externe` once known.
"""

SECTEURS = [
    ("culture", "Culture"),
    ("insertion", "Insertion par l'activité économique, emploi"),
    ("enfance", "Famille, enfance, jeunesse"),
    ("petite_enfance", "Petite enfance"),
    ("services_personne", "Services à la personne"),
    ("sport", "Sport"),
    ("animation_sociale", "Animation sociale"),
    ("environnement", "Environnement, transition écologique"),
    ("medico_social", "Social, médico-social, santé"),
    ("tourisme", "Tourisme social"),
    ("education_populaire", "Éducation populaire, vie associative"),
    ("mobilite", "Mobilité"),
    ("logement", "Logement, habitat"),
    ("developpement_local", "Développement local"),
    ("reemploi", "Économie circulaire, réemploi"),
    ("alimentation", "Alimentation, agriculture solidaire"),
    ("handicap", "Handicap"),
    ("numerique", "Numérique"),
    ("formation", "Formation"),
    ("autre", "Autre secteur"),
]

_PROJET, _INTERNE = "Projet et stratégie", "Organisation interne et gouvernance"
_RH, _ECO = "Ressources humaines et fonction employeur", "Modèle économique et finances"
_LIENS, _MARCHES = "Mutualisation et partenariats", "Commercial et communication"
_TRANSITIONS, _CRISE, _DROIT = "Transitions", "Difficultés", "Juridique"
THEMATIQUES = [
    ("consolidation", "Stratégie de consolidation", _PROJET),
    ("projet", "Projet de la structure", _PROJET),
    ("activite", "Évolution de l'activité", _PROJET),
    ("developpement", "Stratégie de développement, changement d'échelle", _PROJET),
    ("organisation", "Organisation interne", _INTERNE),
    ("gouvernance", "Gouvernance et bénévolat", _INTERNE),
    ("rh", "Management et gestion des ressources humaines", _RH),
    ("employeur", "Fonction employeur, premier emploi", _RH),
    ("egalite", "Égalité entre les femmes et les hommes", _RH),
    ("modele_economique", "Évolution du modèle économique", _ECO),
    ("financements", "Diversification des financements", _ECO),
    ("gestion", "Outils de gestion, comptabilité analytique", _ECO),
    ("restructuration", "Restructuration économique et financière", _ECO),
    ("mutualisation", "Mutualisation", _LIENS),
    ("rapprochement", "Rapprochement, fusion, groupement", _LIENS),
    ("partenariats", "Partenariats et ancrage territorial", _LIENS),
    ("utilite_sociale", "Mesure de l'utilité sociale", _LIENS),
    ("communication", "Communication", _MARCHES),
    ("commercial", "Démarche commerciale, marchés publics", _MARCHES),
    ("ecologie", "Transition écologique", _TRANSITIONS),
    ("numerique", "Transition numérique", _TRANSITIONS),
    ("crise", "Structure en difficulté", _CRISE),
    ("juridique", "Statuts et évolution juridique", _DROIT),
]

RESEAUX = [
    ("chantier_ecole", "CHANTIER école"),
    ("fas", "Fédération des acteurs de la solidarité"),
    ("coorace", "COORACE"),
    ("fei", "Fédération des entreprises d'insertion"),
    ("cnlrq", "Régies de quartier (CNLRQ)"),
    ("fsjpa", "Éducation populaire (fédération)"),
    ("ligue", "Ligue de l'enseignement"),
    ("mjc", "Fédération des MJC"),
    ("uriopss", "URIOPSS"),
    ("cros", "CROS"),
    ("unat", "UNAT"),
    ("scop", "Les Scop"),
    ("centres_sociaux", "Centres sociaux"),
    ("cemea", "CEMEA"),
    ("france_active", "France Active"),
    ("bge", "BGE"),
    ("mutualite", "Mutualité française"),
    ("autre", "Autre réseau"),
]
