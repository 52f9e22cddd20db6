"""Field paths as Kubernetes writes them, found in a YAML node tree.

spec.template.spec.containers[0].image           validation
metadata.labels[app.kubernetes.io/name]          a key in brackets
.spec.template.spec.containers[name="c"].image   server-side apply: an element by its key
.data.index.html                                 server-side apply: a key that contains dots
PodSpec.spec.containers.image                    a Go decoder: no indices, after a type's name
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .values import MERGE, key_of

Fits = Callable[[Node], bool]

_TOKEN = re.compile(r"""\.?(?P<name>[^.\[\]]+)|\[(?P<inside>(?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]|\.""")
_KEY = re.compile(r"""(?P<key>\w+)=(?P<value>"(?:[^"\\]|\\.)*"|[^,]*),?""")


@dataclass(frozen=True, slots=True)
class Step:
    """One token of a path: a key, an index, or an element chosen by `where`."""

    name: str
    bracketed: bool = False
    where: Mapping[str, str] | None = None


def parse_path(path: str) -> list[Step]:
    steps = []
    for match in _TOKEN.finditer(path):
        if match["name"] is not None:
            steps.append(Step(match["name"]))
        elif match["inside"] is not None:
            steps.append(_bracket(match["inside"]))
    return steps


def _bracket(inside: str) -> Step:
    if inside.startswith("="):
        return Step(inside, True, {"": _unquote(inside[1:])})
    if "=" in inside and not inside.startswith('"'):
        return Step(inside, True, {m["key"]: _unquote(m["value"]) for m in _KEY.finditer(inside)})
    return Step(_unquote(inside), True)


def _unquote(text: str) -> str:
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return text.strip('"')
    return text


def locate(root: Node, path: str) -> Node:
    """The node where the path leads, a mapping's key node where it ends at an entry; the nearest parent otherwise."""
    at, shown, steps = root, root, parse_path(path)
    while steps:
        found = _entry(at, steps)
        if found is None:
            return shown
        shown, at, used = found
        steps = steps[used:]
    return shown


def _entry(node: Node, steps: list[Step]) -> tuple[Node, Node, int] | None:
    """One step down: what to show, where to go on, and how many tokens it took."""
    if isinstance(node, SequenceNode):
        item = _item(node, steps[0])
        return (item, item, 1) if item is not None else None
    if not isinstance(node, MappingNode):
        return None
    joined = ""
    for used, step in enumerate(steps, start=1):
        joined = f"{joined}.{step.name}" if joined else step.name
        entry = _find(node, joined)
        if entry:
            return (*entry, used)
        if step.bracketed:
            break
    return None


def _find(node: MappingNode, key: str) -> tuple[Node, Node] | None:
    for key_node, value_node in node.value:
        if key_of(key_node) == key:
            return key_node, value_node
    for key_node, value_node in node.value:
        if key_of(key_node) == MERGE:
            for source in value_node.value if isinstance(value_node, SequenceNode) else [value_node]:
                entry = _find(source, key) if isinstance(source, MappingNode) else None
                if entry:
                    return entry
    return None


def _item(node: SequenceNode, step: Step) -> Node | None:
    if step.where is not None:
        return next((item for item in node.value if _is(item, step.where)), None)
    if step.name.isdecimal() and int(step.name) < len(node.value):
        item: Node = node.value[int(step.name)]
        return item
    return None


def _is(item: Node, where: Mapping[str, str]) -> bool:
    """Keys that the YAML leaves out (a port's protocol) do not speak against an element."""
    if "" in where:
        return isinstance(item, ScalarNode) and item.value == where[""]
    if not isinstance(item, MappingNode):
        return False
    entries = [_find(item, key) for key in where]
    values = [entry[1].value if entry else None for entry in entries]
    return any(values) and all(
        value is None or value == wanted for value, wanted in zip(values, where.values(), strict=True)
    )


def search(root: Node, names: list[str], fits: Fits) -> Iterator[Node]:
    """Every entry that `names` lead to through lists, and whose value fits: where to show each."""
    if isinstance(root, SequenceNode):
        for item in root.value:
            yield from search(item, names, fits)
    elif isinstance(root, MappingNode) and names:
        entry = _find(root, names[0])
        if entry and len(names) == 1:
            yield from (shown for shown, value in _leaves(*entry) if fits(value))
        elif entry:
            yield from search(entry[1], names[1:], fits)


def _leaves(key: Node, value: Node) -> list[tuple[Node, Node]]:
    """The entry itself, and its list's elements or its map's entries: Go names the field, not what is in it."""
    inside = value.value if isinstance(value, MappingNode) else []
    if isinstance(value, SequenceNode):
        inside = [(item, item) for item in value.value]
    return [(key, value), *inside]
