"""kubectl api-resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from k8slab.kube.discovery import Resource

from ..flags import Flag
from ..invocation import Failed, Invocation
from ..output.columns import Columns
from ..registry import verb

HEADERS = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
WIDE = ["VERBS", "CATEGORIES"]


@verb(
    "api-resources",
    Flag("api-group", help="Limit to resources in the specified API group."),
    Flag("namespaced", kind="bool", default="true", help="If false, non-namespaced resources will be returned."),
    Flag("verbs", kind="list", help="Limit to resources that support the specified verbs."),
    Flag("categories", kind="list", help="Limit to resources that belong to the specified categories."),
    Flag("sort-by", values=("name", "kind"), help="If non-empty, sort list of resources using specified field."),
    Flag("no-headers", kind="bool", help="When using the default or wide output format, don't print headers."),
    Flag("cached", kind="bool", help="Use the cached list of resources if available."),
    Flag("output", "o", values=("wide", "name"), help="Output format. One of: (wide, name)."),
    summary="Print the supported API resources on the server",
    usage="[flags]",
    examples="  kubectl api-resources --namespaced=false\n  kubectl api-resources --api-group=apps -o wide",
)
def run(invocation: Invocation) -> None:
    flags, output = invocation.flags, invocation.flags.text("output")
    if invocation.args:
        see = "See 'kubectl api-resources -h' for help and examples"
        raise Failed(f"error: unexpected arguments: [{' '.join(invocation.args)}]\n{see}")
    if output not in ("", "wide", "name"):
        raise Failed(f"error: --output {output} is not available")
    if flags.text("sort-by") not in ("", "name", "kind"):
        raise Failed("error: --sort-by accepts only name or kind")
    resources = sorted(_wanted(invocation), key=_order(flags.text("sort-by")))
    if output == "name":
        for resource in resources:
            invocation.say(resource.qualified)
        return
    rows = [_row(resource, wide=output == "wide") for resource in resources]
    if not flags.on("no-headers"):
        rows.insert(0, HEADERS + (WIDE if output else []))
    invocation.streams.out(Columns().lines(rows))


def _wanted(invocation: Invocation) -> Iterable[Resource]:
    flags = invocation.flags
    preferred: dict[tuple[str, str], Resource] = {}
    for resource in invocation.client.discovery.resources():
        preferred.setdefault((resource.group, resource.plural), resource)
    for resource in preferred.values():
        if flags.was_given("api-group") and resource.group != flags.text("api-group"):
            continue
        if flags.was_given("namespaced") and resource.namespaced != flags.on("namespaced"):
            continue
        categories = frozenset(flags.many("categories")) <= frozenset(resource.categories)
        if resource.verbs and frozenset(flags.many("verbs")) <= resource.verbs and categories:
            yield resource


def _order(by: str) -> Callable[[Resource], tuple[str, ...]]:
    if by == "kind":
        return lambda resource: (resource.kind,)
    return lambda resource: (resource.plural,) if by else (resource.group, resource.plural)


def _row(resource: Resource, *, wide: bool) -> list[str]:
    namespaced = "true" if resource.namespaced else "false"
    row = [resource.plural, ",".join(resource.short_names), resource.api_version, namespaced, resource.kind]
    return [*row, ",".join(sorted(resource.verbs)), ",".join(resource.categories)] if wide else row
