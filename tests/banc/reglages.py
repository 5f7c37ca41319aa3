"""Settings of the tests: those of the portal, in a throw-away environment.

Nothing of the shell reaches the tests, save DATABASE_URL_TEST: they never see the data of a
portal installed on this machine. The SQLite database is a file because the browser tests
read it from several threads, as a real server does.
"""

import atexit
import importlib
import os
import shutil
import tempfile
from pathlib import Path

A_VIDER = [
    "ALLOWED_HOSTS",
    "CLES_SCELLES",
    "FICHIERS_DIR",
    "PROXIES",
    "SORTIES_AUTORISEES",
    "SORTIES_DELAI",
    "ANNUAIRE_URL",
    "ADRESSES_URL",
]


def _dossier():
    """Return the folder of this run, shared with the processes of pytest-xdist."""
    if "BANC_DOSSIER" not in os.environ:
        os.environ["BANC_DOSSIER"] = tempfile.mkdtemp(prefix="dla-essais-")
        atexit.register(shutil.rmtree, os.environ["BANC_DOSSIER"], ignore_errors=True)
    return Path(os.environ["BANC_DOSSIER"])


DOSSIER = _dossier()
(DOSSIER / "static").mkdir(exist_ok=True)
for nom in A_VIDER:
    os.environ.pop(nom, None)
os.environ.update(
    DEBUG="0",
    DEMONSTRATION="0",
    SECRET_KEY="cle-des-essais-" + "0123456789" * 4,
    SITE_URL="http://localhost",
    DONNEES_DIR=str(DOSSIER),
    # Some tests look at what lies on the disk: each process has its own.
    FICHIERS_DIR=str(DOSSIER / "fichiers" / os.environ.get("PYTEST_XDIST_WORKER", "seul")),
    STATIC_ROOT=str(DOSSIER / "static"),
    # Names without a fingerprint: no collectstatic before the tests.
    STATICFILES_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage",
    DATABASE_URL=os.environ.get("DATABASE_URL_TEST") or f"sqlite:///{DOSSIER / 'portail.sqlite3'}",
)

_portail = vars(importlib.import_module("dla_portal.settings"))
globals().update({nom: valeur for nom, valeur in _portail.items() if nom.isupper()})

_base = _portail["DATABASES"]["default"]
if _base["ENGINE"].endswith("sqlite3"):
    _base["TEST"] = {"NAME": str(DOSSIER / "essais.sqlite3")}
# A real hasher takes 0.3 s per sign-in, on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
