"""`probe:` — a question asked from inside the namespace has the right answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..finding import Finding, no, not_yet, together
from ..messages import say
from ..objects import called, dig, entries, terminating, text
from ..probing.answers import judge
from ..probing.diagnosis import diagnose
from ..scene import Scene
from ..spec import Obj, Probe
from .registry import PROBE, expects

PATIENCE = 2.0  # seconds for one answer; a probe that gets none is asked again


@expects(PROBE, lambda check: check.probe is not None)
def probe(scene: Scene) -> Finding:
    asked = scene.check.probe
    assert asked is not None
    source = scene.view.find("v1", "Pod", asked.source)
    if source is None:
        return no(say("probe-source-missing", object=f"Pod/{asked.source}"))
    if not _running(source, asked.container):
        return not_yet(say("probe-source-not-ready", object=called(source)), about=[source])
    found = judge(scene.view, asked, _ask(scene, asked))
    if found.outcome == "yes" or asked.expect.get("error"):
        return found
    return together([found, diagnose(scene.view, asked)])


def _running(pod: Obj, container: str | None) -> bool:
    """The container that is to ask runs. It need not be ready: it only has to take a command."""
    if terminating(pod) or text(pod, "status", "phase") != "Running":
        return False
    first = next((text(c, "name") for c in entries(pod, "spec", "containers")), "")
    states = {text(s, "name"): dig(s, "state", "running") for s in entries(pod, "status", "containerStatuses")}
    return states.get(container or first) is not None


def _ask(scene: Scene, asked: Probe) -> Mapping[str, Any]:
    world, target = scene.view.world, asked.target
    if isinstance(target, str):
        ask = world.http if asked.kind == "http" else world.dns
        return ask(asked.source, asked.container, target, PATIENCE)
    return world.exec(asked.source, asked.container, target, PATIENCE)
