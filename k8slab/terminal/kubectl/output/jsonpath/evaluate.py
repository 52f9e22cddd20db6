"""JSONPath nodes on objects, as client-go walks them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..godump import go_value, json_line
from .parse import (
    Bool,
    Field,
    Filter,
    JSONPathError,
    Node,
    Number,
    Range,
    Recursive,
    Slice,
    Steps,
    Text,
    Union,
    Wildcard,
    parse,
)

Values = list[Any]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MOST = 1_000_000  # values that are looked at: a bound for ranges in ranges, and for `..` over and over


class JSONPath:
    """A template, read once. Raises JSONPathError when it is no template, and where it finds nothing if that counts."""

    def __init__(self, template: str, *, missing_allowed: bool = True) -> None:
        self.nodes = parse(template)
        self.missing_allowed = missing_allowed
        self._left = MOST

    def text(self, obj: Any) -> str:
        """What is printed: the results of an action with blanks between."""
        return "".join(" ".join(printed(value) for value in values) for values in self.results(obj))

    def results(self, obj: Any) -> Iterator[Values]:
        """The values of each text and action, in order."""
        self._left = MOST
        return self._run(self.nodes, obj)

    def find(self, obj: Any) -> Values:
        """All values together: for a template of one action."""
        return [value for values in self.results(obj) for value in values]

    def _run(self, nodes: Iterable[Node], obj: Any) -> Iterator[Values]:
        for node in nodes:
            if isinstance(node, Range):
                for each in self._walk([obj], node.over):
                    yield from self._run(node.body, each)
            else:
                yield self._walk([obj], node)

    def _walk(self, values: Values, node: Node) -> Values:
        self._spend(len(values))
        if isinstance(node, Steps):
            for step in node.nodes:
                values = self._walk(values, step)
            return values
        if isinstance(node, Text):
            return [node.text]
        if isinstance(node, Number | Bool):
            return [node.value]
        if isinstance(node, Field):
            return self._field(values, node)
        if isinstance(node, Wildcard):
            return [each for value in values for each in children(value)]
        if isinstance(node, Recursive):
            found = list(_descend(values))
            self._spend(len(found))
            return found
        return self._choose(values, node)

    def _spend(self, count: int) -> None:
        self._left -= count + 1
        if self._left < 0:
            raise JSONPathError("too many values")

    def _choose(self, values: Values, node: Node) -> Values:
        if isinstance(node, Slice):
            return [each for value in values if value is not None for each in _sliced(value, node)]
        if isinstance(node, Union):
            return [each for part in node.parts for each in self._walk(values, part)]
        if isinstance(node, Filter):
            return [each for value in values for each in children(value, strict=True) if self._fits(each, node)]
        raise JSONPathError(f"unexpected {type(node).__name__}")

    def _field(self, values: Values, node: Field) -> Values:
        if not node.name:
            return values
        found = [value[node.name] for value in values if isinstance(value, dict) and node.name in value]
        if values and not found and not self.missing_allowed:
            raise JSONPathError(f"{node.name} is not found")
        return found

    def _fits(self, value: Any, node: Filter) -> bool:
        quiet = JSONPath.__new__(JSONPath)
        quiet.nodes, quiet.missing_allowed, quiet._left = (), True, self._left
        lefts = quiet._walk([value], node.left)
        if node.operator == "exists":
            return bool(lefts)
        if not lefts:
            return False
        rights = quiet._walk([value], node.right)
        self._left = quiet._left
        if len(lefts) > 1 or len(rights) > 1:
            raise JSONPathError("can only compare one element at a time")
        return bool(rights) and _compared(lefts[0], node.operator, rights[0])


def _compared(left: Any, how: str, right: Any) -> bool:
    kinds = [bool if isinstance(v, bool) else float if isinstance(v, int | float) else type(v) for v in (left, right)]
    if kinds[0] is not kinds[1] or kinds[0] not in (bool, float, str):
        raise JSONPathError("incompatible types for comparison")
    return _COMPARE[how](left, right)


def children(value: Any, *, strict: bool = False) -> Values:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not strict:
        return [value[key] for key in sorted(value)]
    if strict and value is not None:
        raise JSONPathError(f"{go_value(value)} is not array or slice and cannot be filtered")
    return []


def _descend(values: Values) -> Iterator[Any]:
    for value in values:
        below = children(value)
        if below:
            yield value
            yield from _descend(below)


def _sliced(value: Any, node: Slice) -> Values:
    if not isinstance(value, list):
        raise JSONPathError(f"{_go_type(value)} is not array or slice")
    length = len(value)
    start = node.start or 0
    start += length if start < 0 else 0
    stop = length if node.stop is None else node.stop
    if stop < 0 or (stop == 0 and node.single):
        stop += length
    if start == stop:
        return []
    if not 0 <= start < length:
        raise JSONPathError(f"array index out of bounds: index {start}, length {length}")
    if not 0 <= stop <= length:
        raise JSONPathError(f"array index out of bounds: index {stop - 1}, length {length}")
    if start > stop:
        raise JSONPathError(f"starting index {start} is greater than ending index {stop}")
    if node.step is not None and node.step <= 0:
        raise JSONPathError("step must be > 0")
    return value[start : stop : node.step or 1]


def _go_type(value: Any) -> str:
    names = {str: "string", bool: "bool", int: "int64", float: "float64", dict: "map[string]interface {}"}
    return names.get(type(value), type(value).__name__)


def printed(value: Any) -> str:
    """One result as text."""
    return json_line(value) if isinstance(value, dict | list) else "" if value is None else go_value(value)
