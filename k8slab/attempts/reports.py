"""A grading report as JSON for the database, language-neutral; `state.py` words it for a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from k8slab.grading.report import Report


def to_json(report: Report) -> dict[str, Any]:
    """As it comes back from the database: lists, not tuples, so that two reports can be compared."""
    data: dict[str, Any] = json.loads(json.dumps({"results": [asdict(result) for result in report.results]}))
    return data


def points(result: Mapping[str, Any], hints: Sequence[str], hints_cost: int) -> int:
    """What a check has earned, less what its hint costs."""
    return max(0, int(result["points"]) - (hints_cost if result["id"] in hints else 0))


def earned(report: Mapping[str, Any], hints: Sequence[str], hints_cost: int) -> int:
    return sum(points(result, hints, hints_cost) for result in report["results"])


def same(old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    """Whether a page would look the same: times and versions aside."""
    return old is not None and _bare(old) == _bare(new)


def _bare(report: dict[str, Any]) -> list[dict[str, Any]]:
    aside = {"resource_version", "decided_at", "again_at"}
    return [{k: v for k, v in result.items() if k not in aside} for result in report["results"]]
