"""The behaviour of custom objects of one resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from k8slab.emulator.custom.values import fill, validate
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster


class CustomRules(Rules):
    has_generation = True

    def __init__(self, schema: dict[str, Any], versions: Mapping[str, CustomRules], *, has_status: bool) -> None:
        self._schema, self._versions = schema, versions
        self.status_is_apart = has_status

    def of_version(self, version: str) -> Rules:
        return self._versions.get(version, self)

    def default(self, obj: Obj) -> None:
        fill(self._schema, obj)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        if self.status_is_apart:
            obj.pop("status", None)

    def validate_create(self, obj: Obj, errors: FieldErrors) -> None:
        validate(self._schema, obj, None, errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        """What was stored before may stay as it is, also where a later schema would not let it in."""
        validate(self._schema, obj, old, errors)
