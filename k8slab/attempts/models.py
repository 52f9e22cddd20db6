"""One student and one exercise: the attempt, and each YAML that was handed in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from k8slab.sandbox.models import Sandbox


class Attempt(models.Model):
    class State(models.TextChoices):
        OPEN = "open"  # the sandbox holds this exercise now
        SOLVED = "solved"  # every check has passed; may still be played with
        SET_ASIDE = "set-aside"  # another exercise has the sandbox

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    sandbox = models.ForeignKey(Sandbox, on_delete=models.CASCADE, related_name="attempts")
    exercise = models.CharField(max_length=63)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    current = models.BooleanField(default=True)  # the one attempt that the sandbox is set up for
    vars = models.JSONField(default=dict)  # sticky values of this student
    files = models.JSONField(default=dict)  # drafts: file name → text; a file that is not here is as it began
    draft_version = models.PositiveIntegerField(default=0)  # one up at each change of `files`
    prepared = models.DateTimeField(null=True)  # when the sandbox was last set up for it; None: not yet
    report = models.JSONField(null=True)  # the last report, as attempts.reports writes it
    hints = models.JSONField(default=list)  # ids of the checks whose hint was opened
    memory = models.JSONField(default=dict)  # what the grading engine remembers: edges, disturbances
    points = models.PositiveIntegerField(default=0)  # best so far
    worth = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=0)  # one up at each published change
    started = models.DateTimeField(auto_now_add=True)
    solved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "exercise"], name="one_attempt_per_exercise"),
            models.UniqueConstraint(
                fields=["sandbox"], condition=models.Q(current=True), name="one_current_attempt_per_sandbox"
            ),
        ]
        indexes = [models.Index(fields=["exercise", "state"])]

    def __str__(self) -> str:
        return f"{self.exercise} by {self.student_id}"


class Submission(models.Model):
    class Phase(models.TextChoices):
        QUEUED = "queued"
        APPLYING = "applying"
        WAITING = "waiting"
        DECIDING = "deciding"
        DECIDED = "decided"
        ERROR = "error"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="submissions")
    text = models.TextField()  # of all files, as attempts.files joins them
    parts = models.JSONField(default=list)  # [file name, first line in the text]; empty: it is one file
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.QUEUED, db_index=True)
    outcomes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    report = models.JSONField(null=True)  # when decided
    tries = models.PositiveSmallIntegerField(default=0)  # how often a worker has begun
    error = models.CharField(max_length=40, blank=True, default="")  # a code of attempts.wording
    submitted = models.DateTimeField(auto_now_add=True)
    moved = models.DateTimeField(auto_now=True)  # the sweeper looks here
    decided = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-submitted"]

    def __str__(self) -> str:
        return f"{self.id} ({self.phase})"
