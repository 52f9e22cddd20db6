"""metadata: names, labels, annotations, finalizers, owners; and what of it never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.validation.names import (
    label_problems,
    label_value_problems,
    path_segment_problems,
    qualified_problems,
    subdomain_problems,
)

Problems = Callable[[str], list[str]]
NAME_RULES: dict[str, Problems] = {
    "namespaces": label_problems,
    "services": label_problems,
    "statefulsets.apps": label_problems,
    **dict.fromkeys(
        [
            f"{plural}.rbac.authorization.k8s.io"
            for plural in ("roles", "clusterroles", "rolebindings", "clusterrolebindings")
        ],
        path_segment_problems,
    ),
}
STANDARD_FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")
ANNOTATIONS_LIMIT = 256 * 1024
IMMUTABLE = ("name", "namespace", "uid", "creationTimestamp")


def validate_metadata(kind: Resource, obj: Obj, errors: FieldErrors) -> None:
    metadata = obj["metadata"]
    problems = NAME_RULES.get(kind.key, subdomain_problems)
    base, name = metadata.get("generateName", ""), metadata.get("name", "")
    generated = bool(base) and name.startswith(base[:58]) and len(name) == len(base[:58]) + 5
    if generated and problems(base.rstrip("-.") or "-"):
        for why in problems(base.rstrip("-.") or "-"):
            errors.invalid("metadata.generateName", base, why)
        _validate_rest(metadata, errors)
        return
    if not name:
        errors.required("metadata.name", "name or generateName is required")
    else:
        for why in problems(name):
            errors.invalid("metadata.name", name, why)
    _validate_rest(metadata, errors)


def _validate_rest(metadata: Obj, errors: FieldErrors) -> None:
    validate_labels(metadata.get("labels") or {}, "metadata.labels", errors)
    validate_annotations(metadata.get("annotations") or {}, "metadata.annotations", errors)
    _validate_owners(metadata.get("ownerReferences") or [], errors)
    for name in metadata.get("finalizers") or []:
        for why in qualified_problems(name):
            errors.invalid("metadata.finalizers", name, why)
    for index, name in enumerate(metadata.get("finalizers") or []):
        if "/" not in name and name not in STANDARD_FINALIZERS:
            why = "name is neither a standard finalizer name nor is it fully qualified"
            errors.invalid(f"metadata.finalizers[{index}]", name, why)


def validate_labels(labels: Mapping[str, str], path: str, errors: FieldErrors) -> None:
    for key, value in labels.items():
        for why in qualified_problems(key):
            errors.invalid(path, key, why)
        for why in label_value_problems(value):
            errors.invalid(path, value, why)


def validate_annotations(annotations: Mapping[str, str], path: str, errors: FieldErrors) -> None:
    for key in annotations:
        for why in qualified_problems(key.lower()):
            errors.invalid(path, key, why)
    if sum(len(key) + len(value.encode()) for key, value in annotations.items()) > ANNOTATIONS_LIMIT:
        errors.too_long(path, ANNOTATIONS_LIMIT)


def validate_template_metadata(metadata: Obj, path: str, errors: FieldErrors) -> None:
    """Of an object that others are made of: labels and annotations, nothing else."""
    validate_annotations(metadata.get("annotations") or {}, f"{path}.annotations", errors)
    validate_labels(metadata.get("labels") or {}, f"{path}.labels", errors)
    for name in metadata:
        if name not in ("annotations", "labels"):
            errors.forbidden(f"{path}.{name}", "cannot be set")


def _validate_owners(owners: list[Obj], errors: FieldErrors) -> None:
    for index, owner in enumerate(owners):
        for name in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(name):
                errors.invalid(
                    f"metadata.ownerReferences[{index}].{name}",
                    "",
                    f"{'version' if name == 'apiVersion' else name} must not be empty",
                )
    controllers = [owner["name"] for owner in owners if owner.get("controller")]
    if len(controllers) > 1:
        first, second = (
            next(i for i, o in enumerate(owners) if o.get("controller") and o["name"] == n) for n in controllers[:2]
        )
        why = (
            f'Only one reference can have Controller set to true. Found "true" in references for '
            f"{owners[first]['kind']}/{owners[first]['name']} and {owners[second]['kind']}/{owners[second]['name']}"
        )
        errors.invalid_in_order("metadata.ownerReferences", owners, why)


def validate_metadata_update(kind: Resource, obj: Obj, old: Obj, errors: FieldErrors) -> None:
    metadata, known = obj["metadata"], old["metadata"]
    _validate_rest(metadata, errors)
    if "deletionTimestamp" in known:
        added = [one for one in metadata.get("finalizers") or [] if one not in (known.get("finalizers") or [])]
        if added:
            why = (
                "no new finalizers can be added if the object is being deleted, found new finalizers "
                f"[]string{{{', '.join(chr(34) + one + chr(34) for one in added)}}}"
            )
            errors.forbidden("metadata.finalizers", why)
