"""sleep, watch, xargs, clear."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from ..state import ShellError
from .kept import Kept
from .registry import Call, Filter, Filtering, line_filter, program

LONGEST = 3600.0  # seconds
MOST_WORDS = 5000
_SPAN = re.compile(r"(\d{1,6}(?:\.\d+)?)([smh]?)")


@program("sleep", summary=_("Waits: sleep 2, sleep 1m"))
def sleep(call: Call) -> None:
    if not call.args:
        raise call.fail("missing operand")
    call.streams.stop.wait(min(LONGEST, sum(_seconds(call, word) for word in call.args)))


def _seconds(call: Call, word: str) -> float:
    found = _SPAN.fullmatch(word)
    if not found:
        raise call.fail(f"invalid time interval '{word}'")
    return float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]]


@program("watch", summary=_("Runs a command every two seconds until Ctrl-C (-n SECONDS)"))
def watch(call: Call) -> None:
    every, words = _every(call)
    if not words:
        raise call.fail("usage: watch [-n SECONDS] COMMAND")
    line = words[0] if len(words) == 1 else shlex.join(words)
    while True:
        written: list[str] = []
        streams = call.streams
        call.script(line, replace(streams, out=written.append, err=written.append, tty=False, screen=None))
        head = f"Every {every:.1f}s: {' '.join(words)}"
        now = datetime.now(UTC).strftime("%H:%M:%S")
        room = max(1, streams.columns - len(head))
        shown = "".join(written).split("\n")[: max(3, streams.rows - 3)]
        if streams.screen:
            streams.screen.clear()
        call.out(f"{head}{now:>{room}}\n\n" + "\n".join(shown).rstrip("\n") + "\n")
        streams.stop.wait(every)


def _every(call: Call) -> tuple[float, list[str]]:
    """The command's own options are not ours: reading ends at the first word that is none."""
    every, words = 2.0, list(call.args)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-n", "--interval") and words:
            every = max(1.0, min(LONGEST, _seconds(call, words.pop(0))))
        elif re.fullmatch(r"-n\d+(\.\d+)?", word):
            every = max(1.0, min(LONGEST, _seconds(call, word[2:])))
        elif word not in ("-d", "-t", "-c", "--"):
            raise call.fail(f"invalid option '{word}'")
    return every, words


@line_filter("xargs", summary=_("Runs a command with the words that come through a pipe (-n N, -I TEXT, -r)"))
def xargs(call: Call) -> Filtering:
    place, count, words = "", 0, list(call.args)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word == "-I" and words:
            place = words.pop(0)
        elif re.fullmatch(r"-n\d+", word) or (word == "-n" and words and words[0].isdigit()):
            count = int(word[2:] or words.pop(0))
        elif word not in ("-r", "-t"):
            raise call.fail(f"invalid option '{word}'")
    return Filtering(lambda _: _xargs(call, words or ["echo"], place, count))


def _xargs(call: Call, command: list[str], place: str, count: int) -> Filter:
    kept = Kept("xargs")
    while (line := (yield)) is not None:
        kept.add(line.rstrip("\n"))
        if len(kept.texts) > MOST_WORDS:
            raise ShellError("xargs: argument list too long")
    code = 0
    for words in _runs([line for line in kept.texts if line.strip()], command, place, count):
        if call.script(shlex.join(words), call.streams):
            code = 123
    return code


def _runs(lines: list[str], command: list[str], place: str, count: int) -> list[list[str]]:
    if place:
        return [[word.replace(place, line.strip()) for word in command] for line in lines]
    words = [word for line in lines for word in line.split()]
    if not words:
        return []
    each = count or len(words)
    return [[*command, *words[at : at + each]] for at in range(0, len(words), each)]


@program("clear", "reset", summary=_("Empties the screen (also Ctrl-L)"))
def clear(call: Call) -> None:
    if call.streams.screen:
        call.streams.screen.clear()
