"""Grades checks against a world. Pure but for what it asks of the world, and it never raises for a bad one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .disturbance import recalled
from .explain import explain, tellings
from .finding import Finding
from .hints import choose
from .look import about, look
from .memory import Notes, moment, recall, remember
from .messages import say
from .objects import newest_version
from .observed import looks_at as kinds_of
from .report import Report, Result
from .scene import Scene, set_scene
from .spec import Check
from .substitution import bind
from .verdict import again_at, began, decide, fingerprint, worded
from .view import View
from .world import World, WorldError

RETRY, LAST_RETRY = 1.0, 30.0  # seconds until a cluster that failed is asked again: more and more


@dataclass(frozen=True, slots=True)
class _Turn:
    """One evaluation of all checks."""

    view: View
    now: float
    since: float
    vars: Mapping[str, str]
    notes: Mapping[str, Notes]


def grade(
    checks: Sequence[Check],
    world: World,
    memory: Mapping[str, Any],
    now: float,
    since: float,
    vars: Mapping[str, str],
) -> tuple[Report, dict[str, Any]]:
    """`since`: when the submission was made. `memory`: what the evaluation before handed back, {} at first."""
    turn = _Turn(View(world), now, since, vars, recall(memory, [check.id for check in checks]))
    results: dict[str, Result] = {}
    for check in _in_order(checks):
        results[check.id] = _blocked(check, turn, results) or _graded(check, turn)
    return Report(tuple(results[check.id] for check in checks)), remember(turn.notes)


def looks_at(checks: Sequence[Check]) -> frozenset[tuple[str, str]]:
    """The kinds (apiVersion, kind) of which a change may change a verdict."""
    return kinds_of(checks)


def next_deadline(checks: Sequence[Check], report: Report, since: float) -> float | None:
    """When to grade again though nothing changes; None when only a change can bring something new."""
    within = {check.id: check.within for check in checks}
    moments = [
        since + within.get(result.id, 0.0) if result.again_at is None else result.again_at
        for result in report.results
        if result.verdict == "waiting" or (result.verdict == "error" and result.again_at is not None)
    ]
    return min(moments, default=None)


def _in_order(checks: Sequence[Check]) -> list[Check]:
    """Each after those that it needs, as far as that can be."""
    ordered: list[Check] = []
    left = list(checks)
    while left:
        done = {check.id for check in ordered}
        free = [check for check in left if done.issuperset(check.needs)] or left
        ordered.extend(free)
        left = [check for check in left if check not in free]
    return ordered


def _blocked(check: Check, turn: _Turn, results: Mapping[str, Result]) -> Result | None:
    """The result of a check that has to wait for another one, None when nothing blocks it."""
    if _passed_once(check, turn):
        return None
    needed = [results[need] for need in check.needs if need in results and results[need].verdict != "pass"]
    if not needed:
        return None
    notes = turn.notes[check.id]
    worst = min(needed, key=lambda result: ("fail", "error", "waiting").index(result.verdict))
    code = {"fail": "needs-failed", "error": "needs-error", "waiting": "needs-waiting"}[worst.verdict]
    notes.update(verdict="blocked", since=turn.since, began=turn.now)
    return Result(
        check.id, worst.verdict, 0, (say(code, check=worst.id),), decided_at=worst.decided_at, again_at=worst.again_at
    )


def _passed_once(check: Check, turn: _Turn) -> bool:
    return check.mode == "edge" and turn.notes[check.id].get("verdict") == "pass"


def _graded(check: Check, turn: _Turn) -> Result:
    notes = turn.notes[check.id]
    if _passed_once(check, turn):
        return Result(check.id, "pass", check.points, decided_at=moment(notes, "decided_at"))
    try:
        scene = set_scene(bind(check, turn.vars), turn.view, turn.now, turn.since, turn.vars, notes)
        return _result(scene, look(scene), turn)
    except WorldError as problem:
        message = say("cluster-error", detail=str(problem) or type(problem).__name__)
        pause = min(max((turn.now - turn.since) / 4, RETRY), LAST_RETRY)
        return Result(check.id, "error", 0, (message,), decided_at=turn.now, again_at=turn.now + pause)


def _result(scene: Scene, found: Finding, turn: _Turn) -> Result:
    check, notes, seen = scene.check, scene.notes, fingerprint(scene.chosen)
    start = max(began(scene, notes, seen), _last_disturbance(turn))
    deadline = start + check.within
    verdict = decide(found, scene.now, deadline)
    version = newest_version([*scene.chosen, *found.about])
    if verdict == "error":  # leaves no trace in the notes: it is as if nobody had looked
        return Result(check.id, verdict, 0, found.messages, resource_version=version, decided_at=turn.now)
    decided = None if verdict == "waiting" else _decided_at(notes, verdict, turn)
    notes.update(verdict=verdict, since=turn.since, began=start, seen=seen, decided_at=decided)
    if verdict == "pass":
        return Result(check.id, verdict, check.points, resource_version=version, decided_at=decided)
    again = again_at(scene, found, verdict, start, deadline)
    result = Result(check.id, verdict, 0, resource_version=version, decided_at=decided, again_at=again)
    return _with_reasons(result, scene, found, waited=scene.now - start)


def _with_reasons(result: Result, scene: Scene, found: Finding, waited: float) -> Result:
    told = tellings(scene.view, about(scene, found), scene.now)
    return replace(
        result,
        messages=worded(found, result.verdict, waited),
        differences=found.differences,
        explanations=explain(told),
        hint=choose(scene, told, result.verdict),
    )


def _decided_at(notes: Notes, verdict: str, turn: _Turn) -> float:
    """When it was first decided so. A new submission is decided anew, unless it was passed before already."""
    before = moment(notes, "decided_at")
    same = notes.get("verdict") == verdict and (verdict == "pass" or notes.get("since") == turn.since)
    return before if same and before is not None else turn.now


def _last_disturbance(turn: _Turn) -> float:
    """What the grader deletes upsets other checks too: their patience starts anew."""
    known = [recalled(notes) for notes in turn.notes.values()]
    return max((d.at for d in known if d is not None and d.since == turn.since), default=0.0)
