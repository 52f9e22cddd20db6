"""Summaries by kind: each module of this folder registers how to tell the state of its kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from k8slab.live.messages import ItemState

Obj = Mapping[str, Any]


class Summary(NamedTuple):
    """How an object is doing. `detail` holds what its tile shows, by kind."""

    state: ItemState
    detail: dict[str, Any]
    reason: str = ""
    message: str = ""


Summarise = Callable[[Obj], Summary]
_by_kind: dict[str, Summarise] = {}


def summary_of(*kinds: str) -> Callable[[Summarise], Summarise]:
    def register(function: Summarise) -> Summarise:
        _by_kind.update(dict.fromkeys(kinds, function))
        return function

    return register


def summarise(obj: Obj) -> Summary:
    if obj["metadata"].get("deletionTimestamp") and obj["kind"] != "Pod":
        return Summary("terminating", {})
    function = _by_kind.get(obj["kind"])
    return function(obj) if function else Summary("ok", {})
