"""Everything that changes who somebody is."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from .models import User
from .names import guest_name, random_password


class NameTaken(Exception):
    """Somebody else has this name already."""


class NotAGuest(Exception):
    """Only a guest can be turned into a student."""


def create_guest(language: str) -> User:
    return User.objects.create(
        username=guest_name(), password=make_password(None), role=User.Role.GUEST, language=language
    )


def join(guest: User | None, name: str, password: str, language: str) -> User:
    """An account with a name. A guest keeps the row, so that nothing of the work has to be moved."""
    # Hashing takes a third of a second on purpose, so it happens before SQLite's one writer is taken.
    encoded = make_password(password)
    try:
        with transaction.atomic():
            if guest is None:
                return User.objects.create(username=name, password=encoded, language=language)
            return _promote(guest, name, encoded)
    except IntegrityError as error:
        raise NameTaken(name) from error


def _promote(guest: User, name: str, encoded: str) -> User:
    rows = User.objects.filter(pk=guest.pk, role=User.Role.GUEST)
    if rows.update(username=name, password=encoded, role=User.Role.STUDENT) != 1:
        raise NotAGuest(guest.pk)
    guest.refresh_from_db()
    return guest


def speak(user: User, language: str) -> None:
    """Remember the language; workers word their messages by it."""
    if user.language != language:
        user.language = language
        User.objects.filter(pk=user.pk).update(language=language)


def replace_password(user: User) -> str:
    """A new password for somebody who forgot theirs; whoever is logged in with the old one is logged out."""
    password = random_password()
    user.password = make_password(password)
    user.save(update_fields=["password"])
    return password


def appoint(name: str) -> tuple[User, str]:
    """Make somebody an instructor. Returns the password where the account had to be made, "" otherwise."""
    user = User.objects.filter(username__iexact=name).first()
    password = "" if user else random_password()
    user = user or User(username=name, password=make_password(password))
    user.role = User.Role.INSTRUCTOR
    user.save()
    return user, password


def forget_guests(before: datetime) -> int:
    """Delete guests who never did anything and have not come since `before`. The number of them."""
    nothing = Q()
    for relation in User._meta.related_objects:  # every room's rows count as something done; no room is named
        nothing &= Q(**{f"{relation.name}__isnull": True})
    idle = User.objects.filter(nothing, role=User.Role.GUEST, last_login__lt=before)
    return idle.delete()[0]


def clear_sessions() -> int:
    """Delete sessions that have run out: Django never does so by itself."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
