"""`disturb:` — the grader deletes something once, and what the check expects has to come true again.

Only what a controller keeps is deleted: anything else would be the student's work, lost. The deletion is remembered
with the controllers that had to answer for it, so a new submission of the same objects is not disturbed again, and
objects that replace them are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

KEY = "disturbed"


@expects(DISTURBANCE, lambda check: check.disturb is not None)
def disturb(scene: Scene) -> Finding:
    wanted = scene.check.disturb
    assert wanted is not None
    present = _present(scene, wanted)
    if _answered_for(scene, present):
        return _recovered(scene, wanted)
    return _delete(scene, wanted, present)


def _present(scene: Scene, wanted: Disturb) -> list[Obj]:
    return [obj for obj in alive(selected(scene.view, wanted.delete)) if not _ended(obj)]


def _ended(obj: Obj) -> bool:
    return kind_of(obj) == "Pod" and finished(obj)


def record(notes: Mapping[str, Any]) -> Mapping[str, Any]:
    found = notes.get(KEY)
    return found if isinstance(found, Mapping) else {}


def pending(scene: Scene) -> Message | None:
    """What is awaited after a deletion, until everything is back."""
    noted = record(scene.notes)
    if scene.check.disturb is None or not noted or noted.get("done") or noted.get("since") != scene.since:
        return None
    return _awaited(scene, scene.check.disturb, noted)


def _awaited(scene: Scene, wanted: Disturb, noted: Mapping[str, Any]) -> Message:
    return say(
        "disturbed-waiting",
        count=len(noted.get("uids", ())),
        kind=wanted.delete.kind,
        back=_back(scene, wanted),
        wanted=int(noted.get("wanted", 0)),
    )


def _answered_for(scene: Scene, present: list[Obj]) -> bool:
    noted = record(scene.notes)
    if not noted:
        return False
    if not noted.get("done"):
        return bool(noted.get("since") == scene.since)
    return {uid_of(written(scene.view, obj)) for obj in present} <= set(noted.get("owners", ()))


def _delete(scene: Scene, wanted: Disturb, present: list[Obj]) -> Finding:
    kept = [obj for obj in present if controller_of(obj)]
    if len(kept) < wanted.count:
        alone = next((obj for obj in present if not controller_of(obj)), None)
        if alone is not None and len(present) >= wanted.count:
            return no(say("disturb-unowned", object=called(alone)), about=[alone])
        return not_yet(say("disturb-too-few", kind=wanted.delete.kind, found=len(kept), wanted=wanted.count))
    victims = sorted(kept, key=lambda obj: (text(obj, "metadata", "creationTimestamp"), name_of(obj)))[: wanted.count]
    noted: dict[str, Any] = {"at": scene.now, "since": scene.since, "done": False, "wanted": len(present)}
    noted |= {"uids": [], "owners": sorted({uid_of(written(scene.view, obj)) for obj in present})}
    for victim in victims:
        _delete_one(scene, wanted, victim, noted)
    return not_yet(_awaited(scene, wanted, noted))


def _delete_one(scene: Scene, wanted: Disturb, victim: Obj, noted: dict[str, Any]) -> None:
    ref = wanted.delete
    try:
        scene.view.world.delete(ref.api_version, ref.kind, name_of(victim))
    except WorldError:
        # what was deleted before this one is remembered; nothing at all: the next evaluation tries again
        if not noted["uids"]:
            raise
        return
    noted["uids"].append(uid_of(victim))
    scene.notes[KEY] = noted


def _back(scene: Scene, wanted: Disturb) -> int:
    gone = set(record(scene.notes).get("uids", ()))
    there = [obj for obj in _present(scene, wanted) if uid_of(obj) not in gone]
    return sum(settle(scene.view, obj, scene.now).outcome == "yes" for obj in there)


def _recovered(scene: Scene, wanted: Disturb) -> Finding:
    noted = record(scene.notes)
    if noted.get("done"):
        return YES
    left = {uid_of(obj) for obj in selected(scene.view, wanted.delete)} & set(noted.get("uids", ()))
    if left or _back(scene, wanted) < int(noted.get("wanted", 0)):
        return not_yet(_awaited(scene, wanted, noted), about=scene.objects)
    scene.notes[KEY] = {**noted, "done": True}
    return YES
