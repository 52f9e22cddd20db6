"""Values that differ from student to student (`vars` of an exercise), so that answers cannot simply be passed on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from .course import Exercise

PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")


def choose(exercise: Exercise, seed: str) -> dict[str, str]:
    """The values of whoever the seed names: always the same for the same seed, spread evenly over seeds."""
    return {
        name: choices[_number(f"{seed}/{exercise.id}/{name}") % len(choices)] for name, choices in exercise.vars.items()
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """Puts the values in for `${name}`; what is not ours (a shell's `${HOME}`) stays."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
