"""The server's Tables as `kubectl get` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from k8slab.kube.client import Obj

from .columns import Columns, cell_text

NONE = "<none>"
EVENT_WIDTH = 8  # of the longest: MODIFIED


@dataclass(slots=True)
class TableView:
    """Which of a Table is shown. One for each kind that is printed; a watch goes on with the same one."""

    wide: bool = False
    headers: bool = True
    with_namespace: bool = False
    show_labels: bool = False
    label_columns: Sequence[str] = ()
    kind: str = ""  # put before the names: "deployment.apps"
    _columns: Columns = field(default_factory=Columns)
    _definitions: list[dict[str, Any]] = field(default_factory=list)

    def show(self, table: Obj, events: Sequence[str] | None = None) -> str:
        """Text of the Table's rows; the headers come with the first rows. `events`: a column of watch events."""
        self._definitions = table.get("columnDefinitions") or self._definitions
        rows = table.get("rows") or []
        if not rows:
            return ""
        lines = [self._row(row) for row in rows]
        if self.headers:
            lines.insert(0, self._headers())
            self.headers = False
            if events is not None:
                events = ["EVENT", *events]
        if events is not None:
            lines = [[event.ljust(EVENT_WIDTH), *line] for event, line in zip(events, lines, strict=True)]
        return self._columns.lines(lines)

    def _shown(self) -> list[int]:
        return [i for i, column in enumerate(self._definitions) if self.wide or not column.get("priority")]

    def _headers(self) -> list[str]:
        names = [str(self._definitions[i].get("name", "")).upper() for i in self._shown()]
        labels = [label.rpartition("/")[2].upper() for label in self.label_columns]
        return [
            *(["NAMESPACE"] if self.with_namespace else []),
            *names,
            *labels,
            *(["LABELS"] if self.show_labels else []),
        ]

    def _row(self, row: dict[str, Any]) -> list[str]:
        metadata = (row.get("object") or {}).get("metadata") or {}
        cells = row.get("cells") or []
        shown = [cell_text(cells[i]) if i < len(cells) else "" for i in self._shown()]
        if self.kind and shown:
            shown[0] = f"{self.kind}/{shown[0]}"
        labels = metadata.get("labels") or {}
        if self.with_namespace:
            shown.insert(0, cell_text(metadata.get("namespace", "")))
        shown += [cell_text(labels.get(label, "")) for label in self.label_columns]
        return [*shown, all_labels(labels)] if self.show_labels else shown


def all_labels(labels: dict[str, Any]) -> str:
    return cell_text(",".join(f"{key}={value}" for key, value in sorted(labels.items()))) if labels else NONE
