"""kubectl rollout undo."""

from __future__ import annotations

from ..failures import Failures
from ..flags import Flag
from ..flagsets import DRY_RUN
from ..invocation import Invocation
from ..output.printers import Report
from ..registry import verb
from ..resources import Selection
from ..rolling.patching import ROLLOUT, check_named
from ..rolling.revisions import check_kind
from ..rolling.undoing import roll_back


@verb(
    "rollout undo",
    ROLLOUT,
    DRY_RUN,
    Flag("to-revision", kind="int", default="0", help="The revision to rollback to. Default to 0 (last revision)."),
    summary="Undo a previous rollout",
    usage="(TYPE NAME | TYPE/NAME) [flags]",
    examples="  kubectl rollout undo deployment/web --to-revision=2",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    check_named(invocation)
    report, failures = Report(invocation), Failures()
    number = invocation.flags.number("to-revision")
    for item in list(Selection(invocation, all_if_bare=True).items(failures)):
        with failures.kept():
            check_kind(item, "rollbacker", "rollbacker")
            report.tell(item, roll_back(invocation, item, number, report.how))
    failures.finish()
