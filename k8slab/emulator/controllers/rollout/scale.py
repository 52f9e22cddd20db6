"""Sizes of ReplicaSets: one step of a rolling update, a recreation, or a change of size in the middle of one."""

from __future__ import annotations

from k8slab.emulator.controllers.desk import Desk
from k8slab.emulator.controllers.rollout import budget
from k8slab.emulator.controllers.rollout.progress import total
from k8slab.emulator.controllers.rollout.revisions import (
    DESIRED,
    MAXIMUM,
    SETS,
    annotations_of,
    by_age,
    new_size,
    size_annotations,
)
from k8slab.emulator.ports import Obj


def active(sets: list[Obj]) -> list[Obj]:
    return [rs for rs in sets if budget.replicas_of(rs) > 0]


class Scaler:
    def __init__(self, desk: Desk, component: str) -> None:
        self._api = desk.api
        self._events = desk.events(component)

    def to(self, deployment: Obj, rs: Obj, size: int) -> bool:
        """Whether anything changed; a change of size is told in an event."""
        annotations = {**annotations_of(rs), **size_annotations(deployment)}
        before = budget.replicas_of(rs)
        if before == size and annotations == annotations_of(rs):
            return False
        changed = {**rs, "metadata": {**rs["metadata"], "annotations": annotations}}
        self._api.update(SETS, {**changed, "spec": {**rs["spec"], "replicas": size}})
        if before == size:
            return False
        way = "up" if size > before else "down"
        text = f"Scaled {way} replica set {rs['metadata']['name']} from {before} to {size}"
        self._events.normal(deployment, "ScalingReplicaSet", text)
        return True

    # Rolling update

    def grow_new(self, deployment: Obj, new: Obj, old: list[Obj]) -> bool:
        wanted, current = budget.replicas_of(deployment), budget.replicas_of(new)
        if current == wanted:
            return False
        return self.to(deployment, new, wanted if current > wanted else new_size(deployment, old, current))

    def shrink_old(self, deployment: Obj, new: Obj, old: list[Obj]) -> bool:
        """Unhealthy pods of old sets first, then healthy ones as far as availability allows."""
        living = active(old)
        if not living:
            return False
        minimum = budget.replicas_of(deployment) - budget.max_unavailable(deployment)
        missing = budget.replicas_of(new) - total([new], "availableReplicas")
        room = sum(budget.replicas_of(rs) for rs in [*living, new]) - minimum - missing
        if room <= 0:
            return False
        cleaned = self._clean_unhealthy(deployment, living, room)
        return self._shrink_healthy(deployment, new, cleaned, minimum) or cleaned != living

    def _clean_unhealthy(self, deployment: Obj, living: list[Obj], room: int) -> list[Obj]:
        result = []
        for rs in by_age(living):
            size = budget.replicas_of(rs)
            step = min(room, size - total([rs], "availableReplicas"))
            if step > 0:
                self.to(deployment, rs, size - step)
                room -= step
                rs = self._api.get(SETS, rs["metadata"]["name"], rs["metadata"]["namespace"])
            result.append(rs)
        return result

    def _shrink_healthy(self, deployment: Obj, new: Obj, old: list[Obj], minimum: int) -> bool:
        room = total([*old, new], "availableReplicas") - minimum
        changed = False
        for rs in by_age(old):
            size = budget.replicas_of(rs)
            step = min(size, room)
            if step > 0:
                changed |= self.to(deployment, rs, size - step)
                room -= step
        return changed

    # Recreate, and old sets that a saturated new one makes superfluous

    def drop(self, deployment: Obj, sets: list[Obj]) -> bool:
        changed = [self.to(deployment, rs, 0) for rs in active(sets)]
        return any(changed)

    # A changed size in the middle of a roll-out is shared out in proportion

    def resize(self, deployment: Obj, new: Obj | None, old: list[Obj]) -> None:
        wanted = budget.replicas_of(deployment)
        only = self._only_one(new, old)
        if only is not None:
            if budget.replicas_of(only) != wanted:
                self.to(deployment, only, wanted)
        elif new is not None and _is_saturated(deployment, new):
            self.drop(deployment, old)
        elif budget.is_rolling(deployment):
            self._share_out(deployment, active([*old, *([new] if new else [])]))

    @staticmethod
    def _only_one(new: Obj | None, old: list[Obj]) -> Obj | None:
        everything = [*([new] if new else []), *old]
        living = active(everything)
        if len(living) == 1:
            return living[0]
        if living:
            return None
        return new or (by_age(old)[-1] if old else None)

    def _share_out(self, deployment: Obj, sets: list[Obj]) -> None:
        wanted = budget.replicas_of(deployment)
        allowed = wanted + budget.max_surge(deployment) if wanted else 0
        to_add = allowed - sum(budget.replicas_of(rs) for rs in sets)
        # Largest first; of equal ones the newest grows first and the oldest shrinks first.
        by_preference = by_age(sets)[::-1] if to_add > 0 else by_age(sets)
        ordered = sorted(by_preference, key=budget.replicas_of, reverse=True)
        added, sizes = 0, []
        for rs in ordered:
            part = _proportion(deployment, rs, to_add, added) if to_add else 0
            sizes.append(budget.replicas_of(rs) + part)
            added += part
        for place, (rs, size) in enumerate(zip(ordered, sizes, strict=True)):
            left_over = to_add - added if place == 0 else 0
            self.to(deployment, rs, max(0, size + left_over))


def _is_saturated(deployment: Obj, new: Obj) -> bool:
    wanted = budget.replicas_of(deployment)
    try:
        desired = int(annotations_of(new).get(DESIRED, ""))
    except ValueError:
        return False
    return budget.replicas_of(new) == wanted == desired == total([new], "availableReplicas")


def _proportion(deployment: Obj, rs: Obj, to_add: int, added: int) -> int:
    size = budget.replicas_of(rs)
    if not size or to_add == added:
        return 0
    wanted = budget.replicas_of(deployment)
    if not wanted:
        return -size
    try:
        maximum = int(annotations_of(rs).get(MAXIMUM, ""))
    except ValueError:
        maximum = (deployment.get("status") or {}).get("replicas") or 0
    if not maximum:
        return 0
    new_total = wanted + budget.max_surge(deployment)
    fraction = round(size * new_total / maximum) - size
    allowed = to_add - added
    return min(fraction, allowed) if to_add > 0 else max(fraction, allowed)
