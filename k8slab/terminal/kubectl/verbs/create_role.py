"""kubectl create role, clusterrole."""

from __future__ import annotations

from ..creating.objects import Map, pairs, typed
from ..creating.rules import RULE_FLAGS, read_rules
from ..creating.submit import CREATING, one_name, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb

VERSION = "rbac.authorization.k8s.io/v1"


@verb(
    "create role",
    CREATING,
    RULE_FLAGS,
    summary="Create a role with single rule",
    usage="NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename]",
    examples="  kubectl create role reader --verb=get,list --resource=pods",
)
def role(invocation: Invocation) -> None:
    name = one_name(invocation)
    submit(invocation, {**typed(VERSION, "Role", name), "rules": read_rules(invocation)})


@verb(
    "create clusterrole",
    CREATING,
    RULE_FLAGS,
    Flag("non-resource-url", kind="list", help="A partial url that user should have access to."),
    Flag("aggregation-rule", kind="list", help="An aggregation label selector for combining ClusterRoles."),
    summary="Create a cluster role",
    usage="NAME --verb=verb --resource=resource.group [--resource-name=resourcename]",
    examples="  kubectl create clusterrole reader --verb=get,list --resource=pods",
)
def cluster_role(invocation: Invocation) -> None:
    flags, obj = invocation.flags, typed(VERSION, "ClusterRole", one_name(invocation))
    selected = pairs(flags.many("aggregation-rule"), "aggregation-rule")
    if selected:
        rule: Map = {"clusterRoleSelectors": [{"matchLabels": dict(sorted(selected.items()))}]}
        submit(invocation, {**obj, "rules": None, "aggregationRule": rule})
        return
    urls = flags.many("non-resource-url")
    rules: list[Map] = list(read_rules(invocation)) if flags.many("resource") or not urls else []
    if urls:
        if not flags.many("verb"):
            raise Failed("error: at least one verb must be specified")
        rules.append({"verbs": flags.many("verb"), "nonResourceURLs": urls})
    submit(invocation, {**obj, "rules": rules})
