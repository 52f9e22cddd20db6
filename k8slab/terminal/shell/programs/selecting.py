"""grep, head and tail."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..patterns import Pattern
from ..state import ShellError
from .kept import LONGEST, Kept
from .options import Options, read_options
from .registry import Call, Filter, Filtering, line_filter

MOST_LINES = 200  # that grep keeps before a match
_LONG = {
    "ignore-case": "i", "invert-match": "v", "count": "c", "line-number": "n", "extended-regexp": "E",
    "fixed-strings": "F", "only-matching": "o", "word-regexp": "w", "line-regexp": "x", "quiet": "q", "silent": "q",
    "after-context": "A", "before-context": "B", "context": "C", "max-count": "m", "regexp": "e",
}  # fmt: skip


@dataclass(slots=True)
class _Wish:
    pattern: Pattern
    options: Options
    before: int
    after: int
    most: int

    def hits(self, line: str) -> bool:
        return self.pattern.matches(line) != self.options.on("v")


@line_filter(
    "grep", "egrep", "fgrep", summary=_("Lines that match a pattern (-i -v -c -n -E -F -o -w -x -q -m -A -B -C)")
)
def grep(call: Call) -> Filtering:
    options = read_options(call, "ivcnEFowxqhHs", "ABCme", {**_LONG, "color": "h", "colour": "h"})
    operands = options.operands
    if "e" not in options.letters and not operands:
        raise call.fail("usage: grep [OPTION]... PATTERNS [FILE]...", 2)
    text = options.letters["e"] if "e" in options.letters else operands.pop(0)
    around = options.number(call, "C", 0)
    bounds = [options.number(call, letter, default) for letter, default in (("B", around), ("A", around), ("m", -1))]
    if bounds[0] > MOST_LINES:
        raise call.fail("number too large", 2)
    wish = _Wish(_pattern(call, text, options), options, *bounds)
    several = len(operands) > 1 or options.on("H")
    return Filtering(lambda file: _grep(call, wish, f"{file}:" if several and not options.on("h") else ""), operands)


def _pattern(call: Call, text: str, options: Options) -> Pattern:
    try:
        return Pattern.of(
            text,
            extended=options.on("E") or call.name == "egrep",
            fixed=options.on("F") or call.name == "fgrep",
            fold=options.on("i"),
            word=options.on("w"),
            line=options.on("x"),
        )
    except ShellError as error:
        raise call.fail(error.message, 2) from error


def _grep(call: Call, wish: _Wish, prefix: str) -> Filter:
    before: deque[tuple[int, str]] = deque(maxlen=wish.before)
    number = found = shown = due = 0
    while (line := (yield)) is not None:
        number += 1
        text = line.rstrip("\n")
        hit = wish.hits(text)
        found += hit
        if hit and wish.options.on("q"):
            return 0
        if wish.options.on("c"):
            continue
        if hit:
            if (wish.before or wish.after) and shown and number - len(before) > shown + 1:
                call.out("--\n")
            for at, earlier in before:
                _show(call, wish, prefix, at, earlier, "-")
            before.clear()
            _show(call, wish, prefix, number, text, ":")
            shown, due = number, wish.after
        elif due:
            _show(call, wish, prefix, number, text, "-")
            shown, due = number, due - 1
        else:
            before.append((number, text))
        if found == wish.most and not due:
            break
    if wish.options.on("c"):
        call.out(f"{prefix}{found}\n")
    return 0 if found else 1


def _show(call: Call, wish: _Wish, prefix: str, number: int, text: str, mark: str) -> None:
    head = prefix + (f"{number}{mark}" if wish.options.on("n") else "")
    if not wish.options.on("o"):
        call.out(f"{head}{text}\n")
    elif mark == ":" and not wish.options.on("v"):
        for start, end in wish.pattern.spans(text):
            call.streams.stop.check()
            call.out(f"{head}{text[start:end]}\n")


@line_filter("head", summary=_("The first lines (-n N)"))
def head(call: Call) -> Filtering:
    options = read_options(call, "q", "nc", {"lines": "n", "bytes": "c"})
    count = options.number(call, "c" if options.on("c") else "n", 10)
    several = len(options.operands) > 1

    def begin(file: str) -> Filter:
        if several:
            call.out(f"==> {file} <==\n")
        return _first_characters(call, count) if options.on("c") else _first_lines(call, count)

    return Filtering(begin, options.operands)


def _first_lines(call: Call, count: int) -> Filter:
    if count < 0:
        return (yield from _all_but_last(call, -count))
    for _line in range(count):
        line = yield
        if line is None:
            return 0
        call.out(line)
    return 0


def _all_but_last(call: Call, count: int) -> Filter:
    kept = Kept("head")
    while (line := (yield)) is not None:
        kept.add(line)
    for each in kept.texts[: len(kept.texts) - count]:
        call.out(each)
    return 0


def _first_characters(call: Call, count: int) -> Filter:
    while count > 0 and (line := (yield)) is not None:
        call.out(line[:count])
        count -= len(line)
    return 0


@line_filter("tail", summary=_("The last lines (-n N, -n +N)"))
def tail(call: Call) -> Filtering:
    options = read_options(call, "qf", "nc", {"lines": "n", "follow": "f"})
    text = options.letters.get("n", "10")
    count = options.number(call, "n", 10)
    several = len(options.operands) > 1

    def begin(file: str) -> Filter:
        if several:
            call.out(f"==> {file} <==\n")
        return _from_line(call, count) if text.startswith("+") else _last_lines(call, abs(count))

    return Filtering(begin, options.operands)


def _last_lines(call: Call, count: int) -> Filter:
    kept: deque[str] = deque(maxlen=count)
    size = 0
    while (line := (yield)) is not None:
        size += len(line) - (len(kept[0]) if count and len(kept) == count else 0)
        kept.append(line)
        while size > LONGEST:
            size -= len(kept.popleft())
    for each in kept:
        call.out(each)
    return 0


def _from_line(call: Call, first: int) -> Filter:
    number = 0
    while (line := (yield)) is not None:
        number += 1
        if number >= first:
            call.out(line)
    return 0
