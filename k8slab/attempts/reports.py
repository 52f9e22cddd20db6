"""A grading report as JSON for the database, language-neutral; `state.py` words it for a page."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from k8slab.grading.report import Report


def to_json(report: Report) -> dict[str, Any]:
    """As it comes back from the database: lists, not tuples, so that two reports can be compared."""
    data: dict[str, Any] = json.loads(json.dumps({"results": [asdict(result) for result in report.results]}))
    return data


def same(old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    """Whether a page would look the same: times and versions aside."""
    return old is not None and _bare(old) == _bare(new)


def _bare(report: dict[str, Any]) -> list[dict[str, Any]]:
    aside = {"resource_version", "decided_at", "again_at"}
    return [{k: v for k, v in result.items() if k not in aside} for result in report["results"]]
