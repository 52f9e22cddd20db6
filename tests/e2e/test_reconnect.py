"""A line that breaks in the middle of a rollout loses nothing: what the page knows after it is what there is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from k8slab.kube.client import Client
from k8slab.supervisor.stack import Stack

from .student import Message, Page, Student

pytestmark = pytest.mark.e2e

LESSON, EXERCISE = "deployment", "three-ready"
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 5
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: nginx, image: "nginx:IMAGE"}]
"""


class Store:
    """What a page makes of what it hears, as frontend/src/cluster-store.ts does it."""

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}
        self.version = -1
        self.epoch = ""

    def take(self, message: Message) -> None:
        if message["type"] == "snapshot":
            self.items = {item["uid"]: item for item in message["items"]}
            self.version, self.epoch = message["version"], message["epoch"]
        elif message["type"] in ("change", "event") and self.version >= 0:
            if message["epoch"] == self.epoch and message["version"] <= self.version:
                return
            assert (message["epoch"], message["version"]) == (self.epoch, self.version + 1), "a step is missing"
            self.version += 1
            if message["type"] == "change":
                self._step(message)

    def _step(self, message: Message) -> None:
        item = message["item"]
        if message["change"] == "deleted":
            del self.items[item["uid"]]
        else:
            self.items[item["uid"]] = item

    def pods(self) -> list[tuple[str, str]]:
        return sorted(
            (item["detail"]["images"][0], item["state"]) for item in self.items.values() if item["kind"] == "Pod"
        )


def follow(page: Page, store: Store, end: list[tuple[str, str]]) -> None:
    """Until the store shows these pods."""

    def arrived(message: Message) -> bool:
        store.take(message)
        return store.pods() == end

    page.until(arrived)


def bare(store: Store) -> dict[str, Any]:
    return {uid: {**item, "resourceVersion": ""} for uid, item in store.items.items()}


def fresh(student: Student, version: int) -> Store:
    """What a page sees that is opened now, once it knows at least as much as `version` tells."""
    store = Store()
    with student.page() as page:
        page.until(lambda message: (store.take(message), store.version >= version)[1])
    return store


@pytest.mark.parametrize("heard", [1, 8, 20])
def test_a_rollout_is_complete_after_a_broken_line(stack: Stack, student: Student, heard: int) -> None:
    client = Client.from_kubeconfig(stack.kubeconfig)
    student.open(LESSON, EXERCISE)
    with student.page() as page:
        student.act(EXERCISE, "start")
        namespace = page.until(lambda m: m["type"] == "sandbox" and m["state"] == "ready")["namespace"]
        store = Store()
        page.socket.send('{"type": "resync"}')
        client.apply(yaml.safe_load(DEPLOYMENT.replace("IMAGE", "1.27")), namespace, force=True)
        follow(page, store, [("nginx:1.27", "ready")] * 5)
        client.apply(yaml.safe_load(DEPLOYMENT.replace("IMAGE", "1.28")), namespace, force=True)
        for _ in range(heard):
            page.until(lambda m: m["type"] == "change")
    store = Store()
    with student.page() as page:
        follow(page, store, [("nginx:1.28", "ready")] * 5)
        page.socket.send('{"type": "resync"}')  # and once more, as a page does that wakes up
        page.until(lambda message: (store.take(message), message["type"] == "snapshot")[1])
        assert {"Node", "ReplicaSet", "Deployment"} <= {item["kind"] for item in store.items.values()}
        assert bare(store) == bare(fresh(student, store.version))
