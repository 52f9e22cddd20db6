"""Wrong settings and missing steps, told at start with an id and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from .catalogs import po_files, stale

REDIS_SCHEMES = ("redis", "rediss", "unix")


def translations_compiled(**kwargs: Any) -> list[CheckMessage]:
    return [
        Warning(
            f"The translation to “{po.parent.parent.name}” is not compiled, so pages show English or older words.",
            hint="Run manage.py compiletranslations.",
            id="k8slab.W001",
        )
        for po in po_files()
        if stale(po)
    ]


def settings_make_sense(**kwargs: Any) -> list[CheckMessage]:
    return [*_limits(), *_places(), *_exposure()]


def _limits() -> Iterator[CheckMessage]:
    if not _is_rate(settings.GUESTS_PER_IP):
        yield Error(
            f"K8SLAB_GUESTS_PER_IP is “{settings.GUESTS_PER_IP}”, which is no rate.",
            hint="Write a number and a time: 60/h, 10/m or 500/d.",
            id="k8slab.E001",
        )
    if settings.SANDBOX_HOURS <= 0:
        yield Error(
            f"K8SLAB_SANDBOX_HOURS is {settings.SANDBOX_HOURS}: every namespace would close at once.",
            hint="Give the hours that an unused namespace stays open, such as 4 or 0.5.",
            id="k8slab.E002",
        )
    if settings.GUEST_DAYS < 1:
        yield Error(
            f"K8SLAB_GUEST_DAYS is {settings.GUEST_DAYS}: guests would be forgotten while they are here.",
            hint="Give at least 1 day.",
            id="k8slab.E003",
        )
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT < 0:
        yield Error(
            f"K8SLAB_PROXIES is {settings.ALLAUTH_TRUSTED_PROXY_COUNT}.",
            hint="Give the number of your own proxies in front of k8slab, 0 without.",
            id="k8slab.E004",
        )


def _is_rate(text: str) -> bool:
    try:
        rates = parse_rates(text)
    except ValueError:
        return False
    return bool(rates) and all(rate.amount > 0 and rate.per == "ip" for rate in rates)


def _places() -> Iterator[CheckMessage]:
    if not Path(settings.LESSONS_DIR).is_dir():
        yield Error(
            f"K8SLAB_LESSONS names “{settings.LESSONS_DIR}”, which is no directory.",
            hint="Name the directory that holds course.yaml, or leave K8SLAB_LESSONS out for the course of k8slab.",
            id="k8slab.E005",
        )
    scheme = urlsplit(settings.REDIS_URL).scheme
    if settings.REDIS_URL and scheme not in REDIS_SCHEMES:
        yield Error(
            f"REDIS_URL begins with “{scheme}:”, which is no address of a Redis.",
            hint="Write redis://host:6379/0, rediss://… with TLS, or unix:///path/to/socket.",
            id="k8slab.E006",
        )


def _exposure() -> Iterator[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS and not settings.DEBUG:
        yield Warning(
            "K8SLAB_HOSTS allows every host name.",
            hint="Name the hosts that people open, separated by commas: lab.example.org,localhost.",
            id="k8slab.W002",
        )
    local = {"localhost", "127.0.0.1", "[::1]", "testserver"}
    if set(settings.ALLOWED_HOSTS) - local and not settings.HTTPS and not settings.DEBUG:
        yield Warning(
            "People come from other computers, but without HTTPS: passwords and sessions can be read on the way.",
            hint="Put a proxy with a certificate in front, then set K8SLAB_HTTPS=1 and K8SLAB_ORIGINS=https://your.host.",
            id="k8slab.W003",
        )
