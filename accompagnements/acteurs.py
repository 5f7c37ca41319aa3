"""Whose turn it is, in the words of the field. Every `RESPONSABLE` table uses these."""

CHARGE = "la personne chargée de mission"
DIRECTION = "le responsable de l'opérateur"
GESTION = "la gestion de l'opérateur"
STRUCTURE = "la structure"
RELECTEUR = "la personne qui relit"
PRESTATAIRE = "le prestataire"
PRESTATAIRES = "les prestataires sollicités"
REGIONAL = "le DLA régional"
COMITE = "le comité d'appui"
SIGNATAIRES = "les signataires"
PERSONNE = "personne"

# Who must act inside the operator, by role: drives "Aujourd'hui".
DE_L_OPERATEUR = {
    "charge_mission": {CHARGE},
    "responsable": {CHARGE, DIRECTION},
    "gestionnaire": {GESTION},
}
