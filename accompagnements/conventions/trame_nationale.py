"""The national trame (domaine.md §6.7): what a region starts from.

Changing a sentence here makes a new national version at the next migration; the conventions
already sent to be signed keep theirs.
"""

from accompagnements.conventions.trames import Trame

SECTIONS = [
    (
        "Entre les parties",
        "L'opérateur DLA : {operateur} ;\n\nLa structure accompagnée : {structure} ;\n\n"
        "Le prestataire : {prestataire}.\n\n"
        "Vu la convention qui lie l'opérateur à ses financeurs pour la mission d'intérêt "
        "économique général du dispositif local d'accompagnement.",
    ),
    (
        "Article 1. Objet",
        "{objet}\n\nLe cahier des charges et la proposition retenue sont annexés et font partie de "
        "la convention.",
    ),
    (
        "Article 2. Engagements de chacun",
        "- L'opérateur finance la mission, en suit le déroulement et veille à l'équilibre entre les "
        "parties.\n"
        "- La structure rend disponibles ses responsables et ses documents, et associe ses "
        "instances.\n"
        "- Le prestataire conduit la mission avec la structure, dans le cadre du cahier des charges, "
        "sans refaire le diagnostic.",
    ),
    (
        "Article 3. Intervenants, durée et calendrier",
        "{intervenants}\n\nLa mission compte {jours}, du {date_debut} au {date_fin}. Tout "
        "remplacement d'intervenant demande l'accord de l'opérateur et de la structure.",
    ),
    (
        "Article 4. Montant et paiement",
        "{tableau_montants}\n\nLe solde est versé après réception du rapport final, numérique et, si "
        "l'opérateur le demande, sur papier, tenue de la restitution et présentation de la facture. "
        "La fiche prestataire est complète à la signature ; une attestation de vigilance de l'URSSAF "
        "est fournie à partir de 5 000 € HT puis tous les six mois.",
    ),
    (
        "Article 5. Suivi, note à mi-parcours et alerte",
        "Une réunion de lancement réunit les trois parties. Le prestataire informe régulièrement "
        "l'opérateur et lui remet une note à mi-parcours. S'il pressent que la mission doit être "
        "réorientée, suspendue ou arrêtée, il l'en avertit aussitôt ; l'opérateur décide après "
        "échange avec la structure.\n\n"
        "Le prestataire ne sort pas du cadre convenu à la demande de la structure sans l'accord écrit "
        "et motivé de l'opérateur.",
    ),
    (
        "Article 6. Rapport final et restitution",
        "Le rapport final rappelle la commande, le calendrier tenu, les travaux, les résultats, les "
        "préconisations et leur échéancier ; les outils produits y sont joints. Le prestataire "
        "organise la restitution en présence de la structure et de l'opérateur.",
    ),
    (
        "Article 7. Confidentialité, propriété et données personnelles",
        "Les informations échangées restent confidentielles. Les productions appartiennent à la "
        "structure ; leur diffusion demande son accord préalable. Les données personnelles ne servent "
        "qu'à la mission et au contrôle de son financement, puis sont effacées au terme des durées "
        "légales.",
    ),
    (
        "Article 8. Publicité",
        "Tout document issu de la mission nomme ses financeurs, par leur nom ou leur logo : "
        "{financeurs}.\n\n{mention_financeurs}",
    ),
    (
        "Article 9. Assurance",
        "Le prestataire déclare être assuré pour sa responsabilité professionnelle.",
    ),
    (
        "Article 10. Avenant, résiliation, litiges",
        "Toute modification du périmètre, des jours, du montant, des dates ou des intervenants fait "
        "l'objet d'un avenant signé par les parties. En cas de manquement non réparé sous quinze "
        "jours, la convention peut être résiliée par écrit ; seuls les jours réalisés sont alors "
        "payés. Les parties recherchent un accord amiable avant toute action en justice.",
    ),
]


def semer():
    """Create the national version when this text is not the latest one."""
    sections = [{"titre": titre, "texte": texte} for titre, texte in SECTIONS]
    derniere = Trame.objects.de(None).filter(cree_par=None).first()
    if derniere is None or derniere.sections != sections:
        dernier = Trame.objects.de(None).first()
        Trame.objects.create(numero=dernier.numero + 1 if dernier else 1, sections=sections)
