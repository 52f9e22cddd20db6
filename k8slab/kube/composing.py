"""YAML events → node trees, within limits.

PyYAML's own composer recurses in C: two hundred thousand `[` end the process, and libyaml's scanner is quadratic in the
nesting depth. So events are taken one at a time on a stack of our own, and reading stops at the first limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from .problems import Problem

MAX_DEPTH = 100
MAX_NODES = 100_000  # with every alias expanded
STRING = "tag:yaml.org,2002:str"
PLAIN = "plain"  # tag of an unquoted scalar, which `scalars.read_plain` reads


class LimitError(Exception):
    """The text goes beyond what we read; `problem` says where."""

    def __init__(self, code: str, where: Any, **params: str | int) -> None:
        super().__init__(code)
        mark = where.start_mark
        self.problem = Problem(code, mark.line + 1, mark.column + 1, params)


def compose(text: str) -> Iterator[Node]:
    """One root node per document. Raises yaml.YAMLError, LimitError."""
    composer = _Composer()
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.DocumentEndEvent):
            yield composer.root
            composer = _Composer()
        else:
            composer.take(event)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    node: CollectionNode
    before: int  # nodes ahead of it
    height: int = 1


class _Composer:
    """Builds one document."""

    root: Node

    def __init__(self) -> None:
        self._anchors: dict[str, Node] = {}
        self._extent: dict[int, tuple[int, int]] = {}  # of each anchored node: nodes that it stands for, height
        self._open: list[_Open] = []
        self._nodes = 0

    def take(self, event: Any) -> None:  # Any: the stubs give each attribute of an event as optional
        if isinstance(event, yaml.ScalarEvent):
            self._add(_scalar(event), event.anchor)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._push(SequenceNode, event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._push(MappingNode, event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._pop(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _push(self, kind: type[CollectionNode], event: Any) -> None:
        node = kind(event.tag or "", [], event.start_mark, event.end_mark)
        opened = _Open(node, self._nodes)
        self._add(node, event.anchor)
        self._open.append(opened)
        if len(self._open) > MAX_DEPTH:
            raise LimitError("too-deep", node, limit=MAX_DEPTH)

    def _pop(self, event: Any) -> None:
        opened = self._open.pop()
        node = opened.node
        node.end_mark = event.end_mark
        if isinstance(node, MappingNode):
            node.value = list(zip(node.value[::2], node.value[1::2], strict=True))
        self._extent[id(node)] = (self._nodes - opened.before, opened.height)
        self._raise_parent(opened.height)

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise LimitError("unknown-alias", event, name=event.anchor)
        if any(node is parent.node for parent in self._open):
            raise LimitError("aliases", event, limit=MAX_NODES)
        nodes, height = self._extent.get(id(node), (1, 0))
        if self._nodes + nodes > MAX_NODES:
            raise LimitError("aliases", event, limit=MAX_NODES)
        if len(self._open) + height > MAX_DEPTH:
            raise LimitError("too-deep", event, limit=MAX_DEPTH)
        self._add(node, None, nodes)
        self._raise_parent(height)

    def _add(self, node: Node, anchor: str | None, nodes: int = 1) -> None:
        """Puts a node into the innermost open collection."""
        if anchor:
            self._anchors[anchor] = node
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise LimitError("too-many-values", node, limit=MAX_NODES)
        if self._open:
            self._open[-1].node.value.append(node)
        else:
            self.root = node

    def _raise_parent(self, height: int) -> None:
        if self._open:
            self._open[-1].height = max(self._open[-1].height, height + 1)


def _scalar(event: Any) -> ScalarNode:
    tag = event.tag or (PLAIN if event.implicit[0] else STRING)
    return ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style)
