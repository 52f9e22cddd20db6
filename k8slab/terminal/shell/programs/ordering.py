"""sort, uniq and wc."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from .kept import Kept
from .options import Options, read_options
from .registry import Call, Filter, Filtering, line_filter

_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)")


@line_filter("sort", summary=_("Lines in order (-r -n -u -f -b -h -k N -t C)"))
def sort(call: Call) -> Filtering:
    options = read_options(
        call, "rnufbhV", "kt", {"reverse": "r", "unique": "u", "key": "k", "numeric-sort": "n", "field-separator": "t"}
    )
    key = options.letters.get("k", "")
    found = re.fullmatch(r"(\d{1,4})(?:\.\d+)?([nrf]*)(?:,(\d{1,4})[nrf]*)?", key)
    if key and (not found or found[1] == "0"):
        raise call.fail(f"-: invalid field specification '{key}'", 2)
    if found and found[2]:
        options.letters |= dict.fromkeys(found[2], "")
    first, last = (int(found[1]), int(found[3] or 0)) if found else (0, 0)
    return Filtering(lambda _: _sort(call, options, first, last), options.operands, together=True)


def _sort(call: Call, options: Options, first: int, last: int) -> Filter:
    kept = Kept("sort")
    while (line := (yield)) is not None:
        kept.add(line.rstrip("\n"))
    lines = kept.texts

    def key(text: str) -> tuple[float, str]:
        return _key(_field(text, options.letters.get("t"), first, last), options)

    lines.sort(key=lambda text: (*key(text), text), reverse=options.on("r"))
    before: tuple[float, str] | None = None
    for text in lines:
        here = key(text)
        if not (options.on("u") and here == before):
            call.out(f"{text}\n")
        before = here
    return 0


def _field(text: str, separator: str | None, first: int, last: int) -> str:
    if not first:
        return text
    fields = text.split(separator) if separator else text.split()
    return (separator or " ").join(fields[first - 1 : last or None])


def _key(text: str, options: Options) -> tuple[float, str]:
    if options.on("f"):
        text = text.upper()
    if options.on("n") or options.on("h"):
        found = _NUMBER.match(text)
        return (float(found[1]) if found else 0.0, "")
    return 0.0, text.lstrip() if options.on("b") else text


@line_filter("uniq", summary=_("Without repeated lines (-c -d -u -i)"))
def uniq(call: Call) -> Filtering:
    options = read_options(call, "cdui", "", {"count": "c", "repeated": "d", "unique": "u", "ignore-case": "i"})
    return Filtering(lambda _: _uniq(call, options), options.operands, together=True)


def _uniq(call: Call, options: Options) -> Filter:
    kept, count = "", 0
    while (line := (yield)) is not None:
        line = line.rstrip("\n")
        if count and (line.lower() == kept.lower() if options.on("i") else line == kept):
            count += 1
            continue
        _tell(call, options, kept, count)
        kept, count = line, 1
    _tell(call, options, kept, count)
    return 0


def _tell(call: Call, options: Options, line: str, count: int) -> None:
    wanted = count and not (options.on("d") and count == 1) and not (options.on("u") and count > 1)
    if wanted:
        call.out(f"{count:7} {line}\n" if options.on("c") else f"{line}\n")


@line_filter("wc", summary=_("How many lines, words and bytes (-l -w -c -m)"))
def wc(call: Call) -> Filtering:
    options = read_options(call, "lwcm", "", {"lines": "l", "words": "w", "bytes": "c", "chars": "m"})
    return Filtering(lambda file: _wc(call, options, file), options.operands)


def _wc(call: Call, options: Options, file: str) -> Filter:
    counts = dict.fromkeys("lwmc", 0)
    while (line := (yield)) is not None:
        counts["l"] += line.endswith("\n")
        counts["w"] += len(line.split())
        counts["m"] += len(line)
        counts["c"] += len(line.encode("utf-8", "replace"))
    asked = [letter for letter in "lwmc" if options.on(letter)] or ["l", "w", "c"]
    width = 1 if len(asked) == 1 else 7
    numbers = " ".join(f"{counts[letter]:{width}}" for letter in asked)
    call.out(f"{numbers}{f' {file}' if file else ''}\n")
    return 0
