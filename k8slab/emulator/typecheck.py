"""Whether the fields that a CEL expression asks of `object` and `oldObject` exist in a kind.

The CEL library here knows no Kubernetes types, so the plain selections (`object.spec.replicas`) are followed along the
kind's type; what is behind an index, a call or a macro's variable is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from k8slab.emulator.resources import Resource
from k8slab.emulator.schema import Schema, Type

ROOTS = ("object", "oldObject")
TOKEN = re.compile(
    r"""(?P<text>[rRbB]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))"""
    r"|(?P<chain>[A-Za-z_]\w*(?:\s*\.\s*\??[A-Za-z_]\w*)*)|(?P<other>.)",
    re.DOTALL,
)
STEP = re.compile(r"\.\s*\??([A-Za-z_]\w*)")


def undefined_fields(schema: Schema, kind: Resource, expression: str) -> list[str]:
    """The complaints, as CEL's own checker words them."""
    node = schema.type_of(kind.group, kind.version, kind.kind)
    return undefined_steps(node, expression, ROOTS)


def undefined_steps(node: Type, expression: str, roots: Collection[str]) -> list[str]:
    """The same for any variables that all have this type."""
    return [_complaint(expression, place, name) for place, name in _unknown_steps(node, expression, roots)]


def _unknown_steps(node: Type, expression: str, roots: Collection[str]) -> Iterator[tuple[int, str]]:
    after = ""  # what stands before the chain: a chain after a dot belongs to something else
    for token in TOKEN.finditer(expression):
        chain = token["chain"]
        if chain is not None and after not in (".", "?") and re.split(r"\W", chain, maxsplit=1)[0] in roots:
            called = expression[token.end() :].lstrip().startswith("(")
            steps = list(STEP.finditer(chain))
            unknown = _first_unknown(node, [step[1] for step in (steps[:-1] if called else steps)])
            if unknown is not None:
                yield token.start() + steps[unknown].start(), steps[unknown][1]
        if token[0].strip():
            after = token[0][-1]


def _first_unknown(node: Type, names: list[str]) -> int | None:
    for index, name in enumerate(names):
        if node.shape == "map" and node.element is not None:
            node = node.element
        elif node.shape == "struct" and not node.open:
            child = node.fields.get(name)
            if child is None:
                return index
            node = child
        else:
            return None
    return None


def _complaint(expression: str, place: int, name: str) -> str:
    before = expression[:place]
    row, column = before.count("\n"), place - (before.rfind("\n") + 1)
    line = expression.split("\n")[row]
    return f"ERROR: <input>:{row + 1}:{column + 1}: undefined field '{name}'\n | {line}\n | {'.' * column}^\n"
