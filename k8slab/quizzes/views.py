"""Answering a quiz: a form's POST that leads back to the lesson, or only the card for a page that asks for it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from k8slab.accounts.models import User
from k8slab.catalog import shelf
from k8slab.catalog.course import Quiz

from . import actions, forms, pages
from .models import QuizAnswer

FRAGMENT = "X-Fragment"  # the page's script replaces the card itself


@require_POST
@login_required
def answer(request: HttpRequest, quiz_id: str) -> HttpResponse:
    quiz = shelf.current().quiz(quiz_id)
    if quiz is None:
        raise Http404
    student = cast(User, request.user)
    try:
        kept = actions.answer(student, quiz, forms.given(quiz, student.pk, request.POST))
    except ValueError:
        return _unanswered(request, quiz, student)
    if FRAGMENT in request.headers:
        return _card(request, quiz, kept, student)
    return redirect(_lesson(quiz))


def _unanswered(request: HttpRequest, quiz: Quiz, student: User) -> HttpResponse:
    missing = _("Something is not answered yet, or one place is taken twice.")
    if FRAGMENT in request.headers:
        return HttpResponse(missing, status=422, content_type="text/plain; charset=utf-8")
    messages.warning(request, missing)
    return redirect(_lesson(quiz))


def _lesson(quiz: Quiz) -> str:
    return f"{reverse('lesson', args=[quiz.lesson])}#quiz-{quiz.id}"


def _card(request: HttpRequest, quiz: Quiz, kept: QuizAnswer, student: User) -> HttpResponse:
    card = pages.card(quiz, kept, student.pk, get_language() or "en")
    return render(request, "quizzes/_quiz.html", {"quiz": card})
