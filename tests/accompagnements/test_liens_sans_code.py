"""Which personal links act without the six-digit code: a list held here, told in the docs."""

import inspect
import sys

from django.conf import settings

from dla_portal.socle.jetons import VUES

# Purpose → what tells, in docs/exploitation.md, why the link is enough.
SANS_CODE = {
    "demande-en-ligne": "confirming a request of the public page",
    "enquete": "the satisfaction survey",
}


def _demande_un_code(vue):
    source = inspect.getsource(sys.modules[vue.__module__])
    return "codes.est_confirme" in source or "validation_par_lien" in source


def test_agir_par_un_lien_demande_un_code_sauf_ce_qui_est_dit():
    assert {usage for usage, vue in VUES.items() if not _demande_un_code(vue)} == set(SANS_CODE)
    doc = " ".join((settings.BASE_DIR / "docs/exploitation.md").read_text("utf-8").split())
    for raison in SANS_CODE.values():
        assert raison in doc
