"""A fresh sandbox for a trial: made by the same rooms as a student's, but of nobody. No row of a database knows it."""

from __future__ import annotations

import time
import uuid

from k8slab.attempts import variables
from k8slab.attempts.preparing import equipment_of
from k8slab.catalog.course import Exercise
from k8slab.grading.substitution import substitute
from k8slab.sandbox import equipment, further, namespaces
from k8slab.sandbox.apply import apply_setup
from k8slab.sandbox.cluster import app_client
from k8slab.sandbox.manifests import Plan
from k8slab.sandbox.models import Sandbox
from k8slab.sandbox.names import digest, namespace_name

SITE = digest("proof")  # not a site's own: nobody takes it for the orphan of a student
GONE_WITHIN = 30.0  # seconds for the cluster to finish a deletion
LOOK_EVERY = 0.1


class Stage:
    def __init__(self, exercise: Exercise, number: int) -> None:
        """`number` chooses among the exercise's vars, as a student's number does."""
        unique = uuid.uuid4().hex
        self.exercise = exercise
        self.namespace = namespace_name(exercise.id, unique)
        self.sandbox = Sandbox(namespace=self.namespace, state=Sandbox.State.READY)
        self.plan = Plan(self.namespace, digest(unique), SITE)
        self.values = variables.pick(exercise, number, self.namespace)

    def own(self, text: str) -> str:
        """A text of the exercise with this sandbox's values."""
        return substitute(text, self.values)

    def open(self) -> None:
        namespaces.build(app_client(), self.plan)
        self._furnish()

    def reset(self) -> None:
        """As a student's "start again" does it."""
        namespaces.empty(app_client(), self.plan)
        self._furnish()

    def adopt(self, namespace: str) -> None:
        """A further namespace that was made here."""
        further.adopt(app_client(), self.plan, namespace)

    def close(self) -> list[str]:
        """Returns what is left behind when everything should be gone."""
        client = app_client()
        namespaces.empty(client, self.plan)
        namespaces.remove(client, self.namespace)
        until = time.monotonic() + GONE_WITHIN
        while (left := self._left()) and time.monotonic() < until:
            time.sleep(LOOK_EVERY)
        return left

    def _furnish(self) -> None:
        equipment.equip(app_client(), self.plan, equipment_of(self.exercise))
        apply_setup(self.sandbox, self.own(self.exercise.setup))

    def _left(self) -> list[str]:
        client = app_client()
        inside = ["Namespace"] if client.find("v1", "Namespace", self.namespace) else []
        outside = [f"{kind} {obj['metadata']['name']}" for _, kind, obj in further.left(client, self.namespace)]
        nodes = [f"Node {node['name']}" for node in equipment.own_nodes(client, self.namespace)]
        return inside + outside + nodes
