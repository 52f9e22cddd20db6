"""How much and how often a student may hand in: generous for people, tight for loops."""

from __future__ import annotations

from django.core.cache import cache

TEXT_BYTES = 1024 * 1024
PER_WINDOW, WINDOW = 20, 10  # submissions, seconds


def too_often(student: int) -> bool:
    key = f"submits.{student}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key) > PER_WINDOW
    except ValueError:  # it expired between the two lines
        return False
