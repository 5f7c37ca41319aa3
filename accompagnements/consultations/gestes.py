"""Gestures offered on a consultation."""

from accompagnements import droits
from accompagnements.consultations import etats, forms, regles, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES = [
    Geste(
        "valider-cdc",
        "Enregistrer la validation du cahier des charges",
        transitions.valider_cdc,
        droits.instruit,
        etats.VALIDER_CDC.depuis,
        manques=regles.manques_du_cahier,
        formulaire=forms.ValiderCahierForm,
        fait="Le cahier des charges est validé.",
    ),
    Geste(
        "publier",
        "Envoyer la consultation",
        transitions.publier,
        droits.instruit,
        etats.PUBLIER.depuis,
        manques=regles.manques_pour_publier,
        formulaire=forms.PublierForm,
        consequence="Chaque prestataire reçoit son lien personnel. La liste, les critères et leurs "
        "points sont figés.",
        fait="La consultation est envoyée.",
    ),
    Geste(
        "reprendre-cdc",
        "Reprendre le cahier des charges",
        transitions.reprendre_cdc,
        droits.instruit,
        etats.REPRENDRE_CDC.depuis,
        formulaire=FormulaireMotif,
        principal=False,
    ),
    Geste(
        "ouvrir",
        "Ouvrir les propositions",
        transitions.ouvrir,
        droits.instruit,
        etats.OUVRIR.depuis,
        manques=regles.manques_pour_ouvrir,
        consequence="Toutes les propositions s'ouvrent ensemble, à votre nom et à cette date.",
        fait="Les propositions sont ouvertes.",
    ),
    Geste(
        "constater-infructueuse",
        "Constater l'absence de proposition",
        transitions.constater_infructueuse,
        droits.instruit,
        etats.CONSTATER_INFRUCTUEUSE.depuis,
        manques=regles.manques_pour_constater,
        principal=False,
    ),
    Geste(
        "prolonger",
        "Prolonger la date limite",
        transitions.prolonger,
        droits.instruit,
        etats.PROLONGER.depuis,
        formulaire=forms.ProlongerForm,
        consequence="Tous les prestataires sollicités en sont informés.",
        principal=False,
    ),
    Geste(
        "attribuer",
        "Retenir une proposition",
        transitions.attribuer,
        droits.instruit,
        etats.ATTRIBUER.depuis,
        manques=regles.manques_pour_attribuer,
        formulaire=forms.AttribuerForm,
        consequence="Le prestataire retenu et tous les autres sont informés par courriel.",
        fait="Le choix est enregistré et chacun est informé.",
    ),
    Geste(
        "abandonner",
        "Classer sans suite",
        transitions.abandonner,
        droits.instruit,
        etats.ABANDONNER.depuis,
        formulaire=FormulaireMotif,
        consequence="Les prestataires sollicités en sont informés.",
        danger=True,
    ),
]
