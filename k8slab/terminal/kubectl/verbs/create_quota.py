"""kubectl create quota."""

from __future__ import annotations

from ..creating.objects import Map, typed
from ..creating.submit import CREATING, one_name, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb


@verb(
    "create quota",
    CREATING,
    Flag("hard", help="A comma-delimited set of resource=quantity pairs that define a hard limit."),
    Flag("scopes", help="A comma-delimited set of quota scopes that must all match each object tracked by the quota."),
    summary="Create a quota with the specified name",
    usage="NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2]",
    examples="  kubectl create quota small --hard=cpu=1,memory=1G,pods=2",
    aliases=("create resourcequota",),
)
def run(invocation: Invocation) -> None:
    flags, name = invocation.flags, one_name(invocation)
    spec: Map = {}
    hard = _hard(flags.text("hard"))
    if hard:
        spec["hard"] = hard
    if flags.text("scopes"):
        spec["scopes"] = _scopes(flags.text("scopes"))
    submit(
        invocation, {**typed("v1", "ResourceQuota", name), "spec": spec, "status": {}}, prefix="failed to create quota:"
    )


def _hard(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in text.split(",") if text else ():
        key, equals, value = word.partition("=")
        if not equals or "=" in value:
            raise Failed(f"error: Invalid argument syntax {word}, expected <resource>=<value>")
        found[key] = value
    return dict(sorted(found.items()))


def _scopes(text: str) -> list[str]:
    scopes = text.split(",")
    if "" in scopes:
        raise Failed('error: invalid resource quota scope ""')
    return scopes
