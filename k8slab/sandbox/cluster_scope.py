"""What students may do outside namespaces: read a little, and make the few things that carry their sandbox's name.

RBAC cannot bound names, so ValidatingAdmissionPolicies do, for whoever is a student's service account. They stand in
the cluster before the first student is given any of these rights. Pure functions to dicts.
"""

from __future__ import annotations

from typing import Any

from .names import PREFIX, STUDENT
from .rights import READ

Obj = dict[str, Any]

NAME = "k8slab-students"
_CHANGE = ("create", "update", "patch", "delete")

# (API group, resources, verbs)
RULES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("", ("nodes",), READ),
    ("", ("persistentvolumes",), (*READ, *_CHANGE)),
    ("", ("namespaces",), ("get", "create", "patch", "delete")),
    ("storage.k8s.io", ("storageclasses",), (*READ, *_CHANGE)),
    ("networking.k8s.io", ("ingressclasses",), READ),
    ("scheduling.k8s.io", ("priorityclasses",), READ),
)

_WHO = f"^system:serviceaccount:{PREFIX}-[a-z0-9-]+:{STUDENT}$"
_MINE = "request.userInfo.username.split(':')[2] + '-'"
_NAMED = "(request.operation == 'DELETE' ? oldObject : object).metadata.name.startsWith(variables.prefix)"
_CLAIMED = (
    "!has(object.spec.claimRef) || object.spec.claimRef.namespace + '-' == variables.prefix"
    " || object.spec.claimRef.namespace.startsWith(variables.prefix)"
)
_LOCAL = "!has(object.spec.hostPath) && !has(object.spec.local)"
_OWN_LABELS = "key.startsWith('pod-security.kubernetes.io/') || key.startsWith('k8slab.dev/')"
_PLAIN_LABELS = (
    f"!has(object.metadata.labels) || object.metadata.labels.all(key, !({_OWN_LABELS})"
    " || (request.operation == 'UPDATE' && has(oldObject.metadata.labels) && key in oldObject.metadata.labels"
    " && oldObject.metadata.labels[key] == object.metadata.labels[key]))"
)
_LABELS_STAY = (
    "request.operation != 'UPDATE' || !has(oldObject.metadata.labels) || oldObject.metadata.labels.all(key,"
    f" !({_OWN_LABELS}) || (has(object.metadata.labels) && key in object.metadata.labels))"
)
_PLAIN_NOTES = (
    "!has(object.metadata.annotations) || object.metadata.annotations.all(key,"
    " !key.startsWith('scheduler.alpha.kubernetes.io/'))"
)
_NO_SANDBOX = "!has(oldObject.metadata.labels) || !('k8slab.dev/owner' in oldObject.metadata.labels)"
_NOT_DEFAULT = (
    "!has(object.metadata.annotations)"
    " || !('storageclass.kubernetes.io/is-default-class' in object.metadata.annotations)"
)


def objects(host_path: bool) -> list[Obj]:
    """Policies first, then the role that they bound. `host_path`: volumes on a node's own disk may be declared,
    since the nodes are nobody's machines."""
    volume = [(_CLAIMED, "it may be reserved for your own claims only")]
    if not host_path:
        volume.append((_LOCAL, "volumes on a node's own disk are not allowed on this cluster"))
    namespace = [
        (_PLAIN_LABELS, "these labels are the sandbox's own"),
        (_LABELS_STAY, "these labels are the sandbox's own"),
        (_PLAIN_NOTES, "these annotations are not yours"),
    ]
    storage = [(_NOT_DEFAULT, "only the cluster's own class can be the default")]
    return [
        *_policy("persistentvolumes", "", "v1", volume),
        *_policy("namespaces", "", "v1", namespace, [(_NO_SANDBOX, "a sandbox is closed on its page")]),
        *_policy("storageclasses", "storage.k8s.io", "v1", storage),
        _role(),
    ]


def binding(namespace: str, labels: dict[str, str]) -> Obj:
    """Gives one sandbox's student the rights."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": binding_name(namespace), "labels": labels},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": STUDENT, "namespace": namespace}],
    }


def binding_name(namespace: str) -> str:
    return f"k8slab:{namespace}"


def _role() -> Obj:
    rules = [
        {"apiGroups": [group], "resources": list(plurals), "verbs": list(verbs)} for group, plurals, verbs in RULES
    ]
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": NAME},
        "rules": rules,
    }


def _policy(
    plural: str, group: str, version: str, written: list[tuple[str, str]], deleted: list[tuple[str, str]] | None = None
) -> list[Obj]:
    """One policy and its binding. `written` is asked of what is created or updated, `deleted` of what goes."""
    asked = [(f"request.operation == 'DELETE' || ({rule})", message) for rule, message in written]
    asked += [(f"request.operation != 'DELETE' || ({rule})", message) for rule, message in deleted or ()]
    validations: list[Obj] = [
        {
            "expression": _NAMED,
            "messageExpression": "'its name must begin with ' + variables.prefix",
            "message": "its name must begin with your namespace's",
        },
        *({"expression": rule, "message": message} for rule, message in asked),
    ]
    rule = {
        "apiGroups": [group],
        "apiVersions": [version],
        "operations": ["CREATE", "UPDATE", "DELETE"],
        "resources": [plural],
    }
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [rule]},
        "matchConditions": [{"name": "students", "expression": f"request.userInfo.username.matches('{_WHO}')"}],
        "variables": [{"name": "prefix", "expression": _MINE}],
        "validations": validations,
    }
    head = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": f"{NAME}-{plural}"}}
    bound = {"policyName": f"{NAME}-{plural}", "validationActions": ["Deny"]}
    return [
        {**head, "kind": "ValidatingAdmissionPolicy", "spec": spec},
        {**head, "kind": "ValidatingAdmissionPolicyBinding", "spec": bound},
    ]
