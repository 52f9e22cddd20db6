"""RBAC: may this user do that? Answered from the Role and RoleBinding objects in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from k8slab.emulator.calls import User
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import ApiError, details_of, qualified
from k8slab.emulator.store import Store

MASTERS = "system:masters"
API = "rbac.authorization.k8s.io"
RESOURCES = tuple(f"{plural}.{API}" for plural in ("roles", "rolebindings", "clusterroles", "clusterrolebindings"))


class Question(NamedTuple):
    """One thing that somebody wants to do. `path` is for what is not an object."""

    verb: str
    group: str = ""
    resource: str = ""
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    path: str = ""

    @property
    def full_resource(self) -> str:
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


class Authorizer:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[User, str], list[Obj]] = {}
        for resource in RESOURCES:
            store.listen(resource, lambda _: self._known.clear())

    def allows(self, user: User, question: Question) -> bool:
        if MASTERS in user.groups:
            return True
        return any(_covers(rule, question) for rule in self.rules_of(user, question.namespace))

    def require(self, user: User, question: Question) -> None:
        if not self.allows(user, question):
            raise refusal(user, question)

    def rules_of(self, user: User, namespace: str) -> list[Obj]:
        """Every rule that applies to the user, cluster-wide and in the namespace."""
        if MASTERS in user.groups:
            every = ["*"]
            return [
                {"verbs": every, "apiGroups": every, "resources": every},
                {"verbs": every, "nonResourceURLs": every},
            ]
        rules = self._known.get((user, namespace))
        if rules is None:
            if len(self._known) > 4096:
                self._known.clear()
            rules = self._known[user, namespace] = list(self._collect(user, namespace))
        return rules

    def _collect(self, user: User, namespace: str) -> Iterator[Obj]:
        for binding in self._store.list(f"clusterrolebindings.{API}"):
            if _names(binding, user, ""):
                yield from self.rules_in(binding["roleRef"], "")
        if namespace:
            for binding in self._store.list(f"rolebindings.{API}", namespace):
                if _names(binding, user, namespace):
                    yield from self.rules_in(binding["roleRef"], namespace)

    def reason(self, user: User, question: Question) -> str:
        """Which binding allows it; nothing for those who may do everything."""
        if MASTERS in user.groups:
            return ""
        for resource, space in ((f"clusterrolebindings.{API}", None), (f"rolebindings.{API}", question.namespace)):
            for binding in self._store.list(resource, space) if space != "" else ():
                subject = next((s for s in binding.get("subjects") or [] if _is_subject(s, user, space or "")), None)
                reference = binding["roleRef"]
                if subject and any(_covers(rule, question) for rule in self.rules_in(reference, space or "")):
                    name = binding["metadata"]["name"] + (f"/{space}" if space else "")
                    bound, role = binding["kind"], f'{reference["kind"]} "{reference["name"]}"'
                    return f'RBAC: allowed by {bound} "{name}" of {role} to {subject["kind"]} "{subject["name"]}"'
        return ""

    def rules_in(self, reference: Obj, namespace: str) -> Sequence[Obj]:
        cluster_wide = reference.get("kind") == "ClusterRole"
        resource = f"clusterroles.{API}" if cluster_wide else f"roles.{API}"
        role = self._store.find(resource, "" if cluster_wide else namespace, reference.get("name", ""))
        return (role or {}).get("rules") or []


def refusal(user: User, question: Question) -> ApiError:
    """Forbidden, in the real words."""
    if question.path:
        message = f'forbidden: User "{user.name}" cannot {question.verb} path "{question.path}"'
        return ApiError(403, "Forbidden", message, {})
    where = f' in the namespace "{question.namespace}"' if question.namespace else " at the cluster scope"
    named = f' "{question.name}"' if question.name else ""
    message = (
        f'{qualified(question.resource, question.group)}{named} is forbidden: User "{user.name}" cannot '
        f"{question.verb} "
        f'resource "{question.full_resource}" in API group "{question.group}"{where}'
    )
    return ApiError(403, "Forbidden", message, details_of(question.resource, question.group, question.name))


def _names(binding: Obj, user: User, namespace: str) -> bool:
    return any(_is_subject(subject, user, namespace) for subject in binding.get("subjects") or [])


def _is_subject(subject: Obj, user: User, namespace: str) -> bool:
    kind, name = subject.get("kind"), subject.get("name")
    if kind == "User":
        return user.name == name
    if kind == "Group":
        return name in user.groups
    space = subject.get("namespace") or namespace
    return kind == "ServiceAccount" and user.name == f"system:serviceaccount:{space}:{name}"


def _covers(rule: Obj, question: Question) -> bool:
    if not _has(rule.get("verbs"), question.verb):
        return False
    if question.path:
        return any(_path_matches(one, question.path) for one in rule.get("nonResourceURLs") or [])
    if not _has(rule.get("apiGroups"), question.group) or not _has_resource(rule.get("resources"), question):
        return False
    names = rule.get("resourceNames")
    return not names or question.name in names


def _has(values: Sequence[str] | None, wanted: str) -> bool:
    return values is not None and ("*" in values or wanted in values)


def _has_resource(values: Sequence[str] | None, question: Question) -> bool:
    wanted = question.full_resource
    if not values:
        return False
    return "*" in values or wanted in values or (bool(question.subresource) and f"*/{question.subresource}" in values)


def _path_matches(pattern: str, path: str) -> bool:
    return pattern == "*" or pattern == path or (pattern.endswith("*") and path.startswith(pattern[:-1]))


# ── covering whole rules, for escalation ──


def uncovered(wanted: Sequence[Obj], owned: Sequence[Obj]) -> list[Obj]:
    """What of the wanted rules the owned ones do not grant, as simple rules."""
    missing = []
    for simple in (one for rule in wanted for one in _split(rule)):
        if not any(_rule_covers(rule, simple) for rule in owned):
            missing.append(simple)
    return missing


def _split(rule: Obj) -> Iterator[Obj]:
    for path in rule.get("nonResourceURLs") or []:
        for verb in rule.get("verbs") or []:
            yield {"verbs": [verb], "nonResourceURLs": [path]}
    for group in rule.get("apiGroups") or []:
        for resource in rule.get("resources") or []:
            for verb in rule.get("verbs") or []:
                simple = {"verbs": [verb], "apiGroups": [group], "resources": [resource]}
                names = rule.get("resourceNames")
                if names:
                    yield from ({**simple, "resourceNames": [name]} for name in names)
                else:
                    yield simple


def _rule_covers(rule: Obj, simple: Obj) -> bool:
    if not _has(rule.get("verbs"), simple["verbs"][0]):
        return False
    if "nonResourceURLs" in simple:
        return any(_path_matches(one, simple["nonResourceURLs"][0]) for one in rule.get("nonResourceURLs") or [])
    resource, _, subresource = simple["resources"][0].partition("/")
    question = Question("", simple["apiGroups"][0], resource, subresource=subresource)
    if not _has(rule.get("apiGroups"), question.group) or not _has_resource(rule.get("resources"), question):
        return False
    names = rule.get("resourceNames")
    return not names or set(simple.get("resourceNames", [None])) <= set(names)
