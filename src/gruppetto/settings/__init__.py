"""Settings, all from the environment; closed by default. ``GRUPPETTO_AS`` says which database role this process has."""

from __future__ import annotations

import os
from pathlib import Path

from gruppetto.launcher.sealing import FILE as SEAL_KEY
from gruppetto.settings.databases import VARIABLES, database
from gruppetto.settings.keys import key

SOURCE = Path(__file__).resolve().parent.parent
PROJECT = SOURCE.parent.parent
FOLDER = Path(os.environ.get("GRUPPETTO_FOLDER", PROJECT / ".var"))

DEMO = os.environ.get("GRUPPETTO_DEMO") == "1"
# A sandbox to practise in (`gruppetto training`): it opens no real database and sends nothing.
TRAINING = os.environ.get("GRUPPETTO_TRAINING") == "1"
DEBUG = False
SECRET_KEY = key("GRUPPETTO_SECRET_KEY")
# Opens the sessions of the platform's own services (telephony); only its hash is in the database (decisions 2b).
GRUPPETTO_SERVICE_KEY = key("GRUPPETTO_SERVICE_KEY")
GRUPPETTO_FILES_KEY = os.environ.get("GRUPPETTO_FILES_KEY", "")
GRUPPETTO_FILES_FOLDER = Path(os.environ.get("GRUPPETTO_FILES_FOLDER", FOLDER / "files"))
GRUPPETTO_FONTS_FOLDER = Path(os.environ.get("GRUPPETTO_FONTS_FOLDER", PROJECT / ".var" / "fonts"))
GRUPPETTO_SPOOL_FOLDER = Path(os.environ.get("GRUPPETTO_SPOOL_FOLDER", FOLDER / "spool"))
GRUPPETTO_CLAMD = os.environ.get("GRUPPETTO_CLAMD", "")
GRUPPETTO_SCANNER = "gruppetto.gateways.antivirus.clamd.Clamd"
# One secret per telephone line: "line=secret,line=secret".
GRUPPETTO_LINES = dict(
    pair.split("=", 1) for pair in os.environ.get("GRUPPETTO_LINES", "").split(",") if "=" in pair
)
GRUPPETTO_PHONE_SHOWN = os.environ.get("GRUPPETTO_PHONE_SHOWN", "")
# Minutes without a word after the end said of a visit, before the alarm; minutes before it reaches more colleagues.
GRUPPETTO_VISIT_GRACE = int(os.environ.get("GRUPPETTO_VISIT_GRACE", "10"))
GRUPPETTO_VISIT_WIDEN = int(os.environ.get("GRUPPETTO_VISIT_WIDEN", "5"))
# How many months the journal keeps who looked at what (6 to 36).
GRUPPETTO_LOOKS_MONTHS = int(os.environ.get("GRUPPETTO_LOOKS_MONTHS", "12"))
# The sealer's own address and the file of its key: only the process that seals the journal needs them.
GRUPPETTO_SEALER = os.environ.get(VARIABLES["sealer"], "")
GRUPPETTO_SEAL_KEY_FILE = Path(os.environ.get("GRUPPETTO_SEAL_KEY_FILE", FOLDER / SEAL_KEY))
GRUPPETTO_NAME = os.environ.get("GRUPPETTO_NAME", "Gruppetto")
# Carriers of messages; without one, humans hand over (docs/operators/messages.md).
GRUPPETTO_SMS_URL = os.environ.get("GRUPPETTO_SMS_URL", "")
GRUPPETTO_SMS_TOKEN = os.environ.get("GRUPPETTO_SMS_TOKEN", "")
GRUPPETTO_SMS_SENDER = os.environ.get("GRUPPETTO_SMS_SENDER", "Gruppetto")
GRUPPETTO_SMS_SECRET = os.environ.get("GRUPPETTO_SMS_SECRET", "")
GRUPPETTO_SMS_CALLBACK = os.environ.get("GRUPPETTO_SMS_CALLBACK", "")
GRUPPETTO_SMTP_URL = os.environ.get("GRUPPETTO_SMTP_URL", "")
GRUPPETTO_MAIL_FROM = os.environ.get("GRUPPETTO_MAIL_FROM", "")
# The right side of our Message-IDs.
GRUPPETTO_MAIL_DOMAIN = os.environ.get("GRUPPETTO_MAIL_DOMAIN", "gruppetto.invalid")
GRUPPETTO_LETTERS_FOLDER = os.environ.get("GRUPPETTO_LETTERS_FOLDER", "")
GRUPPETTO_VOICE_URL = os.environ.get("GRUPPETTO_VOICE_URL", "")
GRUPPETTO_VOICE_SECRET = os.environ.get("GRUPPETTO_VOICE_SECRET", "")
# The organisation's identity providers; none by default (docs/operators/sign-in.md).
GRUPPETTO_OIDC = {name: value for name, value in os.environ.items() if name.startswith("GRUPPETTO_OIDC")}

if TRAINING:
    # Whatever the environment says, nothing leaves the sandbox: without a carrier, nothing is handed to one.
    GRUPPETTO_SMS_URL = GRUPPETTO_SMTP_URL = GRUPPETTO_VOICE_URL = GRUPPETTO_LETTERS_FOLDER = ""
    GRUPPETTO_OIDC = {}

