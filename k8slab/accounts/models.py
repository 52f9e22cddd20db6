"""Who somebody is. A guest becomes a student by choosing a name and a password: the row, and so all work, stays."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    class Role(models.TextChoices):
        GUEST = "guest", _("guest")
        STUDENT = "student", _("student")
        INSTRUCTOR = "instructor", _("instructor")

    role = models.CharField(max_length=10, choices=Role.choices, default=Role.STUDENT, db_index=True)
    language = models.CharField(max_length=5, blank=True, default="")  # "" until the first login

    class Meta:
        # "Mina" and "mina" side by side in a gradebook would be somebody posing as somebody else.
        constraints = [models.UniqueConstraint(Lower("username"), name="one_user_per_name")]

    @property
    def is_guest(self) -> bool:
        return self.role == self.Role.GUEST

    @property
    def is_instructor(self) -> bool:
        return self.role == self.Role.INSTRUCTOR
