"""`cel:` — an expression is true: of each object, or of all of them together when it only speaks of `objects`."""

from __future__ import annotations

from ..expression_paths import Path, mentions, paths, spelled, values
from ..expressions import evaluate
from ..fields import BY_CONTROLLERS, may_change
from ..finding import YES, Finding
from ..kinds import MAKERS
from ..matching import short
from ..messages import say
from ..objects import called
from ..report import Difference, Message
from ..scene import Scene
from ..selection import makers
from ..settling.settle import settle
from ..spec import Check, Obj
from .registry import STATE, expects, expects_of_each

AT_MOST = 6  # places shown
GRACE = 3.0  # seconds after a submission in which controllers may not even have begun to make or remove objects


def _of_each(check: Check) -> bool:
    return check.cel is not None and mentions(check.cel, "object")


@expects_of_each(STATE, _of_each)
def cel_of_each(scene: Scene, obj: Obj) -> Finding:
    return _evaluated(scene, obj)


@expects(STATE, lambda check: check.cel is not None and not _of_each(check))
def cel_of_all(scene: Scene) -> Finding:
    return _evaluated(scene, None)


def _evaluated(scene: Scene, obj: Obj | None) -> Finding:
    expression = scene.check.cel or ""
    answer = evaluate(expression, scene.variables(obj))
    if answer.broken:
        return Finding("error", (say("check-broken", detail=answer.broken),))
    if answer.true:
        return YES
    looked_at = paths(expression)
    waits = any(_may_change(scene, obj, path) for path in looked_at)
    about = (obj,) if obj is not None else scene.objects
    shown = tuple(d for path in looked_at[:AT_MOST] for d in _differences(scene, obj, path))
    again = scene.since + GRACE if waits and scene.now < scene.since + GRACE else None
    return Finding("not-yet" if waits else "no", (_false(obj),), shown, about, again)


def _false(obj: Obj | None) -> Message:
    return say("condition-false") if obj is None else say("expression-false", object=called(obj))


def _may_change(scene: Scene, obj: Obj | None, path: Path) -> bool:
    root, *rest = path
    if root == "object" and obj is not None:
        return may_change(scene.view, obj, tuple(rest), scene.now)
    if root == "objects":
        fields = any(may_change(scene.view, one, tuple(rest[1:]), scene.now) for one in scene.objects)
        return fields or _number_may_change(scene)
    return root == "events"


def _number_may_change(scene: Scene) -> bool:
    """Whether objects may still come or go by themselves."""
    ref = scene.check.object
    if ref is None or ref.kind in BY_CONTROLLERS:
        return ref is not None
    if len(scene.chosen) > len(scene.objects):
        return True
    if ref.kind not in MAKERS:
        return False
    unsettled = (settle(scene.view, maker, scene.now).outcome != "yes" for maker in makers(scene.view, ref))
    return scene.now < scene.since + GRACE or any(unsettled)


def _differences(scene: Scene, obj: Obj | None, path: Path) -> list[Difference]:
    """What is there. What is wanted would be the expression itself, and that is never shown."""
    root, *rest = path
    if root == "object" and obj is not None:
        return [Difference(spelled(tuple(rest)), None, short(values(obj, tuple(rest))), called(obj))]
    if root == "objects" and rest[1:]:
        place = tuple(rest[1:])
        return [Difference(spelled(place), None, short(values(one, place)), called(one)) for one in scene.objects[:5]]
    return []
