"""Namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.errors import NotFound

from ..about import About, moment
from ..limits import TITLES, write_limits
from ..metadata import write_marks
from ..registry import describes
from ..text import Text
from .resourcequota import HELP

Map = Mapping[str, Any]


@describes("Namespace")
def describe(about: About, to: Text) -> None:
    to.field("Name", about.name)
    write_marks(about, to)
    to.field("Status", about.status.get("phase", ""))
    write_timed_conditions(to, about.status.get("conditions") or ())
    quotas, ranges = _others(about, "ResourceQuota"), _others(about, "LimitRange")
    if quotas is not None:
        to.write(0, "\n")
        _quotas(to, quotas)
    if ranges is not None:
        to.write(0, "\n")
        _ranges(to, ranges)


def _others(about: About, kind: str) -> list[Obj] | None:
    """None where the server has no such kind."""
    try:
        return about.objects("v1", kind, about.name)
    except NotFound:
        return None


def write_timed_conditions(to: Text, conditions: list[Map] | tuple[()]) -> None:
    if conditions:
        to.write(0, "Conditions:\n")
        to.line(1, "Type", "Status", "LastTransitionTime", "Reason", "Message")
        to.line(1, "----", "------", "------------------", "------", "-------")
    for each in conditions:
        time = moment(each.get("lastTransitionTime"))
        cells = (each.get("type"), each.get("status"), time, each.get("reason"), each.get("message"))
        to.line(1, *(str(cell or "") for cell in cells))


def _quotas(to: Text, quotas: list[Obj]) -> None:
    if not quotas:
        to.write(0, "No resource quota.\n")
        return
    to.write(0, "Resource Quotas\n")
    for quota in sorted(quotas, key=lambda quota: str(quota["metadata"]["name"])):
        to.field("Name", quota["metadata"]["name"], 1)
        scopes = sorted((quota.get("spec") or {}).get("scopes") or ())
        if scopes:
            to.field("Scopes", ", ".join(scopes), 1)
        for scope in scopes:
            if scope in HELP:
                to.write(1, f"* {HELP[scope]}\n")
        to.line(1, "Resource", "Used", "Hard")
        to.line(1, "--------", "---", "---")
        status = quota.get("status") or {}
        for name, hard in sorted((status.get("hard") or {}).items()):
            to.line(1, name, str((status.get("used") or {}).get(name, "0")), str(hard))


def _ranges(to: Text, ranges: list[Obj]) -> None:
    if not ranges:
        to.write(0, "No LimitRange resource.\n")
        return
    to.write(0, "Resource Limits\n")
    for line in TITLES:
        to.line(0, *(f" {cell}" if i == 0 else cell for i, cell in enumerate(line)))
    for each in ranges:
        write_limits(to, each.get("spec") or {}, " ")
