"""A student's namespace, one row; every change of `state` goes through `actions.move`."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Sandbox(models.Model):
    class State(models.TextChoices):
        REQUESTED = "requested"
        STARTING = "starting"
        READY = "ready"
        RESETTING = "resetting"
        CLOSING = "closing"
        GONE = "gone"
        FAILED = "failed"

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sandbox")
    namespace = models.CharField(max_length=63, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED, db_index=True)
    error = models.TextField(blank=True, default="")
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)  # of any field; the sweeper looks here
    expires = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.namespace} ({self.state})"
