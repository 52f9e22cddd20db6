"""kubectl auth can-i."""

from __future__ import annotations

from typing import Any

from ..describe.policyrules import TITLES, rule_cells
from ..flags import Flag
from ..flagsets import ALL_NAMESPACES
from ..invocation import Failed, Invocation
from ..output.columns import Columns
from ..registry import verb
from ..requests import create

VERBS = frozenset(
    (
        *("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"),
        *("use", "bind", "escalate", "impersonate", "*", "approve", "sign", "attest"),
    )
)
URL_VERBS = frozenset(("get", "put", "post", "head", "options", "delete", "patch", "*"))
UNKNOWN_TO_SERVERS = ("users", "groups", "serviceaccounts", "userextras", "uids")
NEEDS_TWO = (
    "error: you must specify two arguments: verb resource or verb resource/resourceName.\n"
    "See 'kubectl auth can-i -h' for help and examples."
)
API = "authorization.k8s.io/v1"


@verb(
    "auth can-i",
    ALL_NAMESPACES,
    Flag("quiet", "q", kind="bool", help="If true, suppress output and just return the exit code."),
    Flag("list", kind="bool", help="If true, prints all allowed actions."),
    Flag("subresource", help="SubResource such as pod/log or deployment/scale."),
    Flag("no-headers", kind="bool", help="If true, prints allowed actions without headers."),
    summary="Check whether an action is allowed",
    usage="VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
    examples="  kubectl auth can-i create deployments\n  kubectl auth can-i --list",
)
def run(invocation: Invocation) -> int:
    flags = invocation.flags
    if flags.on("list"):
        _list(invocation)
        return 0
    if len(invocation.args) != 2:
        raise Failed(NEEDS_TWO)
    spec = _url(invocation) if invocation.args[1].startswith("/") else _resource(invocation)
    if flags.on("no-headers"):
        raise Failed("error: --no-headers cannot be set without --list specified")
    status = _review(invocation, "SelfSubjectAccessReview", spec)
    allowed = bool(status.get("allowed"))
    reasons = "".join(f" - {status[key]}" for key in ("reason", "evaluationError") if status.get(key))
    if not flags.on("quiet"):
        invocation.say("yes" if allowed else f"no{reasons}")
    return 0 if allowed else 1


def _review(invocation: Invocation, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    resource = invocation.client.resource(API, kind)
    answer = create(invocation, resource, None, {"apiVersion": API, "kind": kind, "spec": spec})
    status: dict[str, Any] = answer.get("status") or {}
    return status


def _warn(invocation: Invocation, text: str) -> None:
    """kubectl's own warnings end with an empty line."""
    invocation.warn(f"Warning: {text}\n")


def _url(invocation: Invocation) -> dict[str, Any]:
    verb_word, path = invocation.args
    if invocation.flags.text("subresource"):
        raise Failed("error: --subresource can not be used with NonResourceURL")
    if verb_word not in URL_VERBS:
        _warn(invocation, f"verb '{verb_word}' is not a known verb")
    return {"nonResourceAttributes": {"verb": verb_word, "path": path}}


def _resource(invocation: Invocation) -> dict[str, Any]:
    verb_word, (word, _, name) = invocation.args[0], invocation.args[1].partition("/")
    everywhere = invocation.flags.on("all-namespaces")
    found = invocation.client.discovery.named(word.lower()) if word != "*" else None
    if found is None and word != "*":
        plural, _, group = word.lower().partition(".")
        where = f" in group '{group}'" if group else ""
        if plural not in UNKNOWN_TO_SERVERS:
            _warn(invocation, f"the server doesn't have a resource type '{plural}'{where}")
    if found and not found.namespaced and not everywhere:
        where = f" in group '{found.group}'" if found.group else ""
        _warn(invocation, f"resource '{found.plural}' is not namespace scoped{where}")
    if verb_word not in VERBS and not everywhere:
        _warn(invocation, f"verb '{verb_word}' is not a known verb")
    attributes = {
        "namespace": "" if everywhere else invocation.namespace,
        "verb": verb_word,
        "group": found.group if found else "",
        "resource": found.plural if found else word,
        "subresource": invocation.flags.text("subresource"),
        "name": name,
    }
    return {"resourceAttributes": {key: value for key, value in attributes.items() if value}}


def _list(invocation: Invocation) -> None:
    flags = invocation.flags
    if invocation.args:
        raise Failed("error: list option must be specified with no arguments")
    if flags.on("quiet") or flags.on("all-namespaces") or flags.text("subresource"):
        wrong = "quiet, all-namespaces nor subresource options"
        raise Failed(f"error: list option can't be specified with neither {wrong}")
    status = _review(invocation, "SelfSubjectRulesReview", {"namespace": invocation.namespace})
    if status.get("incomplete"):
        invocation.warn(f"Warning: the list may be incomplete: {status.get('evaluationError', '')}")
    rules = [*(status.get("resourceRules") or ()), *(status.get("nonResourceRules") or ())]
    rows = [[] if flags.on("no-headers") else list(TITLES), *rule_cells(rules)]
    invocation.streams.out(Columns().lines(row for row in rows if row))
