"""Replica sets and replication controllers."""

from __future__ import annotations

from k8slab.kube.errors import KubeError

from ...labelselectors import labels_line, selector_line, selector_text
from ..about import About, count
from ..events import write_events
from ..metadata import write_conditions, write_controller, write_marks
from ..podtemplate import pods_line, write_template
from ..registry import describes
from ..text import Text


@describes("ReplicaSet", "apps")
def describe(about: About, to: Text) -> None:
    _start(about, to, selector_line(about.spec.get("selector")))
    write_controller(about, to)
    _replicas(about, to)
    try:
        pods = pods_line(about, selector_text(about.spec.get("selector")))
    except KubeError as error:
        pods = f"error in fetching pods: {error.message}"
    to.field("Pods Status", pods)
    _rest(about, to)


@describes("ReplicationController")
def describe_replication_controller(about: About, to: Text) -> None:
    selector = about.spec.get("selector")
    _start(about, to, labels_line(selector))
    _replicas(about, to)
    to.field("Pods Status", pods_line(about, selector_text({"matchLabels": selector})))
    _rest(about, to)


def _start(about: About, to: Text, selector: str) -> None:
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    to.field("Selector", selector)
    write_marks(about, to)


def _replicas(about: About, to: Text) -> None:
    current, desired = count(about.status.get("replicas")), count(about.spec.get("replicas"))
    to.field("Replicas", f"{current} current / {desired} desired")


def _rest(about: About, to: Text) -> None:
    write_template(to, about.spec.get("template"))
    write_conditions(to, about.status.get("conditions"))
    write_events(about, to)
