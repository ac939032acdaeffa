"""Owns what an operator can set. Each setting is an environment variable, or a file named by the same name with
`_FILE` at its end (so a secret need not stand in the environment). README.md lists them all.

It must not hold anything that a program manager decides: that stands in the written program.
"""

from __future__ import annotations

from pathlib import Path

from sayso.config.databases import database_settings, default_database_url
from sayso.config.environment import Environment, usable
from sayso.config.home import KEY_FILE, prepare_home, stored_secret_key
from sayso.config.logs import LEVELS, level_named, logging_settings
from sayso.config.mail import mail_settings

PACKAGE = Path(__file__).resolve().parent.parent

_A_YEAR_SECONDS = 365 * 24 * 3600
_A_WORKING_DAY_SECONDS = 12 * 3600
_LARGEST_BODY_BYTES = 1_000_000
_MOST_FIELDS = 500

env = Environment()

# --- the installation ---

DEBUG = False
_A_FOLDER = "a folder in which this user may write"
_GIVEN_KEY = env.text("SAYSO_SECRET_KEY")
with usable("SAYSO_HOME", write=_A_FOLDER):
    SAYSO_HOME = prepare_home(env.text("SAYSO_HOME", "~/.sayso"))
    SECRET_KEY = _GIVEN_KEY or stored_secret_key(SAYSO_HOME)
# Where the secret key is kept; nowhere when it was given.
SECRET_KEY_FILE = None if _GIVEN_KEY else SAYSO_HOME / KEY_FILE
SECRET_KEY_FALLBACKS = env.words("SAYSO_SECRET_KEY_FALLBACKS", [])

# --- what is remembered ---

_GIVEN_URL = env.text("DATABASE_URL")
_PLACE = ("DATABASE_URL", f"the path of a file in {_A_FOLDER}") if _GIVEN_URL else ("SAYSO_HOME", _A_FOLDER)
with usable(_PLACE[0], write=_PLACE[1]):
    DATABASES = {"default": database_settings(_GIVEN_URL or default_database_url(SAYSO_HOME))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DOMAINS = (
    "workspaces",
    "jobs",
    "events",
    "people",
    "programs",
    "sharing",
    "ledger",
    "referrals",
    "rewards",
    "outreach",
    "decisions",
    "pages",
    "connectors.webhooks",
    "connectors.incoming",
    "connectors.fulfilment",
)
WEB = ("console", "landing", "portal", "widget")
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "sayso.config.apps.ConfigApp",
    *(f"sayso.domains.{domain}" for domain in DOMAINS),
    *(f"sayso.web.{each}" for each in WEB),
]

# --- time and languages: moments are stored in UTC; a workspace has the zone and its program the words ---

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("it", "Italiano"), ("nl", "Nederlands")]
LANGUAGE_COOKIE_NAME = "sayso_language"
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

# --- pages: templates and what they stand on come from the package itself, under names that change with the content ---

ROOT_URLCONF = "sayso.config.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {"staticfiles": {"BACKEND": "sayso.web.assets.StampedFiles"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = _A_YEAR_SECONDS
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = _A_WORKING_DAY_SECONDS

# --- logs ---

_LEVEL = env.read("SAYSO_LOG_LEVEL", "WARNING", as_=level_named, write=", ".join(LEVELS))
LOGGING = logging_settings(level=_LEVEL, as_json=env.flag("SAYSO_LOG_JSON", False))

# --- the way out: networks of the operator's own that may be called, by http too and on any port ---


ALLOWED_INTERNAL = env.networks("SAYSO_ALLOWED_INTERNAL")

# --- how long finished deliveries of webhooks, and messages that were ignored, can be looked at ---

DELIVERIES_KEPT_DAYS = env.count("SAYSO_DELIVERIES_KEPT_DAYS", 30)

# --- how long it is kept that somebody followed a share link: thirteen months ---

CLICKS_KEPT_DAYS = env.count("SAYSO_CLICKS_KEPT_DAYS", 396)

# --- mails: where the server is that sends them, in whose name, and where their links lead ---

globals().update(mail_settings(env.text("SAYSO_MAIL_URL")))
MAIL_FROM = env.text("SAYSO_MAIL_FROM")
PUBLIC_URL = env.text("SAYSO_PUBLIC_URL").rstrip("/")
MAILS_KEPT_DAYS = env.count("SAYSO_MAILS_KEPT_DAYS", 400)

# --- security ---

ALLOWED_HOSTS = env.words("SAYSO_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
MIDDLEWARE = [
    "sayso.web.health.HealthAnswers",
    "sayso.web.in_the_clear.InTheClear",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sayso.web.content_policy.ContentPolicy",
    "sayso.web.site.addresses.SiteHosts",
    "sayso.web.embedded.Embedded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
REQUESTS_PER_MINUTE = env.count("SAYSO_REQUESTS_PER_MINUTE", 6000)
# Events come through a door of their own, where each costs a fraction of any other request.
EVENT_REQUESTS_PER_MINUTE = env.count("SAYSO_EVENT_REQUESTS_PER_MINUTE", 600_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = _LARGEST_BODY_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = _MOST_FIELDS

BEHIND_PROXY = env.flag("SAYSO_BEHIND_PROXY", False)
# `sayso serve` says so when only this machine reaches it; everywhere else browsers are sent to https.
PLAIN_HTTP = env.flag("SAYSO_PLAIN_HTTP", False)
METRICS_TOKEN = env.text("SAYSO_METRICS_TOKEN")

# Browsers take a cookie named so only with `Secure`, which they do not take over plain http.
_COOKIES = "sayso" if PLAIN_HTTP else "__Host-sayso"
CSRF_COOKIE_NAME = f"{_COOKIES}_csrf"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "sayso.web.site.failures.form_refused"
SESSION_COOKIE_NAME = f"{_COOKIES}_session"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
# A member's own session on the pages of a workspace, whose number follows.
MEMBER_COOKIE_NAME = f"{_COOKIES}_member"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else _A_YEAR_SECONDS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Anybody can send this header, so it is believed only when the operator says that a proxy in front strips it.
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whether sub-domains and the browsers' preload list follow is a decision about the operator's whole domain, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
