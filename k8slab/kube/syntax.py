"""What the YAML parser complains about, as codes that name the usual mistake behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import yaml

from .problems import Problem

MAX_TABS = 10  # lines with a tab that are listed
# spaces that a word processor, a web page or a Korean keyboard leaves behind
ODD_SPACE = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_TAB = re.compile(r"^[ \-]*\t")
_ODD = re.compile(rf"^[ \-]*([{ODD_SPACE}])")

# (words of the parser, code); the first that fits
_WORDS: tuple[tuple[str, str], ...] = (
    ("mapping values are not allowed", "yaml-colon"),
    ("could not find expected ':'", "yaml-missing-colon"),
    ("found unexpected end of stream", "yaml-quote"),
    ("found unexpected document indicator", "yaml-quote"),
    ("did not find expected ',' or", "yaml-bracket"),
    ("did not find expected node content", "yaml-bracket"),
    ("found unknown escape character", "yaml-escape"),
    ("did not find expected key", "yaml-indentation"),
    ("did not find expected '-' indicator", "yaml-indentation"),
    ("violates indentation", "tab"),
)


def control_characters(text: str) -> list[Problem]:
    """Each character that YAML cannot contain; also line separators that editors do not count as lines."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        match = _CONTROL.search(line)
        if match:
            character = f"U+{ord(match[0]):04X}"
            found.append(Problem("control-character", number, match.start() + 1, {"character": character}))
    return found[:MAX_TABS]


def explain(error: yaml.YAMLError, chunk: str) -> Iterator[Problem]:
    """The problems behind a parser's error in one chunk of text; lines are counted within the chunk."""
    spaces = list(islice(_spaces(chunk), MAX_TABS))
    if spaces:
        yield from spaces
        return
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        yield Problem("yaml-syntax", detail=str(error))
        return
    yield _marked(error, error.problem_mark, chunk.split("\n"))


def _spaces(chunk: str) -> Iterator[Problem]:
    """Tabs and foreign spaces before the first word of a line: they look like indentation and are none."""
    for number, line in enumerate(chunk.split("\n"), start=1):
        if match := _TAB.search(line):
            yield Problem("tab", number, match.end())
        elif match := _ODD.search(line):
            yield Problem("odd-space", number, match.start(1) + 1, {"character": f"U+{ord(match[1]):04X}"})


def _marked(error: yaml.MarkedYAMLError, mark: yaml.Mark, lines: list[str]) -> Problem:
    words = error.problem or ""
    line, column = _last_text(lines, mark.line, mark.column)
    detail = f"{error.context}: {words}" if error.context else words
    opened = error.context_mark.line + 1 if error.context_mark else line
    if "cannot start any token" in words:
        character = lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
        return Problem("yaml-first-character", line, column, {"character": character}, detail)
    code = next((code for part, code in _WORDS if part in words), "yaml-syntax")
    if code in ("yaml-quote", "yaml-bracket"):
        return Problem(code, opened if code == "yaml-quote" else line, column, {"opened": opened}, detail)
    if code == "yaml-missing-colon":
        return Problem(code, opened, 0, {}, detail)
    return Problem(code, line, column, {}, detail)


def _last_text(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """The parser notices at the end of the text what went wrong in the last line that has any."""
    if line < len(lines) and lines[line].strip():
        return line + 1, column + 1
    line = min(line, len(lines) - 1)
    while line > 0 and not lines[line].strip():
        line -= 1
    return line + 1, len(lines[line].rstrip()) or 1
