"""ConfigMap and Secret."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.names import CONFIG_KEY, CONFIG_KEY_TEXT

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

LARGEST = 1024 * 1024
IMMUTABLE = "field is immutable when `immutable` is set"
REQUIRED_KEYS = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}
ACCOUNT = "kubernetes.io/service-account.name"


def _check_keys(data: Obj, field: str, errors: FieldErrors) -> None:
    for key in data:
        if not CONFIG_KEY.match(key) or key in (".", ".."):
            errors.invalid(f"{field}[{key}]", key, CONFIG_KEY_TEXT)


def _check_immutable(obj: Obj, old: Obj, fields: tuple[str, ...], errors: FieldErrors) -> None:
    if not old.get("immutable"):
        return
    if not obj.get("immutable"):
        errors.forbidden("immutable", IMMUTABLE)
    for name in fields:
        if (obj.get(name) or {}) != (old.get(name) or {}):
            errors.forbidden(name, IMMUTABLE)


@rules_for("configmaps")
class ConfigMapRules(Rules):
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        data, binary = obj.get("data") or {}, obj.get("binaryData") or {}
        _check_keys(data, "data", errors)
        for key in data:
            if key in binary:
                errors.invalid(f"data[{key}]", key, "duplicate of key present in binaryData")
        _check_keys(binary, "binaryData", errors)
        size = sum(len(value.encode()) for value in data.values()) + sum(
            len(base64.b64decode(one)) for one in binary.values()
        )
        if size > LARGEST:
            errors.too_long("[]", LARGEST)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        _check_immutable(obj, old, ("data", "binaryData"), errors)


@rules_for("secrets")
class SecretRules(Rules):
    status_is_apart = False

    def default(self, obj: Obj) -> None:
        texts = obj.pop("stringData", None)
        if texts:
            encoded = {key: base64.b64encode(value.encode()).decode() for key, value in texts.items()}
            obj["data"] = {**(obj.get("data") or {}), **encoded}
        if not obj.get("type"):
            obj["type"] = "Opaque"

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        data, kind = obj.get("data") or {}, obj.get("type")
        _check_keys(data, "data", errors)
        if sum(len(value) * 3 // 4 for value in data.values()) > LARGEST + 2:
            errors.too_long("data", LARGEST)
        for key in REQUIRED_KEYS.get(str(kind), ()):
            if key not in data:
                errors.required(f"data[{key}]")
        if kind == "kubernetes.io/service-account-token" and not (obj["metadata"].get("annotations") or {}).get(
            ACCOUNT
        ):
            errors.required(f"metadata.annotations[{ACCOUNT}]")
        if kind == "kubernetes.io/basic-auth" and not ({"username", "password"} & data.keys()):
            errors.required("data[username]")
            errors.required("data[password]")

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if obj.get("type") != old.get("type"):
            errors.invalid("type", obj.get("type"), "field is immutable")
        _check_immutable(obj, old, ("data",), errors)


@rules_for("serviceaccounts")
class ServiceAccountRules(Rules):
    status_is_apart = False
    answers_object_on_delete = True


@rules_for("namespaces")
class NamespaceRules(Rules):
    answers_object_on_delete = True

    def default(self, obj: Obj) -> None:
        name = obj["metadata"].get("name")
        if name:
            obj["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = name

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        self.default(obj)  # a name that was generated is known only now
        finalizers = (obj.get("spec") or {}).get("finalizers") or []
        obj["spec"] = {"finalizers": [*finalizers, *(["kubernetes"] if "kubernetes" not in finalizers else [])]}
        obj["status"] = {"phase": "Active"}

    def prepare_update(self, cluster: Cluster, call: Call, obj: Obj, old: Obj) -> None:
        if not call.inside:
            obj["spec"] = old.get("spec", {})

    def marked_for_deletion(self, obj: Obj) -> None:
        obj["metadata"].pop("deletionGracePeriodSeconds", None)
        obj["status"] = {**obj.get("status", {}), "phase": "Terminating"}
