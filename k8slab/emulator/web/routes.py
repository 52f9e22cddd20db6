"""From a path to what it means: which resource, which object, which verb."""

from __future__ import annotations

from dataclasses import dataclass

from k8slab.emulator.auth.rbac import Question
from k8slab.emulator.resources import Resource, ResourceTable
from k8slab.emulator.status import ApiError

VERB_OF = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(slots=True)
class Target:
    kind: Resource
    verb: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    tail: str = ""  # what follows a proxy subresource
    watch: bool = False

    @property
    def question(self) -> Question:
        kind = self.kind
        space = self.name if kind.key == "namespaces" else self.namespace
        return Question(self.verb, kind.group, kind.plural, space, self.name, self.subresource)


def no_such_resource() -> ApiError:
    return ApiError(404, "NotFound", "the server could not find the requested resource", {})


def no_such_method() -> ApiError:
    text = "the server does not allow this method on the requested resource"
    return ApiError(405, "MethodNotAllowed", text, {})


def find_target(table: ResourceTable, method: str, path: str, watch: bool) -> Target | None:
    """What a path under /api or /apis names; None where it is not about resources at all."""
    parts = path.split("/")[1:] or [""]
    if parts[0] == "api" and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    if group and not any(resource.group == group for resource in table):
        return None
    if rest and rest[0] == "watch":
        rest, watch = rest[1:], True
    if rest and not rest[-1]:
        rest = rest[:-1]
    return _target(table, (group, version), rest, method, watch)


def _target(table: ResourceTable, where: tuple[str, str], rest: list[str], method: str, watch: bool) -> Target:
    namespace = ""
    if (
        len(rest) > 2
        and rest[0] == "namespaces"
        and table.at(*where, rest[2])
        and rest[2] not in ("status", "finalize")
    ):
        namespace, rest = rest[1], rest[2:]
    kind = table.at(*where, rest[0]) if rest else None
    if kind is None or (namespace and not kind.namespaced):
        raise no_such_resource()
    name = rest[1] if len(rest) > 1 else ""
    subresource = rest[2] if len(rest) > 2 else ""
    if kind.namespaced and name and not namespace:
        raise no_such_resource()
    if subresource and subresource not in kind.subresources:
        raise no_such_resource()
    target = Target(kind, "", namespace, name, subresource, "/".join(rest[3:]), watch and not subresource)
    target.verb = _verb(target, method)
    return target


def _verb(target: Target, method: str) -> str:
    verb = VERB_OF.get(method)
    if verb is None:
        raise no_such_method()
    if target.subresource:
        return verb
    if not target.name:
        verb = {"get": "watch" if target.watch else "list", "delete": "deletecollection"}.get(verb, verb)
        if verb in ("update", "patch"):
            raise no_such_method()
    elif verb == "create":
        raise no_such_method()
    if verb not in target.kind.verbs and not (verb == "create" and target.kind.namespaced and not target.namespace):
        raise no_such_method()
    if verb == "create" and target.kind.namespaced and not target.namespace:
        raise no_such_method()
    return verb
