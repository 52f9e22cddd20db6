"""A namespace's past as steps after a beginning: kept in small rows, bounded, and put together again for a page."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import orjson
from django.utils import timezone

from .items import same_item
from .messages import Change, Item, Past, Step
from .models import Stretch

STEPS_PER_WHOLE = 150  # after so many steps a row begins with everything, so that older rows may go
WHOLES_KEPT = 4
AGE = timedelta(days=7)  # nobody looks back further; a sandbox that is gone leaves nothing behind


@dataclass(slots=True)
class Taken:
    """What one row is made from. `base`: everything before the first step, None where an earlier row tells it."""

    namespace: str
    base: list[Item] | None
    steps: list[Step] = field(default_factory=list)


class Recorder:
    """Lives in the hub's loop: hears what pages hear, hands over what is to be kept."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Item]] = {}
        self._since_whole: dict[str, int] = {}
        self._taken: dict[str, Taken] = {}
        self.started = False  # until then the watches list what there is: no news

    def heard(self, namespace: str, message: Change) -> None:
        known = self._known.setdefault(namespace, {})
        if self.started:
            self._note(namespace, known, message)
        if message["change"] == "deleted":
            known.pop(message["item"]["uid"], None)
        else:
            known[message["item"]["uid"]] = message["item"]

    def take(self) -> list[Taken]:
        taken, self._taken = list(self._taken.values()), {}
        return taken

    def _note(self, namespace: str, known: dict[str, Item], message: Change) -> None:
        stretch = self._taken.get(namespace)
        if stretch is None:
            whole = self._since_whole.get(namespace, STEPS_PER_WHOLE) >= STEPS_PER_WHOLE
            if whole:
                self._since_whole[namespace] = 0
            stretch = self._taken[namespace] = Taken(namespace, list(known.values()) if whole else None)
        stretch.steps.append(Step(t=_now(), change=message["change"], item=message["item"]))
        self._since_whole[namespace] += 1


def store(taken: Iterable[Taken]) -> None:
    """Writes the rows and lets go of what is too old to be looked at."""
    rows = [
        Stretch(
            namespace=one.namespace,
            at=datetime.fromtimestamp(one.steps[0]["t"] / 1000, UTC),
            whole=one.base is not None,
            packed=zlib.compress(orjson.dumps({"base": one.base, "steps": one.steps}), 1),
        )
        for one in taken
    ]
    Stretch.objects.bulk_create(rows)
    for row in rows:
        if row.whole:
            _forget_oldest(row.namespace)


def forget_aged() -> None:
    Stretch.objects.filter(at__lt=timezone.now() - AGE).delete()


def past(namespace: str, since: datetime) -> Past:
    """What is kept of a namespace, beginning at `since`."""
    base: dict[str, Item] = {}
    steps: list[Step] = []
    begin = since.timestamp() * 1000
    for packed in Stretch.objects.filter(namespace=namespace).order_by("id").values_list("packed", flat=True):
        stretch = orjson.loads(zlib.decompress(packed))
        if stretch["base"] is not None and not steps:
            base = {item["uid"]: item for item in stretch["base"]}
        elif stretch["base"] is not None:
            steps += _mended(base, steps, stretch["base"], stretch["steps"][0]["t"])
        for step in stretch["steps"]:
            if step["t"] < begin:
                _take(base, step)
            else:
                steps.append(step)
    return Past(now=_now(), base=list(base.values()), steps=steps)


def _mended(base: dict[str, Item], steps: Sequence[Step], whole: list[Item], at: int) -> list[Step]:
    """What nobody recorded while no watcher was at work: the difference between what was known and what there was."""
    known = dict(base)
    for step in steps:
        _take(known, step)
    now = {item["uid"]: item for item in whole}
    gone = [Step(t=at, change="deleted", item=known[uid]) for uid in known.keys() - now.keys()]
    new = [
        Step(t=at, change="modified" if uid in known else "added", item=item)
        for uid, item in now.items()
        if uid not in known or not same_item(known[uid], item)
    ]
    return gone + new


def _take(items: dict[str, Item], step: Step) -> None:
    if step["change"] == "deleted":
        items.pop(step["item"]["uid"], None)
    else:
        items[step["item"]["uid"]] = step["item"]


def _forget_oldest(namespace: str) -> None:
    wholes = Stretch.objects.filter(namespace=namespace, whole=True).order_by("-id").values_list("id", flat=True)
    oldest = list(wholes[WHOLES_KEPT - 1 : WHOLES_KEPT])
    if oldest:
        Stretch.objects.filter(namespace=namespace, id__lt=oldest[0]).delete()


def _now() -> int:
    return int(timezone.now().timestamp() * 1000)
