"""A grading report as JSON for the database, language-neutral; `state.py` words it for a page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from k8slab.grading.report import Report, Result


def to_json(report: Report) -> dict[str, Any]:
    return {"results": [_result(result) for result in report.results], "points": report.points}


def _result(result: Result) -> dict[str, Any]:
    data = asdict(result)
    for message in data["messages"]:
        message["params"] = dict(message["params"])
    return data


def same(old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    """Whether a page would look the same: times and versions aside."""
    return old is not None and _bare(old) == _bare(new)


def _bare(report: dict[str, Any]) -> list[dict[str, Any]]:
    aside = {"resource_version", "decided_at", "again_at"}
    return [{k: v for k, v in result.items() if k not in aside} for result in report["results"]]
