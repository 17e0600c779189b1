"""Django's settings, from `environment.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from counterfoil.config.environment import read_environment, secret_key
from counterfoil.config.file_storage import file_storage

ENVIRONMENT = read_environment()
DEVELOPMENT = ENVIRONMENT.development
DATA_DIR = ENVIRONMENT.data_dir
PUBLIC_URL = ENVIRONMENT.public_url
TLS = bool(PUBLIC_URL and PUBLIC_URL.startswith("https://"))
EMAIL_URL = ENVIRONMENT.email_url
SMS_URL = ENVIRONMENT.sms_url
PROXIES = ENVIRONMENT.proxies
LIFETIMES = ENVIRONMENT.lifetimes
METRICS_TOKEN = ENVIRONMENT.metrics_token

SECRET_KEY = secret_key(DATA_DIR)
ENCRYPTION_KEYS = ENVIRONMENT.encryption_keys
DEBUG = False
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
ROOT_URLCONF = "counterfoil.config.urls"
WSGI_APPLICATION = "counterfoil.config.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [DATA_DIR / "locale"]  # compiled when we start: wording/catalogues.py
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = TLS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

INSTALLED_APPS = [
    "counterfoil.config",
    "counterfoil.ledger",
    "counterfoil.events",
    "counterfoil.outbox",
    "counterfoil.rails",
    "counterfoil.files",
    "counterfoil.audit",
    "counterfoil.platforms",
    "counterfoil.accounts",
    "counterfoil.payments",
    "counterfoil.disputes",
    "counterfoil.payouts",
    "counterfoil.messaging",
    "counterfoil.webhooks",
    "counterfoil.access",
    "counterfoil.api",
    "counterfoil.dashboard",
    "counterfoil.console",
    "django_htmx",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]


def _database(url: str) -> dict[str, Any]:
    database: dict[str, Any] = dict(dj_database_url.parse(url))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A writer takes the lock when it begins: two transactions never both read, then one
        # fails on writing. WAL lets readers go on meanwhile.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
                "PRAGMA mmap_size=268435456;"
            ),
        }
        database["CONN_MAX_AGE"] = None
    elif database["ENGINE"] == "django.db.backends.postgresql":
        options = database.get("OPTIONS", {})
        asked = options.get("options", "")
        database["OPTIONS"] = {
            **options,
            # No statement of a page is long enough to be compiled, or shared among processes of the
            # server: that took ten times as long as answering it. Who set them, keeps them.
            "options": f"-c jit=off -c max_parallel_workers_per_gather=0 {asked}",
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
            # Statements that come back are planned once: a third less work for the server.
            "server_side_binding": True,
            "prepare_threshold": 5,
        }
    else:
        raise ValueError("COUNTERFOIL_DATABASE_URL must begin with sqlite: or postgresql:.")
    return database


DATABASES = {"default": _database(ENVIRONMENT.database_url)}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "counterfoil.config.middleware.pages_only",
    "django.middleware.common.CommonMiddleware",
]
# What pages need and the API does not; `pages_only` wraps these around everything but /v1.
PAGE_MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "counterfoil.config.middleware.PagePolicy",
    "django.middleware.locale.LocaleMiddleware",
    "counterfoil.access.csrf.PageCsrf",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            Path(__file__).parent.parent / "dashboard" / "templates",
            Path(__file__).parent.parent / "console" / "templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "counterfoil.dashboard.jinja.environment"},
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Hashed names, kept for ever by browsers, with a compressed copy beside each: `serve` collects.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": file_storage(ENVIRONMENT.files_url, DATA_DIR),  # what is handed in
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# The addresses below which an operator sees what a seller sees (`console/views/seeing.py`).
SELLER_PAGES = "counterfoil.dashboard.urls"

# Where payouts find the way to the bank; they know the promise of `rails.base`, never a bank.
RAIL_OF = "counterfoil.config.rails.rail_of"

# A sentence atop the next page ("Refunded"): signed, in a cookie of its own, no session table.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
MESSAGE_TAGS = {20: "accent", 25: "positive", 30: "caution", 40: "negative"}  # banners' tones
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "counterfoil.access.views.session.csrf_failure"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# Fields of one form without its files: all evidence of a dispute is 150,000 characters at most,
# of up to four bytes each.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "counterfoil.config.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": ENVIRONMENT.log_format}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
