"""Settings of Portail DLA: one file, everything from the environment, safe by default.

Each variable is described in docs/exploitation.md. Missing or dangerous values stop the
start with a sentence: a portal that starts must be fit to be served.
"""

import base64
import hashlib
import os
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
HOTES_LOCAUX = ["localhost", "127.0.0.1", "[::1]"]


def _oui(nom, defaut=False):
    """Read a yes/no environment variable."""
    valeur = os.environ.get(nom, "1" if defaut else "0").strip().lower()
    if valeur not in {"0", "1", "oui", "non", "true", "false", ""}:
        raise ImproperlyConfigured(f"La variable {nom} attend 0 ou 1, et non « {valeur} ».")
    return valeur in {"1", "oui", "true"}


def _liste(nom, defaut=()):
    """Read a comma separated environment variable."""
    brut = os.environ.get(nom, "")
    return [v.strip() for v in brut.split(",") if v.strip()] or list(defaut)


# --- Where it runs -------------------------------------------------------------------------
DEBUG = _oui("DEBUG")
DEMONSTRATION = _oui("DEMONSTRATION")
ALLOWED_HOSTS = _liste("ALLOWED_HOSTS", HOTES_LOCAUX)
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = os.environ.get("SECRET_KEY", "")
EN_LOCAL = set(ALLOWED_HOSTS) <= {*HOTES_LOCAUX, "testserver"}

if not SECRET_KEY:
    raise ImproperlyConfigured(
        "La variable SECRET_KEY est absente : donnez-lui 50 caractères aléatoires au moins "
        "(docs/exploitation.md, « Réglages »)."
    )
if DEBUG and not EN_LOCAL:
    raise ImproperlyConfigured(
        "DEBUG=1 n'est accepté que sur cette machine : retirez DEBUG ou limitez ALLOWED_HOSTS "
        "à localhost."
    )
if DEMONSTRATION and not EN_LOCAL:
    raise ImproperlyConfigured("DEMONSTRATION=1 montre les courriels à tous : réservé à localhost.")

# --- What it is made of ---------------------------------------------------------------------
INSTALLED_APPS = [
    "dla_portal.comptes",
    "dla_portal.territoires",
    "dla_portal.socle",
    "prestataires",
    "accompagnements",
    "pilotage",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "dla_portal.comptes.middleware.RattachementMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "dla_portal.comptes.middleware.SecondFacteurMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "dla_portal.socle.middleware.ErreursMetierMiddleware",
]

ROOT_URLCONF = "dla_portal.urls"
WSGI_APPLICATION = "dla_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dla_portal.socle.contexte.portail",
            ],
            "builtins": ["dla_portal.socle.templatetags.portail"],
        },
    },
    {
        # Mails are plain text: nothing to escape, « l'accueil » stays « l'accueil ».
        "NAME": "courriels",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "autoescape": False,
            "builtins": ["dla_portal.socle.templatetags.portail"],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------
DONNEES_DIR = Path(os.environ.get("DONNEES_DIR", BASE_DIR / ".donnees"))
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", f"sqlite:///{DONNEES_DIR / 'portail.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without these two, most concurrent writes on SQLite end in "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Private files: never below a folder that a web server publishes.
FICHIERS_DIR = Path(os.environ.get("FICHIERS_DIR", DONNEES_DIR / "fichiers"))
MEDIA_ROOT = FICHIERS_DIR
FICHIER_TAILLE_MAX = 20 * 1024 * 1024  # bytes
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes, without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a diagnostic of many rows is one form
FILE_UPLOAD_PERMISSIONS = 0o600

# Keys that seal the deposits of prestataires; the first one encrypts, all of them decrypt.
CLES_SCELLES = _liste("CLES_SCELLES")
if not CLES_SCELLES:
    if not EN_LOCAL:
        raise ImproperlyConfigured(
            "La variable CLES_SCELLES est absente : sans elle les propositions déposées ne "
            "peuvent être scellées (docs/exploitation.md, « Clés des scellés »)."
        )
    CLES_SCELLES = [
        base64.urlsafe_b64encode(hashlib.sha256(b"scelles" + SECRET_KEY.encode()).digest()).decode()
    ]

# The seal put on signed files: a PKCS#12 certificate and its key; empty: no seal.
CACHET_PKCS12 = os.environ.get("CACHET_PKCS12", "")
CACHET_MOT_DE_PASSE = os.environ.get("CACHET_MOT_DE_PASSE", "")
if CACHET_PKCS12 and not Path(CACHET_PKCS12).is_file():
    raise ImproperlyConfigured(
        "Le certificat de CACHET_PKCS12 est introuvable (docs/exploitation.md, « Cachet »)."
    )

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "socle_cache",
    }
}

# --- Static files ---------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", DONNEES_DIR / "static"))
STATICFILES_DIRS = [
    (nom, BASE_DIR / "static" / nom)
    for nom in ("css", "js", "images", "vendor")
    if (BASE_DIR / "static" / nom).is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get(
            "STATICFILES_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# --- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
# An identifier written in an address must stay as it is: figures go through |nombre and |euros.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["dla_portal.formats"]

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "dla_portal.comptes.adaptateur.AdaptateurCompte"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are opened by an administrator
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # the session lasts what SESSION_COOKIE_AGE says
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EN_LOCAL
# An administrator opens the accounts: their address is known, not confirmed by mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Portail DLA"
# The second factor is required from staff wherever real data may be.
SECOND_FACTEUR_EXIGE = _oui("SECOND_FACTEUR_EXIGE", not EN_LOCAL)

SESSION_COOKIE_AGE = 2 * 3600  # seconds without any request
SESSION_SAVE_EVERY_REQUEST = True
SESSION_DUREE_ABSOLUE = 12 * 3600  # seconds since sign-in
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Security -------------------------------------------------------------------------------
EN_HTTPS = SITE_URL.startswith("https://")
if not EN_LOCAL and not EN_HTTPS:
    raise ImproperlyConfigured("SITE_URL doit commencer par https:// hors de cette machine.")
SECURE_SSL_REDIRECT = EN_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if EN_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = EN_HTTPS
SECURE_HSTS_PRELOAD = EN_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = EN_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if EN_HTTPS else []
X_FRAME_OPTIONS = "DENY"
# Number of reverse proxies in front: 0 trusts no X-Forwarded header.
PROXIES = int(os.environ.get("PROXIES", "0"))
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Mail -----------------------------------------------------------------------------------
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _oui("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Portail DLA <ne-pas-repondre@localhost>")

# --- What may be reached outside --------------------------------------------------------------
SORTIES_AUTORISEES = _liste("SORTIES_AUTORISEES")  # host names; empty: nothing leaves
SORTIES_DELAI = float(os.environ.get("SORTIES_DELAI", "5"))  # seconds, for the whole call
# Public directory of companies and associations, and geocoder of the national address base.
ANNUAIRE_URL = os.environ.get("ANNUAIRE_URL", "https://recherche-entreprises.api.gouv.fr/search")
ADRESSES_URL = os.environ.get("ADRESSES_URL", "https://data.geopf.fr/geocodage/search")

# --- Forms, logs ------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "loggers": {nom: {"level": "WARNING"} for nom in ("pikepdf", "weasyprint", "fontTools")},
    "root": {"handlers": ["console"], "level": os.environ.get("NIVEAU_JOURNAL", "INFO")},
}
