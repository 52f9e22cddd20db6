"""kubectl events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from k8slab.kube.client import Obj

from ..creating.objects import as_typed
from ..flags import Flag
from ..flagsets import ALL_NAMESPACES, OUTPUT
from ..following import LONGEST, watch
from ..invocation import Failed, Invocation
from ..output.ages import since
from ..output.columns import Columns, cell_text
from ..output.printers import WRITING, object_printer
from ..registry import verb
from ..requests import list_all, selectors
from ..resources import find_resource

PAUSE = 0.2  # seconds before the next stream
TYPES = ("Normal", "Warning")
FORMATS = ("json", "yaml")
HEADERS = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]


@verb(
    "events",
    OUTPUT,
    ALL_NAMESPACES,
    Flag("for", help="Filter events to only those pertaining to the specified resource."),
    Flag("types", kind="list", help="Output only events of given types."),
    Flag("watch", "w", kind="bool", help="After listing the requested events, watch for more events."),
    Flag("no-headers", kind="bool", help="When using the default output format, don't print headers."),
    Flag("chunk-size", kind="int", default="500", help="Return large lists in chunks rather than all at once."),
    summary="List events",
    usage="[(-o|--output=)json|yaml] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
    examples="  kubectl events --for pod/web-0 --watch",
)
def run(invocation: Invocation) -> None:
    flags = invocation.flags
    if invocation.args:
        raise Failed(f'error: unknown command "{invocation.args[0]}" for "kubectl events"')
    types = {_type(word) for word in flags.many("types")}
    fields = _fields(invocation)
    resource = invocation.client.resource("v1", "Event")
    namespace = None if flags.on("all-namespaces") else invocation.namespace
    listing = list_all(invocation, resource, namespace, fields=fields)
    events = sorted((event for event in listing["items"] if _fits(event, types)), key=_moment)
    printer = object_printer(invocation, WRITING, typed=True)
    if printer is not None and not flags.on("watch"):
        head = {"kind": "EventList", "apiVersion": "v1", "metadata": {}}
        invocation.streams.out(printer({**head, "items": [{"kind": "Event", **as_typed(event)} for event in events]}))
        return
    table = _Table(invocation)
    if events:
        table.show(events)
    elif not flags.on("watch"):
        where = f" in {invocation.namespace} namespace" if namespace else ""
        invocation.warn(f"No events found{where}.")
    if flags.on("watch"):
        _follow(invocation, resource.path(namespace), fields, listing, types, table)


def _follow(invocation: Invocation, path: str, fields: str, listing: Obj, types: set[str], table: _Table) -> None:
    version = listing["metadata"]["resourceVersion"]
    while True:
        query = [*selectors("", fields), ("resourceVersion", version), ("allowWatchBookmarks", "true")]
        for change, event in watch(invocation, path, query, timeout=LONGEST):
            version = event["metadata"].get("resourceVersion", version)
            if change != "DELETED" and _fits(event, types):
                table.show([event])
        invocation.streams.stop.wait(PAUSE)


def _type(word: str) -> str:
    found = next((name for name in TYPES if name.lower() == word.lower()), None)
    if found is None:
        raise Failed("error: valid --types are Normal or Warning")
    return found


def _fields(invocation: Invocation) -> str:
    """The field selector of --for."""
    word = invocation.flags.text("for")
    if not word:
        return ""
    kind, slash, name = word.partition("/")
    if not slash or not name or "/" in name:
        raise Failed("error: --for must be in resource/name form")
    resource = find_resource(invocation, kind)
    fields = {"kind": resource.kind, "apiVersion": resource.api_version, "name": name}
    return ",".join(f"involvedObject.{field}={value}" for field, value in fields.items())


def _fits(event: Obj, types: set[str]) -> bool:
    return not types or event.get("type") in types


def _moment(event: Obj) -> datetime:
    """When it was seen last."""
    series = (event.get("series") or {}).get("lastObservedTime")
    text = series or event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp")
    return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)


class _Table:
    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self._columns = Columns()
        self._headers = not invocation.flags.on("no-headers")
        self._namespace = invocation.flags.on("all-namespaces")

    def show(self, events: Iterable[Obj]) -> None:
        rows = [self._row(event) for event in events]
        if self._headers:
            rows.insert(0, [*(["NAMESPACE"] if self._namespace else []), *HEADERS])
            self._headers = False
        self._invocation.streams.out(self._columns.lines(rows))

    def _row(self, event: Obj) -> list[str]:
        involved = event.get("involvedObject") or {}
        cells = [_last_seen(event), event.get("type"), event.get("reason")]
        cells += [f"{involved.get('kind', '')}/{involved.get('name', '')}", str(event.get("message", "")).strip()]
        namespace = [event["metadata"].get("namespace", "")] if self._namespace else []
        return [cell_text(cell) for cell in (*namespace, *cells)]


def _last_seen(event: Obj) -> str:
    first = since(event.get("eventTime") or event.get("firstTimestamp"))
    series = event.get("series")
    if series:
        return f"{since(series.get('lastObservedTime'))} (x{series.get('count')} over {first})"
    if (event.get("count") or 0) > 1:
        return f"{since(event.get('lastTimestamp'))} (x{event['count']} over {first})"
    return first
