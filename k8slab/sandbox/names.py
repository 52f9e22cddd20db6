"""Names that cannot collide: something readable, then a hash of whom it is for."""

from __future__ import annotations

import hashlib
import re

PREFIX = "lab"
STUDENT = "student"  # the service account that a student's work is done as
READABLE = 20  # characters of the readable part


def namespace_name(label: str, *identity: str) -> str:
    """`lab-mina-3f9c2ab481` from a user name and whatever makes it unique."""
    return "-".join(part for part in (PREFIX, slug(label), digest(*identity)) if part)


def homes_of(name: str) -> list[str]:
    """Of what carries a sandbox's name as a prefix: every name that the sandbox may have."""
    parts = name.split("-")
    return ["-".join(parts[:count]) for count in range(2, len(parts))]


def slug(text: str) -> str:
    """The letters and digits of a text that a DNS label may have; "" for a name in another script."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:READABLE].strip("-")


def digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:10]


def student_user(namespace: str) -> str:
    return f"system:serviceaccount:{namespace}:{STUDENT}"


def student_groups(namespace: str) -> tuple[str, ...]:
    """The groups that the API server gives a service account's token."""
    return ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
