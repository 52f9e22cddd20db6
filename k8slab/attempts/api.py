"""What a workbench asks for by fetch: JSON in, JSON out, errors as {"message": …} in the student's language."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
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

from . import actions, files, limits, tasks, tell
from .models import Attempt
from .queue import enqueue

Endpoint = Callable[[HttpRequest, Exercise], HttpResponse]


def refuse(status: int, message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


def _unreadable() -> str:
    return _("The page sent something unreadable. Reload it; your text is kept.")


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


def student_of(request: HttpRequest) -> User:
    return cast(User, request.user)  # logged in: see `endpoint`


def _attempt(request: HttpRequest, exercise: Exercise) -> Attempt | None:
    found = Attempt.objects.select_related("sandbox", "student")
    return found.filter(student=student_of(request), exercise=exercise.id).first()


def _answer(attempt: Attempt, status: int = 200) -> JsonResponse:
    attempt.refresh_from_db()
    return JsonResponse(tell.current_state(attempt, get_language() or "en"), status=status)


def _body(request: HttpRequest) -> dict[str, Any]:
    """A JSON object; an empty one where the body is none."""
    try:
        data: Any = json.loads(request.body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _kept(text: str) -> str:
    """What no database keeps (NUL, half a surrogate pair) becomes U+FFFD, one for one, so that positions stay."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _texts(body: Mapping[str, Any], exercise: Exercise) -> dict[str, str] | None:
    """The `files` of a body, name → text, or its one `text` as the first file; None where there is neither."""
    found = body.get("files", {exercise.files[0].name: body.get("text")})
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        return None
    return {name: _kept(text) for name, text in found.items()}


def _open(request: HttpRequest, exercise: Exercise) -> Attempt:
    attempt = actions.open_attempt(student_of(request), exercise)
    if attempt.prepared is None:
        transaction.on_commit(lambda: enqueue(tasks.prepare, str(attempt.pk)))
    return attempt


@endpoint("POST")
def start(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """Makes this exercise the one that the sandbox is for."""
    return _answer(_open(request, exercise))


@endpoint("POST")
def submit(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """{"files": {name: text}} as the page does, or one {"text": …} of everything."""
    body = _body(request)
    drafts = _texts(body, exercise)
    if drafts is None:
        return refuse(400, _unreadable())
    text, parts = files.joined(files.handed_in(exercise, drafts))
    if len(text.encode()) > limits.TEXT_BYTES:
        return refuse(413, _("This is too much text: at most 1 MiB can be handed in. Nothing was changed."))
    if limits.too_often(student_of(request).pk):
        return refuse(429, _("That was very often in a short time. Wait a few seconds, then submit again."))
    attempt = _open(request, exercise)
    _keep(attempt, exercise, drafts, body)
    submission = actions.submit(attempt, text, parts)
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
    """The sandbox back to where the exercise starts; {"whole": true}: in a new namespace."""
    attempt = _open(request, exercise)
    actions.reset_step(attempt, exercise)
    task = tasks.renew if _body(request).get("whole") is True else tasks.prepare
    transaction.on_commit(lambda: enqueue(task, str(attempt.pk)))
    return _answer(attempt, 202)


@endpoint("POST")
def extend(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """The sandbox's time begins again."""
    attempt = _attempt(request, exercise)
    if attempt is None:
        return refuse(404, _("This exercise was not started yet."))
    actions.extend(attempt)
    return _answer(attempt)


@endpoint("GET", "PUT")
def draft(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """The answer's files as they stand, or {"files": {name: text}, "tab": …}: some of them anew."""
    attempt = _attempt(request, exercise)
    if request.method == "GET":
        return _drafts(attempt, exercise)
    body = _body(request)
    drafts = _texts(body, exercise)
    if drafts is None or attempt is None:
        return refuse(400, _unreadable())
    try:
        version = actions.save_draft(attempt, drafts, _tab(body))
    except files.FilesError:
        return refuse(413, _("This draft is too long to be kept."))
    return JsonResponse({"version": version})


def _drafts(attempt: Attempt | None, exercise: Exercise) -> HttpResponse:
    if attempt is None:
        return refuse(404, _("This exercise was not started yet."))
    answer = files.of_answer(exercise, attempt.vars, attempt.files)
    return JsonResponse({"version": attempt.draft_version, "files": answer})


def _keep(attempt: Attempt, exercise: Exercise, drafts: Mapping[str, str], body: Mapping[str, Any]) -> None:
    """What is handed in is also the draft. One that cannot be kept is no reason to refuse the submission."""
    own = files.handed_in(exercise, drafts)
    with suppress(files.FilesError):
        actions.save_draft(attempt, {name: text for name, text in own.items() if name in drafts}, _tab(body))


def _tab(body: Mapping[str, Any]) -> str:
    """Which of the student's pages asks; only to be told apart from the others."""
    return str(body.get("tab", ""))[:40]


@endpoint("GET")
def last(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """What was handed in last, file by file, to be compared with; null before the first time."""
    attempt = _attempt(request, exercise)
    submission = attempt.submissions.first() if attempt else None
    found = files.split(exercise, submission.text, submission.parts) if submission else None
    return JsonResponse({"files": found})


@endpoint("GET")
def state(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    attempt = _attempt(request, exercise)
    if attempt is None:
        return refuse(404, _("This exercise was not started yet."))
    return _answer(attempt)


@endpoint("POST")
def hint(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    """A student asks for the hint of {"check": id}; the answer's state tells it."""
    check, attempt = _body(request).get("check"), _attempt(request, exercise)
    if attempt is None or check not in [check.id for check in exercise.checks]:
        return refuse(400, _("There is no such requirement."))
    actions.open_hint(attempt, check)
    return _answer(attempt)
