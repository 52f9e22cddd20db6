"""Looks at all that a check expects, stage by stage."""

from __future__ import annotations

from .checks.disturb import pending
from .checks.registry import EXPECTATIONS, STAGES
from .discovery import load_all
from .finding import YES, Finding, together
from .scene import Scene
from .spec import Obj


def look(scene: Scene) -> Finding:
    """The first stage that does not hold decides."""
    load_all("k8slab.grading.checks")
    for stage in STAGES:
        found = _stage(scene, stage)
        if found.outcome != "yes":
            return _disturbed(scene, found)
    return YES


def _stage(scene: Scene, stage: int) -> Finding:
    wanted = [e for e in EXPECTATIONS if e.stage == stage and e.wanted(scene.check)]
    once = [e.of_scene(scene) for e in wanted if e.of_scene]
    of_each = [together(e.of_object(scene, obj) for e in wanted if e.of_object) for obj in scene.objects]
    return together([*once, *_enough(scene, of_each)])


def _enough(scene: Scene, of_each: list[Finding]) -> list[Finding]:
    """Every object has to fit; with `any` one is enough, and the one that comes nearest speaks for the others."""
    ref = scene.check.object
    if ref is None or not ref.any or not of_each:
        return of_each
    return [min(of_each, key=lambda f: (f.outcome != "yes", f.outcome != "not-yet", len(f.differences)))]


def _disturbed(scene: Scene, found: Finding) -> Finding:
    """After a deletion the state is expected to be wrong for a while: that is waiting, whatever it looks like."""
    message = pending(scene)
    if message is None or found.outcome == "error":
        return found
    more = () if message in found.messages else (message,)
    return Finding("not-yet", (*found.messages, *more), found.differences, found.about, found.again_at)


def about(scene: Scene, found: Finding) -> tuple[Obj, ...]:
    return found.about or scene.objects
