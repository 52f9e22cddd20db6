"""The rolling update of a DaemonSet: which old pods may go now, and where a new one may come beside the old."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.revisions.history import POD_LABEL
from k8slab.emulator.controllers.rollout.budget import scaled
from k8slab.emulator.ports import Obj


@dataclass(slots=True)
class Moves:
    delete: list[Obj] = field(default_factory=list)
    create: list[str] = field(default_factory=list)


def is_new(pod: Obj, revision: str) -> bool:
    return bool((pod["metadata"].get("labels") or {}).get(POD_LABEL) == revision)


def is_rolling(owner: Obj) -> bool:
    strategy: Mapping[str, Any] = owner["spec"].get("updateStrategy") or {}
    return bool(strategy.get("type", "RollingUpdate") == "RollingUpdate")


def amounts(owner: Obj, nodes: int) -> tuple[int, int]:
    """How many more pods there may be, and how many nodes may be without."""
    rolling = (owner["spec"].get("updateStrategy") or {}).get("rollingUpdate") or {}
    surge = scaled(rolling.get("maxSurge", 0), nodes, up=True)
    unavailable = scaled(rolling.get("maxUnavailable", 1), nodes, up=True)
    return surge, unavailable if surge or unavailable else 1


def moves(owner: Obj, by_node: Mapping[str, Sequence[Obj]], revision: str, available: Callable[[Obj], bool]) -> Moves:
    """`by_node` has an entry for each node that is wanted."""
    surge, unavailable = amounts(owner, len(by_node))
    pairs = {node: _pair(pods, revision) for node, pods in by_node.items()}
    return _surging(pairs, surge, available) if surge else _replacing(pairs, unavailable, available)


Pair = tuple[Obj | None, Obj | None]  # the new pod and the old one


def _pair(pods: Sequence[Obj], revision: str) -> Pair:
    new = next((p for p in pods if is_new(p, revision) and not podlib.is_terminating(p)), None)
    old = next((p for p in pods if not is_new(p, revision)), None)
    return new, old


def _replacing(pairs: Mapping[str, Pair], unavailable: int, available: Callable[[Obj], bool]) -> Moves:
    made, candidates, missing = Moves(), [], 0
    for new, old in pairs.values():
        if old is None or new is not None:
            missing += new is None or not available(new)
        elif podlib.is_terminating(old):
            missing += 1
        elif not available(old):
            missing += 1
            made.delete.append(old)  # it serves nobody: replacing it costs nothing
        else:
            candidates.append(old)
    made.delete += candidates[: max(0, unavailable - missing)]
    return made


def _surging(pairs: Mapping[str, Pair], surge: int, available: Callable[[Obj], bool]) -> Moves:
    made, candidates, above = Moves(), [], 0
    for node, (new, old) in pairs.items():
        if old is None:
            continue
        if new is not None:
            above += 1
            if available(new) and not podlib.is_terminating(old):
                made.delete.append(old)
        elif podlib.is_terminating(old) or not available(old):
            made.create.append(node)
        else:
            candidates.append(node)
    made.create += candidates[: max(0, surge - above)]
    return made
