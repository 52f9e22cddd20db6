"""What may differ from kind to kind: defaults, what the server sets itself, and what it refuses."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import k8slab.emulator.rules as package
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj

if TYPE_CHECKING:  # the two know each other: a cluster holds its rules, a rule is given its cluster
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster


class Rules:
    """The behaviour of a kind of which nothing special is known. Kinds with more to them override it."""

    has_generation = False
    annotations_count = False  # whether a change of annotations makes a new generation
    status_is_apart = True  # what a client sends as status counts on the status subresource only
    grace_seconds: int | None = None  # kinds that are deleted gracefully override `graceful`
    answers_object_on_delete = False
    orphans_by_default = False

    def of_version(self, version: str) -> Rules:
        """As a client of this version sees them: only custom resources have schemas that differ."""
        return self

    def default(self, obj: Obj) -> None:
        """Fills in what was not said. Runs at every write, in place."""

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        """What the server decides at creation (in place)."""

    def prepare_update(self, cluster: Cluster, call: Call, obj: Obj, old: Obj) -> None:
        """What an update may not take away or must follow (in place)."""

    def validate(self, obj: Obj, errors: FieldErrors) -> None: ...

    def validate_create(self, obj: Obj, errors: FieldErrors) -> None:
        """What only a new object may not say."""

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None: ...

    def warnings(self, obj: Obj, old: Obj | None) -> list[str]:
        return []

    def graceful(self, obj: Obj, seconds: int | None) -> int:
        """Seconds of grace with which this object goes; 0 is at once."""
        return 0

    def marked_for_deletion(self, obj: Obj) -> None:
        """The object got its deletionTimestamp (in place)."""

    def created(self, cluster: Cluster, obj: Obj) -> None:
        """After it is stored."""

    def deleted(self, cluster: Cluster, obj: Obj) -> None:
        """After it is gone."""


PLAIN = Rules()
_table: dict[str, Rules] = {}


def rules_for(*keys: str) -> Callable[[type[Rules]], type[Rules]]:
    """Registers a class of rules for these resources."""

    def register(rules: type[Rules]) -> type[Rules]:
        for key in keys:
            _table[key] = rules()
        return rules

    return register


def load_rules() -> dict[str, Rules]:
    """Imports every module of this package once, so that each registers itself."""
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _table
