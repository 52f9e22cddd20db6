"""Daemon sets."""

from __future__ import annotations

from ...labelselectors import labels_line, selector_text
from ..about import About, count
from ..events import write_events
from ..metadata import write_marks
from ..podtemplate import pods_line, write_template
from ..registry import describes
from ..text import Text

_COUNTS = (
    ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
    ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
    ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
    ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
    ("Number of Nodes Misscheduled", "numberMisscheduled"),
)


@describes("DaemonSet", "apps")
def describe(about: About, to: Text) -> None:
    spec, selector = about.spec, selector_text(about.spec.get("selector"))
    template = spec.get("template") or {}
    to.field("Name", about.name)
    to.field("Selector", selector)
    to.field("Node-Selector", labels_line((template.get("spec") or {}).get("nodeSelector")))
    write_marks(about, to)
    for title, key in _COUNTS:
        to.line(0, f"{title}: {count(about.status.get(key))}")
    to.field("Pods Status", pods_line(about, selector))
    write_template(to, template)
    write_events(about, to)
