"""Storage classes, priority classes and disruption budgets: short ones."""

from __future__ import annotations

from ...labelselectors import labels_line, selector_line
from ...output.godump import go_value
from ..about import About, count, either
from ..events import write_events
from ..registry import describes
from ..text import Text

DEFAULTS = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


@describes("StorageClass", "storage.k8s.io")
def describe(about: About, to: Text) -> None:
    obj, annotations = about.obj, about.metadata.get("annotations") or {}
    to.field("Name", about.name)
    to.field("IsDefaultClass", "Yes" if any(annotations.get(key) == "true" for key in DEFAULTS) else "No")
    to.field("Annotations", labels_line(annotations))
    to.field("Provisioner", obj.get("provisioner", ""))
    to.field("Parameters", labels_line(obj.get("parameters")))
    to.field("AllowVolumeExpansion", either(obj.get("allowVolumeExpansion")))
    to.write(0, "MountOptions:\n" if obj.get("mountOptions") else "MountOptions:\t<none>\n")
    for option in obj.get("mountOptions") or ():
        to.line(1, option)
    for title, key in (("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")):
        if obj.get(key) is not None:
            to.field(title, obj[key])
    if obj.get("allowedTopologies") is not None:
        _topologies(about, to)
    write_events(about, to)


def _topologies(about: About, to: Text) -> None:
    terms = about.obj["allowedTopologies"]
    to.field("AllowedTopologies", "" if terms else "<none>")
    for i, term in enumerate(terms):
        to.write(1, f"Term {i}:\t")
        expressions = term.get("matchLabelExpressions") or ()
        if not expressions:
            to.more("<none>\n")
        for j, each in enumerate(expressions):
            if j:
                to.write(1, "\t")
            values = f" [{', '.join(each['values'])}]" if each.get("values") else ""
            to.more(f"{each.get('key', '')} in{values}\n")


@describes("PriorityClass", "scheduling.k8s.io")
def describe_priority(about: About, to: Text) -> None:
    obj = about.obj
    to.field("Name", about.name)
    to.field("Value", count(obj.get("value")))
    to.field("GlobalDefault", go_value(bool(obj.get("globalDefault"))))
    to.field("PreemptionPolicy", obj.get("preemptionPolicy", ""))
    to.field("Description", obj.get("description", ""))
    to.field("Annotations", labels_line(about.metadata.get("annotations")))
    write_events(about, to)


@describes("PodDisruptionBudget", "policy")
def describe_budget(about: About, to: Text) -> None:
    spec, status = about.spec, about.status
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    if spec.get("minAvailable") is not None:
        to.field("Min available", spec["minAvailable"])
    elif spec.get("maxUnavailable") is not None:
        to.field("Max unavailable", spec["maxUnavailable"])
    to.field("Selector", "<unset>" if spec.get("selector") is None else selector_line(spec["selector"]))
    to.write(0, "Status:\n")
    for title, key in (
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ):
        to.field(title, count(status.get(key)), 2)
    write_events(about, to)
