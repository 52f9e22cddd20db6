"""Words to arguments: variables, command substitution, arithmetic, splitting and file names."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from k8slab.emulator.nodes.shell.arithmetic import evaluate
from k8slab.emulator.nodes.shell.words import Part, Word, parts_of_quoted

if TYPE_CHECKING:
    from k8slab.emulator.nodes.shell.interpreter import Shell

VARIABLE = re.compile(r"^(#?)([A-Za-z_]\w*|[0-9]+|[?#@*$!-])(.*)$", re.S)


class BadSubstitution(Exception):
    pass


class Expander:
    def __init__(self, shell: Shell, substitute: Callable[[str], Awaitable[str]]) -> None:
        self._shell, self._substitute = shell, substitute

    async def words(self, words: list[Word]) -> list[str]:
        found: list[str] = []
        for word in words:
            found += await self._fields(word)
        return found

    async def text(self, word: Word) -> str:
        """One string, neither split nor globbed."""
        return "".join([await self._value(part) for part in word.parts])

    async def pattern(self, word: Word) -> str:
        return "".join([_literal(await self._value(p)) if p.quoted else await self._value(p) for p in word.parts])

    async def _fields(self, word: Word) -> list[str]:
        """Unquoted expansions are split at blanks; quoted ones stay whole; `"$@"` is one field per argument."""
        fields: list[list[tuple[str, bool]]] = [[]]
        kept = False
        for part in word.parts:
            if part.kind == "var" and part.text == "@" and part.quoted:
                arguments = self._shell.arguments
                for place, argument in enumerate(arguments):
                    if place:
                        fields.append([])
                    fields[-1].append((argument, True))
                kept |= bool(arguments)
                continue
            value = await self._value(part)
            if part.quoted or part.kind == "text":
                fields[-1].append((value, part.quoted))
                kept |= part.quoted
                continue
            pieces = value.split()
            if value[:1].isspace() and fields[-1]:
                fields.append([])
            for place, piece in enumerate(pieces):
                if place:
                    fields.append([])
                fields[-1].append((piece, False))
            if value[-1:].isspace() and pieces:
                fields.append([])
        if not kept:
            fields = [field for field in fields if "".join(text for text, _ in field)]
        return [name for field in fields for name in self._glob(field)]

    def _glob(self, field: list[tuple[str, bool]]) -> list[str]:
        text = "".join(value for value, _ in field)
        if not field:
            return []
        if field[0] == (text, False) or not field[0][1]:
            text = self._home(text, field[0][0])
        if not any(not quoted and re.search(r"[*?\[]", value) for value, quoted in field):
            return [text]
        pattern = "".join(_literal(value) if quoted else value for value, quoted in field)
        return self._matches(pattern) or [text]

    def _home(self, text: str, first: str) -> str:
        if first == "~" or first.startswith("~/"):
            return self._shell.variables.get("HOME", "/root") + text[1:]
        return text

    def _matches(self, pattern: str) -> list[str]:
        files = self._shell.box.files
        found = [("/" if pattern.startswith("/") else "")]
        for part in [p for p in pattern.split("/") if p]:
            found = [
                posixpath.join(base, name)
                for base in found
                for name in self._names_in(
                    self._shell.path(base or "."), part, files.is_dir(self._shell.path(base or "."))
                )
            ]
        return sorted(found)

    def _names_in(self, directory: str, pattern: str, is_dir: bool) -> list[str]:
        if not is_dir:
            return []
        names = self._shell.box.files.entries(directory)
        return [n for n in names if fnmatch.fnmatchcase(n, pattern) and (pattern.startswith(".") or n[0] != ".")]

    async def _value(self, part: Part) -> str:
        if part.kind == "text":
            return part.text
        if part.kind == "command":
            return (await self._substitute(part.text)).rstrip("\n")
        if part.kind == "arith":
            inner = "".join([await self._value(p) for p in parts_of_quoted(part.text)])
            return str(evaluate(inner, self._shell.variables))
        return await self._variable(part.text)

    async def _variable(self, expression: str) -> str:
        match = VARIABLE.match(expression)
        if not match:
            raise BadSubstitution
        length, name, rest = match.groups()
        if length and not rest and name:
            return str(len(self._shell.value(name) or ""))
        value = self._shell.value(name)
        return await self._modified(name, value, rest) if rest else value or ""

    async def _modified(self, name: str, value: str | None, rest: str) -> str:
        empty_counts = rest.startswith(":")
        operator, argument = (rest[1:2], rest[2:]) if empty_counts else (rest[0], rest[1:])
        missing = value is None or (empty_counts and not value)
        if operator in "-=+?":
            return await self._default(name, value, missing, operator, argument)
        text = value or ""
        if operator in "#%":
            longest = argument.startswith(operator)
            pattern = await self._argument(argument[longest:])
            return _trimmed(text, pattern, at_start=operator == "#", longest=longest)
        if operator == "/":
            old, _, new = argument.lstrip("/").partition("/")
            return text.replace(await self._argument(old), await self._argument(new), -1 if argument[:1] == "/" else 1)
        if empty_counts and operator.isdigit():
            start, _, size = (operator + argument).partition(":")
            return text[int(start) :][: int(size)] if size else text[int(start) :]
        raise BadSubstitution

    async def _default(self, name: str, value: str | None, missing: bool, operator: str, argument: str) -> str:
        if operator == "+":
            return "" if missing else await self._argument(argument)
        if not missing:
            return value or ""
        fallback = await self._argument(argument)
        if operator == "=":
            self._shell.variables[name] = fallback
        elif operator == "?":
            raise ShellFailure(f"{name}: {fallback or 'parameter not set'}")
        return fallback

    async def _argument(self, text: str) -> str:
        return "".join([await self._value(part) for part in parts_of_quoted(text)]).strip("'\"")


class ShellFailure(Exception):
    """Ends a script with a message."""


def _literal(text: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", text)


def _trimmed(text: str, pattern: str, *, at_start: bool, longest: bool) -> str:
    lengths = range(len(text) + 1)
    for size in reversed(lengths) if longest else lengths:
        piece = text[:size] if at_start else text[len(text) - size :]
        if fnmatch.fnmatchcase(piece, pattern):
            return text[size:] if at_start else text[: len(text) - size]
    return text
