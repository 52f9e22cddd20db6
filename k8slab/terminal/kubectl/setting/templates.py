"""The pod template of an object that has one, for `kubectl set`."""

from __future__ import annotations

import copy
import fnmatch
from collections.abc import Callable, Sequence
from typing import Any

from ..flags import Flag
from ..flagsets import ALL, DRY_RUN, FILENAME, LOCAL, OUTPUT, SELECTOR
from ..invocation import Failed
from ..resources import Item

Map = dict[str, Any]
SETTING: tuple[Flag, ...] = (*FILENAME, *OUTPUT, SELECTOR, ALL, DRY_RUN, LOCAL)
CONTAINERS = Flag(
    "containers", "c", default="*", help="The names of containers in the selected pod templates to change."
)
_PATHS = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}


def edit_pod(item: Item, edit: Callable[[Map], None]) -> Map:
    """A copy of the object whose pod spec went through `edit`. Raises Failed where it has none."""
    obj = copy.deepcopy(item.obj)
    edit(pod_spec(item, obj))
    return obj


def pod_spec(item: Item, obj: Map) -> Map:
    place: Any = obj
    for step in _PATHS.get(item.resource.kind, ("spec", "template", "spec")):
        place = place.get(step) if isinstance(place, dict) else None
    if not isinstance(place, dict) or "containers" not in place:
        resource = item.resource
        raise Failed(
            f"error: {resource.plural}/{item.name} the object is not a pod or does not have a pod template: "
            f"*{resource.version}.{resource.kind}"
        )
    return place


def chosen(pod: Map, pattern: str, *, init: bool = True) -> Sequence[Map]:
    """The containers whose names fit a pattern such as `*`."""
    lists = [pod.get("containers") or [], *([pod.get("initContainers") or []] if init else [])]
    return [each for containers in lists for each in containers if fnmatch.fnmatchcase(each.get("name", ""), pattern)]
