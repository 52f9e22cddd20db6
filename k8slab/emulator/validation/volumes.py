"""Volumes of a pod, and the sources that they share with persistent volumes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.validation.claims import validate_claim_spec
from k8slab.emulator.validation.env import FILE_FIELDS, check_field, check_resource_field
from k8slab.emulator.validation.metadata import validate_template_metadata
from k8slab.emulator.validation.mounts import check_file_path, check_no_backsteps, check_relative
from k8slab.emulator.validation.names import label_problems, subdomain_problems

# In the server's order: the first one counts, the others are forbidden.
SOURCES = ("emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
           "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc",
           "flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
           "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral", "image")  # fmt: skip
PERSISTENT = ("hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte",
              "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk",
              "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi")  # fmt: skip
SHOWN_AS = {"gcePersistentDisk": "persistentDisk"}  # where the server's path differs from the field's name
FORBIDDEN_AS = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
NEEDED = {
    "persistentVolumeClaim": ("claimName",), "secret": ("secretName",), "configMap": ("name",),
    "nfs": ("server", "path"), "gitRepo": ("repository",), "gcePersistentDisk": ("pdName",),
    "awsElasticBlockStore": ("volumeID",), "glusterfs": ("endpoints", "path"), "rbd": ("monitors", "image"),
    "cinder": ("volumeID",), "cephfs": ("monitors",), "flexVolume": ("driver",),
    "azureFile": ("secretName", "shareName"), "vsphereVolume": ("volumePath",), "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",), "azureDisk": ("diskName", "diskURI"), "storageos": ("volumeName",),
    "scaleIO": ("gateway", "system", "volumeName"), "iscsi": ("targetPortal", "iqn"), "quobyte": ("volume",),
    "local": ("path",),
}  # fmt: skip
HOST_PATH_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MODE_TEXT = "must be a number between 0 and 0777 (octal), both inclusive"
PARTITION_TEXT = "must be between 1 and 255, inclusive"
ONE_TYPE = "may not specify more than 1 volume type"
DUPLICATE_PATHS = "conflicting duplicate paths"
SHORTEST_TOKEN, LONGEST_TOKEN = 600, 1 << 32


def validate_volumes(volumes: list[Obj], path: str, name: str, errors: FieldErrors) -> dict[str, Obj]:
    """The volumes by name that can be mounted; `name` is the pod's."""
    known: dict[str, Obj] = {}
    own_claims = {f"{name}-{one.get('name', '')}" for one in volumes if name and one.get("ephemeral") is not None}
    for index, volume in enumerate(volumes):
        place, called, before = f"{path}[{index}]", volume.get("name", ""), len(errors)
        _validate_source(volume, place, errors)
        if not called:
            errors.required(f"{place}.name")
        for why in label_problems(called) if called else ():
            errors.invalid(f"{place}.name", called, why)
        if called in known:
            errors.duplicate(f"{place}.name", called)
        if len(errors) == before:
            known[called] = volume
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim in own_claims:
            why = "must not reference a PVC that gets created for an ephemeral volume"
            errors.invalid(f"{place}.persistentVolumeClaim.claimName", claim, why)
    return known


def _validate_source(volume: Obj, place: str, errors: FieldErrors) -> None:
    sources = [kind for kind in SOURCES if volume.get(kind) is not None]
    for kind in sources[:1]:
        check_source(kind, volume[kind], f"{place}.{SHOWN_AS.get(kind, kind)}", errors)
    for extra in sources[1:]:
        errors.forbidden(f"{place}.{FORBIDDEN_AS.get(extra, extra)}", ONE_TYPE)
    if not sources:
        errors.required(place, "must specify a volume type")


def check_source(kind: str, source: Obj, path: str, errors: FieldErrors) -> None:
    """Of a pod's volume or a persistent one."""
    for field in NEEDED.get(kind, ()):
        if not source.get(field):
            errors.required(f"{path}.{field}")
    check = _CHECKS.get(kind)
    if check is not None:
        check(source, path, errors)


def _check_empty_dir(source: Obj, path: str, errors: FieldErrors) -> None:
    if source.get("sizeLimit") and parse(source["sizeLimit"]) < 0:
        errors.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")


def _check_host_path(source: Obj, path: str, errors: FieldErrors) -> None:
    if not source.get("path"):
        errors.required(f"{path}.path")
        return
    check_no_backsteps(source["path"], f"{path}.path", errors)
    if source.get("type", "") not in HOST_PATH_TYPES:
        errors.unsupported(f"{path}.type", source["type"], HOST_PATH_TYPES)


def _check_nfs(source: Obj, path: str, errors: FieldErrors) -> None:
    if not source.get("path", "").startswith("/"):
        errors.invalid(f"{path}.path", source.get("path", ""), "must be an absolute path")


def _check_disk(source: Obj, path: str, errors: FieldErrors) -> None:
    if not 0 <= source.get("partition", 0) <= 255:
        errors.invalid(f"{path}.partition", source["partition"], PARTITION_TEXT)


def _check_local(source: Obj, path: str, errors: FieldErrors) -> None:
    check_no_backsteps(source.get("path", ""), f"{path}.path", errors)


def _check_git(source: Obj, path: str, errors: FieldErrors) -> None:
    check_relative(source.get("directory", ""), f"{path}.directory", errors)


