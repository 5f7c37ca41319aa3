"""Gestures offered on a convention and on its avenants."""

from accompagnements import droits
from accompagnements.conventions import circuit, etats, forms, regles, revisions, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

SIGNER_POUR_L_OPERATEUR = "signer-operateur"  # its view adds where the act comes from
A_L_OPERATEUR = "La signature de l'opérateur, elle, revient à son responsable."


def _corriger(transitions_de, ce_document):
    return Geste(
        "corriger",
        "Reprendre la préparation",
        circuit.corriger,
        droits.instruit,
        transitions_de.corriger.depuis,
        formulaire=FormulaireMotif,
        consequence=f"Les parties sont prévenues ; les signatures déjà reçues de {ce_document} "
        "seront à recueillir de nouveau.",
        principal=False,
    )


def _sur_papier(transitions_de):
    """Two gestures: the operator's own signature belongs to its responsable, as on line."""
    return [
        Geste(
            "signer",
            "Enregistrer une signature sur papier",
            circuit.signer,
            droits.instruit,
            transitions_de.signer.depuis,
            manques=regles.manques_pour_le_papier,
            formulaire=forms.SignerForm,
            consequence=A_L_OPERATEUR,
            fait="La signature est enregistrée.",
            principal=False,
        ),
        Geste(
            "signer-operateur-papier",
            "Enregistrer la signature de l'opérateur sur papier",
            circuit.signer,
            droits.arbitre,
            transitions_de.signer.depuis,
            manques=regles.manques_pour_le_papier_de_l_operateur,
            formulaire=forms.SignerPourLOperateurForm,
            fait="La signature est enregistrée.",
            principal=False,
        ),
    ]


def _du_circuit(transitions_de, ce_document):
    """The gestures of a round of signatures: on line for the operator, on paper for anybody."""
    return [
        Geste(
            SIGNER_POUR_L_OPERATEUR,
            "Signer pour l'opérateur",
            circuit.signer_par_compte,
            droits.arbitre,
            transitions_de.signer.depuis,
            manques=regles.manques_pour_operateur,
            formulaire=forms.SignerParCompteForm,
            consequence="Vous signez sous votre nom ; l'heure, l'adresse et l'empreinte du document "
            "sont conservées.",
            fait="Votre signature est enregistrée.",
        ),
        *_sur_papier(transitions_de),
        Geste(
            "renvoyer-le-lien",
            "Renvoyer le lien de signature",
            circuit.renvoyer_le_lien,
            droits.instruit,
            transitions_de.signer.depuis,
            manques=regles.manques_pour_renvoyer,
            consequence="Le lien précédent n'ouvrira plus rien.",
            fait="Un nouveau lien part par courriel.",
            principal=False,
        ),
        _corriger(transitions_de, ce_document),
    ]


GESTES = [
    Geste(
        "mettre-en-signature",
        "Mettre à la signature",
        transitions.mettre_en_signature,
        droits.instruit,
        etats.METTRE_EN_SIGNATURE.depuis,
        manques=regles.manques_pour_signature,
        consequence="La convention est figée ; la première partie reçoit son lien pour signer, les "
        "suivantes à leur tour.",
        fait="La convention attend ses signatures.",
    ),
    *_du_circuit(etats.CIRCUIT, "cette convention"),
    Geste(
        "resilier",
        "Résilier la convention",
        transitions.resilier,
        droits.arbitre,
        etats.RESILIER.depuis,
        manques=regles.manques_pour_resilier,
        formulaire=FormulaireMotif,
        danger=True,
    ),
    Geste(
        "abandonner",
        "Abandonner la convention",
        transitions.abandonner,
        droits.instruit,
        etats.ABANDONNER.depuis,
        formulaire=FormulaireMotif,
        danger=True,
    ),
]

GESTES_AVENANT = [
    Geste(
        "mettre-en-signature",
        "Mettre l'avenant à la signature",
        revisions.mettre_en_signature,
        droits.instruit,
        etats.ENVOYER_AVENANT.depuis,
        manques=regles.manques_pour_envoyer_avenant,
        consequence="L'avenant est figé ; la première partie reçoit son lien pour signer, les "
        "suivantes à leur tour.",
        fait="L'avenant attend ses signatures.",
    ),
    *_du_circuit(etats.CIRCUIT_AVENANT, "cet avenant"),
    Geste(
        "abandonner",
        "Abandonner l'avenant",
        revisions.abandonner,
        droits.instruit,
        etats.ABANDONNER_AVENANT.depuis,
        formulaire=FormulaireMotif,
        danger=True,
    ),
]
