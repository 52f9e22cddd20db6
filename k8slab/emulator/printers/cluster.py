"""Rows of what administrators set up: volume drivers, admission, runtimes, certificate requests."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.ports import Obj
from k8slab.emulator.selectors import selector_text
from k8slab.emulator.tables import age, cells_for, human_duration

Row = list[Any]
NONE, UNSET = "<none>", "<unset>"


def _age(obj: Obj, now: float) -> str:
    return age(obj["metadata"]["creationTimestamp"], now)


def _name(obj: Obj) -> str:
    return str(obj["metadata"]["name"])


@cells_for("podtemplates")
def pod_template(obj: Obj, now: float) -> Row:
    template = obj.get("template") or {}
    containers = (template.get("spec") or {}).get("containers") or []
    names, images = (",".join(str(one.get(key, "")) for one in containers) for key in ("name", "image"))
    labels = (template.get("metadata") or {}).get("labels")
    return [_name(obj), names, images, selector_text({"matchLabels": labels}) if labels else NONE]


@cells_for("runtimeclasses.node.k8s.io")
def runtime_class(obj: Obj, now: float) -> Row:
    return [_name(obj), obj.get("handler", ""), _age(obj, now)]


@cells_for("volumeattachments.storage.k8s.io")
def volume_attachment(obj: Obj, now: float) -> Row:
    spec = obj["spec"]
    volume = (spec.get("source") or {}).get("persistentVolumeName", "")
    attached = bool((obj.get("status") or {}).get("attached"))
    return [_name(obj), spec.get("attacher", ""), volume, spec.get("nodeName", ""), attached, _age(obj, now)]


@cells_for("csinodes.storage.k8s.io")
def csi_node(obj: Obj, now: float) -> Row:
    return [_name(obj), len((obj.get("spec") or {}).get("drivers") or []), _age(obj, now)]


@cells_for("csidrivers.storage.k8s.io")
def csi_driver(obj: Obj, now: float) -> Row:
    spec = obj.get("spec") or {}
    flags = [
        bool(spec.get("attachRequired", True)),
        bool(spec.get("podInfoOnMount")),
        bool(spec.get("storageCapacity")),
    ]
    wanted = spec.get("tokenRequests")
    tokens = UNSET if wanted is None else ",".join(one.get("audience", "") for one in wanted)
    modes = ",".join(spec.get("volumeLifecycleModes") or []) or NONE
    return [_name(obj), *flags, tokens, bool(spec.get("requiresRepublish")), modes, _age(obj, now)]


@cells_for("csistoragecapacities.storage.k8s.io")
def storage_capacity(obj: Obj, now: float) -> Row:
    return [_name(obj), obj.get("storageClassName", ""), obj.get("capacity", UNSET)]


@cells_for("volumeattributesclasses.storage.k8s.io")
def attributes_class(obj: Obj, now: float) -> Row:
    default = (obj["metadata"].get("annotations") or {}).get("storage.alpha.kubernetes.io/is-default-class") == "true"
    return [_name(obj) + (" (default)" if default else ""), obj.get("driverName", ""), _age(obj, now)]


@cells_for(
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
)
def webhooks(obj: Obj, now: float) -> Row:
    return [_name(obj), len(obj.get("webhooks") or []), _age(obj, now)]


@cells_for(
    "mutatingadmissionpolicies.admissionregistration.k8s.io",
    "validatingadmissionpolicies.admissionregistration.k8s.io",
)
def admission_policy(obj: Obj, now: float) -> Row:
    spec = obj.get("spec") or {}
    kind = spec.get("paramKind")
    parameters = f"{kind.get('apiVersion', '')}/{kind.get('kind', '')}" if kind else UNSET
    return [_name(obj), len(spec.get("validations") or spec.get("mutations") or []), parameters, _age(obj, now)]


@cells_for(
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io",
)
def admission_binding(obj: Obj, now: float) -> Row:
    spec = obj.get("spec") or {}
    return [_name(obj), spec.get("policyName", ""), _parameters(spec.get("paramRef") or {}), _age(obj, now)]


def _parameters(reference: Obj) -> str:
    if reference.get("name"):
        return f"{reference.get('namespace') or '*'}/{reference['name']}"
    return _go_selector(reference["selector"]) if reference.get("selector") is not None else UNSET


def _go_selector(selector: Obj) -> str:
    """A label selector as Go prints the structure."""
    labels = "".join(f"{key}: {value}," for key, value in sorted((selector.get("matchLabels") or {}).items()))
    needs = "".join(
        f"LabelSelectorRequirement{{Key:{one['key']},Operator:{one['operator']},"
        f"Values:[{' '.join(one.get('values') or [])}],}},"
        for one in selector.get("matchExpressions") or []
    )
    expressions = f"[]LabelSelectorRequirement{{{needs}}}"
    return f"&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:{expressions},}}"


@cells_for("certificatesigningrequests.certificates.k8s.io")
def signing_request(obj: Obj, now: float) -> Row:
    spec, status = obj["spec"], obj.get("status") or {}
    seconds = spec.get("expirationSeconds")
    lasting = NONE if seconds is None else human_duration(int(seconds))
    told = {one.get("type") for one in status.get("conditions") or []}
    condition = next((one for one in ("Denied", "Approved") if one in told), "Pending")
    condition += ",Failed" if "Failed" in told else ""
    condition += ",Issued" if status.get("certificate") else ""
    return [_name(obj), _age(obj, now), spec.get("signerName") or NONE, spec.get("username", ""), lasting, condition]
