"""Forms of the consultation, by what they serve."""

from accompagnements.consultations.forms.conduite import (
    AttribuerForm,
    CahierForm,
    ChangementsForm,
    CorrigerForm,
    OuvrirForm,
    ProlongerForm,
    PublierForm,
    ValiderCahierForm,
    ValiderParLienForm,
)
from accompagnements.consultations.forms.grilles import (
    ChoisirGrilleForm,
    CriteresForm,
    GrilleForm,
    GrilleTypeForm,
)
from accompagnements.consultations.forms.reponses import (
    ArriveeTardiveForm,
    DeclinForm,
    DepotForm,
    DepotRecuForm,
    MotifForm,
    PiecesForm,
    QuestionForm,
    RefusRecuForm,
    ReponseForm,
    SecretForm,
)

__all__ = [
    "ArriveeTardiveForm",
    "ChangementsForm",
    "ValiderParLienForm",
    "AttribuerForm",
    "CahierForm",
    "ChoisirGrilleForm",
    "CorrigerForm",
    "CriteresForm",
    "DeclinForm",
    "DepotForm",
    "DepotRecuForm",
    "GrilleForm",
    "GrilleTypeForm",
    "MotifForm",
    "OuvrirForm",
    "PiecesForm",
    "ProlongerForm",
    "PublierForm",
    "QuestionForm",
    "RefusRecuForm",
    "ReponseForm",
    "SecretForm",
    "ValiderCahierForm",
]