ALLOWED_HOSTS = os.environ.get("GRUPPETTO_HOSTS", "localhost,127.0.0.1").split(",")
HTTPS = os.environ.get("GRUPPETTO_HTTPS", "0" if DEMO else "1") == "1"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("GRUPPETTO_ORIGINS", "").split(",") if o]

ROOMS = [
    "gruppetto.kernel.access",
    "gruppetto.kernel.calendars",
    "gruppetto.kernel.journal",
    "gruppetto.kernel.outbox",
    "gruppetto.kernel.live",
    "gruppetto.kernel.preferences",
    "gruppetto.kernel.files",
    "gruppetto.kernel.jobs",
    "gruppetto.registry.geography",
    "gruppetto.registry.organisations",
    "gruppetto.registry.people",
    "gruppetto.registry.staff",
    "gruppetto.registry.coverage",
    "gruppetto.service.catalogue",
    "gruppetto.service.knowledge",
    "gruppetto.service.messages",
    "gruppetto.service.contacts",
    "gruppetto.service.commitments",
    "gruppetto.service.interventions",
    "gruppetto.service.complaints",
    "gruppetto.service.notices",
    "gruppetto.service.visits",
    "gruppetto.service.causes",
    "gruppetto.service.coordinates",
    "gruppetto.service.finding",
    "gruppetto.service.worklists",
    "gruppetto.insight.indicators",
    "gruppetto.gateways.telephony",
    "gruppetto.gateways.sms",
    "gruppetto.gateways.mail",
    "gruppetto.gateways.letters",
    "gruppetto.gateways.voice",
    "gruppetto.desks.shared",
    "gruppetto.desks.call_desk",
    "gruppetto.desks.correspondent",
    "gruppetto.desks.work",
    "gruppetto.desks.complaints",
    "gruppetto.desks.visits",
    "gruppetto.desks.causes",
    "gruppetto.desks.supervision",
    "gruppetto.desks.backoffice",
    "gruppetto.desks.knowledge",
    "gruppetto.desks.portal",
    "gruppetto.demo",
    "gruppetto.training",
]

INSTALLED_APPS = [
    # Our templates win over those of the libraries.
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gruppetto.kernel.access.middleware.Requests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gruppetto.kernel.access.middleware.Acting",
]

ROOT_URLCONF = "gruppetto.settings.urls"
ASGI_APPLICATION = "gruppetto.settings.asgi.application"
WSGI_APPLICATION = "gruppetto.settings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gruppetto.desks.shared.context.house",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("GRUPPETTO_AS", "web"))}
# What the processes of the house must know together: codes that have served.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gruppetto.kernel.access.passwords.CnilPassword"},
    {"NAME": "gruppetto.kernel.access.passwords.AnotherPassword"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# The kernel knows no desk: where its middleware finds the page said while the database is away.
PAUSE_PAGE = "gruppetto.desks.shared.errors.unavailable"
CSRF_FAILURE_VIEW = "gruppetto.desks.shared.errors.stale_form"

ACCOUNT_ADAPTER = "gruppetto.kernel.access.adapters.StaffAccounts"
MFA_ADAPTER = "gruppetto.kernel.access.adapters.SecondFactor"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Failures are counted by axes, in the database that all processes share.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "gruppetto.kernel.access.forms.SignIn",
    "reauthenticate": "gruppetto.kernel.access.forms.AskPassword",
    "change_password": "gruppetto.kernel.access.forms.ChangePassword",
}
MFA_FORMS = {
    "authenticate": "gruppetto.kernel.access.forms.SecondStep",
    "reauthenticate": "gruppetto.kernel.access.forms.AskCode",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = GRUPPETTO_NAME
# A code is accepted one step early or late: telephones are not all on time.
MFA_TOTP_TOLERANCE = 1
# An administrator wrote the courriel: nothing to verify before a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = "gruppetto.kernel.access.lockout.counted_by"
AXES_USERNAME_CALLABLE = "gruppetto.kernel.access.lockout.tried"
AXES_USERNAME_FORM_FIELD = "login"
# A quarter of an hour means a quarter of an hour, even for the impatient.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
# Never kept beside a failure: what was typed.
AXES_SENSITIVE_PARAMETERS = ["login", "code", "credential", "password", "oldpassword", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "shared/locked.html"

SESSION_COOKIE_NAME = "gruppetto_page"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "gruppetto.desks.shared.errors.stale_form"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
FILE_UPLOAD_HANDLERS = ["gruppetto.kernel.files.uploads.Bounded"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
# Served from the packages (WHITENOISE_USE_FINDERS): nothing to collect.
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get(
            "GRUPPETTO_STATIC_STORAGE",
            "django.contrib.staticfiles.storage.StaticFilesStorage",
        )
    },
}
WHITENOISE_USE_FINDERS = True

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

PROCRASTINATE_ON_APP_READY = None
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": os.environ.get("GRUPPETTO_LOG_LEVEL", "WARNING"),
    },
}
