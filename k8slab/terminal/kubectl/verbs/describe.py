"""kubectl describe."""

from __future__ import annotations

from collections.abc import Iterator

from k8slab.kube.errors import NotFound

from ..describe.about import About
from ..describe.registry import describer_of
from ..describe.text import Text
from ..failures import Failures
from ..flags import Flag
from ..flagsets import ALL_NAMESPACES, FILENAME, SELECTOR
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..registry import verb
from ..requests import list_all
from ..resources import Item, Selection, find_resource

NO_TYPE = """error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list \
of supported resources."""
EXAMPLES = """  kubectl describe pod web-0
  kubectl describe deploy web
  kubectl describe pods -l app=web
  kubectl describe -f pod.yaml"""


@verb(
    "describe",
    FILENAME,
    SELECTOR,
    ALL_NAMESPACES,
    Flag("show-events", kind="bool", default="true", help="If true, display events related to the described object."),
    Flag("chunk-size", kind="int", default="500", help="Return large lists in chunks rather than all at once."),
    summary="Show details of a specific resource or group of resources",
    usage="(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
    examples=EXAMPLES,
    completes="resource",
)
def run(invocation: Invocation) -> None:
    if not invocation.args and not has_files(invocation):
        raise Failed(NO_TYPE)
    failures = Failures()
    items = list(Selection(invocation, all_if_bare=True).items(failures))
    missing = failures.errors[0] if len(failures.errors) == 1 else None
    if isinstance(missing, NotFound) and len(invocation.args) == 2:
        return _by_prefix(invocation, missing)
    shown = False
    for item in items:
        with failures.kept():
            text = describe(invocation, item)
            invocation.streams.out(f"\n\n{text}" if shown else text)
            shown = True
    if not items and not failures:
        everywhere = invocation.flags.on("all-namespaces")
        invocation.warn("No resources found" + ("" if everywhere else f" in {invocation.namespace} namespace."))
    failures.finish()


def describe(invocation: Invocation, item: Item) -> str:
    """Raises a KubeError."""
    about, to = About(invocation, item.resource, item.obj), Text()
    describer_of(item.resource.group, item.resource.kind)(about, to)
    return to.aligned()


def _by_prefix(invocation: Invocation, missing: NotFound) -> None:
    """Those whose names begin as what was asked for and is not there."""
    kind, prefix = invocation.args
    if "/" in kind:  # two objects by name, of which one is not there: neither is told of, as by kubectl
        raise missing
    items = list(_beginning(invocation, kind, prefix))
    if not items:
        raise missing
    for item in items:
        invocation.say(describe(invocation, item))


def _beginning(invocation: Invocation, kind: str, prefix: str) -> Iterator[Item]:
    resource = find_resource(invocation, kind)
    namespace = invocation.namespace if resource.namespaced else None
    for obj in list_all(invocation, resource, namespace)["items"]:
        metadata = obj["metadata"]
        if metadata["name"].startswith(prefix):
            yield Item(resource, metadata.get("namespace"), metadata["name"], obj)
