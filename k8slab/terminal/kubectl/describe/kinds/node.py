"""Nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from k8slab.kube.errors import Forbidden, KubeError

from ..about import About, moment
from ..demands import write_demands
from ..events import write_these_events
from ..metadata import write_list, write_marks
from ..registry import describes
from ..text import Text

ROLE = "node-role.kubernetes.io/"
LIVING = "status.phase!=Succeeded,status.phase!=Failed"
_INFO = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
    ("Kube-Proxy Version", "kubeProxyVersion"),
)


@describes("Node")
def describe(about: About, to: Text) -> None:
    spec = about.spec
    to.field("Name", about.name)
    to.field("Roles", ",".join(_roles(about.metadata.get("labels") or {})) or "<none>")
    write_marks(about, to)
    to.field("CreationTimestamp", moment(about.metadata.get("creationTimestamp")))
    write_list(to, "Taints", _taints(spec.get("taints") or ()))
    to.field("Unschedulable", "true" if spec.get("unschedulable") else "false")
    _lease(about, to)
    _conditions(about, to)
    _machine(about, to)
    for title, value in (("PodCIDR", spec.get("podCIDR")), ("PodCIDRs", ",".join(spec.get("podCIDRs") or ()))):
        if value:
            to.field(title, value)
    if spec.get("providerID"):
        to.field("ProviderID", spec["providerID"])
    _pods(about, to)
    events = about.events()
    write_these_events(None if events is None else [*events, *(about.events(uid=about.name) or [])], to)


def _roles(labels: Mapping[str, str]) -> list[str]:
    found = {key.removeprefix(ROLE) for key in labels if key.startswith(ROLE)}
    return sorted((found | {labels.get("kubernetes.io/role", "")}) - {""})


def _taints(taints: Sequence[Mapping[str, Any]]) -> list[str]:
    ordered = sorted(taints, key=lambda taint: f"{taint.get('effect', '')},{taint.get('key', '')}")
    return [taint_text(taint) for taint in ordered]


def taint_text(taint: Mapping[str, Any]) -> str:
    key, value, effect = (str(taint.get(name) or "") for name in ("key", "value", "effect"))
    text = f"{key}={value}" if value else key
    return f"{text}:{effect}" if effect else f"{text}:" if value else key


def _lease(about: About, to: Text) -> None:
    client = about.invocation.client
    try:
        lease = client.get("coordination.k8s.io/v1", "Lease", about.name, "kube-node-lease")
    except KubeError as error:
        to.field("Lease", f"Failed to get lease: {error.message}")
        return
    spec = lease.get("spec") or {}
    to.write(0, "Lease:\n")
    to.field("HolderIdentity", spec.get("holderIdentity", "<unset>"), 1)
    for title, key in (("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")):
        to.field(title, moment(spec[key]) if spec.get(key) else "<unset>", 1)


def _conditions(about: About, to: Text) -> None:
    conditions = about.status.get("conditions") or ()
    if conditions:
        titles = ("Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message")
        to.write(0, "Conditions:\n")
        to.line(1, *titles)
        to.line(1, *(re.sub(".", "-", title) for title in titles))
    for each in conditions:
        times = (moment(each.get("lastHeartbeatTime")), moment(each.get("lastTransitionTime")))
        cells = (each.get("type"), each.get("status"), *times, each.get("reason"))
        to.line(1, *(f"{cell or ''} " for cell in cells), str(each.get("message") or ""))


def _machine(about: About, to: Text) -> None:
    status = about.status
    to.write(0, "Addresses:\n")
    for address in status.get("addresses") or ():
        to.field(address.get("type", ""), address.get("address", ""), 1)
    for title in ("Capacity", "Allocatable"):
        amounts = status.get(title.lower()) or {}
        if amounts:
            to.write(0, f"{title}:\n")
        for name in sorted(amounts):
            to.field(name, amounts[name], 1)
    to.write(0, "System Info:\n")
    info = status.get("nodeInfo") or {}
    for title, key in _INFO:
        to.field(title, info.get(key, ""), 1)


def _pods(about: About, to: Text) -> None:
    """Those that are not over; many may look at a node but not at all of its pods."""
    try:
        pods = about.objects("v1", "Pod", None, fields=f"spec.nodeName={about.name},{LIVING}")
    except Forbidden:
        to.field("Pods", "not authorized")
        return
    write_demands(to, about.status, pods)
