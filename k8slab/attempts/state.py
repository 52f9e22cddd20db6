"""An attempt as its page sees it: one message, whole, in the student's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.utils import translation

from k8slab.catalog.course import Exercise
from k8slab.grading.spec import Check, Text
from k8slab.live import messages

from . import wording
from .models import Attempt, Submission


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
            checks=[_check(check, results.get(check.id), language, tried) for check in exercise.checks],
        )
        if submission is not None:
            told["submission"] = _submission(submission)
        return told


def _check(check: Check, result: Mapping[str, Any] | None, language: str, tried: bool) -> messages.CheckState:
    # Before anything was handed in, only what holds already is told: a red list would greet every beginner.
    shown = result if result and (tried or result["verdict"] == "pass") else None
    verdict: Any = shown["verdict"] if shown else "untried"
    return messages.CheckState(
        id=check.id,
        title=in_language(check.title, language),
        verdict=verdict,
        points=shown["points"] if shown else 0,
        worth=check.points,
        messages=[wording.of_message(m["code"], m["params"]) for m in shown["messages"]] if shown else [],
        differences=[cast(messages.Difference, dict(d)) for d in shown["differences"]] if shown else [],
        explanations=[cast(messages.Explanation, dict(e)) for e in shown["explanations"]] if shown else [],
        hint=_text(shown["hint"], language) if shown and verdict != "pass" else "",
        because=in_language(check.because, language) if verdict == "pass" else "",
    )


def _text(text: Mapping[str, str] | None, language: str) -> str:
    return in_language(Text(**text), language) if text else ""


def _submission(submission: Submission) -> messages.Submission:
    return messages.Submission(
        id=str(submission.id),
        phase=cast(Any, submission.phase),
        outcomes=[
            cast(messages.Outcome, {**outcome, "problems": [_problem(p) for p in outcome["problems"]]})
            for outcome in submission.outcomes
        ],
        problems=[_problem(problem) for problem in submission.problems],
        submitted=submission.submitted.isoformat(),
        error=str(wording.of_error(submission.error)) if submission.error else "",
    )


def _problem(problem: Mapping[str, Any]) -> messages.Problem:
    return messages.Problem(
        code=problem["code"],
        line=problem["line"],
        column=problem["column"],
        message=wording.of_problem(problem["code"], problem["params"]),
        detail=problem["detail"],
    )
