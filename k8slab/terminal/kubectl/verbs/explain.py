"""kubectl explain."""

from __future__ import annotations

import re
from dataclasses import replace

from k8slab.kube.discovery import Resource

from ..explaining.document import name_of, read_document
from ..explaining.page import Page
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb

NO_TYPE = (
    "error: You must specify the type of resource to explain. "
    'Use "kubectl api-resources" for a complete list of supported resources.'
)
FORMATS = ("plaintext", "plaintext-openapiv2")
EXAMPLES = """  kubectl explain pods
  kubectl explain pods.spec.containers
  kubectl explain deployment.spec --recursive"""


@verb(
    "explain",
    Flag("recursive", kind="bool", help="When true, print the name of all the fields recursively."),
    Flag("api-version", help="Use given api-version (group/version) of the resource."),
    Flag("output", "o", default="plaintext", values=FORMATS, help="Format in which to render the schema."),
    summary="Get documentation for a resource",
    usage="TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group]",
    examples=EXAMPLES,
    completes="kind",
)
def run(invocation: Invocation) -> None:
    if not invocation.args:
        raise Failed(NO_TYPE)
    if len(invocation.args) > 1:
        raise Failed("error: We accept only this format: explain RESOURCE")
    if invocation.flags.text("output") not in FORMATS:
        raise Failed(f"error: unrecognized format: {invocation.flags.text('output')}")
    resource, path = _request(invocation, invocation.args[0])
    document = read_document(invocation, resource)
    if document.root() is None:
        raise Failed(f"error: GVR ({name_of(resource)}) not found in OpenAPI schema")
    page = Page(document, recursive=invocation.flags.on("recursive"))
    invocation.streams.out(page.head())
    text = page.text(path)
    if text is None:
        raise Failed(f'error: field "{path[-1]}" does not exist')
    invocation.streams.out(text)


def _request(invocation: Invocation, word: str) -> tuple[Resource, list[str]]:
    """`pods.spec`, `deployments.apps.spec`: the resource with or without its group, then fields."""
    first, *path = re.split(r"[./]", word.removesuffix("."))
    found = invocation.client.discovery.named(first) if first else None
    if found is None:
        raise Failed(f'the server doesn\'t have a resource type "{first}"')
    version = invocation.flags.text("api-version")
    if version:
        return _of_version(invocation, found, version), path
    same = (r for r in invocation.client.discovery.resources() if r.plural == found.plural)
    for resource in same:
        if resource.group and word.startswith(resource.qualified):
            return resource, [step for step in word[len(resource.qualified) :].split(".") if step]
    return found, path


def _of_version(invocation: Invocation, resource: Resource, version: str) -> Resource:
    """The kind in the version that was asked for, served or not: the document tells."""
    group, _, name = version.rpartition("/")
    for each in invocation.client.discovery.resources():
        if (each.group, each.version, each.plural) == (group, name, resource.plural):
            return each
    return replace(resource, group=group, version=name)
