"""Settings of the project. What changes between machines comes from the environment
(docs/operations/settings.md lists it); everything else is decided here."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name, why):
    """The variable `name`; where it is missing, a sentence that says what to set and where."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"The environment variable {name} is missing: {why} "
            "docs/operations/settings.md lists them all; `make run` sets up a local installation."
        )
    return value


DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = required("SECRET_KEY", "it signs the sessions and must be long, random and secret.")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)  # SQLite would not
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = "Opportunités Quartiers"

INSTALLED_APPS = [
    "config",
    "regional_day",
    "worksheets",
    "opportunities",
    "programmes",
    "library",
    "territories",
    "journal",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.resending.KeepTextsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "opportunities.views.merged.MergedMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers and a writer work together, IMMEDIATE makes writers queue instead of
    # failing, FULL keeps what was acknowledged through a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # How alike two words must be for a search to take one for a slip of the other: two letters
    # swapped in a word of six, as in "frihce", leave 0.43.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c pg_trgm.word_similarity_threshold=0.4"
    )
else:
    raise ImproperlyConfigured(
        "DATABASE_URL must be sqlite:////path/file.sqlite3 or postgres://user:password@host/name."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Sign-in limits must count across the server's processes, hence the database.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("npm/bootstrap", NODE_MODULES / "bootstrap/dist/css"),
    ("npm/bootstrap-icons", NODE_MODULES / "bootstrap-icons/font"),
    ("npm/bricolage-grotesque", NODE_MODULES / "@fontsource-variable/bricolage-grotesque"),
    ("npm/idb", NODE_MODULES / "idb/build"),
    ("npm/idiomorph", NODE_MODULES / "idiomorph/dist"),
    ("npm/leaflet", NODE_MODULES / "leaflet/dist"),
    ("npm/source-sans-3", NODE_MODULES / "@fontsource-variable/source-sans-3"),
    # For the PDFs alone: scripts and signs that the two typefaces above don't have.
    ("npm/noto-emoji", NODE_MODULES / "@fontsource/noto-emoji/files"),
    ("npm/noto-sans-arabic", NODE_MODULES / "@fontsource-variable/noto-sans-arabic/files"),
    ("npm/noto-sans-hebrew", NODE_MODULES / "@fontsource-variable/noto-sans-hebrew/files"),
    ("npm/noto-sans-math", NODE_MODULES / "@fontsource/noto-sans-math/files"),
    ("npm/noto-sans-symbols-2", NODE_MODULES / "@fontsource/noto-sans-symbols-2/files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
# Source maps are only for who opens the inspector; squeezing them takes half of the set-up's time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))

# A whole worksheet saved without JavaScript: some forty answers of 100,000 characters at worst.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Of any form; one that takes several says its own, lower limit beside the field (MAX_AT_ONCE).
DATA_UPLOAD_MAX_NUMBER_FILES = 100
# Files above 2.5 MB go to the disk as they come; a whole request is at most 100 MB.
FILE_UPLOAD_HANDLERS = [
    "config.uploads.RefuseHugeRequests",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation reached the address: that verifies it
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8}  # 1234-5678: easy to type on a phone
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no message to people who have no account
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmCodeForm",
    "reset_password": "accounts.forms.AskResetForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
# allauth's own generator writes a row when a link is merely opened.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# A training day signs thirty people in at once behind one address; what protects an account is
# the limit by account (5 failures in 5 minutes), which stays.
ACCOUNT_RATE_LIMITS = {
    "login": "200/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "request_login_code": "60/m/ip,3/m/key",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"

SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# HTTPS is decided by the public address, so that a local run on http works.
SECURE_HTTPS = SITE_URL.startswith("https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_HTTPS
SECURE_SSL_REDIRECT = SECURE_HTTPS
SECURE_HSTS_SECONDS = 31536000 if SECURE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # its limits count by the address that the proxy saw
# Where the server looks up addresses, in GeoJSON; empty, people click on the map.
GEOCODING_URL = env.str("GEOCODING_URL", default="https://data.geopf.fr/geocodage/search")

# The background of the maps; districts and opportunities are drawn over it, or without it.
MAP_TILES_URL = env.str(
    "MAP_TILES_URL",
    default="https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
)
MAP_ATTRIBUTION = env.str("MAP_ATTRIBUTION", default="© IGN, Plan IGN")
MAP_TILES_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(MAP_TILES_URL))
if MAP_TILES_URL and ("{" in MAP_TILES_ORIGIN or not urlsplit(MAP_TILES_URL).netloc):
    raise ImproperlyConfigured(
        "MAP_TILES_URL must begin with https://host/, and the host may not vary: it is named in "
        "the Content-Security-Policy."
    )

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws its check marks as data: images; a photo that waits on the device is shown
        # as a blob: of its own page.
        "img-src": [SELF, "data:", "blob:", *([MAP_TILES_ORIGIN] if MAP_TILES_URL else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# In a demo the messages go to files, which /courriels/ shows; elsewhere they really leave.
EMAIL_FILE_PATH = VAR_DIR / "courriels"
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
elif DEBUG:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = required("EMAIL_HOST", "invitations and sign-in codes leave by this mail server.")
    EMAIL_PORT = env.int("EMAIL_PORT", default=587)
    EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
    EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
    EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Opportunités Quartiers <ne-pas-repondre@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# To the standard error, for whatever runs the processes to keep; Django alone would only mail it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
