"""Limit ranges."""

from __future__ import annotations

from ..about import About
from ..limits import TITLES, write_limits
from ..registry import describes
from ..text import Text


@describes("LimitRange")
def describe(about: About, to: Text) -> None:
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    for line in TITLES:
        to.line(0, *line)
    write_limits(to, about.spec, "")
