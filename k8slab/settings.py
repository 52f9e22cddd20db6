"""All configuration. Works with an empty environment; docs/settings.md names every variable that is read here."""

from __future__ import annotations

import warnings
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def secret(name: str, default: str = "") -> str:
    """A secret from NAME, or from the file that NAME_FILE names."""
    file = env.str(f"{name}_FILE", default="")
    return Path(file).read_text(encoding="utf-8").strip() if file else env.str(name, default=default)


def kept_secret_key() -> str:
    """A random key that is made once and kept beside the database, for whoever sets none."""
    file = VAR_DIR / "secret_key"
    if not file.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(get_random_secret_key(), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def celery_url(url: str) -> str:
    """redis-py's `unix://:pw@/path?db=1` as Celery wants it; other URLs as they are."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    db = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://:{quote(parts.password or '')}@{parts.path}?virtual_host={db}"


# --- where things are -------------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("K8SLAB_VAR", default=str(BASE_DIR / "var"))).resolve()
LESSONS_DIR = Path(env.str("K8SLAB_LESSONS", default=str(BASE_DIR / "lessons"))).resolve()
KUBECONFIG = env.str("K8SLAB_KUBECONFIG", default=str(VAR_DIR / "cluster" / "kubeconfig"))
REDIS_URL = secret("REDIS_URL")

# --- core -------------------------------------------------------------------------------------------------------
DEBUG = env.bool("K8SLAB_DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY") or kept_secret_key()
ALLOWED_HOSTS = env.list("K8SLAB_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("K8SLAB_ORIGINS", default=[])
HTTPS = env.bool("K8SLAB_HTTPS", default=False)
ROOT_URLCONF = "k8slab.urls"
ASGI_APPLICATION = "k8slab.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024  # a submission may be 1 MiB; more gets a clear answer, not a cut

INSTALLED_APPS = [
    "k8slab.supervisor",  # first: its runserver starts all five processes
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_vite",
    "allauth",
    "allauth.account",
    "k8slab.accounts",
    "k8slab.sandbox",
    "k8slab.catalog",
    "k8slab.live",
    "k8slab.quizzes",
    "k8slab.attempts",
    "k8slab.authoring",
    "k8slab.instructor",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "k8slab.accounts.middleware.permissions_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

# --- data -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer queues at BEGIN instead of failing at COMMIT
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "k8slab"}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# --- channels and tasks: in this process where no Redis is named --------------------------------------------------
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # a receive blocks for 5 s: the socket must be more patient than that
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": 15}],
                "capacity": 2000,
                "expiry": 30,
                "prefix": "k8slab",
            },
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
CELERY_BROKER_URL = celery_url(REDIS_URL) if REDIS_URL else "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # they are short, and may run twice
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "end what is stuck": {"task": "attempts.sweep", "schedule": 5.0},
    "close idle sandboxes": {"task": "attempts.close_idle", "schedule": 60.0},
    "remove orphaned namespaces": {"task": "sandbox.remove_orphans", "schedule": 300.0},
    "forget guests who did nothing": {"task": "accounts.forget_guests", "schedule": 24 * 3600.0},
    "clear old sessions": {"task": "accounts.clear_sessions", "schedule": 24 * 3600.0},
}

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "course"
LOGOUT_REDIRECT_URL = "course"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "k8slab.accounts.adapter.AccountAdapter"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # our view does it: a guest may log into an account
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("K8SLAB_PROXIES", default=0)  # how many of X-Forwarded-For's names are ours
GUESTS_PER_IP = env.str("K8SLAB_GUESTS_PER_IP", default="60/h")
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "guest": GUESTS_PER_IP,
}
GUEST_DAYS = env.int("K8SLAB_GUEST_DAYS", default=30)  # until a guest who never did anything is forgotten
SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- languages --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LOCALE_PATHS = [BASE_DIR / "k8slab" / "locale"]
USE_TZ = True
TIME_ZONE = env.str("TZ", default="UTC")

# WhiteNoise streams files by a plain iterator; Django says so at every file under ASGI, and it does no harm.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# --- static files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+[.-][0-9A-Za-z_-]{8,12}\..+$"
DJANGO_VITE = {"default": {"manifest_path": BASE_DIR / "static/dist/manifest.json", "static_url_prefix": "dist"}}

# --- sandboxes --------------------------------------------------------------------------------------------------
SANDBOX_HOURS = env.float("K8SLAB_SANDBOX_HOURS", default=4.0)  # idle time until a namespace is closed

# --- logs -------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("K8SLAB_LOG", default="INFO")},
}
