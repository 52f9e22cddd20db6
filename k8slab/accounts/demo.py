"""The people whom a newcomer logs in as. Their passwords are kept beside the database, to be shown at each start."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from .models import User
from .names import random_password

PEOPLE = {"teacher": User.Role.INSTRUCTOR, "student": User.Role.STUDENT}


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str  # "" when its owner has changed it


def logins(given: dict[str, str]) -> list[Login]:
    """Make who is missing, set the passwords that are given. Run again, it changes nothing."""
    file = Path(settings.VAR_DIR) / "demo-logins.json"
    kept = _read(file)
    result = [_login(name, given.get(name, ""), kept) for name in PEOPLE]
    _write(file, kept)
    return result


def _login(name: str, given: str, kept: dict[str, dict[str, str]]) -> Login:
    user = User.objects.filter(username__iexact=name).first()
    if user and not given:
        known = kept.get(name, {})
        return Login(user.username, known["password"] if known.get("seal") == _seal(user) else "")
    password = given or random_password()
    user = user or User(username=name)
    user.role = PEOPLE[name]
    user.is_active = True
    user.password = make_password(password)
    user.save()
    kept[name] = {"password": password, "seal": _seal(user)}
    return Login(user.username, password)


def _seal(user: User) -> str:
    """Tells whether the password is still ours, without the third of a second that comparing it would take."""
    return hashlib.sha256(user.password.encode()).hexdigest()


def _read(file: Path) -> dict[str, dict[str, str]]:
    try:
        kept: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return kept


def _write(file: Path, kept: dict[str, dict[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(kept, indent=1), encoding="utf-8")
