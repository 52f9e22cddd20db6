"""`kubectl apply`'s patches, by the strategies of a schema; and what patches make of an object without a server."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.terminal.kubectl.invocation import Failed
from k8slab.terminal.kubectl.merging.difference import difference
from k8slab.terminal.kubectl.merging.schema import Merging
from k8slab.terminal.kubectl.merging.threeway import json_difference, three_way, three_way_merge_patch
from k8slab.terminal.kubectl.patching.jsonpatch import apply_json_patch
from k8slab.terminal.kubectl.patching.strategic import apply_strategic_patch
from k8slab.terminal.kubectl.selecting import matches

STRING = {"type": "string"}
ENTRY = {"properties": {"name": STRING, "value": STRING}}
MERGING = Merging(
    {},
    {
        "properties": {
            "entries": {
                "type": "array",
                "items": ENTRY,
                "x-kubernetes-patch-strategy": "merge",
                "x-kubernetes-patch-merge-key": "name",
            },
            "words": {"type": "array", "items": STRING, "x-kubernetes-patch-strategy": "merge"},
            "plain": {"type": "array", "items": STRING},
            "kind": {"properties": {"type": STRING, "a": {}, "b": {}}, "x-kubernetes-patch-strategy": "retainKeys"},
            "map": {"properties": {}, "additionalProperties": STRING},
        }
    },
)


def entries(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"entries": [{"name": name, "value": value} for name, value in pairs]}


@pytest.mark.parametrize(
    ("old", "new", "patch"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": None}),
        ({"map": {"x": "1", "y": "2"}}, {"map": {"x": "1"}}, {"map": {"y": None}}),
        ({"plain": ["a"]}, {"plain": ["a", "b"]}, {"plain": ["a", "b"]}),
        ({"a": True}, {"a": 1}, {"a": 1}),
        (
            {"words": ["a", "b"]},
            {"words": ["b", "c"]},
            {"words": ["c"], "$deleteFromPrimitiveList/words": ["a"], "$setElementOrder/words": ["b", "c"]},
        ),
        (
            entries(("a", "1"), ("b", "2")),
            entries(("c", "3"), ("b", "2")),
            {
                "entries": [{"name": "c", "value": "3"}, {"$patch": "delete", "name": "a"}],
                "$setElementOrder/entries": [{"name": "c"}, {"name": "b"}],
            },
        ),
        (
            entries(("a", "1"), ("b", "2")),
            entries(("b", "2"), ("a", "1")),
            {"$setElementOrder/entries": [{"name": "b"}, {"name": "a"}]},
        ),
        (
            {"kind": {"type": "A", "a": 1}},
            {"kind": {"type": "B", "b": 1}},
            {"kind": {"type": "B", "b": 1, "a": None, "$retainKeys": ["b", "type"]}},
        ),
    ],
)
def test_difference_and_back(old: dict[str, Any], new: dict[str, Any], patch: dict[str, Any]) -> None:
    assert difference(old, new, MERGING) == patch
    assert apply_strategic_patch(old, patch, MERGING) == new


def test_three_way_leaves_what_others_did() -> None:
    original = {**entries(("a", "1"), ("b", "2")), "map": {"x": "1"}}
    modified = {**entries(("b", "9")), "map": {"y": "1"}}
    current = {**entries(("others", "0"), ("a", "1"), ("b", "2")), "map": {"x": "1", "others": "0"}}
    patch = three_way(original, modified, current, MERGING)
    assert patch["map"] == {"x": None, "y": "1"}
    assert patch["entries"] == [{"name": "b", "value": "9"}, {"$patch": "delete", "name": "a"}]
    merged = apply_strategic_patch(current, patch, MERGING)
    assert {entry["name"] for entry in merged["entries"]} == {"others", "b"}
    assert merged["map"] == {"others": "0", "y": "1"}
    assert three_way(modified, modified, merged, MERGING).get("entries") is None


def test_lists_without_their_key_are_told() -> None:
    with pytest.raises(Failed, match="does not contain declared merge key: name"):
        difference(entries(("a", "1")), {"entries": [{"value": "2"}]}, MERGING)


def test_json_merge_patches() -> None:
    assert json_difference({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": 3}, "d": [2]}) == {
        "a": {"b": 3, "c": None},
        "d": [2],
    }
    assert three_way_merge_patch({"a": 1, "b": 2}, {"b": 2}, {"a": 1, "b": 3, "c": 4}) == {"a": None, "b": 2}


def test_json_patch() -> None:
    value = {"a": [1, 2], "b/c": {"d": 1}}
    operations = [
        {"op": "add", "path": "/a/-", "value": 3},
        {"op": "replace", "path": "/b~1c/d", "value": 5},
        {"op": "copy", "from": "/a/0", "path": "/first"},
        {"op": "move", "from": "/first", "path": "/moved"},
        {"op": "remove", "path": "/a/1"},
        {"op": "test", "path": "/moved", "value": 1},
    ]
    assert apply_json_patch(value, operations) == {"a": [1, 3], "b/c": {"d": 5}, "moved": 1}
    assert value == {"a": [1, 2], "b/c": {"d": 1}}
    for faulty in ({"op": "remove", "path": "/nope"}, {"op": "test", "path": "/a", "value": 1}, {"op": "x"}, 5):
        with pytest.raises(Failed):
            apply_json_patch(value, [faulty])


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ("app=web", True),
        ("app==web,tier!=back", True),
        ("app!=web", False),
        ("app in (db, web)", True),
        ("app notin (db, web)", False),
        ("app", True),
        ("!app", False),
        ("!nope", True),
        ("nope=x", False),
    ],
)
def test_selectors(selector: str, fits: bool) -> None:
    assert matches(selector, {"metadata": {"labels": {"app": "web", "tier": "front"}}}) is fits
