"""Waiting for what a cluster will do in its own time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 300.0 if os.environ.get("K8SLAB_PARITY_KUBECONFIG") else 30.0  # a real cluster pulls images


def eventually(look: Callable[[], T], *, within: float = PATIENCE) -> T:
    """The first answer of `look` that is true. An AssertionError in it means not yet."""
    until = time.monotonic() + within
    while True:
        try:
            found = look()
        except AssertionError:
            if time.monotonic() > until:
                raise
            found = None  # type: ignore[assignment]  # not yet
        if found:
            return found
        assert time.monotonic() < until, f"it did not come true within {within:g} s; last seen: {found!r}"
        time.sleep(0.02)
