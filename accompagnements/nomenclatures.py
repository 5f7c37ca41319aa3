"""Where requests and money come from, agréments, reasons, kinds of time and of animation.

Sources: domaine.md §2 (steps 0 to 13) and §3.6 to §3.11. Each list is editable.
"""

PRESCRIPTEURS = [
    ("spontane", "Demande spontanée"),
    ("deja_accompagnee", "Déjà accompagnée par le DLA"),
    ("bouche_a_oreille", "Bouche à oreille"),
    ("reseau", "Réseau, fédération"),
    ("reseau_iae", "Réseau de l'insertion par l'activité économique"),
    ("etat", "DREETS, DDETS"),
    ("bdt", "Banque des Territoires"),
    ("region", "Conseil régional"),
    ("departement", "Conseil départemental"),
    ("epci_commune", "Intercommunalité, commune"),
    ("caf", "CAF, MSA"),
    ("france_active", "France Active"),
    ("dla", "Autre DLA, DLA régional"),
    ("crdla", "Centre de ressources DLA"),
    ("cress", "CRESS"),
    ("guidasso", "Guid'Asso, maison des associations"),
    ("opco", "OPCO"),
    ("banque", "Banque, expert-comptable"),
    ("evenement", "Événement, lettre d'information"),
    ("site", "Site internet"),
    ("autre", "Autre"),
]

FINANCEURS = [
    ("etat", "État (DREETS)"),
    ("bdt", "Banque des Territoires"),
    ("fse", "Union européenne (FSE+)"),
    ("region", "Conseil régional"),
    ("departement", "Conseil départemental"),
    ("epci", "Intercommunalité, métropole"),
    ("commune", "Commune"),
    ("caf", "CAF, MSA"),
    ("paritaire", "Organisation paritaire"),
    ("mecene", "Mécène"),
    ("beneficiaire", "Structure accompagnée"),
    ("autre", "Autre financeur"),
]

AGREMENTS = [
    ("ACI", "Atelier et chantier d'insertion", "SIAE"),
    ("AI", "Association intermédiaire", "SIAE"),
    ("EI", "Entreprise d'insertion", "SIAE"),
    ("ETTI", "Entreprise de travail temporaire d'insertion", "SIAE"),
    ("EITI", "Entreprise d'insertion par le travail indépendant", "SIAE"),
    ("EA", "Entreprise adaptée", "Autre"),
    ("EATT", "Entreprise adaptée de travail temporaire", "Autre"),
    ("GEIQ", "Groupement d'employeurs pour l'insertion et la qualification", "Autre"),
    ("ESAT", "Établissement ou service d'accompagnement par le travail", "Autre"),
    ("RQ", "Régie de quartier", "Autre"),
    ("SAP", "Services à la personne", "Autre"),
    ("ESUS", "Entreprise solidaire d'utilité sociale", "Autre"),
    ("JEP", "Jeunesse et éducation populaire", "Autre"),
]

ORIENTATIONS = [
    ("reseau", "Réseau, fédération"),
    ("incubateur", "Incubateur, aide à la création"),
    ("guidasso", "Guid'Asso, CRIB"),
    ("france_active", "France Active"),
    ("opco", "OPCO"),
    ("crdla", "Centre de ressources DLA"),
    ("egalite", "Acteur de l'égalité entre les femmes et les hommes"),
    ("expert_comptable", "Expert-comptable"),
    ("tribunal", "Tribunal, mandataire"),
    ("autre_dla", "Autre DLA, DLA régional"),
    ("autre", "Autre organisme"),
]

# Kinds of this family are spent on a dossier, which the entry then names.
SUR_DOSSIER = "Sur un dossier"
TEMPS = [
    ("accueil", "Accueil, orientation", SUR_DOSSIER),
    ("diagnostic", "Diagnostic partagé", SUR_DOSSIER),
    ("parcours", "Plan et comité d'appui", SUR_DOSSIER),
    ("ingenierie", "Consultation et suivi d'ingénierie", SUR_DOSSIER),
    ("expertise", "Expertise interne", SUR_DOSSIER),
    ("suivi", "Suivi et consolidation", SUR_DOSSIER),
    ("animation", "Animation territoriale", "Hors dossier"),
    ("autre", "Gestion, formation, autre", "Hors dossier"),
]

ANIMATIONS = [
    ("matinale", "Matinale"),
    ("reunion", "Réunion d'information"),
    ("webinaire", "Webinaire"),
    ("visite", "Visite de structure"),
    ("inter_dla", "Réunion inter-DLA"),
    ("cafe", "Café des prestataires"),
    ("technique", "Comité technique, groupe de travail"),
    ("evenement", "Événement, séminaire"),
    ("lettre", "Lettre d'information"),
    ("autre", "Autre animation"),
]
