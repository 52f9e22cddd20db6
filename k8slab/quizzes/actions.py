"""The one change of state there is: a student answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from k8slab.accounts.models import User
from k8slab.catalog.course import Quiz

from .marking import Given, mark
from .models import QuizAnswer


@transaction.atomic
def answer(student: User, quiz: Quiz, given: Given) -> QuizAnswer:
    """Marks and keeps an answer. What is solved stays solved, as long as the quiz stays the same."""
    start = {"worth": quiz.worth, "content_hash": quiz.hash}
    QuizAnswer.objects.get_or_create(student=student, quiz=quiz.id, defaults=start)
    kept = QuizAnswer.objects.select_for_update().get(student=student, quiz=quiz.id)
    if kept.content_hash != quiz.hash:
        kept.content_hash, kept.worth, kept.points, kept.tries, kept.solved_at = quiz.hash, quiz.worth, 0, 0, None
    if kept.solved_at is None:
        _take(kept, quiz, given)
    return kept


def _take(kept: QuizAnswer, quiz: Quiz, given: Given) -> None:
    kept.given, kept.right, kept.tries = list(given), mark(quiz, given).right, kept.tries + 1
    if kept.right:
        kept.points, kept.solved_at = quiz.worth, timezone.now()
    kept.save()
