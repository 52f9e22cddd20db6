"""What a workbench asks for by fetch: JSON in, JSON out, errors as {"message": …} in the student's language."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from k8slab.accounts.models import User
from k8slab.catalog import shelf
from k8slab.catalog.course import Exercise

from . import actions, limits, tasks, tell
from .models import Attempt
from .queue import enqueue

Endpoint = Callable[[HttpRequest, Exercise], HttpResponse]


def refuse(status: int, message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


def endpoint(*methods: str) -> Callable[[Endpoint], Callable[..., HttpResponse]]:
    """Login, method, exercise: what every endpoint needs before it begins."""

    def decorate(function: Endpoint) -> Callable[..., HttpResponse]:
        @wraps(function)
        def view(request: HttpRequest, exercise_id: str) -> HttpResponse:
            if not request.user.is_authenticated:
                return refuse(401, _("Your session has ended. Log in again; your text is kept on this page."))
            exercise = shelf.current().exercise(exercise_id)
            if exercise is None:
                return refuse(404, _("This exercise is no longer part of the course."))
            return function(request, exercise)

        return require_http_methods(methods)(view)

    return decorate


def _student(request: HttpRequest) -> User:
    return cast(User, request.user)  # logged in: see `endpoint`


def _attempt(request: HttpRequest, exercise: Exercise) -> Attempt | None:
    found = Attempt.objects.select_related("sandbox", "student").filter(student=_student(request), exercise=exercise.id)
    return found.first()


def _answer(attempt: Attempt, status: int = 200) -> JsonResponse:
    attempt.refresh_from_db()
    return JsonResponse(tell.current_state(attempt, get_language() or "en"), status=status)


def _text(request: HttpRequest) -> str | None:
    """The text of a JSON body {"text": …}; None where there is none.

    What no database keeps (NUL, half a surrogate pair) becomes U+FFFD, one for one, so that positions stay.
    """
    try:
        data: Any = json.loads(request.body)
    except ValueError:
        return None
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        return None
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _open(request: HttpRequest, exercise: Exercise) -> Attempt:
    attempt = actions.open_attempt(_student(request), exercise)
    if attempt.prepared is None:
        transaction.on_commit(lambda: enqueue(tasks.prepare, str(attempt.pk)))
    return attempt


@endpoint("POST")
def start(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """Makes this exercise the one that the sandbox is for."""
    return _answer(_open(request, exercise))


@endpoint("POST")
def submit(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    text = _text(request)
    if text is None:
        return refuse(400, _("The page sent something unreadable. Reload it; your text is kept."))
    if len(text.encode()) > limits.TEXT_BYTES:
        return refuse(413, _("This is too much text: at most 1 MiB can be handed in. Nothing was changed."))
    if limits.too_often(_student(request).pk):
        return refuse(429, _("That was very often in a short time. Wait a few seconds, then submit again."))
    attempt = _open(request, exercise)
    submission = actions.submit(attempt, text)
    transaction.on_commit(lambda: enqueue(tasks.submit, str(submission.pk)))
    return _answer(attempt, 202)


@endpoint("POST")
def retry(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """The last submission once more, after it ended as `error`."""
    attempt = _open(request, exercise)
    submission = actions.retry(attempt)
    if submission is None:
        return refuse(409, _("There is nothing to try again yet."))
    transaction.on_commit(lambda: enqueue(tasks.submit, str(submission.pk)))
    return _answer(attempt, 202)


@endpoint("POST")
def reset(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """The sandbox back to where the exercise starts."""
    attempt = _open(request, exercise)
    actions.reset_step(attempt, exercise)
    transaction.on_commit(lambda: enqueue(tasks.prepare, str(attempt.pk)))
    return _answer(attempt, 202)


@endpoint("PUT")
def draft(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    text, attempt = _text(request), _attempt(request, exercise)
    if text is None or attempt is None:
        return refuse(400, _("The page sent something unreadable. Reload it; your text is kept."))
    try:
        actions.save_draft(attempt, text)
    except ValueError:
        return refuse(413, _("This draft is too long to be kept."))
    return HttpResponse(status=204)


@endpoint("GET")
def state(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    attempt = _attempt(request, exercise)
    if attempt is None:
        return refuse(404, _("This exercise was not started yet."))
    return _answer(attempt)


@endpoint("POST")
def hint(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """The page tells that a hint was opened; the hint itself came with the state."""
    text, attempt = _text(request), _attempt(request, exercise)
    if attempt is None or text not in {check.id for check in exercise.checks}:
        return refuse(400, _("There is no such requirement."))
    actions.open_hint(attempt, text)
    return HttpResponse(status=204)
