"""Fills in plain defaults, from kinds/defaults.yaml, along the type of a kind.

For each kind a plan is made once: which fields have defaults and which lead to types that have some. Everything else is
never looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from k8slab.emulator.data import read_data
from k8slab.emulator.resources import KINDS
from k8slab.emulator.schema import Schema, Type


@dataclass(slots=True, eq=False)
class Plan:
    values: dict[str, bytes | Any] = field(default_factory=dict)  # containers as JSON, so that each object gets its own
    below: list[tuple[str, str, Plan]] = field(default_factory=list)  # field, shape, plan of the element

    def __bool__(self) -> bool:
        return bool(self.values or self.below)


class Defaults:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        raw: dict[str, Any] = read_data(KINDS / "defaults.yaml")
        self._values = {f"io.k8s.api.{name}": values for name, values in raw.items()}
        self._plans: dict[str, Plan] = {}

    def fill(self, group: str, version: str, kind: str, obj: Any) -> None:
        """In place."""
        name = self._schema.definition_of(group, version, kind)
        if name is not None:
            self.fill_type(name, obj)

    def fill_type(self, name: str, value: Any) -> None:
        plan = self._plans.get(name)
        if plan is None:
            plan = self._plans[name] = self._plan(self._schema.compiled(name), {}) or Plan()
        _apply(plan, value)

    def _plan(self, node: Type, seen: dict[int, Plan]) -> Plan | None:
        """None where nothing below has a default. A type that contains itself is followed once."""
        if id(node) in seen:
            return None
        plan = Plan()
        seen[id(node)] = plan
        for name, value in self._values.get(node.definition, {}).items():
            plan.values[name] = orjson.dumps(value) if isinstance(value, dict | list) else value
        for name, child in node.fields.items():
            element = child.element if child.shape in ("list", "map") else child
            if element is not None and element.shape == "struct":
                below = self._plan(element, seen)
                if below:
                    plan.below.append((name, child.shape, below))
        del seen[id(node)]
        return plan if plan else None


def _apply(plan: Plan, obj: dict[str, Any]) -> None:
    for name, value in plan.values.items():
        if name not in obj:
            obj[name] = orjson.loads(value) if isinstance(value, bytes) else value
    for name, shape, below in plan.below:
        child = obj.get(name)
        if not child and child != {}:
            continue
        if shape == "struct" and isinstance(child, dict):
            _apply(below, child)
        elif shape == "list" and isinstance(child, list):
            for one in child:
                if isinstance(one, dict):
                    _apply(below, one)
        elif shape == "map" and isinstance(child, dict):
            for one in child.values():
                if isinstance(one, dict):
                    _apply(below, one)
