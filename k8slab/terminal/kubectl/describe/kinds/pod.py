"""Pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...output.ages import since
from ..about import About, moment
from ..containers import write_containers, write_resources
from ..environment import field_of_pod
from ..events import write_these_events
from ..metadata import write_controller, write_labels, write_marks, write_tolerations
from ..podtemplate import write_spreading
from ..registry import describes
from ..text import Text
from ..volumes import write_volumes

Map = Mapping[str, Any]
MIRROR = "kubernetes.io/config.mirror"


@describes("Pod")
def describe(about: About, to: Text) -> None:
    spec, status = about.spec, about.status
    _placing(about, to)
    write_marks(about, to)
    _phase(about, to)
    _addresses(about, to)
    write_controller(about, to)
    if status.get("nominatedNodeName"):
        to.field("NominatedNodeName", status["nominatedNodeName"])
    if spec.get("resources") is not None:
        to.write(0, "Resources:\n")
        write_resources(to, spec["resources"], 1)
    _containers(about, to)
    _gates(about, to)
    if status.get("conditions"):
        to.write(0, "Conditions:\n  Type\tStatus\n")
        for each in status["conditions"]:
            to.line(1, f"{each.get('type')} ", f"{each.get('status')} ")
    write_volumes(to, spec.get("volumes"), "")
    to.field("QoS Class", status.get("qosClass") or "BestEffort")
    write_labels(to, "Node-Selectors", spec.get("nodeSelector"))
    write_tolerations(to, "Tolerations", spec.get("tolerations"))
    write_spreading(to, spec.get("topologySpreadConstraints"), "")
    mirrored = (about.metadata.get("annotations") or {}).get(MIRROR)
    write_these_events(about.events(kind="", uid=mirrored), to)


def _placing(about: About, to: Text) -> None:
    spec, status = about.spec, about.status
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    if spec.get("priority") is not None:
        to.field("Priority", spec["priority"])
    for title, key in (
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ):
        if spec.get(key):
            to.field(title, spec[key])
    to.field("Node", f"{spec['nodeName']}/{status.get('hostIP', '')}" if spec.get("nodeName") else "<none>")
    if status.get("startTime"):
        to.field("Start Time", moment(status["startTime"]))


def _phase(about: About, to: Text) -> None:
    status, deleted = about.status, about.metadata.get("deletionTimestamp")
    if deleted and status.get("phase") not in ("Failed", "Succeeded"):
        to.field("Status", f"Terminating (lasts {since(deleted)})")
        to.field("Termination Grace Period", f"{about.metadata.get('deletionGracePeriodSeconds', 0)}s")
    else:
        to.field("Status", status.get("phase", ""))
    for title in ("Reason", "Message"):
        if status.get(title.lower()):
            to.field(title, status[title.lower()])
    seccomp = (about.spec.get("securityContext") or {}).get("seccompProfile")
    if seccomp:
        to.field("SeccompProfile", seccomp.get("type", ""))
        if seccomp.get("type") == "Localhost":
            to.field("LocalhostProfile", seccomp.get("localhostProfile", ""))


def _addresses(about: About, to: Text) -> None:
    to.field("IP", about.status.get("podIP", ""))
    addresses = about.status.get("podIPs") or ()
    if not addresses:
        to.field("IPs", "<none>")
        return
    to.write(0, "IPs:\n")
    for each in addresses:
        to.field("IP", each.get("ip", ""), 1)


def _containers(about: About, to: Text) -> None:
    spec, status, resolve = about.spec, about.status, field_of_pod(about.obj)
    if spec.get("initContainers"):
        statuses = status.get("initContainerStatuses")
        write_containers(to, "Init Containers", spec["initContainers"], statuses, resolve)
    write_containers(to, "Containers", spec.get("containers"), status.get("containerStatuses"), resolve)
    if spec.get("ephemeralContainers"):
        statuses = status.get("ephemeralContainerStatuses")
        write_containers(to, "Ephemeral Containers", spec["ephemeralContainers"], statuses, resolve)


def _gates(about: About, to: Text) -> None:
    gates = about.spec.get("readinessGates") or ()
    if gates:
        to.write(0, "Readiness Gates:\n  Type\tStatus\n")
    states = {each.get("type"): each.get("status") for each in about.status.get("conditions") or ()}
    for gate in gates:
        kind = gate.get("conditionType")
        to.line(1, f"{kind} ", f"{states.get(kind, '<none>')} ")
