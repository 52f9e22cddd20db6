"""`match:` — a part of the object as it should be."""

from __future__ import annotations

from ..fields import may_change
from ..finding import YES, Finding
from ..matching import Gap, gaps, short, spell
from ..messages import say
from ..objects import called
from ..report import Difference
from ..scene import Scene
from ..spec import Obj
from .registry import STATE, expects_of_each

AT_MOST = 12  # differences of one object: more tell nothing


@expects_of_each(STATE, lambda check: check.match is not None)
def match(scene: Scene, obj: Obj) -> Finding:
    found = gaps(scene.check.match, obj)
    if not found:
        return YES
    final = any(not may_change(scene.view, obj, gap.path, scene.now) for gap in found)
    differences = tuple(_difference(scene, obj, gap) for gap in found[:AT_MOST])
    return Finding("no" if final else "not-yet", (say("differs", object=called(obj)),), differences, (obj,))


def _difference(scene: Scene, obj: Obj, gap: Gap) -> Difference:
    shown = scene.check.reveal or gap.path[:1] == ("status",)
    return Difference(spell(gap.path), gap.expected if shown else None, short(gap.actual), called(obj))
