"""cut, tr, awk '{print $N}' and sed 's/…/…/'."""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from ..patterns import Pattern
from ..state import ShellError
from .options import read_options
from .registry import Call, Filter, Filtering, line_filter

_LIST = re.compile(r"(\d*)(-?)(\d*)")
_AWK = re.compile(r"\s*(/(?P<pattern>(?:[^/\\]|\\.)+)/\s*)?(?:\{\s*print\s*(?P<what>[^{}]*?);?\s*\}\s*)?")
_AWK_ITEM = re.compile(r'\s*(?:\$(?P<field>\d{1,4}|NF)|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>NR|NF))\s*(?P<comma>,?)')
_SETS = {
    "[:lower:]": string.ascii_lowercase,
    "[:upper:]": string.ascii_uppercase,
    "[:digit:]": string.digits,
    "[:space:]": string.whitespace,
}
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r"}


@line_filter("cut", summary=_("Some fields or characters of each line (-d C -f LIST, -c LIST)"))
def cut(call: Call) -> Filtering:
    options = read_options(call, "s", "dfcb", {"delimiter": "d", "fields": "f", "characters": "c"})
    kind = next((letter for letter in "fcb" if options.on(letter)), None)
    if kind is None:
        raise call.fail("you must specify a list of bytes, characters, or fields")
    chosen = _places(call, options.letters[kind])
    delimiter = options.letters.get("d", "\t")
    if len(delimiter) != 1:
        raise call.fail("the delimiter must be a single character")

    def change(line: str) -> str | None:
        if kind != "f":
            return "".join(char for at, char in enumerate(line, 1) if chosen(at))
        if delimiter not in line:
            return None if options.on("s") else line
        return delimiter.join(field for at, field in enumerate(line.split(delimiter), 1) if chosen(at))

    return Filtering(lambda _: _each(call, change), options.operands, together=True)


def _places(call: Call, text: str) -> Callable[[int], bool]:
    """1,3-5,7- as a test."""
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        found = _LIST.fullmatch(part)
        if not found or not (found[1] or found[3]):
            raise call.fail(f"invalid field value '{text}'")
        first = int(found[1] or 1)
        spans.append((first, int(found[3] or 10**9) if found[2] else first))
    return lambda at: any(first <= at <= last for first, last in spans)


def _each(call: Call, change: Callable[[str], str | None]) -> Filter:
    while (line := (yield)) is not None:
        call.streams.stop.check()
        changed = change(line.rstrip("\n"))
        if changed is not None:
            call.out(f"{changed}\n")
    return 0


@line_filter("tr", summary=_("Other characters for some, or none of them (-d)"))
def tr(call: Call) -> Filtering:
    options = read_options(call, "ds")
    if len(options.operands) != (1 if options.on("d") or options.on("s") else 2):
        raise call.fail(f"missing operand{f' after {options.operands[0]!r}' if options.operands else ''}")
    sets = [_set(text) for text in options.operands]

    def run() -> Filter:
        last = ""
        while (line := (yield)) is not None:
            text = _translated(line, sets, options.on("d"))
            if options.on("s"):
                text, last = _squeezed(text, sets[-1], last)
            call.out(text)
        return 0

    return Filtering(lambda _: run())


def _set(text: str) -> str:
    for name, letters in _SETS.items():
        text = text.replace(name, letters)
    text = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text)
    return re.sub(r"(.)-(.)", lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1)))[:300], text)


def _translated(line: str, sets: list[str], delete: bool) -> str:
    if delete:
        return "".join(char for char in line if char not in sets[0])
    if len(sets) < 2 or not sets[1]:
        return line
    pairs = zip(sets[0], sets[1].ljust(len(sets[0]), sets[1][-1]), strict=False)
    return line.translate({ord(old): new for old, new in pairs})


def _squeezed(text: str, letters: str, last: str) -> tuple[str, str]:
    kept = ""
    for char in text:
        if not (char == last and char in letters):
            kept += char
        last = char
    return kept, last


@line_filter("awk", summary=_("awk '{print $1, $3}' and awk '/pattern/', nothing more of awk (-F C)"))
def awk(call: Call) -> Filtering:
    options = read_options(call, "", "F")
    if not options.operands:
        raise call.fail("usage: awk [-F C] '{print $1}' [file ...]", 2)
    source = options.operands.pop(0)
    found = _AWK.fullmatch(source)
    if not found or not source.strip():
        raise call.fail("only '{print $N, …}' and '/pattern/' are known here", 2)
    what = _items(call, found["what"] or "$0")
    pattern = _pattern(call, found["pattern"]) if found["pattern"] else None
    separator = options.letters.get("F")

    def run() -> Filter:
        number = 0
        while (line := (yield)) is not None:
            number += 1
            text = line.rstrip("\n")
            if pattern is None or pattern.matches(text):
                fields = text.split(separator) if separator and separator != " " else text.split()
                call.out("".join(item([text, *fields], number) for item in what) + "\n")
        return 0

    return Filtering(lambda _: run(), options.operands, together=True)


Item = Callable[[list[str], int], str]


def _items(call: Call, source: str) -> list[Item]:
    items: list[Item] = []
    at = 0
    while at < len(source):
        found = _AWK_ITEM.match(source, at)
        if not found or found.end() == at:
            raise call.fail(f"only $N, NR, NF and texts can be printed here, not {source[at:]!r}", 2)
        items.append(_item(found))
        if found["comma"]:
            items.append(lambda fields, number: " ")
        at = found.end()
    return items


def _item(found: re.Match[str]) -> Item:
    if found["text"] is not None:
        text = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), found["text"])
        return lambda fields, number: text
    if found["number"]:
        return (
            (lambda fields, number: str(number))
            if found["number"] == "NR"
            else (lambda fields, _: str(len(fields) - 1))
        )
    if found["field"] == "NF":
        return lambda fields, number: fields[-1]
    place = int(found["field"])
    return lambda fields, number: fields[place] if place < len(fields) else ""


def _pattern(call: Call, text: str) -> Pattern:
    try:
        return Pattern.of(text, extended=True, fixed=False, fold=False, word=False)
    except ShellError as error:
        raise call.fail(error.message, 2) from error


@line_filter("sed", summary=_("sed 's/old/new/g', nothing more of sed (-E)"))
def sed(call: Call) -> Filtering:
    options = read_options(call, "Ern", "e")
    source = options.letters["e"] if "e" in options.letters else (options.operands or [""]).pop(0)
    parts = re.split(r"(?<!\\)" + re.escape(source[1:2] or "/"), source) if source[:1] == "s" else []
    if len(parts) != 4 or not set(parts[3]) <= set("gI"):
        raise call.fail(f"only s/old/new/ with g and I is known here, not {source!r}")
    pattern = Pattern.of(
        parts[1].replace("\\" + source[1], source[1]),
        extended=options.on("E") or options.on("r"),
        fixed=False,
        fold="I" in parts[3],
        word=False,
    )
    new = parts[2].replace("\\" + source[1], source[1])

    def change(line: str) -> str:
        out, at = "", 0
        for start, end in pattern.spans(line):
            out += line[at:start] + re.sub(r"\\(.)|&", lambda m: m[1] or line[start:end], new)  # noqa: B023  # at once
            at = end
            if "g" not in parts[3]:
                break
        return out + line[at:]

    return Filtering(lambda _: _each(call, change), options.operands, together=True)
