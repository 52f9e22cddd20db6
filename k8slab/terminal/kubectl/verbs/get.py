"""kubectl get."""

from __future__ import annotations

from ..flags import Flag
from ..flagsets import ALL_NAMESPACES, FIELD_SELECTOR, FILENAME, OUTPUT, SELECTOR, SUBRESOURCE
from ..getting.objects import show_objects
from ..getting.tables import show_tables
from ..getting.view import View
from ..getting.watching import follow
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..output.printers import READING, columns_printer, format_of, object_printer
from ..registry import verb

NO_TYPE = """You must specify the type of resource to get. Use "kubectl api-resources" for a complete list \
of supported resources.

error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples"""
EXAMPLES = """  kubectl get pods
  kubectl get pods -o wide
  kubectl get deploy,svc -l app=web
  kubectl get deploy/web svc/web
  kubectl get pod web-0 -o jsonpath='{.status.podIP}'"""


@verb(
    "get",
    FILENAME,
    OUTPUT,
    SELECTOR,
    FIELD_SELECTOR,
    ALL_NAMESPACES,
    SUBRESOURCE,
    Flag("watch", "w", kind="bool", help="After listing/getting the requested object, watch for changes."),
    Flag("watch-only", kind="bool", help="Watch for changes to the requested object(s), without listing first."),
    Flag("output-watch-events", kind="bool", help="Output watch event objects when --watch or --watch-only is used."),
    Flag("show-labels", kind="bool", help="When printing, show all labels as the last column."),
    Flag("label-columns", "L", kind="list", help="Labels that are going to be presented as columns."),
    Flag("sort-by", help="Sort list types using this field specification, a JSONPath expression."),
    Flag("no-headers", kind="bool", help="When using the default or custom-column output format, don't print headers."),
    Flag("show-kind", kind="bool", help="If present, list the resource type for the requested object(s)."),
    Flag("ignore-not-found", kind="bool", help="If the object does not exist the command returns exit code 0."),
    Flag("chunk-size", kind="int", default="500", help="Return large lists in chunks rather than all at once."),
    Flag("server-print", kind="bool", default="true", help="If true, have the server return the output's columns."),
    Flag("raw", help="Raw URI to request from the server."),
    summary="Display one or many resources",
    usage="TYPE [NAME | -l label] | TYPE/NAME ...",
    examples=EXAMPLES,
    completes="resource",
)
def run(invocation: Invocation) -> None:
    flags = invocation.flags
    if flags.text("raw"):
        raise Failed("error: --raw is not available in this terminal")
    if not invocation.args and not has_files(invocation):
        raise Failed(NO_TYPE)
    if flags.on("watch-only") or flags.on("watch"):
        return follow(View(invocation))
    if flags.on("output-watch-events"):
        raise Failed("error: --output-watch-events option can only be used with --watch or --watch-only")
    view = View(invocation)
    output, argument = format_of(invocation)
    if output.startswith("custom-columns"):
        columns = columns_printer(invocation, output, argument)
        return show_objects(view, lambda obj: columns.show(obj["items"] if view.is_list(obj) else [obj]))
    printer = object_printer(invocation, READING)
    if printer is not None or output == "name":
        return show_objects(view, printer)
    return show_tables(view)
