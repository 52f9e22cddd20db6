"""Proves exercises on a cluster: every state of each in a sandbox of its own, many at once.

Most of the time is spent waiting for deadlines, so there are far more sandboxes at once than processors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Literal

from k8slab.catalog.course import Exercise
from k8slab.grading import engine
from k8slab.sandbox.capabilities import probe
from k8slab.sandbox.cluster import app_client

from .changes import Changes
from .judging import faults_of
from .states import states_of
from .trial import Trial, try_out

JOBS = 24  # sandboxes at once

Outcome = Literal["proven", "failed", "not possible here"]


@dataclass(frozen=True, slots=True)
class Proof:
    exercise: Exercise
    faults: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()  # capabilities that this cluster does not have: nothing was tried
    seconds: float = 0.0  # from handing the solution in until every check was decided; the slower time of two

    @property
    def outcome(self) -> Outcome:
        return "not possible here" if self.lacks else "failed" if self.faults else "proven"


def prove(exercises: Sequence[Exercise], jobs: int, told: Callable[[Proof], None]) -> list[Proof]:
    """In the order of `exercises`; `told` hears each as soon as it is known. Raises KubeError without a cluster."""
    client = app_client()
    there = probe(client)
    proofs = {e.id: Proof(e, lacks=tuple(lacks)) for e in exercises if (lacks := sorted({*e.needs} - there))}
    for proof in proofs.values():
        told(proof)
    possible = [exercise for exercise in exercises if exercise.id not in proofs]
    kinds = {kind for exercise in possible for kind in engine.looks_at(exercise.checks)}
    changes = Changes()
    with changes.following(client, kinds):
        for proof in _try_all(possible, jobs, changes, told):
            proofs[proof.exercise.id] = proof
    return [proofs[exercise.id] for exercise in exercises]


def _try_all(
    exercises: Sequence[Exercise], jobs: int, changes: Changes, told: Callable[[Proof], None]
) -> Iterator[Proof]:
    with ThreadPoolExecutor(jobs) as pool:
        try:
            futures = {
                pool.submit(try_out, state, number, changes): exercise.id
                for exercise in exercises
                for number, state in enumerate(states_of(exercise))
            }
            for exercise_id in _finished(futures):
                exercise = next(each for each in exercises if each.id == exercise_id)
                proof = _proof(exercise, [future.result() for future, of in futures.items() if of == exercise_id])
                told(proof)
                yield proof
        except BaseException:  # Ctrl-C, mostly: no sandbox is to outlive us, and none is worth waiting for
            pool.shutdown(wait=False, cancel_futures=True)
            changes.stop()
            raise


def _finished(futures: Mapping[Future[Trial], str]) -> Iterator[str]:
    """The exercises, each as soon as its last trial has ended."""
    left = Counter(futures.values())
    for future in as_completed(futures):
        exercise = futures[future]
        left[exercise] -= 1
        if not left[exercise]:
            yield exercise


def _proof(exercise: Exercise, trials: Sequence[Trial]) -> Proof:
    rounds = [each for trial in trials if trial.state.sort == "solution" for each in trial.rounds]
    slowest = max((each.seconds for each in rounds), default=0.0)
    return Proof(exercise, tuple(faults_of(exercise, trials)), seconds=slowest)
