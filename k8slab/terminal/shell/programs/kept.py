"""Lines that a program must keep until the end."""

from __future__ import annotations

from ..state import ShellError

LONGEST = 4 * 1024 * 1024  # characters


class Kept:
    """Raises ShellError for more than a terminal's program is for."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._size = 0
        self.texts: list[str] = []

    def add(self, text: str) -> None:
        self._size += len(text)
        if self._size > LONGEST:
            raise ShellError(f"{self._name}: more than 4 MB to keep", 2)
        self.texts.append(text)

    @property
    def text(self) -> str:
        return "".join(self.texts)
