"""Forms of the consultation, by what they serve."""

from accompagnements.consultations.forms.conduite import (
    AttribuerForm,
    CahierForm,
    ChangementsForm,
    CorrigerForm,
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
    DeclinForm,
    DepotForm,
    DepotRecuForm,
    MotifForm,
    PiecesForm,
    QuestionForm,
    ReponseForm,
    SecretForm,
)

__all__ = [
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
    "PiecesForm",
    "ProlongerForm",
    "PublierForm",
    "QuestionForm",
    "ReponseForm",
    "SecretForm",
    "ValiderCahierForm",
]
