"""What happened in a namespace lately, so that a page that is opened anew can still look back."""

from __future__ import annotations

from django.db import models


class Stretch(models.Model):
    """The changes of about a second."""

    namespace = models.CharField(max_length=63)
    at = models.DateTimeField(db_index=True)
    whole = models.BooleanField()  # it begins with everything that there was
    packed = models.BinaryField()  # as live.timeline packs it

    class Meta:
        indexes = [models.Index(fields=["namespace", "id"])]

    def __str__(self) -> str:
        return f"{self.namespace} at {self.at:%H:%M:%S}"
