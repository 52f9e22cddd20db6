"""Unified differences as GNU diff makes them: the shortest script, its changes moved to where they read best."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

CONTEXT = 3
MOST_CHANGES = 1500  # beyond, the shortest script costs too much, and any that is right will do
Lines = Sequence[str]
Span = tuple[int, int, int, int]  # old[a:b] became new[c:d]


def unified(old: Lines, new: Lines, old_name: str, new_name: str) -> str:
    """Text of the differences, "" where there are none."""
    changes = list(_spans(*_changed(old, new)))
    if not changes:
        return ""
    parts = [f"--- {old_name}\n+++ {new_name}\n"]
    for group in _groups(changes):
        parts.append(_hunk(old, new, group))
    return "".join(parts)


def _changed(old: Lines, new: Lines) -> tuple[list[bool], list[bool]]:
    """For each line, whether it is deleted or added."""
    gone, added = [False] * len(old), [False] * len(new)
    for a, b, c, d in _script(old, new):
        gone[a:b] = [True] * (b - a)
        added[c:d] = [True] * (d - c)
    _shift(old, gone, added)
    _shift(new, added, gone)
    return gone, added


def _script(old: Lines, new: Lines) -> list[Span]:
    """Myers' greedy algorithm: the furthest places that each number of changes reaches."""
    reached = {1: 0}
    trail: list[dict[int, int]] = []
    for changes in range(min(len(old) + len(new), MOST_CHANGES) + 1):
        trail.append(dict(reached))
        for k in range(-changes, changes + 1, 2):
            down = k == -changes or (k != changes and reached[k - 1] < reached[k + 1])
            x = reached[k + 1] if down else reached[k - 1] + 1
            while x < len(old) and x - k < len(new) and old[x] == new[x - k]:
                x += 1
            reached[k] = x
            if x >= len(old) and x - k >= len(new):
                return _back(trail, len(old), len(new))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _back(trail: list[dict[int, int]], x: int, y: int) -> list[Span]:
    spans: list[Span] = []
    for changes in range(len(trail) - 1, 0, -1):
        reached, k = trail[changes], x - y
        down = k == -changes or (k != changes and reached[k - 1] < reached[k + 1])
        x = reached[k + 1] if down else reached[k - 1]
        y = x - (k + 1 if down else k - 1)
        spans.append((x, x, y, y + 1) if down else (x, x + 1, y, y))
    return spans


def _shift(lines: Lines, changed: list[bool], other: list[bool]) -> None:
    """Moves runs of changes down as far as the text allows, joins them, and sets them beside the other file's."""
    mover = _Mover(lines, changed, other)
    while mover.next_run():
        mover.settle()


class _Mover:
    """`i` is the end of the run at hand, `j` the place in the other file that belongs to it."""

    def __init__(self, lines: Lines, changed: list[bool], other: list[bool]) -> None:
        self.lines, self.changed, self.other = lines, changed, other
        self.start = self.i = self.j = 0

    def _is(self, flags: list[bool], place: int) -> bool:
        return 0 <= place < len(flags) and flags[place]

    def next_run(self) -> bool:
        while self.i < len(self.lines) and not self.changed[self.i]:
            while self._is(self.other, self.j):
                self.j += 1
            self.j += 1
            self.i += 1
        self.start = self.i
        while self._is(self.changed, self.i):
            self.i += 1
        while self._is(self.other, self.j):
            self.j += 1
        return self.start < len(self.lines)

    def settle(self) -> None:
        while True:
            length = self.i - self.start
            while self.start and self.lines[self.start - 1] == self.lines[self.i - 1]:
                self._up()
                while self._is(self.changed, self.start - 1):
                    self.start -= 1
            beside = self.i if self._is(self.other, self.j - 1) else len(self.lines)
            while self.i < len(self.lines) and self.lines[self.start] == self.lines[self.i]:
                beside = self._down(beside)
            if length == self.i - self.start:
                break
        while beside < self.i:
            self._up()

    def _up(self) -> None:
        self.start -= 1
        self.i -= 1
        self.changed[self.start], self.changed[self.i] = True, False
        self.j -= 1
        while self._is(self.other, self.j):
            self.j -= 1

    def _down(self, beside: int) -> int:
        self.changed[self.start], self.changed[self.i] = False, True
        self.start += 1
        self.i += 1
        while self._is(self.changed, self.i):
            self.i += 1
        self.j += 1
        while self._is(self.other, self.j):
            self.j += 1
            beside = self.i
        return beside


def _spans(gone: list[bool], added: list[bool]) -> Iterator[Span]:
    x = y = 0
    while x < len(gone) or y < len(added):
        a, c = x, y
        while x < len(gone) and gone[x]:
            x += 1
        while y < len(added) and added[y]:
            y += 1
        if (a, c) != (x, y):
            yield a, x, c, y
        else:
            x, y = x + 1, y + 1


def _groups(changes: list[Span]) -> Iterator[list[Span]]:
    """Changes whose surroundings meet are shown together."""
    group: list[Span] = []
    for change in changes:
        if group and change[0] - group[-1][1] > 2 * CONTEXT:
            yield group
            group = []
        group.append(change)
    yield group


def _hunk(old: Lines, new: Lines, group: list[Span]) -> str:
    a, c = max(0, group[0][0] - CONTEXT), max(0, group[0][2] - CONTEXT)
    b, d = min(len(old), group[-1][1] + CONTEXT), min(len(new), group[-1][3] + CONTEXT)
    parts = [f"@@ -{_range(a, b)} +{_range(c, d)} @@\n"]
    place = a
    for x0, x1, y0, y1 in group:
        parts += [f" {line}\n" for line in old[place:x0]]
        parts += [f"-{line}\n" for line in old[x0:x1]]
        parts += [f"+{line}\n" for line in new[y0:y1]]
        place = x1
    return "".join([*parts, *(f" {line}\n" for line in old[place:b])])


def _range(start: int, end: int) -> str:
    if end - start == 1:
        return str(start + 1)
    return f"{start + 1 if end > start else start},{end - start}"
