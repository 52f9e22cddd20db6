"""`rollout restart`, `pause` and `resume`: one small patch for each object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8slab.kube.errors import KubeError

from ..failures import Failures
from ..flagsets import FILENAME, OUTPUT, SELECTOR
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..output.printers import Report
from ..requests import patch, writing
from ..resources import Item, Selection

ROLLOUT = (*FILENAME, *OUTPUT, SELECTOR)
MANAGER = "kubectl-rollout"
Map = dict[str, Any]


class Unable(Exception):
    """Why an object cannot be changed so."""


def check_named(invocation: Invocation) -> None:
    if not invocation.args and not has_files(invocation):
        raise Failed("error: required resource not specified")


def patch_each(invocation: Invocation, change: Callable[[Item], Map], done: str) -> None:
    """`change` makes the patch of an object, or raises Unable."""
    check_named(invocation)
    report, failures = Report(invocation), Failures()
    items = list(Selection(invocation, all_if_bare=True).items(failures))
    if not items and not failures:
        invocation.warn(f"No resources found in {invocation.namespace} namespace.")
    for item in items:
        with failures.kept():
            report.tell(_changed(invocation, item, change), done)
    failures.finish()


def _changed(invocation: Invocation, item: Item, change: Callable[[Item], Map]) -> Item:
    try:
        body = change(item)
    except Unable as why:
        raise Failed(f'error: {item.resource.qualified} "{item.name}" {why}') from None
    query = writing(invocation, manager=MANAGER)
    try:
        return item.now(patch(invocation, item.resource, item.namespace, item.name, body, "strategic", query))
    except KubeError as error:
        raise Failed(f"error: failed to patch: {error.message}") from error


def is_workload(item: Item, *kinds: str) -> bool:
    return item.resource.group == "apps" and item.resource.kind in kinds
