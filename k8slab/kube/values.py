"""Node trees → plain values, with every duplicate key, odd key and foreign tag reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .composing import PLAIN, STRING
from .problems import Problem
from .scalars import read_plain

Report = Callable[[Problem], None]

MERGE = "<<"
_TAGS = {
    MappingNode: frozenset(("", "tag:yaml.org,2002:map")),
    SequenceNode: frozenset(("", "tag:yaml.org,2002:seq")),
    ScalarNode: frozenset((PLAIN, STRING, "!", *(f"tag:yaml.org,2002:{t}" for t in ("int", "float", "bool", "null")))),
}
_TEXT = frozenset((STRING, "!"))


def build(node: Node, report: Report) -> Any:
    """The value of a node; the tree's depth and size have been bounded by `composing`."""
    if node.tag not in _TAGS[type(node)]:
        report(_problem("tag", node, tag=node.tag))
    if isinstance(node, ScalarNode):
        return node.value if node.tag in _TEXT else read_plain(node.value)
    if isinstance(node, SequenceNode):
        return [build(item, report) for item in node.value]
    assert isinstance(node, MappingNode)
    return _mapping(node, report)


def key_of(node: Node) -> str | None:
    """A mapping's key as JSON has it: numbers and booleans become text. None where it cannot be a key."""
    if not isinstance(node, ScalarNode):
        return None
    value = node.value if node.tag in _TEXT else read_plain(node.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _mapping(node: MappingNode, report: Report) -> dict[str, Any]:
    values: dict[str, Any] = {}
    inherited: dict[str, Any] = {}
    first: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = key_of(key_node)
        if key is None:
            report(_problem("bad-key", key_node))
        elif key == MERGE and key_node.tag == PLAIN:
            _inherit(inherited, value_node, report)
        elif key in first:
            report(_problem("duplicate-key", key_node, key=key, first=first[key]))
        else:
            first[key] = key_node.start_mark.line + 1
            values[key] = build(value_node, report)
    return {**inherited, **values} if inherited else values


def _inherit(into: dict[str, Any], node: Node, report: Report) -> None:
    """YAML 1.1's merge key: a map, or a list of maps of which the first has the last word."""
    sources = node.value if isinstance(node, SequenceNode) else [node]
    for source in sources:
        if isinstance(source, MappingNode):
            for key, value in _mapping(source, report).items():
                into.setdefault(key, value)
        else:
            report(_problem("bad-key", node))


def _problem(code: str, node: Node, **params: str | int) -> Problem:
    return Problem(code, node.start_mark.line + 1, node.start_mark.column + 1, params)
