"""kubectl rollout history."""

from __future__ import annotations

from ..describe.text import Text
from ..failures import Failures
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..output.printers import WRITING, format_of, object_printer
from ..registry import verb
from ..resources import Item, Selection
from ..rolling.patching import ROLLOUT, check_named
from ..rolling.revisions import CAUSE, Revision, check_kind, revisions_of
from ..rolling.undoing import template_text


@verb(
    "rollout history",
    ROLLOUT,
    Flag("revision", kind="int", default="0", help="See the details, including podTemplate of the revision specified."),
    summary="View rollout history",
    usage="(TYPE NAME | TYPE/NAME) [flags]",
    examples="  kubectl rollout history deployment/web --revision=3",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    check_named(invocation)
    number = invocation.flags.number("revision")
    if number < 0:
        raise Failed(f"error: revision must be a positive integer: {number}")
    printer, failures = object_printer(invocation, WRITING), Failures()
    for item in list(Selection(invocation, all_if_bare=True).items(failures)):
        with failures.kept():
            check_kind(item, "history viewer", "history")
            revisions = revisions_of(invocation, item)
            if printer is None and not format_of(invocation)[0]:
                invocation.say(f"{item.label} {_story(revisions, number)}")
                continue
            for revision in revisions:
                if number in (0, revision.number):
                    invocation.streams.out(
                        printer(revision.as_object(item)) if printer else f"{_keeper(item, revision)}\n"
                    )
    failures.finish()


def _keeper(item: Item, revision: Revision) -> str:
    name = revision.keeper["metadata"]["name"]
    return f"replicaset.apps/{name}" if item.resource.kind == "Deployment" else item.label


def _story(revisions: list[Revision], number: int) -> str:
    if not revisions:
        return "\nNo rollout history found."
    if number:
        found = next((revision for revision in revisions if revision.number == number), None)
        if found is None:
            raise Failed("error: unable to find the specified revision")
        return f"with revision #{number}\n{template_text(_with_cause(found))}"
    to = Text()
    to.line(0, "REVISION", "CHANGE-CAUSE")
    for revision in revisions:
        to.line(0, str(revision.number), revision.cause or "<none>")
    return f"\n{to.aligned()}"


def _with_cause(revision: Revision) -> dict[str, object]:
    """A deployment's template carries the cause of the replica set's change, as kubectl shows it."""
    metadata = dict(revision.template.get("metadata") or {})
    if revision.cause and revision.keeper.get("kind") == "ReplicaSet":
        metadata["annotations"] = {**(metadata.get("annotations") or {}), CAUSE: revision.cause}
    return {**revision.template, "metadata": metadata}
