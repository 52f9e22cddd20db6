"""Nobody gives a right that he does not have: roles and bindings are checked against what their writer may do."""

from __future__ import annotations

from collections.abc import Sequence

from k8slab.emulator.admission.chain import Attributes, mutating
from k8slab.emulator.auth.rbac import API, Authorizer, Question, uncovered
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import forbidden

ROLES = (f"roles.{API}", f"clusterroles.{API}")
BINDINGS = (f"rolebindings.{API}", f"clusterrolebindings.{API}")


@mutating(90)
def check_rights(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    key, obj = attributes.kind.key, attributes.obj
    if call.inside or attributes.operation not in ("CREATE", "UPDATE") or key not in (*ROLES, *BINDINGS):
        return
    authorizer = cluster.authorizer
    if key in ROLES:
        wanted, verb = obj.get("rules") or [], "escalate"
        question = Question(verb, API, attributes.kind.plural, attributes.namespace, attributes.name)
    else:
        wanted = list(authorizer.rules_in(obj["roleRef"], attributes.namespace))
        plural = "clusterroles" if obj["roleRef"].get("kind") == "ClusterRole" else "roles"
        question = Question("bind", API, plural, attributes.namespace, obj["roleRef"].get("name", ""))
    if authorizer.allows(call.user, question):
        return
    missing = uncovered(wanted, authorizer.rules_of(call.user, attributes.namespace))
    if missing:
        raise forbidden(
            attributes.kind.plural, API, obj["metadata"].get("name", ""), _told(authorizer, call, wanted, missing)
        )


def _told(authorizer: Authorizer, call: Call, wanted: Sequence[Obj], missing: Sequence[Obj]) -> str:
    groups = ",".join(f'"{name}"' for name in call.user.groups)
    lines = [_compact(rule) for rule in _regrouped(missing)]
    return (
        f'user "{call.user.name}" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n'
        + "\n".join(lines)
    )


def _regrouped(missing: Sequence[Obj]) -> list[Obj]:
    """Simple rules that differ only in the verb become one."""
    found: list[Obj] = []
    for rule in missing:
        rest = {key: value for key, value in rule.items() if key != "verbs"}
        same = next((one for one in found if {k: v for k, v in one.items() if k != "verbs"} == rest), None)
        if same is None:
            found.append({**rest, "verbs": list(rule["verbs"])})
        else:
            same["verbs"] += [verb for verb in rule["verbs"] if verb not in same["verbs"]]
    return sorted(found, key=_compact)


def _compact(rule: Obj) -> str:
    names = (("apiGroups", "APIGroups"), ("resources", "Resources"), ("resourceNames", "ResourceNames"),
             ("nonResourceURLs", "NonResourceURLs"), ("verbs", "Verbs"))  # fmt: skip
    parts = [f"{go}:[{', '.join(chr(34) + one + chr(34) for one in rule[key])}]" for key, go in names if rule.get(key)]
    return "{" + ", ".join(parts) + "}"
