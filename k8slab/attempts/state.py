"""An attempt as its page sees it: one message, whole, in the student's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils import translation

from k8slab.catalog.course import Exercise
from k8slab.grading.spec import Check, Text
from k8slab.live import messages

from . import files, reports, wording
from .looking import objects_of
from .models import Attempt, Submission

Parts = Sequence[Sequence[str | int]]


def in_language(text: Text | None, language: str) -> str:
    """A course text; English where there is no such language."""
    if text is None:
        return ""
    return text.ko if language.startswith("ko") else text.en


def message(attempt: Attempt, exercise: Exercise, submission: Submission | None, language: str) -> messages.Attempt:
    """Args: `submission` is the newest one, None before the first."""
    with translation.override(language):
        results = {result["id"]: result for result in (attempt.report or {}).get("results", ())}
        tried = submission is not None
        told = messages.Attempt(
            type="attempt",
            id=str(attempt.id),
            version=attempt.version,
            exercise=attempt.exercise,
            state=cast(Any, attempt.state),
            points=attempt.points,
            worth=attempt.worth,
            hints_cost=exercise.hints_cost,
            draft=attempt.draft_version,
            checks=[
                _check(check, _told(results.get(check.id), tried), language, attempt.hints, exercise)
                for check in exercise.checks
            ],
        )
        for check, state in zip(exercise.checks, told["checks"], strict=True):
            state["objects"] = objects_of(check, attempt.vars)
        if submission is not None:
            told["submission"] = _submission(submission)
        return told


def _told(result: Mapping[str, Any] | None, tried: bool) -> Mapping[str, Any] | None:
    """Before anything was handed in, only what holds already is told: a red list would greet every beginner."""
    return result if result and (tried or result["verdict"] == "pass") else None


def _check(
    check: Check, shown: Mapping[str, Any] | None, language: str, hints: Sequence[str], exercise: Exercise
) -> messages.CheckState:
    verdict: Any = shown["verdict"] if shown else "untried"
    hint = _text(shown["hint"], language) if shown and verdict != "pass" else ""
    asked = check.id in hints
    return messages.CheckState(
        id=check.id,
        title=in_language(check.title, language),
        verdict=verdict,
        points=reports.points(shown, hints, exercise.hints_cost) if shown else 0,
        worth=check.points,
        messages=[_message(m, exercise, language) for m in shown["messages"]] if shown else [],
        differences=[cast(messages.Difference, dict(d)) for d in shown["differences"]] if shown else [],
        explanations=[cast(messages.Explanation, dict(e)) for e in shown["explanations"]] if shown else [],
        hint=hint if asked else "",
        offers_hint=bool(hint) and not asked,
        hint_asked=asked,
        because=in_language(check.because, language) if verdict == "pass" else "",
    )


def _message(message: Mapping[str, Any], exercise: Exercise, language: str) -> str:
    """What it says; another check is called by its title, as the student knows it."""
    titles = {check.id: f"“{in_language(check.title, language)}”" for check in exercise.checks}
    params = {key: titles.get(value, value) if key == "check" else value for key, value in message["params"].items()}
    return wording.of_message(message["code"], params)


def _text(text: Mapping[str, str] | None, language: str) -> str:
    return in_language(Text(**text), language) if text else ""


def _submission(submission: Submission) -> messages.Submission:
    return messages.Submission(
        id=str(submission.id),
        phase=cast(Any, submission.phase),
        outcomes=[_outcome(outcome, submission.parts) for outcome in submission.outcomes],
        problems=[_problem(problem, submission.parts) for problem in submission.problems],
        submitted=submission.submitted.isoformat(),
        error=str(wording.of_error(submission.error)) if submission.error else "",
    )


def _outcome(outcome: Mapping[str, Any], parts: Parts) -> messages.Outcome:
    file, line = files.place(parts, outcome["line"])
    problems = [_problem(problem, parts) for problem in outcome["problems"]]
    return cast(messages.Outcome, {**outcome, "file": file, "line": line, "problems": problems})


def _problem(problem: Mapping[str, Any], parts: Parts) -> messages.Problem:
    file, line = files.place(parts, problem["line"]) if problem["line"] else ("", 0)
    return messages.Problem(
        code=problem["code"],
        file=file,
        line=line,
        column=problem["column"],
        message=wording.of_problem(problem["code"], _params(problem["params"], parts)),
        detail=problem["detail"],
    )


def _params(params: Mapping[str, Any], parts: Parts) -> Mapping[str, Any]:
    """Lines that a sentence mentions, such as that of the first of two, in the words of their file."""
    told = dict(params)
    for key in ("first", "opened"):
        if parts and isinstance(told.get(key), int):
            file, line = files.place(parts, told[key])
            told[key] = f"{line} ({file})"
    return told
