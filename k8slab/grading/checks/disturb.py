"""`disturb:` — the grader deletes something once, and what the check expects has to come true again.

Only what a controller keeps is deleted: anything else would be the student's work, lost. The deletion is remembered
with the controllers that had to answer for it, so a new submission of the same objects is not disturbed again, and
objects that replace them are.
"""

from __future__ import annotations

from dataclasses import replace

from ..disturbance import Disturbance, noted, recalled
from ..finding import YES, Finding, no, not_yet
from ..messages import say
from ..objects import called, controller_of, finished, kind_of, name_of, text, uid_of
from ..ownership import written
from ..report import Message
from ..scene import Scene
from ..selection import alive, selected
from ..settling.settle import settle
from ..spec import Disturb, Obj
from ..world import WorldError
from .registry import DISTURBANCE, expects


@expects(DISTURBANCE, lambda check: check.disturb is not None)
def disturb(scene: Scene) -> Finding:
    wanted = scene.check.disturb
    assert wanted is not None
    present = _present(scene, wanted)
    before = recalled(scene.notes)
    if before is None or not _answered_for(scene, present, before):
        return _delete(scene, wanted, present)
    return YES if before.done else _recovered(scene, wanted, before)


def _present(scene: Scene, wanted: Disturb) -> list[Obj]:
    return [obj for obj in alive(selected(scene.view, wanted.delete)) if not _ended(obj)]


def _ended(obj: Obj) -> bool:
    return kind_of(obj) == "Pod" and finished(obj)


def _answered_for(scene: Scene, present: list[Obj], before: Disturbance) -> bool:
    """What is there now has been disturbed already."""
    if not before.done:
        return before.since == scene.since
    return {uid_of(written(scene.view, obj)) for obj in present} <= set(before.owners)


def pending(scene: Scene) -> Message | None:
    """What is awaited after a deletion, until everything is back."""
    before, wanted = recalled(scene.notes), scene.check.disturb
    if wanted is None or before is None or before.done or before.since != scene.since:
        return None
    return _awaited(scene, wanted, before)


def _awaited(scene: Scene, wanted: Disturb, before: Disturbance) -> Message:
    back, kind = _back(scene, wanted, before), wanted.delete.kind
    return say("disturbed-waiting", count=len(before.uids), kind=kind, back=back, wanted=before.wanted)


def _back(scene: Scene, wanted: Disturb, before: Disturbance) -> int:
    """How many are there and well. This evaluation may still see what it has just deleted."""
    there = [obj for obj in _present(scene, wanted) if uid_of(obj) not in before.uids]
    return sum(settle(scene.view, obj, scene.now).outcome == "yes" for obj in there)


def _recovered(scene: Scene, wanted: Disturb, before: Disturbance) -> Finding:
    left = {uid_of(obj) for obj in selected(scene.view, wanted.delete)} & set(before.uids)
    if left or _back(scene, wanted, before) < before.wanted:
        return not_yet(_awaited(scene, wanted, before), about=scene.objects)
    noted(scene.notes, replace(before, done=True))
    return YES


def _delete(scene: Scene, wanted: Disturb, present: list[Obj]) -> Finding:
    kept = [obj for obj in present if controller_of(obj)]
    if len(kept) < wanted.count:
        alone = next((obj for obj in present if not controller_of(obj)), None)
        if alone is not None and len(present) >= wanted.count:
            return no(say("disturb-unowned", object=called(alone)), about=[alone])
        return not_yet(say("disturb-too-few", kind=wanted.delete.kind, found=len(kept), wanted=wanted.count))
    victims = sorted(kept, key=lambda obj: (text(obj, "metadata", "creationTimestamp"), name_of(obj)))[: wanted.count]
    owners = tuple(sorted({uid_of(written(scene.view, obj)) for obj in present}))
    done = Disturbance(scene.now, scene.since, len(present), (), owners)
    for victim in victims:
        done = _delete_one(scene, wanted, victim, done)
    return not_yet(_awaited(scene, wanted, done))


def _delete_one(scene: Scene, wanted: Disturb, victim: Obj, done: Disturbance) -> Disturbance:
    ref = wanted.delete
    try:
        scene.view.world.delete(ref.api_version, ref.kind, name_of(victim))
    except WorldError:
        if not done.uids:
            raise
        return done  # what was deleted before this one has to be remembered
    done = replace(done, uids=(*done.uids, uid_of(victim)))
    noted(scene.notes, done)
    return done
