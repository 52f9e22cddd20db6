"""What the map opens: an object's YAML, a container's log, the past. All of it as the student, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from k8slab.catalog.course import Exercise
from k8slab.kube.errors import Forbidden, KubeError, NotFound, UnknownKind
from k8slab.live import timeline
from k8slab.sandbox import actions as sandboxes
from k8slab.sandbox.viewing import log_of, object_as_yaml

from .api import endpoint, refuse, student_of
from .models import Attempt

NAME = 253  # characters


@endpoint("GET")
def object_yaml(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """`?apiVersion=apps/v1&kind=Deployment&name=web`; a Secret's values with `&reveal=1` only."""
    asked = [request.GET.get(key, "")[:NAME] for key in ("apiVersion", "kind", "name")]

    def read(attempt: Attempt) -> dict[str, Any]:
        text, hides = object_as_yaml(attempt.sandbox, *asked, reveal=request.GET.get("reveal") == "1")
        return {"yaml": text, "hides": hides}

    return _answer(request, exercise, read)


@endpoint("GET")
def log(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """`?pod=web-1&container=web&previous=1`: the last lines."""
    pod, container = (request.GET.get(key, "")[:NAME] for key in ("pod", "container"))

    def read(attempt: Attempt) -> dict[str, Any]:
        return {"log": log_of(attempt.sandbox, pod, container, previous=request.GET.get("previous") == "1")}

    return _answer(request, exercise, read)


@endpoint("GET")
def past(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """What happened in the namespace since it was set up for this attempt."""
    return _answer(request, exercise, _past)


@endpoint("POST")
def node(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """`name=…&on=1`: the power switch of one of the sandbox's own nodes."""
    name, on = request.POST.get("name", "")[:NAME], request.POST.get("on") == "1"

    def switch(attempt: Attempt) -> dict[str, Any]:
        if not sandboxes.switch_node(attempt.sandbox, name, on=on):
            raise NotFound(_("This node is not yours to switch."))
        return {"name": name, "on": on}

    return _answer(request, exercise, switch)


def _past(attempt: Attempt) -> dict[str, Any]:
    return {**timeline.past(attempt.sandbox.namespace, attempt.prepared or attempt.started)}


def _answer(request: HttpRequest, exercise: Exercise, read: Callable[[Attempt], dict[str, Any]]) -> HttpResponse:
    mine = Attempt.objects.select_related("sandbox").filter(student=student_of(request), exercise=exercise.id)
    attempt = mine.filter(current=True).first()  # the sandbox may be another exercise's by now
    if attempt is None:
        return refuse(404, _("This exercise was not started yet."))
    try:
        response = JsonResponse(read(attempt))
    except (NotFound, UnknownKind) as error:
        return refuse(404, error.message)
    except Forbidden as error:
        return refuse(403, error.message)
    except KubeError as error:
        if error.permanent:
            return refuse(400, error.message)
        return refuse(503, _("The cluster does not answer at the moment."))
    response.headers["Cache-Control"] = "no-store"
    return response
