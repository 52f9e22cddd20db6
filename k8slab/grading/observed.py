"""Which kinds decide about a list of checks: whoever watches these knows when to grade again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .expression_paths import mentions
from .kinds import EVENT, IMPLIED, MAKERS, POD, SERVICE, SLICE, WORKLOADS, Kind
from .spec import Check, ObjectRef


def looks_at(checks: Sequence[Check]) -> frozenset[Kind]:
    return frozenset(kind for check in checks for kind in _kinds(check))


def _kinds(check: Check) -> Iterator[Kind]:
    if check.object is not None:
        yield from _of_ref(check.object)
        yield from _of_what_is_missing(check.object)
    if check.probe is not None:
        yield POD
        if check.probe.kind != "exec":
            yield from (SERVICE, SLICE, *WORKLOADS, EVENT)
    if check.disturb is not None:
        yield from _of_ref(check.disturb.delete)
    if _uses_events(check):
        yield EVENT


def _of_ref(ref: ObjectRef) -> Iterable[Kind]:
    return {(ref.api_version, ref.kind), *IMPLIED.get(ref.kind, ()), EVENT}


def _of_what_is_missing(ref: ObjectRef) -> Iterable[Kind]:
    """Objects without a name come from somewhere: a change there can make them come."""
    return MAKERS.get(ref.kind, ()) if ref.name is None else ()


def _uses_events(check: Check) -> bool:
    return any(mentions(cel, "events") for cel in (check.cel, *(h.cel for h in check.hints)) if cel)
