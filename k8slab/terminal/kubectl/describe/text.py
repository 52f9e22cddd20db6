"""What describers write to: indented text whose cells, ended by tabs, are aligned as Go's text/tabwriter does it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

INDENT = "  "
PADDING = 2
MOST_COLUMNS = 100  # hostile text may be nothing but tabs
_HARMLESS = str.maketrans({"\x1b": "^[", "\r": "\\r", "\v": "\t", "\f": "\n"})


class Text:
    """`write` puts indentation before its text only: what the text itself has after a line's end stays where it is."""

    def __init__(self, parts: list[str] | None = None, level: int = 0) -> None:
        self._parts: list[str] = [] if parts is None else parts
        self._level = level

    def write(self, level: int, text: str) -> None:
        self._parts.append(INDENT * (level + self._level) + text.translate(_HARMLESS))

    def line(self, level: int, *cells: str) -> None:
        self.write(level, "\t".join(cells) + "\n")

    def field(self, name: str, value: object, level: int = 0) -> None:
        self.write(level, f"{name}:\t{value}\n")

    def more(self, text: str) -> None:
        """Goes on in the same line."""
        self.write(0, text)

    def nested(self, level: int) -> Text:
        """Writes to the same text, further in."""
        return Text(self._parts, self._level + level)

    def raw(self) -> str:
        """As it was written, with its tabs."""
        return "".join(self._parts)

    def aligned(self) -> str:
        return align(self.raw())


def align(text: str, padding: int = PADDING, least: int = 0) -> str:
    """A column is a block of lines that follow each other and have a cell in it which a tab ends; the last cell of a
    line belongs to no column. Within a column, columns further right form blocks of their own."""
    lines = [line.split("\t") for line in text.split("\n")]
    _widen(lines, 0, padding, least)
    return "\n".join("".join(line) for line in lines)


def _widen(lines: Sequence[list[str]], column: int, padding: int, least: int) -> None:
    """Pads the cells of the blocks in one column, then those in the next."""
    for has, group in groupby(lines, lambda line: len(line) - 1 > column):
        block = list(group)
        if not has:
            continue
        width = max(least, *(len(line[column]) + padding for line in block), padding)
        for line in block:
            line[column] = line[column].ljust(width)
        if column < MOST_COLUMNS:
            _widen(block, column + 1, padding, least)
