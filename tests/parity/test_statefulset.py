"""StatefulSet: pods with names of their own, in order, each with its own claim."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.kube.errors import Invalid
from tests.parity.manifests import BUSYBOX, FOREVER, NEWER_NGINX, NGINX, Obj, claim, container, stateful_set
from tests.parity.space import Space, is_ready
from tests.parity.waiting import eventually

QUIET = container("c", BUSYBOX, command=FOREVER)


def steady(space: Space, replicas: int, name: str = "db") -> list[Obj]:
    """The pods by their numbers, when all of them are ready."""
    space.ready_pods(f"app={name}", replicas)
    return sorted(space.all("Pod", f"app={name}"), key=lambda pod: int(pod["metadata"]["name"].rpartition("-")[2]))


def images(space: Space, replicas: int) -> list[str]:
    return [pod["spec"]["containers"][0]["image"] for pod in steady(space, replicas)]


def set_image(space: Space, image: str) -> None:
    change = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}}
    space.patch("StatefulSet", "db", change, how="strategic")


def test_pods_come_in_order_with_stable_names(space: Space) -> None:
    space.create(stateful_set("db", replicas=3))
    pods = steady(space, 3)
    assert [pod["metadata"]["name"] for pod in pods] == ["db-0", "db-1", "db-2"]
    ready = [next(c["lastTransitionTime"] for c in p["status"]["conditions"] if c["type"] == "Ready") for p in pods]
    started = [pod["metadata"]["creationTimestamp"] for pod in pods]
    assert all(ready[number] <= started[number + 1] for number in range(2))
    assert pods[1]["metadata"]["labels"]["apps.kubernetes.io/pod-index"] == "1"
    assert pods[1]["metadata"]["labels"]["statefulset.kubernetes.io/pod-name"] == "db-1"
    assert (pods[1]["spec"]["hostname"], pods[1]["spec"]["subdomain"]) == ("db-1", "db")
    message = "Create Pod db-0 in StatefulSet db successful"
    assert message in [event["message"] for event in space.events("db")]


def test_one_that_is_not_ready_holds_the_next_back(space: Space) -> None:
    space.create(stateful_set("db", container(image="nginx:no-such-tag")))
    eventually(lambda: space.find("Pod", "db-0"))
    eventually(lambda: space.get("StatefulSet", "db")["status"].get("currentReplicas") == 1)
    assert space.find("Pod", "db-1") is None


def test_parallel_ones_do_not_wait(space: Space) -> None:
    space.create(stateful_set("db", container(image="nginx:no-such-tag"), podManagementPolicy="Parallel"))
    eventually(lambda: len(space.all("Pod", "app=db")) == 2)


def test_the_last_one_goes_first(space: Space) -> None:
    space.create(stateful_set("db", QUIET, replicas=3))
    steady(space, 3)
    space.patch("StatefulSet", "db", {"spec": {"replicas": 1}})
    assert [pod["metadata"]["name"] for pod in steady(space, 1)] == ["db-0"]
    gone = [e["message"] for e in space.events("db") if e["reason"] == "SuccessfulDelete"]
    assert gone == [f"Delete Pod db-{number} in StatefulSet db successful" for number in (2, 1)]


def test_a_deleted_pod_comes_back_under_its_name(space: Space) -> None:
    space.create(stateful_set("db", QUIET, replicas=1))
    (before,) = steady(space, 1)
    space.delete("Pod", "db-0")

    def back() -> bool:
        found = space.find("Pod", "db-0")
        return bool(found and found["metadata"]["uid"] != before["metadata"]["uid"] and is_ready(found))

    eventually(back)


def test_claims_are_made_once_and_stay(space: Space) -> None:
    template: dict[str, Any] = {"metadata": {"name": "data"}, "spec": claim("data", storageClassName="")["spec"]}
    space.create(stateful_set("db", QUIET, replicas=1, volumeClaimTemplates=[template]))
    made = eventually(lambda: space.find("PersistentVolumeClaim", "data-db-0"))
    assert made
    assert made["metadata"]["labels"] == {"app": "db"}
    volumes = eventually(lambda: space.find("Pod", "db-0") or {})["spec"]["volumes"]
    assert {"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}} in volumes
    space.delete("StatefulSet", "db")
    space.gone("Pod", "db-0")
    assert space.find("PersistentVolumeClaim", "data-db-0")


def test_a_partition_keeps_the_first_ones_old(space: Space) -> None:
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    space.create(stateful_set("db", updateStrategy=rolling))
    steady(space, 2)
    set_image(space, NEWER_NGINX)
    eventually(lambda: images(space, 2) == [NGINX, NEWER_NGINX])
    status = eventually(lambda: space.get("StatefulSet", "db")["status"])
    assert status["currentRevision"] != status["updateRevision"]
    space.patch("StatefulSet", "db", {"spec": {"updateStrategy": {"rollingUpdate": {"partition": 0}}}})
    eventually(lambda: images(space, 2) == [NEWER_NGINX] * 2)


def test_on_delete_changes_only_what_is_deleted(space: Space) -> None:
    space.create(stateful_set("db", updateStrategy={"type": "OnDelete"}))
    steady(space, 2)
    set_image(space, NEWER_NGINX)
    eventually(lambda: len(space.all("ControllerRevision", "app=db")) == 2)
    space.delete("Pod", "db-0")
    eventually(lambda: images(space, 2) == [NEWER_NGINX, NGINX])


def test_most_of_it_cannot_change(space: Space) -> None:
    space.create(stateful_set("db", replicas=0))
    with pytest.raises(Invalid, match="updates to statefulset spec for fields other than 'replicas'"):
        space.patch("StatefulSet", "db", {"spec": {"serviceName": "other"}})
