"""Deployments and their like at rest: the wanted number of the newest version ready, and nothing of an older one left.

Status fields alone are not enough: they lag behind the pods, and pods of the old version are ready too.
"""

from __future__ import annotations

from ..finding import Finding, not_yet, together
from ..kinds import POD, REPLICA_SET
from ..messages import say
from ..objects import called, dig, finished, mapping, number, terminating, text
from ..spec import Obj
from ..view import View
from .pods import all_pods
from .registry import settles

REVISION = "deployment.kubernetes.io/revision"


def replicas(obj: Obj) -> int:
    return number(obj, "spec", "replicas", default=1)


def _rollout(obj: Obj, ready: int, wanted: int) -> Finding:
    return not_yet(say("rollout", object=called(obj), ready=ready, wanted=wanted), about=[obj])


def _pods(view: View, obj: Obj, wanted: int, now: float) -> Finding:
    pods = [pod for pod in view.owned(obj, *POD) if not finished(pod)]
    if sum(not terminating(pod) for pod in pods) != wanted:
        return _rollout(obj, min(number(obj, "status", "readyReplicas"), wanted), wanted)
    return all_pods(view, pods, now)


@settles("ReplicaSet")
def replica_set(view: View, obj: Obj, now: float) -> Finding:
    wanted, ready = replicas(obj), number(obj, "status", "readyReplicas")
    counts = (number(obj, "status", "replicas"), ready, number(obj, "status", "availableReplicas"))
    if any(count != wanted for count in counts):
        return together([_rollout(obj, ready, wanted), _pods(view, obj, wanted, now)])
    return _pods(view, obj, wanted, now)


@settles("Deployment")
def deployment(view: View, obj: Obj, now: float) -> Finding:
    wanted = replicas(obj)
    sets = sorted(view.owned(obj, *REPLICA_SET), key=_revision)
    older = [pod for old in sets[:-1] for pod in view.owned(old, *POD) if not finished(pod)]
    newest = sets[-1:]
    if not newest or not _counted(obj, wanted):
        ready = min(number(newest[0], "status", "readyReplicas") if newest else 0, wanted)
        waiting = [_rollout(obj, ready, wanted)]
    else:
        waiting = []
    if older:
        waiting.append(not_yet(say("old-pods", object=called(obj), count=len(older)), about=[obj]))
    return together([*waiting, *(replica_set(view, current, now) for current in newest if not waiting)])


def _revision(replica: Obj) -> tuple[int, str]:
    revision = mapping(replica, "metadata", "annotations").get(REVISION, "0")
    number_of = int(revision) if isinstance(revision, str) and revision.isdigit() else 0
    return number_of, text(replica, "metadata", "creationTimestamp")


def _counted(obj: Obj, wanted: int) -> bool:
    fields = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
    return all(number(obj, "status", field) == wanted for field in fields)


@settles("StatefulSet")
def stateful_set(view: View, obj: Obj, now: float) -> Finding:
    wanted, ready = replicas(obj), number(obj, "status", "readyReplicas")
    kept_back = number(obj, "spec", "updateStrategy", "rollingUpdate", "partition")
    counts = (number(obj, "status", "replicas"), ready, number(obj, "status", "availableReplicas"))
    updated = number(obj, "status", "updatedReplicas") >= max(wanted - kept_back, 0)
    # after a complete update the status may stop counting `updatedReplicas`: both revisions are the same then
    same = dig(obj, "status", "currentRevision") == dig(obj, "status", "updateRevision")
    if any(count != wanted for count in counts) or not (updated or same):
        return together([_rollout(obj, min(ready, wanted), wanted), all_pods(view, view.owned(obj, *POD), now)])
    return _pods(view, obj, wanted, now)


@settles("DaemonSet")
def daemon_set(view: View, obj: Obj, now: float) -> Finding:
    wanted = number(obj, "status", "desiredNumberScheduled")
    fields = ("currentNumberScheduled", "updatedNumberScheduled", "numberReady", "numberAvailable")
    counts = [number(obj, "status", field) for field in fields]
    if any(count != wanted for count in counts) or number(obj, "status", "numberMisscheduled"):
        return _rollout(obj, min(number(obj, "status", "numberReady"), wanted), wanted)
    return _pods(view, obj, wanted, now)
