"""What a student answered to a quiz."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class QuizAnswer(models.Model):
    """The last answer of a student to a quiz; points stay once they are earned."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiz_answers")
    quiz = models.CharField(max_length=63)
    content_hash = models.CharField(max_length=64)  # of the quiz that was answered: a changed one is asked anew
    given = models.JSONField(default=list)  # as marking.Given
    right = models.BooleanField(default=False)  # the last answer
    points = models.PositiveSmallIntegerField(default=0)
    worth = models.PositiveSmallIntegerField()
    tries = models.PositiveIntegerField(default=0)  # until it was solved
    answered = models.DateTimeField(auto_now=True)
    solved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "quiz"], name="one_answer_per_quiz")]
        indexes = [models.Index(fields=["quiz"])]

    def __str__(self) -> str:
        return f"{self.quiz} by {self.student_id}"
