"""Options of the small programs: letters that may stand together, `-n 3`, `-n3`, `-3`, long names, `--`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .registry import Call


@dataclass(slots=True)
class Options:
    letters: dict[str, str] = field(default_factory=dict)  # "" for one without a value
    operands: list[str] = field(default_factory=list)

    def on(self, letter: str) -> bool:
        return letter in self.letters

    def number(self, call: Call, letter: str, default: int) -> int:
        text = self.letters.get(letter)
        if text is None:
            return default
        try:
            return int(text)
        except ValueError:
            raise call.fail(f"invalid number: '{text}'") from None


def read_options(call: Call, flags: str, valued: str = "", long: Mapping[str, str] | None = None) -> Options:
    """Args: letters that stand alone, letters that take a value, long names and the letters that they mean."""
    found, rest = Options(), list(call.args)
    while rest:
        word = rest.pop(0)
        if word == "--":
            found.operands += rest
            break
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            letter = (long or {}).get(name)
            if letter is None:
                raise call.fail(f"unrecognized option '{word}'", 2)
            if letter in valued and not equals:
                value = _value(call, letter, rest)
            found.letters[letter] = value
        elif len(word) > 1 and word[0] == "-":
            _read_letters(call, word[1:], rest, flags, valued, found)
        else:
            found.operands.append(word)
    return found


def _read_letters(call: Call, letters: str, rest: list[str], flags: str, valued: str, found: Options) -> None:
    if letters.isdigit() and "n" in valued:  # head -3
        found.letters["n"] = letters
        return
    for at, letter in enumerate(letters):
        if letter in flags:
            found.letters[letter] = ""
        elif letter in valued:
            found.letters[letter] = letters[at + 1 :] or _value(call, letter, rest)
            return
        else:
            raise call.fail(f"invalid option -- '{letter}'", 2)


def _value(call: Call, letter: str, rest: list[str]) -> str:
    if not rest:
        raise call.fail(f"option requires an argument -- '{letter}'", 2)
    return rest.pop(0)
