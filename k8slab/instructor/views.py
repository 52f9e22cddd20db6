"""What an instructor sees. All of it is read-only but one thing: a new password for who forgot theirs."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from k8slab.accounts.actions import replace_password
from k8slab.accounts.models import User
from k8slab.attempts.models import Submission
from k8slab.catalog import shelf

from . import review, roster
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
    """What is wrong in the lesson files, with file and line."""
    problems = [
        {"file": relative_to_lessons(problem.file), "line": problem.line, "message": problem.message}
        for problem in shelf.current().problems
    ]
    return render(request, "instructor/lessons.html", {"problems": problems})


def relative_to_lessons(file: Path) -> Path:
    lessons_dir: Path = settings.LESSONS_DIR
    return file.relative_to(lessons_dir) if file.is_relative_to(lessons_dir) else file
