"""A Deployment's status: the counts of its ReplicaSets and what the conditions conclude from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8slab.emulator.controllers.rollout import budget, conditions
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Obj

Status = dict[str, Any]
COUNTS = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas")


def total(sets: Iterable[Obj], count: str) -> int:
    return sum(int((rs.get("status") or {}).get(count) or 0) for rs in sets)


def counted(deployment: Obj, new: Obj | None, sets: list[Obj], now: str) -> Status:
    """The status that the ReplicaSets show, with the old conditions and a fresh Available."""
    old = deployment.get("status") or {}
    available = total(sets, "availableReplicas")
    numbers = {
        "replicas": total(sets, "replicas"),
        "updatedReplicas": total([new] if new else [], "replicas"),
        "readyReplicas": total(sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(0, sum(budget.replicas_of(rs) for rs in sets) - available),
    }
    status: Status = {"observedGeneration": deployment["metadata"].get("generation", 1)}
    status.update({name: numbers[name] for name in COUNTS if numbers[name]})
    status["terminatingReplicas"] = total(sets, "terminatingReplicas")
    if old.get("collisionCount") is not None:
        status["collisionCount"] = old["collisionCount"]
    enough = available >= budget.replicas_of(deployment) - budget.max_unavailable(deployment)
    status["conditions"] = conditions.put(old.get("conditions") or [], _availability(enough, now))
    return status


def _availability(enough: bool, now: str) -> conditions.Condition:
    if enough:
        text = "Deployment has minimum availability."
        return conditions.made("Available", "True", "MinimumReplicasAvailable", text, now)
    text = "Deployment does not have minimum availability."
    return conditions.made("Available", "False", "MinimumReplicasUnavailable", text, now)


def is_complete(deployment: Obj, status: Mapping[str, Any]) -> bool:
    wanted = budget.replicas_of(deployment)
    observed = status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 1)
    return observed and all(
        (status.get(name) or 0) == wanted for name in ("updatedReplicas", "replicas", "availableReplicas")
    )


def has_progressed(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    def number(status: Mapping[str, Any], name: str) -> int:
        return int(status.get(name) or 0)

    def outdated(status: Mapping[str, Any]) -> int:
        return number(status, "replicas") - number(status, "updatedReplicas")

    grown = ("updatedReplicas", "readyReplicas", "availableReplicas")
    return outdated(after) < outdated(before) or any(number(after, n) > number(before, n) for n in grown)


def seconds_left(deployment: Obj, held: list[conditions.Condition], now: float) -> float | None:
    """Until the progress deadline; None where none runs."""
    current = conditions.find(held, "Progressing")
    if not conditions.has_deadline(deployment) or current is None or current["reason"] == "NewReplicaSetAvailable":
        return None
    if current["reason"] == "ProgressDeadlineExceeded":
        return -1.0
    start = parse_timestamp(current.get("lastUpdateTime") or current["lastTransitionTime"])
    return start + float(deployment["spec"]["progressDeadlineSeconds"]) - now


def conclude(deployment: Obj, new: Obj | None, sets: list[Obj], status: Status, now: str, seconds: float) -> Status:
    """Sets Progressing and ReplicaFailure on a counted status."""
    held = list(status["conditions"])
    if not conditions.has_deadline(deployment):
        held = conditions.without(held, "Progressing")
    else:
        held = _progress(deployment, new, status, held, now, seconds)
    failure = _failure(new, sets)
    held = conditions.without(held, "ReplicaFailure") if failure is None else conditions.put(held, failure)
    return {**status, "conditions": held}


def _progress(
    deployment: Obj,
    new: Obj | None,
    status: Status,
    held: list[conditions.Condition],
    now: str,
    seconds: float,
) -> list[conditions.Condition]:
    current = conditions.find(held, "Progressing")
    settled = (
        status.get("replicas", 0) == status.get("updatedReplicas", 0)
        and current is not None
        and current["reason"] == "NewReplicaSetAvailable"
    )
    if settled:
        return held
    what = f'ReplicaSet "{new["metadata"]["name"]}"' if new else f'Deployment "{deployment["metadata"]["name"]}"'
    if is_complete(deployment, status):
        text = f"{what} has successfully progressed."
        return conditions.put(held, conditions.made("Progressing", "True", "NewReplicaSetAvailable", text, now))
    if has_progressed(deployment.get("status") or {}, status):
        moved = conditions.made("Progressing", "True", "ReplicaSetUpdated", f"{what} is progressing.", now)
        if current is not None and current["status"] == "True":
            moved = {**moved, "lastTransitionTime": current["lastTransitionTime"]}
        return [*conditions.without(held, "Progressing"), moved]
    left = seconds_left(deployment, held, seconds)
    if left is not None and left < 0:
        text = f"{what} has timed out progressing."
        return conditions.put(held, conditions.made("Progressing", "False", "ProgressDeadlineExceeded", text, now))
    return held


def _failure(new: Obj | None, sets: list[Obj]) -> conditions.Condition | None:
    for rs in ([new] if new else []) + sets:
        found = conditions.find((rs.get("status") or {}).get("conditions") or [], "ReplicaFailure")
        if found is not None:
            return conditions.made(
                "ReplicaFailure", found["status"], found["reason"], found["message"], found["lastTransitionTime"]
            )
    return None
