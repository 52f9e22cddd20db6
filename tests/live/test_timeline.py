"""What is recorded can be played again, however it was cut into rows, and never grows without end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8slab.live import timeline
from k8slab.live.models import Stretch
from k8slab.live.room import Room
from k8slab.live.timeline import STEPS_PER_WHOLE, WHOLES_KEPT, Recorder

from .test_room import config_map

pytestmark = pytest.mark.django_db
EVER = datetime(2000, 1, 1, tzinfo=UTC)
NAMESPACE = "lab-mina"


def write(recorder: Recorder) -> None:
    timeline.store(recorder.take())


def change(room: Room, recorder: Recorder, uid: str, keys: list[str], deleted: bool = False) -> None:
    told = room.changed(config_map(uid, keys), deleted)
    if told:
        recorder.heard(NAMESPACE, told)


def played(since: datetime = EVER) -> list[Any]:
    """What a page shows after the last step."""
    past = timeline.past(NAMESPACE, since)
    items = {item["uid"]: item for item in past["base"]}
    for step in past["steps"]:
        items.pop(step["item"]["uid"], None)
        if step["change"] != "deleted":
            items[step["item"]["uid"]] = step["item"]
    return sorted((uid, item["detail"]["keys"]) for uid, item in items.items())


def shown(room: Room) -> list[Any]:
    return sorted((item["uid"], item["detail"]["keys"]) for item in room.snapshot()["items"])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abc"), st.lists(st.sampled_from("xyz"), unique=True)),
        st.tuples(st.just("delete"), st.sampled_from("abc"), st.just([])),
        st.tuples(st.just("write"), st.just(""), st.just([])),
        st.tuples(st.just("restart"), st.just(""), st.just([])),
    ),
    max_size=30,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_past_ends_in_the_present(db: None, steps: list[Any]) -> None:
    Stretch.objects.all().delete()
    room, recorder = Room("epoch"), Recorder()
    recorder.started = True
    change(room, recorder, "first", [])
    for what, uid, keys in steps:
        if what == "write":
            write(recorder)
        elif what == "restart":
            write(recorder)
            recorder = begun_anew(room)
        else:
            change(room, recorder, uid, keys, deleted=what == "delete")
    change(room, recorder, "last", [])
    write(recorder)
    assert played() == shown(room)


def begun_anew(room: Room) -> Recorder:
    """A watcher that lists what there is before it records."""
    recorder = Recorder()
    for item in room.snapshot()["items"]:
        recorder.heard(NAMESPACE, {"type": "change", "epoch": "two", "version": 1, "change": "added", "item": item})
    recorder.started = True
    return recorder


def test_what_happened_while_nobody_watched_is_made_up_for() -> None:
    room, recorder = Room("epoch"), Recorder()
    recorder.started = True
    change(room, recorder, "a", ["x"])
    change(room, recorder, "b", ["x"])
    write(recorder)
    room.changed(config_map("a", []), deleted=True)
    room.changed(config_map("c", ["y"]))
    recorder = begun_anew(room)
    change(room, recorder, "d", [])
    write(recorder)
    assert played() == shown(room) == [("b", ["x"]), ("c", ["y"]), ("d", [])]


def test_a_later_beginning_holds_what_came_before() -> None:
    room, recorder = Room("epoch"), Recorder()
    recorder.started = True
    change(room, recorder, "a", ["x"])
    write(recorder)
    later = timeline.past(NAMESPACE, datetime.now(UTC) + timedelta(seconds=5))
    assert [item["uid"] for item in later["base"]] == ["a"]
    assert later["steps"] == []


def test_what_was_there_before_anybody_recorded_is_no_step() -> None:
    room, recorder = Room("epoch"), Recorder()
    change(room, recorder, "a", ["x"])
    recorder.started = True
    change(room, recorder, "b", ["x"])
    write(recorder)
    past = timeline.past(NAMESPACE, EVER)
    assert [item["uid"] for item in past["base"]] == ["a"]
    assert [step["item"]["uid"] for step in past["steps"]] == ["b"]


def test_old_rows_go() -> None:
    room, recorder = Room("epoch"), Recorder()
    recorder.started = True
    for number in range(STEPS_PER_WHOLE * (WHOLES_KEPT + 3)):
        change(room, recorder, f"u{number % 7}", [str(number)])
        if number % 50 == 49:
            write(recorder)
    assert Stretch.objects.filter(whole=True).count() == WHOLES_KEPT
    assert len(timeline.past(NAMESPACE, EVER)["steps"]) <= STEPS_PER_WHOLE * (WHOLES_KEPT + 1)
    assert played() == shown(room)


def test_what_is_a_week_old_goes() -> None:
    room, recorder = Room("epoch"), Recorder()
    recorder.started = True
    change(room, recorder, "a", [])
    write(recorder)
    Stretch.objects.update(at=datetime.now(UTC) - timedelta(days=8))
    timeline.forget_aged()
    assert not Stretch.objects.exists()
