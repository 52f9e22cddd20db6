"""ReplicaSet: keeps a number of pods, lets go of those that no longer match, takes those that do."""

from __future__ import annotations

from tests.parity.manifests import pod, replica_set
from tests.parity.space import Space, names
from tests.parity.waiting import eventually


def test_a_deleted_pod_is_replaced(space: Space) -> None:
    space.create(replica_set("web", 2))
    before = names(space.ready_pods("app=web", 2))
    lost = sorted(before)[0]
    space.delete("Pod", lost)
    after = eventually(lambda: (found := names(space.ready_pods("app=web", 2))) - before and found)
    assert lost not in after
    assert len(after & before) == 1


def test_pods_belong_to_it_and_are_told_in_events(space: Space) -> None:
    made = space.create(replica_set("web", 1))
    (only,) = space.ready_pods("app=web", 1)
    (owner,) = only["metadata"]["ownerReferences"]
    assert owner == {
        "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": made["metadata"]["uid"],
        "controller": True, "blockOwnerDeletion": True,
    }  # fmt: skip
    assert only["metadata"]["generateName"] == "web-"
    event = space.event("web", "SuccessfulCreate")
    assert event["message"] == f"Created pod: {only['metadata']['name']}"
    assert event["source"]["component"] == "replicaset-controller"


def test_a_relabelled_pod_is_released_and_replaced(space: Space) -> None:
    space.create(replica_set("web", 1))
    (first,) = space.ready_pods("app=web", 1)
    name = first["metadata"]["name"]
    space.patch("Pod", name, {"metadata": {"labels": {"app": "apart"}}})
    (second,) = space.ready_pods("app=web", 1)
    assert second["metadata"]["name"] != name
    eventually(lambda: not space.get("Pod", name)["metadata"].get("ownerReferences"))


def test_a_matching_orphan_is_adopted(space: Space) -> None:
    space.create(pod("orphan", labels={"app": "web"}))
    space.create(replica_set("web", 1))
    eventually(lambda: space.get("Pod", "orphan")["metadata"].get("ownerReferences"))
    assert names(space.ready_pods("app=web", 1)) == {"orphan"}


def test_scaling_down_deletes_and_zero_is_zero(space: Space) -> None:
    space.create(replica_set("web", 3))
    space.ready_pods("app=web", 3)
    space.patch("ReplicaSet", "web", {"spec": {"replicas": 0}})
    eventually(lambda: not space.all("Pod", "app=web"))
    status = eventually(lambda: (s := space.get("ReplicaSet", "web")["status"])["replicas"] == 0 and s)
    assert status["observedGeneration"] == 2
    assert space.event("web", "SuccessfulDelete")["message"].startswith("Deleted pod: web-")


def test_orphaned_pods_stay(space: Space) -> None:
    space.create(replica_set("web", 1))
    (only,) = space.ready_pods("app=web", 1)
    space.delete("ReplicaSet", "web", propagation="Orphan")
    space.gone("ReplicaSet", "web")
    assert not space.get("Pod", only["metadata"]["name"])["metadata"].get("ownerReferences")


def test_pods_go_with_it(space: Space) -> None:
    space.create(replica_set("web", 2))
    space.ready_pods("app=web", 2)
    space.delete("ReplicaSet", "web")
    eventually(lambda: not space.all("Pod"))