def _check_driver(source: Obj, path: str, errors: FieldErrors) -> None:
    driver = source.get("driver", "")
    if not driver:
        errors.required(f"{path}.driver")
    if len(driver) > 63:
        errors.too_long(f"{path}.driver", 63)
    for why in subdomain_problems(driver.lower()):
        errors.invalid(f"{path}.driver", driver, why)
    secret = source.get("nodePublishSecretRef")
    if secret is not None and not secret.get("name"):
        errors.required(f"{path}.nodePublishSecretRef.name")


def _check_files(source: Obj, path: str, errors: FieldErrors) -> None:
    """Of a ConfigMap or a Secret."""
    check_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    for index, item in enumerate(source.get("items") or []):
        _check_item(item, f"{path}.items[{index}]", errors)


def check_mode(mode: int | None, path: str, errors: FieldErrors) -> None:
    if mode is not None and not 0 <= mode <= 0o777:
        errors.invalid(path, mode, MODE_TEXT)


def _check_item(item: Obj, path: str, errors: FieldErrors) -> None:
    for field in ("key", "path"):
        if not item.get(field):
            errors.required(f"{path}.{field}")
    check_file_path(item.get("path", ""), f"{path}.path", errors)
    check_mode(item.get("mode"), f"{path}.mode", errors)


def _check_downward(source: Obj, path: str, errors: FieldErrors) -> None:
    check_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    for file in source.get("items") or []:
        _check_downward_file(file, path, errors)


def _check_downward_file(file: Obj, path: str, errors: FieldErrors) -> None:
    """The server names the volume, not the file."""
    if not file.get("path"):
        errors.required(f"{path}.path")
    check_file_path(file.get("path", ""), f"{path}.path", errors)
    field, resource = file.get("fieldRef"), file.get("resourceFieldRef")
    if field is not None:
        check_field(field, f"{path}.fieldRef", FILE_FIELDS, errors)
        if resource is not None:
            errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
    elif resource is not None:
        check_resource_field(resource, f"{path}.resourceFieldRef", errors, in_file=True)
    else:
        errors.required(path, "one of fieldRef and resourceFieldRef is required")
    check_mode(file.get("mode"), f"{path}.mode", errors)


def _check_projected(source: Obj, path: str, errors: FieldErrors) -> None:
    check_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    taken: set[str] = set()
    for index, one in enumerate(source.get("sources") or []):
        place = f"{path}.sources[{index}]"
        for kind in ("secret", "configMap"):
            if one.get(kind) is not None:
                _check_projection(one[kind], f"{place}.{kind}", path, taken, errors)
        for file in (one.get("downwardAPI") or {}).get("items") or []:
            _check_downward_file(file, f"{place}.downwardAPI", errors)
            _claim_path(file.get("path", ""), file.get("path", ""), path, taken, errors)
        if one.get("serviceAccountToken") is not None:
            _check_token(one["serviceAccountToken"], f"{place}.serviceAccountToken", path, errors)
        if len(one) > 1:
            errors.forbidden(place, "may not specify more than 1 volume type per source")


def _check_projection(source: Obj, place: str, path: str, taken: set[str], errors: FieldErrors) -> None:
    name = source.get("name", "")
    if not name:
        errors.required(f"{place}.name")
    for index, item in enumerate(source.get("items") or []):
        _check_item(item, f"{place}.items[{index}]", errors)
        _claim_path(item.get("path", ""), name, path, taken, errors)


def _claim_path(file: str, shown: str, path: str, taken: set[str], errors: FieldErrors) -> None:
    if file and file in taken:
        errors.invalid(path, shown, DUPLICATE_PATHS)
    taken.add(file)


def _check_token(token: Obj, place: str, path: str, errors: FieldErrors) -> None:
    seconds, file = token.get("expirationSeconds", 3600), token.get("path", "")
    if seconds < SHORTEST_TOKEN:
        errors.invalid(f"{place}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")
    if seconds > LONGEST_TOKEN:
        errors.invalid(f"{place}.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds")
    if not file:
        errors.required(f"{path}.path")
    else:
        check_file_path(file, f"{path}.path", errors)


def _check_ephemeral(source: Obj, path: str, errors: FieldErrors) -> None:
    template = source.get("volumeClaimTemplate")
    if template is None:
        errors.required(f"{path}.volumeClaimTemplate")
        return
    validate_template_metadata(template.get("metadata") or {}, f"{path}.volumeClaimTemplate.metadata", errors)
    validate_claim_spec(template.get("spec") or {}, f"{path}.volumeClaimTemplate.spec", errors)


def _check_image(source: Obj, path: str, errors: FieldErrors) -> None:
    if not source.get("reference"):
        errors.required(f"{path}.reference")
    if source.get("pullPolicy", "Always") not in PULL_POLICIES:
        errors.unsupported(f"{path}.pullPolicy", source["pullPolicy"], PULL_POLICIES)


_CHECKS: Mapping[str, Callable[[Any, str, FieldErrors], None]] = {
    "emptyDir": _check_empty_dir,
    "hostPath": _check_host_path,
    "nfs": _check_nfs,
    "gcePersistentDisk": _check_disk,
    "awsElasticBlockStore": _check_disk,
    "local": _check_local,
    "gitRepo": _check_git,
    "csi": _check_driver,
    "secret": _check_files,
    "configMap": _check_files,
    "downwardAPI": _check_downward,
    "projected": _check_projected,
    "ephemeral": _check_ephemeral,
    "image": _check_image,
}
