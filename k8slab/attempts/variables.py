"""Sticky values of a student for an exercise, so that answers cannot simply be passed on."""

from __future__ import annotations

import hashlib

from k8slab.catalog.course import Exercise


def pick(exercise: Exercise, student: int) -> dict[str, str]:
    """One choice for each variable, the same at every call."""
    return {name: _choice(choices, f"{exercise.id}/{name}/{student}") for name, choices in exercise.vars.items()}


def _choice(choices: tuple[str, ...], key: str) -> str:
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return choices[number % len(choices)]
