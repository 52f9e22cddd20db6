"""What a trial's reports mean for the exercise: every way in which it does not hold what it promises, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from k8slab.attempts import wording
from k8slab.catalog.course import Exercise
from k8slab.grading.report import Message, Report, Result

from .states import State
from .trial import Round, Trial

LONGEST = 400  # characters of a check's own words


def faults_of(exercise: Exercise, trials: Sequence[Trial]) -> list[str]:
    """Empty when the exercise is proven."""
    faults = [f"{trial.state.name}: {fault}" for trial in trials for fault in _of_trial(trial)]
    shown = {wrong.fails for wrong in exercise.wrong}
    return faults + [f"no wrong solution fails {check.id} alone" for check in exercise.checks if check.id not in shown]


def _of_trial(trial: Trial) -> Iterator[str]:
    if trial.error:
        yield trial.error
        return
    of_round: dict[str, Callable[[State, Round], Iterator[str]]] = {
        "start": _of_start,
        "solution": _of_solution,
        "wrong": _of_wrong,
    }
    for each in trial.rounds:
        yield from of_round[trial.state.sort](trial.state, each)
    if trial.left:
        yield f"leaves behind: {', '.join(trial.left)}"


def _of_start(state: State, each: Round) -> Iterator[str]:
    for result in each.report.results:
        if result.verdict == "pass":
            yield f"{result.id} passes although nothing was done ({each.name})"
        elif result.verdict == "error":
            yield f"{result.id} cannot be decided: {words(result)}"


def _of_solution(state: State, each: Round) -> Iterator[str]:
    for result in each.report.results:
        if result.verdict != "pass" and not blocked(result):
            yield f"{result.id} does not pass ({each.name}, {each.seconds:.1f} s): {words(result)}"
            yield from _beside(each)


def _of_wrong(state: State, each: Round) -> Iterator[str]:
    for result in each.report.results:
        if result.id == state.fails:
            yield from _of_named(result, each)
        elif result.verdict != "pass" and not blocked(result):
            yield f"{result.id} fails too: {words(result)}"


def _of_named(result: Result, each: Round) -> Iterator[str]:
    if result.verdict == "fail" and not blocked(result):
        if not _says_why(result) and not each.handed.problems:
            yield f"{result.id} fails without a word about the cause"
        return
    verdict = {"pass": "passes", "fail": "waits for another one", "waiting": "still waits", "error": "is an error"}
    yield f"{result.id} should fail, but {verdict[result.verdict]}: {words(result)}"
    yield from _beside(each)


def _beside(each: Round) -> Iterator[str]:
    """What was said while the text was handed in: mostly the reason."""
    if each.handed.problems:
        yield f"refused: {'; '.join(each.handed.problems)}"[:LONGEST]
    if each.handed.output:
        yield f"the terminal says: {each.handed.output.strip()}"[-LONGEST:]


def blocked(result: Result) -> bool:
    """Whether it was not looked at, because it needs another one that has not passed."""
    return any(message.code in ("needs-failed", "needs-waiting", "needs-error") for message in result.messages)


def _says_why(result: Result) -> bool:
    reasons = [message for message in result.messages if message.code != "timed-out"]
    return bool(reasons or result.differences or result.explanations)


def words(result: Result) -> str:
    said = [_worded(message) for message in result.messages]
    said += [f"{d.object} {d.path}: {d.actual!r} instead of {d.expected!r}" for d in result.differences]
    said += [f"{e.object} {e.reason}: {e.message}" for e in result.explanations]
    return " ".join(said)[:LONGEST] or "no reason given"


def _worded(message: Message) -> str:
    return wording.of_message(message.code, message.params)


def passed(report: Report) -> int:
    return sum(result.verdict == "pass" for result in report.results)
