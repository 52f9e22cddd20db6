"""Names that people have, and names that nobody may choose."""

from __future__ import annotations

import secrets

GUEST_PREFIX = "guest-"
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike: teachers read these aloud


def guest_name() -> str:
    """Ten letters of 31: nobody guesses one, and two never meet."""
    return GUEST_PREFIX + "".join(secrets.choice(LETTERS) for _ in range(10))


def is_reserved(name: str) -> bool:
    return name.lower().startswith(GUEST_PREFIX)
