"""Every message on the terminal's websocket, typed. `manage.py wire` writes frontend/src/terminal-wire.ts from here.

The session's output is one text that only grows; `at` counts its characters from the session's beginning, so that a
page whose socket dropped says how far it has come and gets the rest. Keys are edited on the page; a line is sent when
it is whole, and the session writes it into the output as a real terminal echoes it.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

Mode = Literal["ready", "running", "raw"]
Trouble = Literal["closed", "preparing", "waiting", "expired", "away", "busy", "tooMany", "moved", "tooFast"]


class Attached(TypedDict):
    """The first answer: which session this is, and what to do with the output that follows."""

    type: Literal["attached"]
    session: str
    fresh: bool  # it did not exist before: what was on the screen belongs to one that is gone
    history: list[str]
    taken: int  # the last line that arrived; the page says later ones again
    colours: bool


class Output(TypedDict):
    """A piece of the output."""

    type: Literal["output"]
    text: str
    at: int  # of its end
    reset: NotRequired[bool]  # empty the screen before it: what the page has does not join to it


class Ready(TypedDict):
    """Who has the keyboard: the prompt, a command's lines, or a command's keys as they are pressed."""

    type: Literal["mode"]
    mode: Mode
    prompt: str


class FileWritten(TypedDict):
    """A command wrote one of the exercise's files: the editor shows it."""

    type: Literal["file"]
    name: str
    text: str


class EditAsked(TypedDict):
    """Open this text in the editor; answer with `edited`."""

    type: Literal["edit"]
    id: int
    name: str
    text: str


class Completions(TypedDict):
    """What may stand from `start` on, in the line that was asked about."""

    type: Literal["completions"]
    id: int
    start: int
    words: list[str]


class Notice(TypedDict):
    """Something is in the way; the page has the words."""

    type: Literal["notice"]
    trouble: Trouble


TerminalToPage = Attached | Output | Ready | FileWritten | EditAsked | Completions | Notice


class Attach(TypedDict):
    """The first thing a page says. `session` is "" for a new one, `seen` how much of its output is on the screen."""

    type: Literal["attach"]
    session: str
    seen: int
    columns: int
    rows: int


class Line(TypedDict):
    """A line, or several that were pasted. `files`: those that changed since the last one; null is one that is gone."""

    type: Literal["line"]
    id: int
    text: str
    files: NotRequired[dict[str, str | None]]


class Typed(TypedDict):
    """Input for the command that runs: whole lines, or keys in mode raw."""

    type: Literal["input"]
    text: str


class Signal(TypedDict):
    """Ctrl-C, or Ctrl-D."""

    type: Literal["interrupt", "eof"]


class Resize(TypedDict):
    type: Literal["resize"]
    columns: int
    rows: int


class Complete(TypedDict):
    """Tab: `line` up to the cursor."""

    type: Literal["complete"]
    id: int
    line: str
    files: NotRequired[dict[str, str | None]]


class Edited(TypedDict):
    """What became of a text that was opened; null: given up."""

    type: Literal["edited"]
    id: int
    text: str | None


class Colours(TypedDict):
    type: Literal["colours"]
    on: bool


class Clear(TypedDict):
    """Ctrl-L: forget the scrollback."""

    type: Literal["clear"]


PageToTerminal = Attach | Line | Typed | Signal | Resize | Complete | Edited | Colours | Clear
