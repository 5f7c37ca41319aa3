"""The chain of the DLA, one sub-package per stage.

`ETAPES` is the order of the chain. A stage imports only the stages before it: what happened
earlier never depends on what comes next, so a dossier that stops anywhere stays whole, and a
stage can be read, tested and changed without those after it.
"""

ETAPES = (
    "structures",
    "demandes",
    "diagnostics",
    "plans",
    "comites",
    "consultations",
    "conventions",
    "missions",
    "restitutions",
    "financements",
    "suites",
    "activites",
    "parcours",
)
