"""Text of a convention: fields of a fixed list replaced as plain text, never a template language.

A text is cut at blank lines; a block whose lines all start with « - » is a list. Values are put
in after the cutting, in one pass: whatever they hold (braces, dashes, tags) stays plain text.
"""

import re

# Name → what it stands for; the screen lists them, the saving refuses any other.
CHAMPS = {
    "reference": "référence de la convention",
    "intitule": "intitulé de l'accompagnement",
    "operateur": "opérateur DLA et son adresse",
    "structure": "structure ou structures, avec SIRET et adresse",
    "prestataire": "prestataire, avec SIRET et adresse",
    "objet": "objet de la mission",
    "intervenants": "intervenants de la proposition retenue",
    "jours": "nombre de jours",
    "date_debut": "début de la mission",
    "date_fin": "fin de la mission",
    "montant_ht": "montant hors taxes",
    "tva": "montant de la TVA",
    "montant_ttc": "montant toutes taxes comprises",
    "acompte_pourcentage": "part de l'acompte",
    "acompte": "montant TTC de l'acompte",
    "solde": "montant TTC du solde",
    "financeurs": "noms des financeurs",
    "mention_financeurs": "mentions obligatoires des financeurs (FSE+…)",
    "tableau_montants": "tableau des montants, seul sur sa ligne",
}
TABLEAU = "{tableau_montants}"
_CHAMP = re.compile(r"\{([^{}]*)\}")
_LIGNE_VIDE = re.compile(r"\n[ \t]*\n")


def manques_du_texte(texte):
    """Unknown fields and stray braces of a text, in sentences."""
    inconnus = [nom for nom in _CHAMP.findall(texte) if nom not in CHAMPS]
    manques = []
    if inconnus:
        connus = ", ".join(f"{{{nom}}}" for nom in CHAMPS)
        dits = ", ".join(f"{{{nom}}}" for nom in dict.fromkeys(inconnus))
        manques.append(f"Champ inconnu : {dits}. Les champs qui existent : {connus}.")
    if set("{}") & set(_CHAMP.sub("", texte)):
        manques.append("Une accolade est seule : un champ s'écrit entre accolades, {jours}.")
    return manques


def manques_des_sections(sections):
    """What forbids a version: nothing written, or a section that says nothing or too much."""
    if not sections:
        return ["Écrivez au moins une section."]
    manques = []
    for section in sections:
        titre = section["titre"] or "sans titre"
        if not (section["titre"] and section["texte"]):
            manques.append(f"La section « {titre} » demande un titre et un texte.")
        textes = f"{section['titre']}\n{section['texte']}"
        manques += [f"Section « {titre} » : {phrase}" for phrase in manques_du_texte(textes)]
    return manques


def remplacer(texte, valeurs):
    """Return the text with its fields replaced, in one pass; an unknown one is left as it is."""
    return _CHAMP.sub(lambda trouve: str(valeurs.get(trouve[1], trouve[0])), texte)


def blocs(texte, valeurs):
    """Cut a text into blocks for the PDF: {"genre": paragraphe | liste | montants, …}."""
    resultat = []
    for bloc in _LIGNE_VIDE.split(texte.replace("\r\n", "\n").strip()):
        lignes = [ligne.strip() for ligne in bloc.splitlines() if ligne.strip()]
        if lignes == [TABLEAU]:
            resultat.append({"genre": "montants"})
        elif lignes and all(ligne.startswith("- ") for ligne in lignes):
            elements = [remplacer(ligne[2:], valeurs) for ligne in lignes]
            resultat.append({"genre": "liste", "elements": elements})
        elif lignes:
            texte_final = remplacer("\n".join(lignes), valeurs).strip()
            resultat += [{"genre": "paragraphe", "texte": texte_final}] if texte_final else []
    return resultat


def rediger(sections, valeurs):
    """Return the sections ready for the PDF: title and blocks."""
    return [
        {
            "titre": remplacer(section["titre"], valeurs),
            "blocs": blocs(section["texte"], valeurs),
        }
        for section in sections
    ]
