"""Stateful sets."""

from __future__ import annotations

from ...labelselectors import selector_text
from ..about import About, count, moment
from ..claims import write_claim_templates
from ..events import write_events
from ..metadata import write_marks
from ..podtemplate import pods_line, write_template
from ..registry import describes
from ..text import Text


@describes("StatefulSet", "apps")
def describe(about: About, to: Text) -> None:
    spec, selector = about.spec, selector_text(about.spec.get("selector"))
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    to.field("CreationTimestamp", moment(about.metadata.get("creationTimestamp")))
    to.field("Selector", selector)
    write_marks(about, to)
    to.field("Replicas", f"{count(spec.get('replicas'))} desired | {count(about.status.get('replicas'))} total")
    strategy = spec.get("updateStrategy") or {}
    to.field("Update Strategy", strategy.get("type", ""))
    rolling = strategy.get("rollingUpdate") or {}
    if rolling.get("partition") is not None:
        to.field("Partition", rolling["partition"], 1)
        if rolling.get("maxUnavailable") is not None:
            to.field("MaxUnavailable", rolling["maxUnavailable"], 1)
    to.field("Pods Status", pods_line(about, selector))
    write_template(to, spec.get("template"))
    write_claim_templates(to, spec.get("volumeClaimTemplates"))
    write_events(about, to)
