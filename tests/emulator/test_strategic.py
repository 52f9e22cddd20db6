from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from k8slab.emulator.schema import Type, load_schema
from k8slab.emulator.status import ApiError
from k8slab.emulator.strategic import strategic_merge


@lru_cache
def pod() -> Type:
    return load_schema().type_of("", "v1", "Pod")


def names(result: Any) -> list[str]:
    return [one["name"] for one in result["spec"]["containers"]]


def spec(*containers: str, **more: Any) -> Any:
    return {"spec": {"containers": [{"name": name, "image": name} for name in containers], **more}}


def test_it_works() -> None:
    result = strategic_merge(pod(), spec("a", "b"), {"spec": {"containers": [{"name": "b", "image": "new"}]}})
    assert result["spec"]["containers"] == [{"name": "a", "image": "a"}, {"name": "b", "image": "new"}]


def test_a_new_element_comes_first() -> None:
    assert names(strategic_merge(pod(), spec("a", "b"), spec("c"))) == ["c", "a", "b"]


def test_a_known_element_keeps_its_place() -> None:
    assert names(strategic_merge(pod(), spec("x", "y"), spec("y", "z"))) == ["x", "y", "z"]


def test_delete_directive() -> None:
    patch = {"spec": {"containers": [{"name": "a", "$patch": "delete"}]}}
    assert names(strategic_merge(pod(), spec("a", "b"), patch)) == ["b"]


def test_replace_directive() -> None:
    patch = {"spec": {"containers": [{"$patch": "replace"}, {"name": "z"}]}}
    assert names(strategic_merge(pod(), spec("a", "b"), patch)) == ["z"]


def test_element_order() -> None:
    patch = {"spec": {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}}
    assert names(strategic_merge(pod(), spec("a", "b"), patch)) == ["b", "a"]


def test_retain_keys_replaces_the_source_of_a_volume() -> None:
    old = spec("a", volumes=[{"name": "v", "emptyDir": {}}])
    patch = {"spec": {"volumes": [{"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/x"}}]}}
    assert strategic_merge(pod(), old, patch)["spec"]["volumes"] == [{"name": "v", "hostPath": {"path": "/x"}}]


def test_lists_without_a_key_are_replaced() -> None:
    old = spec("a", tolerations=[{"key": "x"}])
    result = strategic_merge(pod(), old, {"spec": {"tolerations": [{"key": "y"}]}})
    assert result["spec"]["tolerations"] == [{"key": "y"}]


def test_plain_values_are_deleted_and_added() -> None:
    old = {"metadata": {"finalizers": ["a/x", "a/y"]}}
    patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a/x"], "finalizers": ["a/z"]}}
    assert strategic_merge(pod(), old, patch)["metadata"]["finalizers"] == ["a/z", "a/y"]


def test_a_missing_merge_key_is_an_error() -> None:
    with pytest.raises(ApiError, match="does not contain declared merge key: name"):
        strategic_merge(pod(), spec("a"), {"spec": {"containers": [{"image": "x"}]}})
