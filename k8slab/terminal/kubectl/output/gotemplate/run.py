"""Go templates on objects."""

from __future__ import annotations

import html
from collections.abc import Sequence
from inspect import signature
from typing import Any
from urllib.parse import quote

from ..godump import go_value
from .functions import CALLS, Wrong, truth
from .parse import Below, Block, Constant, Function, Node, Operand, Path, Pipeline, TemplateError, Text, parse

__all__ = ["Template", "TemplateError"]
MISSING = object()
MOST = 4 * 1024 * 1024  # characters of output
STEPS = 300_000  # nodes that are run: a bound for ranges in ranges


class Template:
    """Raises TemplateError when it is no template, and while running where Go would."""

    def __init__(self, text: str, *, missing_allowed: bool = True) -> None:
        self._nodes = parse(text)
        self._missing_allowed = missing_allowed

    def text(self, obj: Any) -> str:
        run = _Run(obj, self._missing_allowed)
        run.nodes(self._nodes, obj)
        return "".join(run.out)


class _Run:
    def __init__(self, root: Any, missing_allowed: bool) -> None:
        self.missing_allowed = missing_allowed
        self.scopes: list[dict[str, Any]] = [{"$": root}]
        self.out: list[str] = []
        self.size = 0
        self.steps = 0

    def nodes(self, nodes: Sequence[Node], dot: Any) -> None:
        for node in nodes:
            self.steps += 1
            if self.steps > STEPS:
                raise TemplateError("1: the template takes too many steps")
            if isinstance(node, Text):
                self.write(node.text)
            elif isinstance(node, Block):
                self.scopes.append({})
                self.block(node, dot)
                self.scopes.pop()
            else:
                value = self.pipeline(node, dot)
                if not node.variables:
                    self.write("<no value>" if value is MISSING or value is None else go_value(value))

    def write(self, text: str) -> None:
        self.size += len(text)
        if self.size > MOST:
            raise TemplateError("1: the output is too long")
        self.out.append(text)

    def block(self, node: Block, dot: Any) -> None:
        value = self.pipeline(node.pipeline, dot)
        if node.word == "range":
            self.range(node, value, dot)
        elif truth(value if value is not MISSING else None):
            self.nodes(node.body, value if node.word == "with" else dot)
        else:
            self.nodes(node.otherwise, dot)

    def range(self, node: Block, value: Any, dot: Any) -> None:
        if isinstance(value, dict):
            pairs: list[tuple[Any, Any]] = sorted(value.items())
        elif isinstance(value, list):
            pairs = list(enumerate(value))
        elif value is None or value is MISSING:
            pairs = []
        else:
            raise TemplateError(f"{node.pipeline.line}: range can't iterate over {go_value(value)}")
        names = node.pipeline.variables
        for key, each in pairs:
            self.steps += 1  # also of a range without a body
            self.scopes.append(dict(zip(names, (key, each) if len(names) == 2 else (each,), strict=False)))
            self.nodes(node.body, each)
            self.scopes.pop()
        if not pairs:
            self.nodes(node.otherwise, dot)

    def pipeline(self, pipeline: Pipeline, dot: Any) -> Any:
        value: Any = MISSING
        for i, command in enumerate(pipeline.commands):
            try:
                value = self.command(command, dot, [value] if i else [])
            except Wrong as wrong:
                raise TemplateError(f"{pipeline.line}: {wrong}") from None
        for name in pipeline.variables:
            scope = next((s for s in reversed(self.scopes) if name in s), None) if pipeline.assigns else self.scopes[-1]
            if scope is None:
                raise TemplateError(f'{pipeline.line}: undefined variable "{name}"')
            scope[name] = value
        return value

    def command(self, command: Sequence[Operand], dot: Any, piped: list[Any]) -> Any:
        first, *rest = command
        if isinstance(first, Function):
            arguments = [self.operand(each, dot) for each in rest] + piped
            return self.call(first.name, [None if each is MISSING else each for each in arguments])
        if rest or piped:
            raise Wrong("can't give argument to non-function")
        return self.operand(first, dot)

    def call(self, name: str, arguments: list[Any]) -> Any:
        if name in ("html", "js", "urlquery"):
            text = "".join(go_value(each) for each in arguments)
            return html.escape(text) if name == "html" else quote(text, safe="")
        function = CALLS[name]
        try:
            signature(function).bind(*arguments)
        except TypeError:
            raise Wrong(f"wrong number of args for {name}: got {len(arguments)}") from None
        return function(*arguments)

    def operand(self, operand: Operand, dot: Any) -> Any:
        if isinstance(operand, Constant):
            return operand.value
        if isinstance(operand, Below):
            return self.follow(self.pipeline(operand.pipeline, dot), operand.names)
        if isinstance(operand, Function):
            return self.call(operand.name, [])
        assert isinstance(operand, Path)
        if not operand.of:
            return self.follow(dot, operand.names)
        scope = next((s for s in reversed(self.scopes) if operand.of in s), None)
        if scope is None:
            raise Wrong(f'undefined variable "{operand.of}"')
        return self.follow(scope[operand.of], operand.names)

    def follow(self, value: Any, names: Sequence[str]) -> Any:
        for name in names:
            if value is None or value is MISSING:
                return MISSING
            if not isinstance(value, dict):
                raise Wrong(f"can't evaluate field {name} in type interface {{}}")
            if name not in value and not self.missing_allowed:
                raise Wrong(f'map has no entry for key "{name}"')
            value = value.get(name, MISSING)
        return value
