"""ConfigMap and Secret."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.names import config_key_problems

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
JSON_TYPES = ("kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson")
SSH = "kubernetes.io/ssh-auth"
REDACTED = "<secret contents redacted>"
JSON_NAMES = {list: "array", str: "string", bool: "bool", int: "number", float: "number"}
ACCOUNT = "kubernetes.io/service-account.name"


def _check_keys(data: Obj, field: str, errors: FieldErrors) -> None:
    for key in data:
        for why in config_key_problems(key):
            errors.invalid(f"{field}[{key}]", key, why)


def _check_json(encoded: str, path: str, errors: FieldErrors) -> None:
    """Credentials of registries are a JSON object; what is wrong with them is told, they are not."""
    text = base64.b64decode(encoded).decode(errors="replace")
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        errors.invalid(path, REDACTED, _go_complaint(text, error))
        return
    if found is not None and not isinstance(found, dict):
        kind = JSON_NAMES[type(found)]
        why = f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        errors.invalid(path, REDACTED, why)


def _go_complaint(text: str, error: json.JSONDecodeError) -> str:
    place = error.pos
    if place >= len(text.rstrip()):
        return "unexpected end of JSON input"
    sought = "beginning of value" if error.msg.startswith("Expecting value") else "beginning of object key string"
    if error.msg.startswith("Extra data"):
        return f"invalid character '{text[place]}' after top-level value"
    if error.msg.startswith("Expecting ',' delimiter"):
        return f"invalid character '{text[place]}' after object key:value pair"
    return f"invalid character '{text[place]}' looking for {sought}"


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
            if key not in data or (kind == SSH and not data[key]):
                errors.required(f"data[{key}]")
            elif kind in JSON_TYPES:
                _check_json(data[key], f"data[{key}]", errors)
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
