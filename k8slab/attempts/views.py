"""The pages of the course: index, lesson, and the workbench of an exercise."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from k8slab.accounts.models import User
from k8slab.catalog import shelf
from k8slab.catalog.course import Exercise, Lesson
from k8slab.sandbox.actions import request_sandbox

from . import pages, reading, tell
from .models import Attempt
from .words import words

WORKBENCH_URLS = ("start", "submit", "retry", "reset", "draft", "last", "state", "extend", "hint")


def _lesson(lesson_id: str) -> Lesson:
    found = shelf.current().lesson(lesson_id)
    if found is None:
        raise Http404
    return found


def _exercise(lesson: Lesson, exercise_id: str) -> Exercise:
    for exercise in lesson.exercises:
        if exercise.id == exercise_id:
            return exercise
    raise Http404


def _language() -> str:
    return get_language() or "en"


@require_safe
def course(request: HttpRequest) -> HttpResponse:
    """Tracks, lessons, and how far the student has come."""
    progress = pages.progress_of(request.user)
    context = {
        "course": shelf.current(),
        "tracks": pages.tracks(shelf.current(), progress, _language()),
        "whole": pages.whole(shelf.current(), progress),
        "resume": pages.resume(shelf.current(), progress, _language()),
        "first_url": pages.first_url(shelf.current()),
        "guest_possible": not request.user.is_authenticated,
    }
    return render(request, "attempts/course.html", context)


@require_safe
@ensure_csrf_cookie
def lesson(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """A lesson to read, with a card for each of its exercises. Open to everybody."""
    shown = _lesson(lesson_id)
    context = reading.lesson(shelf.current(), shown, request.user, _language())
    context["words"] = words(_language())
    return render(request, "attempts/lesson.html", context)


@require_safe
def scene(request: HttpRequest, lesson_id: str, diagram_id: str) -> HttpResponse:
    """A recorded scene, for the element that plays it."""
    found = next((each.scene for each in _lesson(lesson_id).diagrams if each.id == diagram_id), None)
    if found is None:
        raise Http404
    return JsonResponse(found)


@require_safe
@ensure_csrf_cookie
@login_required
def exercise(request: HttpRequest, lesson_id: str, exercise_id: str) -> HttpResponse:
    """The workbench. Looking changes nothing of the student's work: the page itself asks to start."""
    shown = _lesson(lesson_id)
    chosen = _exercise(shown, exercise_id)
    student = cast(User, request.user)  # login_required
    sandbox = request_sandbox(student)  # so that the socket has something to listen to
    attempt = Attempt.objects.select_related("sandbox", "student").filter(student=student, exercise=chosen.id).first()
    context: dict[str, Any] = reading.lesson(shelf.current(), shown, student, _language())
    context |= pages.workbench(shelf.current(), shown, chosen, attempt, sandbox, _language())
    context["words"] = words(_language())
    context["attempt"] = tell.current_state(attempt, _language()) if attempt else None
    context["socket"], context["terminal_socket"] = "/ws/sandbox/", "/ws/terminal/"
    context["urls"] = {
        name: reverse(name, args=[chosen.id]) for name in (*WORKBENCH_URLS, "object", "log", "past", "node")
    } | {"schema": reverse("schemas")}
    return render(request, "attempts/exercise.html", context)
