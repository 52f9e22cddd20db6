"""The exercise's files as a session knows them: the editor's, and what commands write into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from .shell.state import HOME, ShellError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
MOST = 20  # files
LONGEST = 1024 * 1024  # characters of all of them


class EditorFiles:
    """`wrote` tells the page of a text. The page's word is the newest: `take` replaces what it says."""

    def __init__(self, wrote: Callable[[str, str], None]) -> None:
        self._texts: dict[str, str] = {}
        self._wrote = wrote

    def names(self) -> Iterable[str]:
        return sorted(self._texts)

    def read(self, name: str) -> str | None:
        return self._texts.get(_short(name))

    def write(self, name: str, text: str) -> None:
        """Raises ShellError where it cannot be kept."""
        short = _short(name)
        if not NAME.fullmatch(short):
            raise ShellError(f"bash: {name[:200]}: Permission denied (the exercise's files are one folder)")
        after = {**self._texts, short: text}
        if len(after) > MOST or sum(map(len, after.values())) > LONGEST:
            raise ShellError(f"bash: {name}: No space left on device")
        self._texts = after
        self._wrote(short, text)

    def take(self, texts: Mapping[str, str | None]) -> None:
        """What the editor has: null is a file that is gone. What cannot be a file is left out."""
        after = dict(self._texts)
        for name, text in texts.items():
            if text is None:
                after.pop(name, None)
            elif NAME.fullmatch(name):
                after[name] = text
        if len(after) <= MOST and sum(map(len, after.values())) <= LONGEST:
            self._texts = after


def _short(name: str) -> str:
    for folder in ("./", f"{HOME}/", "~/"):
        name = name.removeprefix(folder)
    return name
