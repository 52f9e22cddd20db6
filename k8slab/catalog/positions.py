"""YAML as plain data that still knows its lines, so that every problem can name one.

Stricter than YAML on purpose: a key may stand once, and there are no aliases (they hide what an exercise says and make
bombs possible). Only true/false are booleans and nothing is a date: `version: 1.10` must be quoted, `on` need not be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from .problems import Tell

Path = tuple[str | int, ...]
MAX_NODES = 20_000
MAX_DEPTH = 64


class _Loader(yaml.CSafeLoader):
    """Plain scalars as in YAML 1.2's core schema."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), [*_first])
_Loader.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile("^$"))]


@dataclass(frozen=True, slots=True)
class Placed:
    """One YAML document and the line of each of its paths."""

    value: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of the path, or of the nearest thing above it that exists."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 0)


def read_documents(text: str, tell: Tell) -> tuple[Placed, ...]:
    """Every document of the text that could be read; empty ones are left out."""
    found: list[Placed] = []
    loader = _Loader(text)
    try:
        while loader.check_node():
            lines: dict[Path, int] = {}
            node = loader.get_node()
            value = _Builder(loader, lines, tell).build(node, ()) if node else None
            if value is not None:
                found.append(Placed(value, lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        tell(mark.line + 1 if mark else 0, f"is not YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        tell(_unreadable_line(text), f"is not YAML: {str(error).splitlines()[0]}")
    except RecursionError:
        tell(0, "is nested too deeply")
    finally:
        loader.dispose()
    return tuple(found)


def _unreadable_line(text: str) -> int:
    """Control characters are refused by the reader, which does not say at which line."""
    match = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    return text.count("\n", 0, match.start()) + 1 if match else 0


class _Builder:
    """Turns one document's node tree into plain data, and fills `lines` on the way."""

    def __init__(self, loader: _Loader, lines: dict[Path, int], tell: Tell) -> None:
        self._loader, self._lines, self._tell = loader, lines, tell
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, path: Path, line: int = 0) -> Any:
        here = line or node.start_mark.line + 1
        if id(node) in self._seen:
            self._tell(here, "an alias (*name) is not allowed: write it out")
            return None
        if len(path) > MAX_DEPTH or len(self._seen) > MAX_NODES:
            self._tell(self._lines[()], "is nested too deeply" if len(path) > MAX_DEPTH else "holds too much")
            return None
        self._seen.add(id(node))
        self._lines[path] = here
        if isinstance(node, yaml.MappingNode):
            return {key: self.build(value, (*path, key), line) for key, value, line in self._pairs(node)}
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, int]]:
        keys: set[str] = set()
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._tell(line, "a key must be a plain word")
            elif key_node.value in keys:
                self._tell(line, f"the key {key_node.value!r} stands here twice")
            else:
                keys.add(key_node.value)
                yield key_node.value, value, line

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            reason = getattr(error, "problem", None) or error
            self._tell(node.start_mark.line + 1, f"is not a value that can be read: {reason}")
            return None
