"""What an instructor sees. Of students' work all is read-only but one thing: a new password for who forgot theirs."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from k8slab.accounts.actions import replace_password
from k8slab.accounts.models import User
from k8slab.attempts import tasks
from k8slab.attempts.models import Submission
from k8slab.attempts.queue import enqueue
from k8slab.catalog import shelf
from k8slab.catalog.course import Exercise

from . import review, roster, studio
from .access import instructors_only

PER_PAGE = 30


def _language() -> str:
    return get_language() or "en"


@require_safe
@instructors_only
def teach(request: HttpRequest) -> HttpResponse:
    """The students and their results."""
    course = shelf.current()
    group = request.GET.get("group", "students")
    search = request.GET.get("q", "").strip()
    sort = request.GET.get("sort", "name")
    page = Paginator(roster.people(group, search, sort), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": roster.rows(page.object_list, course),
        "columns": roster.columns(course, _language()),
        "worth": sum(exercise.worth for exercise in roster.exercises_of(course)),
        "counts": roster.counts(),
        "group": group if group in roster.GROUPS else "students",
        "search": search,
        "sort": sort if sort in roster.SORTS else "name",
        "problem_count": len(course.problems),
    }
    return render(request, "instructor/teach.html", context)


@require_safe
@instructors_only
def student(request: HttpRequest, student_id: int) -> HttpResponse:
    return _student_page(request, _learner(student_id))


def _learner(student_id: int) -> User:
    return get_object_or_404(User, pk=student_id, role__in=[User.Role.STUDENT, User.Role.GUEST])


def _student_page(request: HttpRequest, learner: User, new_password: str = "") -> HttpResponse:
    context = {
        "learner": learner,
        "attempts": review.attempts_of(learner, shelf.current(), _language()),
        "new_password": new_password,
    }
    return render(request, "instructor/student.html", context)


@require_POST
@instructors_only
def password(request: HttpRequest, student_id: int) -> HttpResponse:
    """Shown once, on the answer to this very request, and kept nowhere."""
    learner = get_object_or_404(User, pk=student_id, role=User.Role.STUDENT)
    return _student_page(request, learner, replace_password(learner))


@require_safe
@instructors_only
def submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    shown = get_object_or_404(Submission.objects.select_related("attempt__student"), pk=submission_id)
    context = review.submission_page(shown, shelf.current(), _language())
    return render(request, "instructor/submission.html", context)


@require_safe
@instructors_only
def text(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The YAML as it was handed in."""
    shown = get_object_or_404(Submission, pk=submission_id)
    response = HttpResponse(shown.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{shown.pk}.yaml"'
    return response


@require_safe
@instructors_only
def lessons(request: HttpRequest) -> HttpResponse:
    """What is wrong in the lesson files, with file and line, and a way to each exercise in every state."""
    course = shelf.current()
    context = {"problems": studio.problems(course), "tracks": studio.tracks(course, _language())}
    return render(request, "instructor/lessons.html", context)


@require_safe
@instructors_only
def exercise(request: HttpRequest, exercise_id: str) -> HttpResponse:
    """An exercise as its author wants to see it: setup, start, solution, and each wrong solution."""
    context = studio.preview(_exercise(exercise_id), cast(User, request.user), _language())
    return render(request, "instructor/exercise.html", context)


@require_POST
@instructors_only
def load(request: HttpRequest, exercise_id: str) -> HttpResponse:
    """One of these states, in the instructor's own editor."""
    chosen = _exercise(exercise_id)
    attempt = studio.load(cast(User, request.user), chosen, request.POST.get("state", ""))
    if attempt is None:
        raise Http404
    if attempt.prepared is None:
        transaction.on_commit(lambda: enqueue(tasks.prepare, str(attempt.pk)))
    return redirect("exercise", chosen.lesson, chosen.id)


def _exercise(exercise_id: str) -> Exercise:
    found = shelf.current().exercise(exercise_id)
    if found is None:
        raise Http404
    return found
