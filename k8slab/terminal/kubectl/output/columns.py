"""Aligned columns as Go's tabwriter makes them for kubectl: at least 6 wide, 3 blanks between, no more than needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from .godump import go_value

MIN_WIDTH, PADDING = 6, 3
WIDEST = 2000  # a longer cell sticks out instead of making every row as long
_BREAK = re.compile(r"[\f\n\r]")


class Columns:
    """Remembers its widths, so that rows which come later (a watch) stay in their columns."""

    def __init__(self) -> None:
        self._widths: list[int] = []

    def lines(self, rows: Iterable[Sequence[str]]) -> str:
        """The rows as text. The last cell of a row is not padded."""
        rows = list(rows)
        for row in rows:
            for i, cell in enumerate(row[:-1]):
                if i == len(self._widths):
                    self._widths.append(MIN_WIDTH)
                self._widths[i] = max(self._widths[i], min(len(cell) + PADDING, WIDEST))
        return "".join(self._line(row) for row in rows)

    def _line(self, row: Sequence[str]) -> str:
        padded = (
            (cell + " " * PADDING if len(cell) >= width else cell.ljust(width))
            for cell, width in zip(row[:-1], self._widths, strict=False)
        )
        return "".join([*padded, *row[-1:], "\n"])


def cell_text(cell: Any) -> str:
    """One cell: cut at its first line's end, with escape sequences made harmless."""
    if cell is None:
        return ""
    text = cell if isinstance(cell, str) else go_value(cell)
    broken = _BREAK.search(text)
    if broken:
        text = text[: broken.start()] + "..."
    return text.replace("\x1b", "^[").replace("\t", " ")
