"""Deployment: rolls, recreates, goes back, pauses, keeps a history."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.kube.errors import Invalid
from tests.parity.manifests import NEWER_NGINX, NGINX, container, deployment
from tests.parity.space import Space, condition, names
from tests.parity.waiting import eventually

REVISION = "deployment.kubernetes.io/revision"


def image(name: str) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": name}]}}}}


def set_image(space: Space, name: str) -> None:
    space.patch("Deployment", "web", image(name), how="strategic")


def by_revision(space: Space) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["annotations"][REVISION]: one for one in space.all("ReplicaSet", "app=web")}


def test_it_becomes_available(space: Space) -> None:
    space.create(deployment("web", replicas=2))
    found = space.rolled_out("web")
    assert condition(found, "Available")["reason"] == "MinimumReplicasAvailable"
    assert condition(found, "Available")["message"] == "Deployment has minimum availability."
    progressing = eventually(
        lambda: (
            (c := condition(space.get("Deployment", "web"), "Progressing"))["reason"] == "NewReplicaSetAvailable" and c
        )
    )
    (replica_set,) = space.all("ReplicaSet")
    name = replica_set["metadata"]["name"]
    assert progressing["message"] == f'ReplicaSet "{name}" has successfully progressed.'
    assert space.event("web", "ScalingReplicaSet")["message"] == f"Scaled up replica set {name} from 0 to 2"
    assert replica_set["metadata"]["labels"]["pod-template-hash"] == name.removeprefix("web-")


def test_a_new_image_rolls_without_a_gap(space: Space) -> None:
    space.create(deployment("web", replicas=3))
    space.rolled_out("web")
    before = names(space.all("Pod"))
    set_image(space, NEWER_NGINX)
    found = space.rolled_out("web")
    after = space.ready_pods("app=web", 3)
    assert not names(after) & before
    assert {pod["spec"]["containers"][0]["image"] for pod in after} == {NEWER_NGINX}
    assert found["metadata"]["annotations"][REVISION] == "2"
    assert {revision: one["spec"]["replicas"] for revision, one in by_revision(space).items()} == {"1": 0, "2": 3}


def test_a_roll_to_a_missing_image_keeps_the_old_pods(space: Space) -> None:
    space.create(deployment("web", replicas=4))
    space.rolled_out("web")
    set_image(space, "nginx:no-such-tag")
    counts = eventually(
        lambda: (c := {r: o["spec"]["replicas"] for r, o in by_revision(space).items()}) == {"1": 3, "2": 2} and c
    )
    assert counts  # a quarter may be missing, rounded down; a quarter more may be there, rounded up
    assert condition(space.get("Deployment", "web"), "Available")["status"] == "True"


def test_recreate_ends_all_before_it_begins(space: Space) -> None:
    space.create(deployment("web", replicas=2, strategy={"type": "Recreate"}))
    before = names(space.all("Pod")) if space.rolled_out("web") else set()
    set_image(space, NEWER_NGINX)
    space.rolled_out("web")
    after = space.ready_pods("app=web", 2)
    assert not names(after) & before
    messages = [event["message"] for event in space.events("web")]
    down = next(index for index, text in enumerate(messages) if text.endswith("from 2 to 0"))
    assert messages[down + 1].endswith("from 0 to 2")


def test_going_back_uses_the_old_replica_set_again(space: Space) -> None:
    space.create(deployment("web", replicas=1))
    space.rolled_out("web")
    (first,) = space.all("ReplicaSet")
    set_image(space, NEWER_NGINX)
    space.rolled_out("web")
    set_image(space, NGINX)
    found = space.rolled_out("web")
    assert found["metadata"]["annotations"][REVISION] == "3"
    again = by_revision(space)["3"]
    assert again["metadata"]["name"] == first["metadata"]["name"]
    assert again["metadata"]["annotations"]["deployment.kubernetes.io/revision-history"] == "1"


def test_a_paused_one_waits(space: Space) -> None:
    space.create(deployment("web", replicas=1))
    space.rolled_out("web")
    space.patch("Deployment", "web", {"spec": {"paused": True}})
    set_image(space, NEWER_NGINX)
    eventually(lambda: space.get("Deployment", "web")["status"]["observedGeneration"] == 3)
    assert len(space.all("ReplicaSet")) == 1
    assert condition(space.get("Deployment", "web"), "Progressing")["reason"] == "DeploymentPaused"
    space.patch("Deployment", "web", {"spec": {"paused": False}})
    space.rolled_out("web")
    assert len(space.all("ReplicaSet")) == 2


def test_history_has_a_limit(space: Space) -> None:
    space.create(deployment("web", container(env=[{"name": "N", "value": "0"}]), replicas=1, revisionHistoryLimit=1))
    for number in ("1", "2", "3"):
        space.rolled_out("web")
        patch = {
            "spec": {"template": {"spec": {"containers": [{"name": "c", "env": [{"name": "N", "value": number}]}]}}}
        }
        space.patch("Deployment", "web", patch, how="strategic")
    space.rolled_out("web")
    assert eventually(lambda: set(by_revision(space)) == {"3", "4"})


def test_it_is_scaled_through_its_subresource(space: Space) -> None:
    space.create(deployment("web", replicas=1))
    space.rolled_out("web")
    scale = space.patch("Deployment", "web", {"spec": {"replicas": 3}}, subresource="scale")
    assert (scale["kind"], scale["spec"]["replicas"], scale["status"]["selector"]) == ("Scale", 3, "app=web")
    space.ready_pods("app=web", 3)


def test_selector_and_labels_must_agree_and_stay(space: Space) -> None:
    wrong = deployment("web")
    wrong["spec"]["selector"] = {"matchLabels": {"app": "other"}}
    with pytest.raises(Invalid) as refused:
        space.create(wrong)
    assert refused.value.causes[0].field == "spec.template.metadata.labels"
    assert "`selector` does not match template `labels`" in refused.value.message
    space.create(deployment("web", replicas=0))
    with pytest.raises(Invalid, match="field is immutable"):
        space.patch("Deployment", "web", {"spec": {"selector": {"matchLabels": {"app": "x"}}}})
