"""What the cluster itself says about an object that is not as it should be: Events, container states, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .objects import (
    called,
    condition,
    dig,
    entries,
    kind_of,
    mapping,
    number,
    seconds,
    text,
    uid_of,
)
from .ownership import events_of, family
from .report import Explanation
from .settling.settle import settle
from .spec import Obj
from .view import View

AT_MOST = 5
# most telling first
CAUSE, STATE, CONDITION, REPETITION, SYMPTOM, STORY = range(6)
ON_ITS_WAY = {"ContainerCreating", "PodInitializing"}
FALSE_TELLS = {"PodScheduled": CONDITION, "Progressing": CONDITION, "Available": SYMPTOM, "Ready": SYMPTOM}
TRUE_TELLS = {"ReplicaFailure": CONDITION, "Failed": CONDITION, "FailureTarget": CONDITION}
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Telling:
    rank: int
    at: float
    said: Explanation


def tellings(view: View, about: Iterable[Obj], now: float) -> list[Telling]:
    """All that is said about the objects and what their controllers made, most telling first."""
    members = list({uid_of(m) or called(m): m for obj in about for m in family(view, obj)}.values())
    members = [m for m in members if not _silent(view, m, now)]
    found = [*_events(view, members), *_states(members), *_conditions(members)]
    return sorted(found, key=lambda telling: (telling.rank, -telling.at))


def explain(told: Sequence[Telling]) -> tuple[Explanation, ...]:
    """At most five; what merely tells the story only where nothing tells a cause."""
    causes = [t for t in told if t.rank < SYMPTOM]
    merged: dict[str, Explanation] = {}
    for telling in causes or told:
        said = telling.said
        key = _alike(said)
        known = merged.get(key)
        if known is None:
            merged[key] = said
        elif known.source == said.source:  # an Event and the state that it is about are not two happenings
            merged[key] = replace(known, count=known.count + said.count)
    return tuple(merged.values())[: AT_MOST if causes else 2]


def _alike(said: Explanation) -> str:
    """Three pods tell the same three times, with their own names and growing numbers."""
    own = said.object.partition("/")[2]
    told = (said.message or said.reason).removeprefix("Error: ")
    return NUMBER.sub("#", told.replace(own, "*") if own else told)


def _silent(view: View, member: Obj, now: float) -> bool:
    """A pod that is well, or a ReplicaSet of the past: what they once said explains nothing now."""
    if kind_of(member) == "Pod":
        return settle(view, member, now).outcome == "yes"
    return kind_of(member) == "ReplicaSet" and dig(member, "spec", "replicas") == 0


def _events(view: View, members: list[Obj]) -> Iterator[Telling]:
    for event in events_of(view, members):
        involved = dig(event, "involvedObject")
        said = Explanation(
            "event",
            f"{text(involved, 'kind')}/{text(involved, 'name')}",
            text(event, "reason"),
            text(event, "message").strip(),
            max(number(event, "count"), number(event, "series", "count"), 1),
        )
        yield Telling(_event_rank(event, said), _event_time(event), said)


def _event_rank(event: Obj, said: Explanation) -> int:
    if text(event, "type") != "Warning":
        return STORY
    # `Back-off restarting failed container`, `Error: ErrImagePull`: that it goes on, not why
    repeats = said.reason == "BackOff" or re.fullmatch(r"Error: \w+", said.message)
    return REPETITION if repeats else CAUSE


def _event_time(event: Obj) -> float:
    stamps = (
        dig(event, "series", "lastObservedTime"),
        dig(event, "lastTimestamp"),
        dig(event, "eventTime"),
        dig(event, "metadata", "creationTimestamp"),
    )
    return next((at for stamp in stamps if (at := seconds(stamp)) is not None), 0.0)


def _states(members: list[Obj]) -> Iterator[Telling]:
    for pod in (m for m in members if kind_of(m) == "Pod"):
        for status in (*entries(pod, "status", "initContainerStatuses"), *entries(pod, "status", "containerStatuses")):
            yield from _container(pod, status)


def _container(pod: Obj, status: Obj) -> Iterator[Telling]:
    waiting = dig(status, "state", "waiting")
    reason = text(waiting, "reason")
    for ended in (dig(status, "state", "terminated"), dig(status, "lastState", "terminated")):
        code = number(ended, "exitCode")
        # a process that ends without a fault is one too, where it should go on
        if ended and (code or reason == "CrashLoopBackOff"):
            message = text(ended, "message").strip() or f"exit code {code}"
            said = Explanation("container", called(pod), text(ended, "reason") or "Error", message)
            yield Telling(STATE, seconds(dig(ended, "finishedAt")) or 0.0, said)
            break
    if reason and reason not in ON_ITS_WAY:
        yield Telling(STATE, 0.0, Explanation("container", called(pod), reason, text(waiting, "message")))


def _conditions(members: list[Obj]) -> Iterator[Telling]:
    tells = [(name, "False", rank) for name, rank in FALSE_TELLS.items()]
    tells += [(name, "True", rank) for name, rank in TRUE_TELLS.items()]
    for member in members:
        if text(member, "status", "reason"):  # Evicted, DeadlineExceeded: why a pod as a whole has failed
            yield _condition(member, mapping(member, "status"), text(member, "status", "reason"), CAUSE)
        for name, value, rank in tells:
            found = condition(member, name) or {}
            if found.get("status") == value and text(found, "message"):
                yield _condition(member, found, name, rank)


def _condition(member: Obj, found: Obj, name: str, rank: int) -> Telling:
    said = Explanation("condition", called(member), text(found, "reason") or name, text(found, "message"))
    return Telling(rank, seconds(found.get("lastTransitionTime")) or 0.0, said)
