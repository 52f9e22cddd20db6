"""Schemas for the editor's worker: the same for everybody, so that packing them gives nothing away."""

from __future__ import annotations

import gzip

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from k8slab.kube.errors import KubeError

from . import schemas


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which kinds there are."""
    return _answer(request, "")


@require_safe
def schema(request: HttpRequest, api_version: str) -> HttpResponse:
    """The schemas of one group version, `v1` or `apps/v1`."""
    return _answer(request, api_version)


def _answer(request: HttpRequest, api_version: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("Your session has ended. Log in again.")}, status=401)
    try:
        packed = schemas.group_version(api_version) if api_version else schemas.kinds()
    except KubeError:
        return JsonResponse({"message": _("The cluster does not answer at the moment.")}, status=503)
    if packed is None:
        return JsonResponse({"message": _("The cluster does not serve this.")}, status=404)
    return _packed(request, packed)


def _packed(request: HttpRequest, packed: schemas.Packed) -> HttpResponse:
    etag = f'"{packed.etag}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(packed.body, content_type="application/json", headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(packed.body), content_type="application/json")
    response["ETag"], response["Cache-Control"] = etag, "private, max-age=600"
    response["Vary"] = "Accept-Encoding"
    return response
