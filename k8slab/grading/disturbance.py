"""A deletion by the grader, as it is remembered among a check's notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .memory import Notes, moment

KEY = "disturbed"


@dataclass(frozen=True, slots=True)
class Disturbance:
    at: float
    since: float  # the submission that it belongs to
    wanted: int  # how many there were before
    uids: tuple[str, ...]  # of what was deleted
    owners: tuple[str, ...]  # of the objects that have to answer for it
    done: bool = False  # all came true again


def recalled(notes: Mapping[str, Any]) -> Disturbance | None:
    """None when there was none, or when the notes cannot be read."""
    found = notes.get(KEY)
    if not isinstance(found, Mapping):
        return None
    at, since, wanted = moment(found, "at"), moment(found, "since"), found.get("wanted")
    if at is None or since is None or not isinstance(wanted, int):
        return None
    return Disturbance(at, since, wanted, _texts(found, "uids"), _texts(found, "owners"), found.get("done") is True)


def noted(notes: Notes, disturbance: Disturbance) -> None:
    notes[KEY] = {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(disturbance).items()}


def _texts(found: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = found.get(key)
    return tuple(str(value) for value in values) if isinstance(values, list) else ()
