"""kubectl auth whoami."""

from __future__ import annotations

from ..flagsets import OUTPUT
from ..invocation import Failed, Invocation
from ..output.columns import Columns
from ..output.godump import go_value
from ..output.printers import WRITING, format_of, object_printer
from ..registry import verb
from ..requests import create

API, KIND = "authentication.k8s.io/v1", "SelfSubjectReview"


@verb("auth whoami", OUTPUT, summary="Experimental: Check self subject attributes")
def run(invocation: Invocation) -> None:
    if invocation.args:
        raise Failed(f'error: unknown command "{invocation.args[0]}" for "kubectl auth whoami"')
    printer = object_printer(invocation, WRITING)
    resource = invocation.client.resource(API, KIND)
    review = create(invocation, resource, None, {"apiVersion": API, "kind": KIND})
    if printer is not None:
        invocation.streams.out(printer(review))
    elif format_of(invocation)[0] == "name":
        invocation.say("selfsubjectreview.authentication.k8s.io/<unknown>")
    else:
        invocation.streams.out(Columns().lines([["ATTRIBUTE", "VALUE"], *_rows(review)]))


def _rows(review: dict[str, object]) -> list[list[str]]:
    status = review.get("status")
    user = status.get("userInfo") or {} if isinstance(status, dict) else {}
    rows = [["Username", user.get("username", "")], ["UID", user.get("uid", "")]]
    rows.append(["Groups", go_value(user["groups"]) if user.get("groups") else ""])
    extra = sorted((user.get("extra") or {}).items())
    rows += [[f"Extra: {key}", go_value(values)] for key, values in extra]
    return [row for row in rows if row[1]]
