"""What a container answers, shown in a browser: fetched by the API server's proxy, as the student, and locked in."""

from __future__ import annotations

from urllib.parse import quote

import urllib3
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from k8slab.kube.client import Client
from k8slab.kube.errors import KubeError
from k8slab.sandbox.cluster import student_client

from .links import Forward, read_link

MAX_BYTES = 5 * 1024 * 1024
SECONDS = 10.0
# No scripts, no forms, no origin of its own: pictures and styles of the same container are all that a page may have.
LOCK = (
    "sandbox allow-popups; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": LOCK,  # in place of the site's own
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the locked page is of no origin, and its pictures come from here
}


@require_safe
def forward(request: HttpRequest, token: str, rest: str) -> HttpResponse:
    found = read_link(token)
    if found is None:
        return _said(_("This link has ended. kubectl port-forward gives a new one."), 410)
    try:
        client = student_client(found.sandbox)
        return _fetched(client, found, rest, request.META.get("QUERY_STRING", ""))
    except KubeError as error:
        return _said(error.message, 502)


def _fetched(client: Client, found: Forward, rest: str, query: str) -> HttpResponse:
    resource = client.discovery.named(found.plural)
    if resource is None:
        return _said(_("The cluster has no such kind of object."), 502)
    path = resource.path(found.namespace, f"{found.name}:{found.port}", "proxy")
    asked = f"{path}/{quote(rest)}{'?' if query else ''}{query}"
    response = client.connection.open("GET", asked, accept="*/*", timeout=SECONDS)
    try:
        body = response.read(MAX_BYTES + 1)
    except (urllib3.exceptions.HTTPError, OSError):
        return _said(_("The container broke off in the middle of its answer."), 502)
    finally:
        response.close()
    if len(body) > MAX_BYTES:
        return _said(_("The answer is longer than 5 MB."), 502)
    kind = response.headers.get("Content-Type", "text/plain; charset=utf-8")
    return _locked(HttpResponse(body, status=response.status, content_type=kind))


def _said(text: str, status: int) -> HttpResponse:
    return _locked(HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8"))


def _locked(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response
