"""`object:` — what is meant is there."""

from __future__ import annotations

from ..expression_paths import mentions
from ..finding import YES, Finding, no, not_yet
from ..messages import say
from ..objects import called
from ..report import Message
from ..scene import Scene
from ..selection import makers, may_come, spelled
from ..spec import Check, ObjectRef
from .registry import EXISTENCE, expects


def _must_exist(check: Check) -> bool:
    """An expression over `objects` alone may want that there are none."""
    if check.cel and mentions(check.cel, "objects") and not mentions(check.cel, "object"):
        return check.match is not None or check.settled
    return check.object is not None


@expects(EXISTENCE, _must_exist)
def exists(scene: Scene) -> Finding:
    ref = scene.check.object
    if scene.objects or ref is None:
        return YES
    if scene.chosen:
        return not_yet(*(say("terminating", object=called(obj)) for obj in scene.chosen), about=scene.chosen)
    if may_come(scene.view, ref):
        return not_yet(_not_made(ref), about=makers(scene.view, ref))
    return no(_absent(ref))


def _not_made(ref: ObjectRef) -> Message:
    return say("not-made-yet", kind=ref.kind, labels=ref.name or spelled(ref))


def _absent(ref: ObjectRef) -> Message:
    if ref.name is not None:
        return say("missing", object=f"{ref.kind}/{ref.name}")
    return say("none-fit", kind=ref.kind, labels=spelled(ref))
