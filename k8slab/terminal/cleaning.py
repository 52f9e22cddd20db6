"""The one place where text on its way to the page loses what could make a terminal do things.

Names, logs and messages come from anywhere. xterm.js would obey escape sequences in them: move the cursor over what was
said before, answer queries as if they had been typed, change titles and links.
"""

from __future__ import annotations

import re

# C0 without tab and newline, DEL, C1, the marks that turn text around, what has no encoding
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
REPLACED = "\ufffd"

RED, YELLOW, RESET = "\x1b[31m", "\x1b[33m", "\x1b[0m"
CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def plain(text: str) -> str:
    """For the screen, with its line ends; a control character is shown in caret notation: ^[ is Escape."""
    return _HARMFUL.sub(_shown, text.replace("\r\n", "\n")).replace("\n", "\r\n")


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return "^" + chr(code + 0x40)
    return "^?" if code == 0x7F else REPLACED


# What an interactive program may do: move, erase, colour, scroll, switch to the second screen and the like.
_CSI = re.compile(r"\x1b\[(?P<private>[?]?)(?P<numbers>[0-9;:]{0,60})(?P<letter>[@A-HJKLMPSTXZ`abdefhlmrsu])")
_PRIVATE_MODES = frozenset(("1", "7", "25", "47", "1047", "1048", "1049", "2004"))
_SINGLE = re.compile(r"\x1b(?:[78=>DEMHc]|[()][AB0])")
_UNFINISHED = re.compile(r"\x1b(?:[()]?|\[[?]?[0-9;:]{0,60})\Z")
_ALLOWED = frozenset("\x07\x08\t\n\x0b\x0c\r\x0e\x0f")
LEAVE_RAW = "\x1b[0m\x1b[?1049l\x1b[?25h\x1b[?1l\x1b[?2004l\x1b[r\x1b>\x1b(B"
_SAVE, _RESTORE = "\x1b7", "\x1b8"


class ScreenText:
    """Cleans what an interactive program writes (`kubectl exec -it … sh`), which comes in pieces of any length."""

    def __init__(self) -> None:
        self._rest = ""

    def clean(self, text: str) -> str:
        text = self._rest + text
        unfinished = _UNFINISHED.search(text)
        self._rest = text[unfinished.start() :] if unfinished else ""
        text = text[: unfinished.start()] if unfinished else text
        out, at = [], 0
        while at < len(text):
            end = text.find("\x1b", at)
            end = len(text) if end < 0 else end
            out.append(_HARMFUL.sub(_kept, text[at:end]))
            at = self._sequence(text, end, out) if end < len(text) else end
        return "".join(out)

    def _sequence(self, text: str, at: int, out: list[str]) -> int:
        """The end of the sequence that begins there; kept where it is harmless, else shown without its Escape."""
        found = _CSI.match(text, at) or _SINGLE.match(text, at)
        if not found:
            out.append("^[")
            return at + 1
        if _harmless(found):
            out.append(found[0])
        return found.end()


def _harmless(found: re.Match[str]) -> bool:
    if found.re is _SINGLE or not found["private"]:
        return found.re is _SINGLE or found["letter"] not in "hl" or found["numbers"] == "4"
    if found["letter"] in "JK":
        return True
    return found["letter"] in "hlsr" and set(found["numbers"].split(";")) <= _PRIVATE_MODES


def _kept(found: re.Match[str]) -> str:
    return found[0] if found[0] in _ALLOWED else _shown(found)


def leave_raw() -> str:
    """What brings a screen back whatever an interactive program has left it in, the cursor where it is."""
    return _SAVE + LEAVE_RAW + _RESTORE
