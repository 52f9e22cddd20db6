"""Names that people have, names that nobody may choose, and passwords to read aloud."""

from __future__ import annotations

import secrets

GUEST_PREFIX = "guest-"
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike: teachers read these aloud


def letters(number: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(number))


def guest_name() -> str:
    """Ten letters of 31: nobody guesses one, and two never meet."""
    return GUEST_PREFIX + letters(10)


def random_password() -> str:
    return "-".join(letters(4) for _ in range(3))


def is_reserved(name: str) -> bool:
    return name.lower().startswith(GUEST_PREFIX)
