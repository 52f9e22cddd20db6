"""What a check is: frozen data, read from an exercise.yaml (design, section 3 "Checks")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Mode = Literal["level", "edge"]
Obj = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages of the course."""

    en: str
    ko: str


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """Which objects a check looks at: one by name, or all of a kind (by labels when given)."""

    api_version: str
    kind: str
    name: str | None = None
    labels: Mapping[str, str] | None = None
    any: bool = False  # True: one fitting object is enough; False: every selected object must fit


@dataclass(frozen=True, slots=True)
class Probe:
    """One question asked from inside the namespace, by a pod that the exercise's setup created."""

    source: str  # `from:` the name of the pod that asks
    kind: Literal["http", "dns", "exec"]
    target: str | tuple[str, ...]  # a URL, a DNS name, or a command
    expect: Mapping[str, Any] = field(default_factory=dict)
    container: str | None = None


@dataclass(frozen=True, slots=True)
class Disturb:
    """Deletes `count` of the selected objects once; the check's expectation must then come true again."""

    delete: ObjectRef
    count: int = 1


@dataclass(frozen=True, slots=True)
class Hint:
    """Shown when the live state looks like `when` (empty: always fits)."""

    say: Text
    event: str | None = None  # an Event's or a container's reason
    contains: str | None = None  # part of its message
    cel: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    id: str
    title: Text
    points: int = 1
    needs: tuple[str, ...] = ()
    mode: Mode = "level"
    object: ObjectRef | None = None
    settled: bool = False
    match: Mapping[str, Any] | None = None
    cel: str | None = None
    probe: Probe | None = None
    disturb: Disturb | None = None
    within: float = 30.0  # seconds that a check may wait after a submission before waiting becomes a fail
    because: Text | None = None
    hints: tuple[Hint, ...] = ()
    reveal: bool = True  # False: a difference in what the student wrote shows what is there, not what is expected
