"""Sticky values of a student for an exercise, so that answers cannot simply be passed on."""

from __future__ import annotations

import hashlib

from k8slab.catalog.course import Exercise
from k8slab.catalog.schema import BUILT_IN


def pick(exercise: Exercise, student: int, namespace: str) -> dict[str, str]:
    """One choice for each variable, the same at every call, and the namespace that the student works in."""
    own = {name: _choice(choices, f"{exercise.id}/{name}/{student}") for name, choices in exercise.vars.items()}
    return {**own, BUILT_IN: namespace}


def _choice(choices: tuple[str, ...], key: str) -> str:
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return choices[number % len(choices)]
