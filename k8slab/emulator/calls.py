"""Who calls and how: what one request carries through defaulting, admission and storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Strictness = Literal["Ignore", "Warn", "Strict"]


class User(NamedTuple):
    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()


SYSTEM = User("system:apiserver", ("system:masters", "system:authenticated"))
ANONYMOUS = User("system:anonymous", ("system:unauthenticated",))


@dataclass(slots=True)
class Call:
    """One call of the API. `inside` marks controllers and nodes: well-formed objects, no field ownership kept."""

    user: User = SYSTEM
    manager: str = "unknown"
    dry_run: bool = False
    strictness: Strictness = "Ignore"
    inside: bool = False
    version: str = ""  # in which a custom object was sent, where it matters
    warnings: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def inside_call() -> Call:
    return Call(manager="k8slab", inside=True)
