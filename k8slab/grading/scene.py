"""What an expectation may know: the check with the student's own values in it, the state, and the check's memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .expressions import Variables
from .selection import alive, selected
from .spec import Check, Obj
from .view import View


@dataclass(frozen=True, slots=True)
class Scene:
    check: Check
    view: View
    now: float
    since: float
    vars: Mapping[str, str]
    notes: dict[str, Any]  # JSON; what is written here is there again at the next evaluation
    chosen: tuple[Obj, ...] = ()  # those on their way out too
    objects: tuple[Obj, ...] = field(default=())  # without them: only these can fulfil anything

    def variables(self, obj: Obj | None) -> Variables:
        return {
            "object": lambda: obj,
            "objects": lambda: list(self.objects),
            "events": lambda: list(self.view.events()),
            "namespaceObject": lambda: dict(self.view.namespace()),
            "vars": lambda: dict(self.vars),
        }


def set_scene(
    check: Check, view: View, now: float, since: float, values: Mapping[str, str], notes: dict[str, Any]
) -> Scene:
    chosen = selected(view, check.object) if check.object else []
    return Scene(check, view, now, since, values, notes, tuple(chosen), tuple(alive(chosen)))
