"""snapshot + events == fresh snapshot, whatever happens in whatever order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from k8slab.live.room import EVENTS_KEPT, Room

UIDS = st.sampled_from(["u1", "u2", "u3", "u4"])


def config_map(uid: str, keys: list[str], version: int = 1) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"uid": uid, "name": f"cm-{uid}", "namespace": "lab-a", "resourceVersion": str(version)},
        "data": dict.fromkeys(keys, "x"),
    }


def event(uid: str, count: int) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"uid": uid, "name": uid, "namespace": "lab-a"},
        "reason": "Pulled",
        "count": count,
        "involvedObject": {"kind": "Pod", "name": "web"},
    }


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), UIDS, st.lists(st.sampled_from("abc"), unique=True)),
        st.tuples(st.just("delete"), UIDS, st.just([])),
        st.tuples(st.just("event"), UIDS, st.lists(st.sampled_from("abc"), unique=True)),
    ),
    max_size=40,
)


def take(page: dict[str, Any], message: dict[str, Any]) -> None:
    """What a page does with a message."""
    assert message["version"] == page["version"] + 1
    page["version"] = message["version"]
    if message["type"] == "event":
        page["events"].pop(message["event"]["uid"], None)
        page["events"][message["event"]["uid"]] = message["event"]
        while len(page["events"]) > EVENTS_KEPT:
            page["events"].pop(next(iter(page["events"])))
    elif message["change"] == "deleted":
        page["items"].pop(message["item"]["uid"])
    else:
        page["items"][message["item"]["uid"]] = message["item"]


def step(room: Room, what: str, uid: str, keys: list[str]) -> dict[str, Any] | None:
    if what == "event":
        return room.happened(event(f"e-{uid}", len(keys)))  # type: ignore[return-value]
    return room.changed(config_map(uid, keys), deleted=what == "delete")  # type: ignore[return-value]


@given(before=STEPS, after=STEPS)
def test_a_snapshot_and_what_follows_is_a_fresh_snapshot(before: list[Any], after: list[Any]) -> None:
    room = Room("epoch")
    for args in before:
        step(room, *args)
    first = room.snapshot()
    page: dict[str, Any] = {
        "version": first["version"],
        "items": {item["uid"]: item for item in first["items"]},
        "events": {event["uid"]: event for event in first["events"]},
    }
    for args in after:
        message = step(room, *args)
        if message:
            take(page, message)
    fresh = room.snapshot()
    assert page["version"] == fresh["version"]
    assert list(page["items"].values()) == fresh["items"]
    assert list(page["events"].values()) == fresh["events"]


def test_a_change_that_no_page_would_see_is_not_told() -> None:
    room = Room("epoch")
    assert room.changed(config_map("u1", ["a"])) is not None
    assert room.changed(config_map("u1", ["a"], version=2)) is None


def test_only_the_newest_events_are_kept() -> None:
    room = Room("epoch")
    for number in range(EVENTS_KEPT + 5):
        room.happened(event(f"e{number}", 1))
    kept = [event["uid"] for event in room.snapshot()["events"]]
    assert kept == [f"e{number}" for number in range(5, EVENTS_KEPT + 5)]
