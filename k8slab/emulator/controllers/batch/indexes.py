"""Completion indexes: of a pod, and sets of them as text (`0-2,5`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8slab.emulator.ports import Obj

INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"
VARIABLE = "JOB_COMPLETION_INDEX"


def is_indexed(job: Obj) -> bool:
    return bool(job["spec"].get("completionMode") == "Indexed")


def index_of(pod: Obj) -> int:
    """-1 where a pod has none."""
    return _number(pod, INDEX, -1)


def failures_of(pod: Obj) -> int:
    return _number(pod, FAILURES, 0)


def _number(pod: Obj, annotation: str, otherwise: int) -> int:
    text = (pod["metadata"].get("annotations") or {}).get(annotation, "")
    return int(text) if text.isdecimal() else otherwise


def parse(text: str | None) -> set[int]:
    held: set[int] = set()
    for part in (text or "").split(","):
        first, _, last = part.partition("-")
        if first.isdecimal():
            held.update(range(int(first), int(last or first) + 1))
    return held


def render(indexes: Iterable[int]) -> str:
    """Runs of three and more are written as a range; two neighbours are not."""
    runs: list[list[int]] = []
    for index in sorted(indexes):
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return ",".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    return f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run))


def numbered(template: Any, job_name: str, index: int, failures: int | None) -> dict[str, Any]:
    """The template for the pod of one index: annotation, label, host name and variable."""
    meta, spec = template.get("metadata") or {}, template["spec"]
    annotations = {**(meta.get("annotations") or {}), INDEX: str(index)}
    if failures is not None:
        annotations[FAILURES] = str(failures)
    labels = {**(meta.get("labels") or {}), INDEX: str(index)}
    lists = {name: [_with_variable(c) for c in spec[name]] for name in ("initContainers", "containers") if name in spec}
    return {
        **template,
        "metadata": {**meta, "annotations": annotations, "labels": labels},
        "spec": {**spec, **lists, "hostname": f"{job_name}-{index}"},
    }


def _with_variable(container: Any) -> Any:
    env = container.get("env") or []
    if any(entry["name"] == VARIABLE for entry in env):
        return container
    source = {"fieldRef": {"apiVersion": "v1", "fieldPath": f"metadata.labels['{INDEX}']"}}
    return {**container, "env": [*env, {"name": VARIABLE, "valueFrom": source}]}
