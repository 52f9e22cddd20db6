"""Applies documents one by one, in their order, and tells each one's outcome with the lines of whatever is wrong."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .client import FIELD_MANAGER, Client, Obj
from .discovery import Resource
from .documents import Document
from .errors import KubeError, Unauthorized, UnknownKind
from .problems import Problem
from .translate import problems_of

Action = Literal["created", "configured", "unchanged", "failed"]
SECOND_TRY = 0.3  # seconds until an object is tried again when the cluster did not answer
# what only the server writes; it comes along when somebody pastes `kubectl get -o yaml`
_SERVER_SIDE = ("managedFields", "resourceVersion", "uid", "selfLink", "creationTimestamp", "generation")


@dataclass(frozen=True, slots=True)
class Outcome:
    index: int  # of the document
    line: int
    api_version: str
    kind: str
    name: str
    action: Action
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """How to apply. `cluster_scoped`: kinds without a namespace that are allowed; None allows every kind. `prefixed`:
    they must carry the namespace's name as a prefix, and other namespaces that do so may be applied into."""

    field_manager: str = FIELD_MANAGER
    force: bool = True
    cluster_scoped: frozenset[str] | None = frozenset()
    prefixed: bool = False


STUDENTS = Rules()


def apply_documents(
    client: Client, documents: Sequence[Document], namespace: str, rules: Rules = STUDENTS
) -> Iterator[Outcome]:
    """Raises the KubeError that trying again can help, after the outcome of the object that it hit."""
    seen: dict[tuple[str, str], int] = {}
    for document in documents:
        problem = _duplicate(document, seen)
        if problem:
            yield _failed(document, (problem,))
            continue
        try:
            yield _apply(client, document, namespace, rules)
        except Unauthorized:
            raise  # our own credentials: nothing that a student could mend
        except KubeError as error:
            yield _failed(document, _explain(client, error, document))
            if not error.permanent:
                raise


def _apply(client: Client, document: Document, namespace: str, rules: Rules) -> Outcome:
    resource = client.resource(document.obj["apiVersion"], document.obj["kind"])
    problem = _misplaced(document, resource, namespace, rules)
    if problem:
        return _failed(document, (problem,))
    where = (document.obj["metadata"].get("namespace") or namespace) if resource.namespaced else None
    try:
        action = _write(client, document.obj, where, rules)
    except KubeError as error:
        if error.permanent:
            raise
        time.sleep(SECOND_TRY)  # the same apply again does no harm, and a server that restarts is back soon
        action = _write(client, document.obj, where, rules)
    return _outcome(document, action)


def _write(client: Client, obj: Obj, namespace: str | None, rules: Rules) -> Action:
    before = client.find(obj["apiVersion"], obj["kind"], obj["metadata"]["name"], namespace)
    applied = client.apply(_to_send(obj, namespace), namespace, field_manager=rules.field_manager, force=rules.force)
    if applied.created or before is None:
        return "created"
    same = applied.obj["metadata"].get("resourceVersion") == before["metadata"].get("resourceVersion")
    return "unchanged" if same else "configured"


def _to_send(obj: Obj, namespace: str | None) -> dict[str, Any]:
    sent = copy.copy(obj)
    sent["metadata"] = {key: value for key, value in obj["metadata"].items() if key not in _SERVER_SIDE}
    if namespace:
        sent["metadata"]["namespace"] = namespace
    return sent


def _duplicate(document: Document, seen: dict[tuple[str, str], int]) -> Problem | None:
    kind, name = document.obj["kind"], document.obj["metadata"]["name"]
    first = seen.setdefault((kind, name), document.line)
    if first == document.line:
        return None
    line, column = document.locate("metadata.name")
    return Problem("duplicate", line, column, {"kind": kind, "name": name, "first": first})


def _misplaced(document: Document, resource: Resource, namespace: str, rules: Rules) -> Problem | None:
    if not resource.namespaced:
        return _misnamed(document, resource, namespace, rules)
    named = document.obj["metadata"].get("namespace")
    if named in (None, "", namespace) or (rules.prefixed and str(named).startswith(f"{namespace}-")):
        return None
    return Problem("wrong-namespace", *document.locate("metadata.namespace"), {"namespace": named, "own": namespace})


def _misnamed(document: Document, resource: Resource, namespace: str, rules: Rules) -> Problem | None:
    if rules.cluster_scoped is not None and resource.kind not in rules.cluster_scoped:
        return Problem("cluster-scoped", *document.locate("kind"), {"kind": resource.kind})
    name, prefix = document.obj["metadata"]["name"], f"{namespace}-"
    if not rules.prefixed or name.startswith(prefix):
        return None
    told = {"kind": resource.kind, "name": name, "prefix": prefix}
    return Problem("wrong-prefix", *document.locate("metadata.name"), told)


def _explain(client: Client, error: KubeError, document: Document) -> tuple[Problem, ...]:
    if isinstance(error, UnknownKind) or not error.permanent:
        return problems_of(error, document)
    resource = client.resource(document.obj["apiVersion"], document.obj["kind"])
    return problems_of(error, document, lambda path: client.fields.suggest(resource, path))


def _failed(document: Document, problems: tuple[Problem, ...]) -> Outcome:
    return _outcome(document, "failed", problems)


def _outcome(document: Document, action: Action, problems: tuple[Problem, ...] = ()) -> Outcome:
    obj = document.obj
    return Outcome(
        document.index, document.line, obj["apiVersion"], obj["kind"], obj["metadata"]["name"], action, problems
    )
