"""Where the data of volumes comes from, in pods and in persistent volumes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from k8slab.grading.quantity import quantity

from ..output.godump import go_value
from .claims import write_claim
from .metadata import shortened
from .text import Text

Map = Mapping[str, Any]
LONGEST = 140  # bytes of an attribute's line


def write_volumes(to: Text, volumes: Iterable[Map] | None, before: str) -> None:
    """Those of a pod."""
    volumes = list(volumes or ())
    if not volumes:
        to.field(f"{before}Volumes", "<none>")
        return
    to.write(0, f"{before}Volumes:\n")
    for volume in volumes:
        to.write(1, f"{' ' if before else ''}{volume.get('name', '')}:\n")
        write_source(to, volume, IN_PODS)


def write_source(to: Text, holder: Map, known: Mapping[str, Callable[[Text, Map], None]]) -> None:
    for key, write in known.items():
        if holder.get(key) is not None:
            return write(to, holder[key])
    to.write(1, "<unknown>\n")


def _fields(to: Text, kind: str, **fields: object) -> None:
    """The kind, then fields in which `_` of the name stands for a blank."""
    to.field("Type", kind, 2)
    for name, value in fields.items():
        to.field(name.replace("_", " "), go_value(value), 2)


def _host_path(to: Text, source: Map) -> None:
    kind = source.get("type")
    _fields(
        to,
        "HostPath (bare host directory volume)",
        Path=source.get("path", ""),
        HostPathType="<none>" if kind is None else kind,
    )


def _empty_dir(to: Text, source: Map) -> None:
    limit = source.get("sizeLimit")
    _fields(
        to,
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        Medium=source.get("medium", ""),
        SizeLimit=limit if limit is not None and (quantity(limit) or Fraction(0)) > 0 else "<unset>",
    )


def _secret(to: Text, source: Map) -> None:
    kind = "Secret (a volume populated by a Secret)"
    _fields(to, kind, SecretName=source.get("secretName", ""), Optional=bool(source.get("optional")))


def _config_map(to: Text, source: Map) -> None:
    kind = "ConfigMap (a volume populated by a ConfigMap)"
    _fields(to, kind, Name=source.get("name", ""), Optional=bool(source.get("optional")))


def _claim(to: Text, source: Map) -> None:
    kind = "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)"
    _fields(to, kind, ClaimName=source.get("claimName", ""), ReadOnly=bool(source.get("readOnly")))


def _ephemeral(to: Text, source: Map) -> None:
    to.field(
        "Type", "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)", 2
    )
    template = source.get("volumeClaimTemplate")
    if template is not None:
        write_claim(to.nested(2), template, whole=False)


def _downward(to: Text, source: Map) -> None:
    to.write(2, "Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n")
    for item in source.get("items") or ():
        if item.get("fieldRef"):
            to.write(3, f"{item['fieldRef'].get('fieldPath', '')} -> {item.get('path', '')}\n")
        if item.get("resourceFieldRef"):
            to.write(3, f"{item['resourceFieldRef'].get('resource', '')} -> {item.get('path', '')}\n")


def _pointer(value: object) -> str:
    """%v of a *bool, where kubectl prints an address for anything but nil; the value says more."""
    return "<nil>" if value is None else go_value(value)


def _projected(to: Text, source: Map) -> None:
    to.field("Type", "Projected (a volume that contains injected data from multiple sources)", 2)
    for each in source.get("sources") or ():
        if each.get("secret") is not None:
            to.field("SecretName", each["secret"].get("name", ""), 2)
            to.field("SecretOptionalName", _pointer(each["secret"].get("optional")), 2)
        elif each.get("downwardAPI") is not None:
            to.field("DownwardAPI", "true", 2)
        elif each.get("configMap") is not None:
            to.field("ConfigMapName", each["configMap"].get("name", ""), 2)
            to.field("ConfigMapOptional", _pointer(each["configMap"].get("optional")), 2)
        elif each.get("serviceAccountToken") is not None:
            to.field("TokenExpirationSeconds", each["serviceAccountToken"].get("expirationSeconds", 0), 2)


def _nfs(to: Text, source: Map) -> None:
    _fields(
        to,
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        Server=source.get("server", ""),
        Path=source.get("path", ""),
        ReadOnly=bool(source.get("readOnly")),
    )


def _local(to: Text, source: Map) -> None:
    _fields(to, "LocalVolume (a persistent volume backed by local storage on a node)", Path=source.get("path", ""))


def _image(to: Text, source: Map) -> None:
    _fields(
        to,
        "Image (a container image or OCI artifact)",
        Reference=source.get("reference", ""),
        PullPolicy=source.get("pullPolicy", ""),
    )


def _csi(to: Text, source: Map, **fields: object) -> None:
    kind = "CSI (a Container Storage Interface (CSI) volume source)"
    kept = {"Driver": source.get("driver", ""), "FSType": source.get("fsType", ""), **fields}
    _fields(to, kind, **kept, ReadOnly=bool(source.get("readOnly")))
    attributes = sorted((source.get("volumeAttributes") or {}).items())
    to.write(2, "VolumeAttributes:\t")
    if not attributes:
        to.more("<none>\n")
    for i, (key, value) in enumerate(attributes):
        if i:
            to.write(2, "")
            to.write(2, "\t")
        to.write(2, shortened(f"{key}={value}", LONGEST) + "\n")


def _csi_volume(to: Text, source: Map) -> None:
    _csi(to, source, VolumeHandle=source.get("volumeHandle", ""))


def _iscsi(to: Text, source: Map) -> None:
    to.field(
        "Type",
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        2,
    )
    to.field("TargetPortal", source.get("targetPortal", ""), 2)
    to.field("IQN", source.get("iqn", ""), 2)
    to.field("Lun", source.get("lun", 0), 2)
    to.line(2, "ISCSIInterface", str(source.get("iscsiInterface", "")))
    to.field("FSType", source.get("fsType", ""), 2)
    to.field("ReadOnly", go_value(bool(source.get("readOnly"))), 2)
    to.field("Portals", go_value(source.get("portals") or []), 2)
    to.field("DiscoveryCHAPAuth", go_value(bool(source.get("chapAuthDiscovery"))), 2)
    to.field("SessionCHAPAuth", go_value(bool(source.get("chapAuthSession"))), 2)
    to.field("SecretRef", _reference(source.get("secretRef")), 2)
    to.field("InitiatorName", source.get("initiatorName", "<none>"), 2)


def _reference(value: Map | None) -> str:
    """%v of a pointer to a reference."""
    if value is None:
        return "nil"
    return "&" + "{" + " ".join(str(value[key]) for key in ("name", "namespace") if key in value) + "}"


def _fibre(to: Text, source: Map) -> None:
    _fields(
        to,
        "FC (a Fibre Channel disk)",
        TargetWWNs=", ".join(source.get("targetWWNs") or ()),
        LUN=source.get("lun", "<none>"),
        FSType=source.get("fsType", ""),
        ReadOnly=bool(source.get("readOnly")),
    )


IN_PODS: dict[str, Callable[[Text, Map], None]] = {
    "hostPath": _host_path,
    "emptyDir": _empty_dir,
    "secret": _secret,
    "configMap": _config_map,
    "nfs": _nfs,
    "iscsi": _iscsi,
    "persistentVolumeClaim": _claim,
    "ephemeral": _ephemeral,
    "downwardAPI": _downward,
    "fc": _fibre,
    "projected": _projected,
    "csi": _csi,
    "image": _image,
}
OF_VOLUMES: dict[str, Callable[[Text, Map], None]] = {
    "hostPath": _host_path,
    "nfs": _nfs,
    "iscsi": _iscsi,
    "local": _local,
    "fc": _fibre,
    "csi": _csi_volume,
}
