"""Exercises for the prover, made in code: right ones, and others that are wrong in one way each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from k8slab.catalog.course import Exercise, StartFile, Wrong
from k8slab.grading.parse import parse_checks
from k8slab.grading.spec import Check, Text

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {color: COLOR}
spec:
  containers:
    - {name: web, image: IMAGE}
"""


def pod(image: str = "nginx:1.27", color: str = "red") -> str:
    return POD.replace("IMAGE", image).replace("COLOR", color)


def checks(*described: dict[str, Any]) -> tuple[Check, ...]:
    problems: list[str] = []
    read = parse_checks(
        [{"title": {"en": "x", "ko": "가"}, "within": "2s", **each} for each in described],
        lambda path, message: problems.append(message),
    )
    assert problems == []
    return read


WEB = {"apiVersion": "v1", "kind": "Pod", "name": "web"}
RED = {"id": "red", "object": WEB, "match": {"metadata": {"labels": {"color": "red"}}}}
RUNS = {"id": "runs", "needs": ["red"], "object": WEB, "settled": True}

RIGHT = Exercise(
    id="right",
    lesson="lesson",
    title=Text("x", "가"),
    task=Text("x", "가"),
    files=(StartFile("answer.yaml", "# write here\n"),),
    setup="",
    solution=pod(),
    solution_kind="yaml",
    wrong=(Wrong("blue", "red", pod(color="blue")), Wrong("image", "runs", pod("nginx:none"))),
    checks=checks(RED, RUNS),
    needs=(),
    vars={},
    hash="",
)


def like(**changes: Any) -> Exercise:
    return replace(RIGHT, **changes)
