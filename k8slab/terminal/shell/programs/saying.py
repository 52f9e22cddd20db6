"""echo, printf, seq, date, base64."""

from __future__ import annotations

import base64 as coding
import binascii
import re
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from .kept import Kept
from .options import read_options
from .registry import Call, Filter, Filtering, line_filter, program

MOST_NUMBERS = 10_000
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "a": "", "0": "\0", "c": ""}
_PLACE = re.compile(r"%(-?\d{0,3})([sdq%])")


@program("echo", summary=_("Writes its arguments (-n -e)"))
def echo(call: Call) -> None:
    words, end, escapes = list(call.args), "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        letters = words.pop(0)
        end = "" if "n" in letters else end
        escapes = "e" in letters or escapes
    text = " ".join(words)
    call.out((_escaped(text) if escapes else text) + end)


def _escaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text)


@program("printf", summary=_("Writes its arguments as a pattern says (%s %d)"))
def printf(call: Call) -> None:
    if not call.args:
        raise call.fail("usage: printf format [arguments]", 2)
    pattern, words = _escaped(call.args[0]), list(call.args[1:])
    places = sum(found[2] != "%" for found in _PLACE.finditer(pattern))
    while True:
        call.out(_PLACE.sub(lambda found: _placed(found, words), pattern))
        if not words or not places:
            return


def _placed(found: re.Match[str], words: list[str]) -> str:
    if found[2] == "%":
        return "%"
    text = words.pop(0) if words else ("0" if found[2] == "d" else "")
    width = int(found[1] or 0) if found[1] != "-" else 0
    return text.ljust(-width) if width < 0 else text.rjust(width)


@program("seq", summary=_("Numbers: seq LAST, seq FIRST LAST, seq FIRST STEP LAST"))
def seq(call: Call) -> None:
    try:
        numbers = [int(word) for word in call.args]
    except ValueError:
        raise call.fail("invalid number") from None
    if not 1 <= len(numbers) <= 3:
        raise call.fail("missing operand" if not numbers else "extra operand")
    first, step, last = {1: [1, 1, *numbers], 2: [*numbers[:1], 1, *numbers[1:]], 3: numbers}[len(numbers)]
    if step == 0:
        raise call.fail("invalid Zero increment value: '0'")
    span = range(first, last + (1 if step > 0 else -1), step)
    if len(span) > MOST_NUMBERS:
        raise call.fail(f"more than {MOST_NUMBERS} numbers")
    call.out("".join(f"{number}\n" for number in span))


@program("date", summary=_("The time now (+FORMAT, -u, -Is)"))
def date(call: Call) -> None:
    now = datetime.now(UTC)
    shown = next((word[1:] for word in call.args if word.startswith("+")), None)
    if shown is not None:
        call.out(now.strftime(shown.encode("ascii", "ignore").decode()[:200]) + "\n")
    elif any(word.startswith(("-I", "--iso")) for word in call.args):
        call.out(now.isoformat(timespec="seconds") + "\n")
    else:
        call.out(now.strftime("%a %b %e %H:%M:%S UTC %Y") + "\n")


@line_filter("base64", summary=_("Encodes, or decodes with -d (-w COLUMNS)"))
def base64(call: Call) -> Filtering:
    options = read_options(call, "di", "w", {"decode": "d", "wrap": "w"})
    width = options.number(call, "w", 76)
    return Filtering(lambda _: _decode(call) if options.on("d") else _encode(call, width), options.operands)


def _encode(call: Call, width: int) -> Filter:
    kept = Kept("base64")
    while (line := (yield)) is not None:
        kept.add(line)
    text = coding.b64encode(kept.text.encode("utf-8", "replace")).decode()
    if width <= 0:
        call.out(text)
    else:
        call.out("".join(f"{text[at : at + width]}\n" for at in range(0, len(text), width)))
    return 0


def _decode(call: Call) -> Filter:
    kept = Kept("base64")
    while (line := (yield)) is not None:
        kept.add(line.strip())
    try:
        call.out(coding.b64decode(kept.text, validate=True).decode("utf-8", "replace"))
    except binascii.Error:
        raise call.fail("invalid input") from None
    return 0
