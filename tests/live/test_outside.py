"""Nodes, volumes and classes: each namespace sees its own part, at all times, and no other sandbox's name."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from k8slab.live.outside import CLASS, NAMESPACE, NODE, SELECTOR, VOLUME, Outside
from k8slab.live.room import Room

MINE, OTHER = "lab-mina-0123456789", "lab-olaf-9876543210"


def node(name: str, labels: dict[str, str] | None = None, taint: str = "", ready: str = "True") -> dict[str, Any]:
    taints = [{"key": "k8slab.io/private-to", "value": taint, "effect": "NoSchedule"}] if taint else []
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"uid": f"node/{name}", "name": name, "labels": labels or {}},
        "spec": {"taints": taints},
        "status": {"conditions": [{"type": "Ready", "status": ready, "reason": "KubeletNotReady"}]},
    }


def volume(name: str, claimed_in: str = "", size: str = "1Gi", storage_class: str = "manual") -> dict[str, Any]:
    reference = {"claimRef": {"namespace": claimed_in, "name": "data"}} if claimed_in else {}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"uid": f"volume/{name}", "name": name},
        "spec": {
            "capacity": {"storage": size},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": storage_class,
            **reference,
        },
        "status": {"phase": "Bound" if claimed_in else "Available"},
    }


def claim(size: str = "1Gi", storage_class: str = "manual") -> dict[str, Any]:
    return {
        "metadata": {"uid": "claim/data", "name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": storage_class,
            "resources": {"requests": {"storage": size}},
        },
    }


def storage_class(name: str) -> dict[str, Any]:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"uid": f"class/{name}", "name": name},
        "provisioner": "k8slab.io/local",
    }


def namespace(name: str, selector: str = "") -> dict[str, Any]:
    return {"metadata": {"uid": name, "name": name, "annotations": {SELECTOR: selector} if selector else {}}}


def seen(outside: Outside, namespace: str = MINE) -> list[str]:
    return sorted(item["name"] for item in outside.items(namespace).values())


def test_everybody_sees_the_shared_nodes_and_the_owner_alone_a_private_one() -> None:
    outside = Outside()
    outside.take(NODE, node("node-1"), False)
    outside.take(NODE, node(f"{OTHER}-node-1", {"k8slab.io/private-to": OTHER}, OTHER), False)
    outside.take(NODE, node("unnamed", taint=OTHER), False)
    assert seen(outside) == ["node-1"]
    outside.take(NAMESPACE, namespace(OTHER, f"k8slab.io/private-to={OTHER}"), False)
    assert seen(outside, OTHER) == [f"{OTHER}-node-1"]


def test_a_node_selector_of_the_namespace_is_honoured_and_may_go_again() -> None:
    outside = Outside()
    outside.take(NODE, node("node-1", {"disk": "ssd"}), False)
    outside.take(NODE, node("node-2"), False)
    assert list(outside.take(NAMESPACE, namespace(MINE, "disk=ssd"), False) or ()) == [MINE]
    assert seen(outside) == ["node-1"]
    assert list(outside.take(NAMESPACE, namespace(MINE), False) or ()) == [MINE]
    assert seen(outside) == ["node-1", "node-2"]


def test_a_volume_belongs_to_its_claim_and_to_the_name_that_it_carries() -> None:
    outside = Outside()
    outside.take(VOLUME, volume("pvc-1", MINE), False)
    outside.take(VOLUME, volume("pvc-2", OTHER), False)
    outside.take(VOLUME, volume(f"{MINE}-pv"), False)
    outside.take(VOLUME, volume(f"{OTHER}-pv"), False)
    assert seen(outside) == [f"{MINE}-pv", "pvc-1"]


def test_a_free_volume_is_seen_where_a_claim_could_have_it() -> None:
    outside = Outside()
    outside.take(VOLUME, volume("free", size="2Gi"), False)
    outside.take(VOLUME, volume("small", size="100Mi"), False)
    outside.take(VOLUME, volume("other-class", storage_class="fast"), False)
    assert seen(outside) == []
    outside.take_claim(MINE, claim("1Gi"), False)
    assert seen(outside) == ["free"]
    assert seen(outside, OTHER) == []


def test_classes_are_seen_where_they_are_named() -> None:
    outside = Outside()
    outside.take(CLASS, storage_class("manual"), False)
    outside.take(CLASS, storage_class(f"{OTHER}-class"), False)
    assert seen(outside) == []
    outside.take_claim(MINE, claim(), False)
    assert seen(outside) == ["manual"]


def test_a_heartbeat_concerns_nobody() -> None:
    outside = Outside()
    assert outside.take(NODE, node("node-1"), False) is None
    beat = node("node-1")
    beat["metadata"]["resourceVersion"] = "9"
    assert outside.take(NODE, beat, False) == ()


def test_a_volume_that_changes_hands_concerns_both() -> None:
    outside = Outside()
    outside.take(VOLUME, volume("pvc-1", MINE), False)
    assert outside.take(VOLUME, volume("pvc-1", OTHER), False) == {MINE, OTHER}
    assert seen(outside) == []
    assert outside.take(VOLUME, volume("pvc-1", OTHER), True) == {OTHER}


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just(NODE),
            st.builds(node, st.sampled_from("ab"), ready=st.sampled_from(["True", "False"])),
            st.booleans(),
        ),
        st.tuples(
            st.just(VOLUME),
            st.builds(volume, st.sampled_from(["v", "w", f"{MINE}-v"]), st.sampled_from(["", MINE, OTHER])),
            st.booleans(),
        ),
        st.tuples(st.just(CLASS), st.builds(storage_class, st.just("manual")), st.booleans()),
        st.tuples(st.just(NAMESPACE), st.builds(namespace, st.just(MINE), st.sampled_from(["", "a=b"])), st.booleans()),
        st.tuples(st.just("claim"), st.builds(claim, st.sampled_from(["1Gi", "5Gi"])), st.booleans()),
    ),
    max_size=30,
)


@given(steps=STEPS)
def test_who_is_told_what_it_concerns_knows_everything(steps: list[Any]) -> None:
    """A room that is only told when `take` says so, and the steps that it tells, agree with a fresh look."""
    outside, room = Outside(), Room("epoch")
    page: dict[str, Any] = {}
    for kind, obj, deleted in steps:
        if kind == "claim":
            outside.take_claim(MINE, obj, deleted)
            concerned: Any = (MINE,)
        else:
            concerned = outside.take(kind, obj, deleted)
        if concerned is None or MINE in concerned:
            for change in room.surround(outside.items(MINE)):
                assert change["version"] == len(page.setdefault("told", [])) + 1
                page["told"].append(change)
                page.pop(change["item"]["uid"], None)
                if change["change"] != "deleted":
                    page[change["item"]["uid"]] = change["item"]
    page.pop("told", None)

    def bare(items: Any) -> Any:
        return sorted((item["uid"], item["state"], str(item["detail"])) for item in items)

    assert bare(page.values()) == bare(outside.items(MINE).values()) == bare(room.snapshot()["items"])
    assert all(OTHER not in str(item) for item in page.values())
