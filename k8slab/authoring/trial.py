"""One state of an exercise in a sandbox of its own: handed in, graded until everything is decided, cleaned away."""

from __future__ import annotations

import time
from dataclasses import dataclass

from k8slab.attempts.world import GradedWorld
from k8slab.grading import engine
from k8slab.grading.report import Report
from k8slab.kube.errors import KubeError
from k8slab.sandbox.apply import SetupError

from .changes import Bell, Changes
from .handing import NOTHING, Handed, hand_in
from .stage import Stage
from .states import State

QUIET = 0.05  # seconds for the changes of a moment to gather before somebody looks again
TROUBLE = 20.0  # seconds that a cluster may fail before a check is given up
BEYOND = 60.0  # seconds beyond all deadlines until a trial is given up


@dataclass(frozen=True, slots=True)
class Round:
    """What the checks said. `seconds`: from handing in until all was decided."""

    name: str  # "untouched", "handed in", "handed in again"
    report: Report
    handed: Handed = NOTHING
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    state: State
    rounds: tuple[Round, ...] = ()
    left: tuple[str, ...] = ()  # behind, after everything should be gone
    error: str = ""  # it could not be carried out


def try_out(state: State, number: int, changes: Changes) -> Trial:
    """Never raises for a cluster in trouble or for an exercise that is wrong."""
    stage = Stage(state.exercise, number)
    try:
        with changes.bell(stage.namespace, stage.adopt) as bell:
            try:
                stage.open()
                rounds = _rounds(stage, state, bell)
            finally:
                left = stage.close()
        return Trial(state, rounds, tuple(left))
    except SetupError as error:
        return Trial(state, error=f"setup.yaml is not accepted: {error}")
    except KubeError as error:
        return Trial(state, error=f"the cluster failed: {error.message}")


def _rounds(stage: Stage, state: State, bell: Bell) -> tuple[Round, ...]:
    if state.sort == "start":
        return _untouched(stage), _round(stage, state, bell, "handed in")
    first = _round(stage, state, bell, "handed in")
    if state.sort == "wrong":
        return (first,)
    stage.reset()
    return first, _round(stage, state, bell, "handed in again")


def _untouched(stage: Stage) -> Round:
    """What the panel shows at the beginning."""
    now = time.time()
    return Round("untouched", engine.grade(stage.exercise.checks, _world(stage), {}, now, now, stage.values)[0])


def _round(stage: Stage, state: State, bell: Bell, name: str) -> Round:
    since = time.time()
    handed = hand_in(stage, state.text, state.language)
    report = _decided(stage, bell, since)
    return Round(name, report, handed, time.time() - since)


def _decided(stage: Stage, bell: Bell, since: float) -> Report:
    """Grades at each change and at each deadline, as the running system does."""
    checks, world = stage.exercise.checks, _world
    latest = since + sum(check.within for check in checks) + BEYOND
    memory: dict[str, object] = {}
    while True:
        bell.clear()
        report, memory = engine.grade(checks, world(stage), memory, time.time(), since, stage.values)
        now = time.time()
        if now > latest or _over(report, now, since):
            return report
        deadline = engine.next_deadline(checks, report, since)
        bell.wait(max(QUIET, min(deadline or latest, latest) - now))
        time.sleep(QUIET)


def _over(report: Report, now: float, since: float) -> bool:
    """An error is the cluster's: it is asked again before it counts."""
    failing = any(result.verdict == "error" for result in report.results)
    return report.decided and not (failing and now - since < TROUBLE)


def _world(stage: Stage) -> GradedWorld:
    return GradedWorld(stage.sandbox, alive=lambda: True)
