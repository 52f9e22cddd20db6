"""Server-side apply: who owns a field, what happens when two want it, and what is let go of."""

from __future__ import annotations

import copy

import pytest

from k8slab.kube.errors import BadRequest, Conflict
from tests.parity.manifests import config_map, deployment
from tests.parity.space import Space


def test_it_creates_then_changes_only_what_it_owns(space: Space) -> None:
    first = space.client.apply(config_map("c", a="1"), space.name, field_manager="one")
    assert first.created
    second = space.client.apply(config_map("c", b="2"), space.name, field_manager="two")
    assert not second.created
    assert second.obj["data"] == {"a": "1", "b": "2"}
    assert {entry["manager"]: entry["operation"] for entry in second.obj["metadata"]["managedFields"]} == {
        "one": "Apply",
        "two": "Apply",
    }


def test_two_values_for_one_field_are_a_conflict(space: Space) -> None:
    space.client.apply(config_map("c", a="1"), space.name, field_manager="one")
    with pytest.raises(Conflict) as refused:
        space.client.apply(config_map("c", a="2"), space.name, field_manager="two")
    assert refused.value.message == 'Apply failed with 1 conflict: conflict with "one": .data.a'
    (cause,) = refused.value.causes
    assert (cause.reason, cause.field) == ("FieldManagerConflict", ".data.a")
    forced = space.client.apply(config_map("c", a="2"), space.name, field_manager="two", force=True)
    assert forced.obj["data"] == {"a": "2"}


def test_the_same_value_is_shared(space: Space) -> None:
    space.client.apply(config_map("c", a="1"), space.name, field_manager="one")
    space.client.apply(config_map("c", a="1"), space.name, field_manager="two")
    left = space.client.apply(config_map("c"), space.name, field_manager="one").obj
    assert left["data"] == {"a": "1"}
    assert not space.client.apply(config_map("c"), space.name, field_manager="two").obj.get("data")


def test_what_is_let_go_of_takes_its_defaults_along(space: Space) -> None:
    probed = deployment("web", replicas=0)
    (container,) = probed["spec"]["template"]["spec"]["containers"]
    plain = copy.deepcopy(probed)
    container["readinessProbe"] = {"httpGet": {"path": "/", "port": 80}}
    space.client.apply(probed, space.name, field_manager="one")
    left = space.client.apply(plain, space.name, field_manager="one").obj
    assert "readinessProbe" not in left["spec"]["template"]["spec"]["containers"][0]
    assert left["spec"]["template"]["spec"]["restartPolicy"] == "Always"


def test_an_unknown_field_is_refused(space: Space) -> None:
    wrong = deployment("web", replicas=1)
    wrong["spec"]["replica"] = 3
    with pytest.raises(BadRequest, match=r"field not declared in schema|unknown field"):
        space.client.apply(wrong, space.name)


def test_the_same_again_changes_nothing(space: Space) -> None:
    first = space.client.apply(config_map("c", a="1"), space.name).obj
    again = space.client.apply(config_map("c", a="1"), space.name).obj
    assert again["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
