"""Rows of everything else."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.ports import Obj
from k8slab.emulator.selectors import selector_text
from k8slab.emulator.tables import age, cells_for

Row = list[Any]
NONE, UNSET = "<none>", "<unset>"
MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def _age(obj: Obj, now: float) -> str:
    return age(obj["metadata"]["creationTimestamp"], now)


def _name(obj: Obj) -> str:
    return str(obj["metadata"]["name"])


@cells_for("configmaps")
def config_map(obj: Obj, now: float) -> Row:
    return [_name(obj), len(obj.get("data") or {}) + len(obj.get("binaryData") or {}), _age(obj, now)]


@cells_for("secrets")
def secret(obj: Obj, now: float) -> Row:
    return [_name(obj), obj.get("type", ""), len(obj.get("data") or {}), _age(obj, now)]


@cells_for("serviceaccounts")
def service_account(obj: Obj, now: float) -> Row:
    return [_name(obj), _age(obj, now)]


@cells_for("namespaces")
def namespace(obj: Obj, now: float) -> Row:
    return [_name(obj), (obj.get("status") or {}).get("phase", ""), _age(obj, now)]


@cells_for("services")
def service(obj: Obj, now: float) -> Row:
    spec = obj["spec"]
    ports = []
    for port in spec.get("ports") or []:
        opened = f":{port['nodePort']}" if port.get("nodePort") else ""
        ports.append(f"{port['port']}{opened}/{port.get('protocol', 'TCP')}")
    kind = spec.get("type", "ClusterIP")
    address = spec.get("clusterIP") or NONE
    labels = [_name(obj), kind, address, _external(obj, kind)]
    return [*labels, ",".join(ports) or NONE, _age(obj, now), selector_text(spec.get("selector")) or NONE]


def _external(obj: Obj, kind: str) -> str:
    spec = obj["spec"]
    if kind == "ExternalName":
        return str(spec.get("externalName", ""))
    given = list(spec.get("externalIPs") or [])
    if kind != "LoadBalancer":
        return ",".join(given) or NONE
    ingress = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    found = [one.get("ip") or one.get("hostname", "") for one in ingress] + given
    return ",".join(found) or "<pending>"


@cells_for("endpoints")
def endpoints(obj: Obj, now: float) -> Row:
    found = []
    for subset in obj.get("subsets") or []:
        for port in subset.get("ports") or [{}]:
            for address in subset.get("addresses") or []:
                found.append(f"{address['ip']}:{port['port']}" if "port" in port else address["ip"])
    return [_name(obj), _few(found), _age(obj, now)]


def _few(values: list[str], most: int = 3) -> str:
    if not values:
        return NONE
    more = f" + {len(values) - most} more..." if len(values) > most else ""
    return ",".join(values[:most]) + more


@cells_for("endpointslices.discovery.k8s.io")
def endpoint_slice(obj: Obj, now: float) -> Row:
    ports = [str(one["port"]) if one.get("port") is not None else "*" for one in obj.get("ports") or []]
    addresses = [address for one in obj.get("endpoints") or [] for address in one.get("addresses") or []]
    shown = _few(ports) if ports else UNSET
    return [_name(obj), obj.get("addressType", ""), shown, _few(addresses) if addresses else UNSET, _age(obj, now)]


@cells_for("events")
def event(obj: Obj, now: float) -> Row:
    about = obj.get("involvedObject") or {}
    series = obj.get("series") or {}
    first = obj.get("firstTimestamp") or obj.get("eventTime")
    last = series.get("lastObservedTime") or obj.get("lastTimestamp") or first
    kind = about.get("kind", "").lower()
    target = f"{kind}/{about['name']}" if about.get("name") else kind
    source = obj.get("source") or {}
    told = source.get("component") or obj.get("reportingComponent", "")
    host = source.get("host") or obj.get("reportingInstance", "")
    told += f", {host}" if host else ""
    count = series.get("count") or obj.get("count") or 1
    head = [age(last, now), obj.get("type", ""), obj.get("reason", ""), target, about.get("fieldPath", ""), told]
    return [*head, str(obj.get("message", "")).strip(), age(first, now), count, _name(obj)]


def _modes(modes: list[str] | None) -> str:
    return ",".join(MODES.get(one, one) for one in MODES if one in (modes or []))


@cells_for("persistentvolumes")
def volume(obj: Obj, now: float) -> Row:
    spec, status = obj["spec"], obj.get("status") or {}
    claim = spec.get("claimRef")
    target = f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else ""
    phase = "Terminating" if "deletionTimestamp" in obj["metadata"] else status.get("phase", "")
    head = [_name(obj), (spec.get("capacity") or {}).get("storage", ""), _modes(spec.get("accessModes"))]
    classes = [
        spec.get("storageClassName", ""),
        spec.get("volumeAttributesClassName") or UNSET,
        status.get("reason", ""),
    ]
    policy = spec.get("persistentVolumeReclaimPolicy", "")
    return [*head, policy, phase, target, *classes, _age(obj, now), spec.get("volumeMode") or UNSET]


@cells_for("persistentvolumeclaims")
def claim(obj: Obj, now: float) -> Row:
    spec, status = obj["spec"], obj.get("status") or {}
    phase = "Terminating" if "deletionTimestamp" in obj["metadata"] else status.get("phase", "")
    bound = bool(spec.get("volumeName"))
    capacity = (status.get("capacity") or {}).get("storage", "") if bound else ""
    modes = _modes(status.get("accessModes")) if bound else ""
    classes = [spec.get("storageClassName", ""), spec.get("volumeAttributesClassName") or UNSET]
    mode = spec.get("volumeMode") or UNSET
    return [_name(obj), phase, spec.get("volumeName", ""), capacity, modes, *classes, _age(obj, now), mode]


@cells_for("resourcequotas")
def quota(obj: Obj, now: float) -> Row:
    status = obj.get("status") or {}
    requests: list[str] = []
    limits: list[str] = []
    for name in sorted(status.get("hard") or {}):
        text = f"{name}: {(status.get('used') or {}).get(name, '0')}/{status['hard'][name]}"
        (limits if name.startswith("limits") else requests).append(text)
    return [_name(obj), ", ".join(requests), ", ".join(limits), _age(obj, now)]


@cells_for("ingresses.networking.k8s.io")
def ingress(obj: Obj, now: float) -> Row:
    spec = obj.get("spec") or {}
    hosts = [one["host"] for one in spec.get("rules") or [] if one.get("host")]
    addresses = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    where = ",".join(one.get("ip") or one.get("hostname", "") for one in addresses)
    shown = ",".join(hosts[:3]) + (f" + {len(hosts) - 3} more..." if len(hosts) > 3 else "")
    ports = "80, 443" if spec.get("tls") else "80"
    return [_name(obj), spec.get("ingressClassName") or NONE, shown or "*", where, ports, _age(obj, now)]


@cells_for("ingressclasses.networking.k8s.io")
def ingress_class(obj: Obj, now: float) -> Row:
    spec = obj.get("spec") or {}
    parameters = spec.get("parameters")
    shown = (
        f"{parameters['kind']}.{parameters['apiGroup']}/{parameters['name']}"
        if parameters and "apiGroup" in parameters
        else NONE
    )
    return [_name(obj), spec.get("controller", ""), shown, _age(obj, now)]


@cells_for("networkpolicies.networking.k8s.io")
def network_policy(obj: Obj, now: float) -> Row:
    return [_name(obj), selector_text(obj["spec"].get("podSelector")) or NONE, _age(obj, now)]


@cells_for("storageclasses.storage.k8s.io")
def storage_class(obj: Obj, now: float) -> Row:
    annotations = obj["metadata"].get("annotations") or {}
    default = "true" in (annotations.get(f"storageclass.{one}kubernetes.io/is-default-class") for one in ("", "beta."))
    head = [
        _name(obj) + (" (default)" if default else ""),
        obj.get("provisioner", ""),
        obj.get("reclaimPolicy", "Delete"),
    ]
    return [*head, obj.get("volumeBindingMode", "Immediate"), bool(obj.get("allowVolumeExpansion")), _age(obj, now)]


@cells_for("priorityclasses.scheduling.k8s.io")
def priority_class(obj: Obj, now: float) -> Row:
    return [
        _name(obj),
        obj.get("value", 0),
        bool(obj.get("globalDefault")),
        _age(obj, now),
        obj.get("preemptionPolicy", ""),
    ]


@cells_for("rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io")
def binding(obj: Obj, now: float) -> Row:
    found: dict[str, list[str]] = {"User": [], "Group": [], "ServiceAccount": []}
    for subject in obj.get("subjects") or []:
        name = subject.get("name", "")
        found.setdefault(subject.get("kind", ""), []).append(
            f"{subject['namespace']}/{name}" if subject.get("namespace") else name
        )
    role = f"{obj['roleRef']['kind']}/{obj['roleRef']['name']}"
    return [_name(obj), role, _age(obj, now), *(", ".join(found[kind]) for kind in ("User", "Group", "ServiceAccount"))]


@cells_for("leases.coordination.k8s.io")
def lease(obj: Obj, now: float) -> Row:
    return [_name(obj), (obj.get("spec") or {}).get("holderIdentity", ""), _age(obj, now)]


@cells_for("controllerrevisions.apps")
def revision(obj: Obj, now: float) -> Row:
    owner = next((one for one in obj["metadata"].get("ownerReferences") or [] if one.get("controller")), None)
    kind = f"{owner['kind'].lower()}.{owner['apiVersion'].partition('/')[0]}/{owner['name']}" if owner else NONE
    return [_name(obj), kind, obj.get("revision", 0), _age(obj, now)]
