"""Proofs as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .proof import Proof

HEAD = ("EXERCISE", "LESSON", "CHECKS", "WRONG", "SOLVED IN", "RESULT")


def line(proof: Proof) -> str:
    """One exercise, as soon as it is known."""
    if proof.lacks:
        return f"{proof.exercise.id}: not possible here, the cluster has no {', '.join(proof.lacks)}"
    return "\n".join([f"{proof.exercise.id}: {proof.outcome}", *(f"    {fault}" for fault in proof.faults)])


def table(proofs: Sequence[Proof]) -> str:
    rows = [HEAD, *(_row(proof) for proof in proofs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(proof: Proof) -> tuple[str, ...]:
    exercise = proof.exercise
    seconds = "-" if proof.lacks else f"{proof.seconds:.1f} s"
    result = f"{proof.outcome}: {', '.join(proof.lacks)}" if proof.lacks else proof.outcome
    return (exercise.id, exercise.lesson, str(len(exercise.checks)), str(len(exercise.wrong)), seconds, result)


def as_json(proofs: Sequence[Proof], seconds: float) -> str:
    return json.dumps({"seconds": round(seconds, 1), "exercises": [_record(proof) for proof in proofs]}, indent=2)


def _record(proof: Proof) -> dict[str, object]:
    return {
        "id": proof.exercise.id,
        "lesson": proof.exercise.lesson,
        "outcome": proof.outcome,
        "faults": list(proof.faults),
        "lacks": list(proof.lacks),
        "checks": len(proof.exercise.checks),
        "wrong": len(proof.exercise.wrong),
        "seconds": round(proof.seconds, 2),
    }
