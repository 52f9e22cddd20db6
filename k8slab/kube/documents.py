"""YAML text → Kubernetes documents that know their lines. Every problem is collected; nothing is raised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .composing import LimitError, compose
from .paths import Fits, locate, search
from .problems import Problem
from .scalars import name_of
from .syntax import ODD_SPACE, control_characters, explain
from .values import build, key_of

MAX_BYTES = 1024 * 1024
MAX_DOCUMENTS = 100
MAX_PROBLEMS = 50  # a text with more is not worth listing line by line

_MARKER = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_ODD = re.compile(f"[{ODD_SPACE}]")


@dataclass(frozen=True, slots=True)
class Document:
    """One object of the text. `shift` lines stand before the part of the text that `node` was read from."""

    index: int
    obj: dict[str, Any]
    line: int
    node: Node
    shift: int = 0

    def locate(self, path: str) -> tuple[int, int]:
        """Line and column (1-based) of a field path, or of its nearest parent that is written down."""
        return self._place(locate(self.node, path))

    def search(self, names: list[str], fits: Fits) -> tuple[int, int] | None:
        """As `locate`, for a path without list indices: the first place where the value fits."""
        node = next(search(self.node, names, fits), None)
        return None if node is None else self._place(node)

    def _place(self, node: Node) -> tuple[int, int]:
        return self.shift + node.start_mark.line + 1, node.start_mark.column + 1


@dataclass(frozen=True, slots=True)
class Parsed:
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


def parse(text: str) -> Parsed:
    """Reads a submission. Documents without problems of their own are there even where others have some."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return Parsed((), (Problem("too-large", params={"size": size, "limit": MAX_BYTES}),))
    problems = control_characters(text)
    if problems:
        return Parsed((), tuple(problems))
    documents: list[Document] = []
    for shift, chunk in _chunks(text):
        _read(chunk, shift, documents, problems)
        if len(documents) > MAX_DOCUMENTS:
            count = max(len(documents), len(_MARKER.findall(text)) + 1)
            return Parsed((), (Problem("too-many-documents", params={"count": count, "limit": MAX_DOCUMENTS}),))
    if not documents and not problems:
        problems.append(Problem("empty"))
    return Parsed(tuple(documents), tuple(sorted(problems, key=lambda p: (p.line, p.column))[:MAX_PROBLEMS]))


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """The text cut at `---`, so that an error in one document does not hide those of the next: (lines before, text)."""
    starts = [match.start() for match in _MARKER.finditer(text)]
    if not starts or text[: starts[0]].strip():
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        # a directive (`%YAML 1.2`) stands before its marker: taken along as the chunk's beginning is the text's
        yield text.count("\n", 0, start), text[start:end]


def _read(chunk: str, shift: int, documents: list[Document], problems: list[Problem]) -> None:
    found: list[Problem] = []
    try:
        for root in compose(chunk):
            before = len(found)
            value = build(root, found.append)
            found.extend(_odd_keys(root))
            for node, obj in _unfold(root, value):
                trouble = list(_check(node, obj))
                found.extend(trouble)
                if len(found) == before:
                    line = shift + node.start_mark.line + 1
                    documents.append(Document(len(documents), obj, line, node, shift))
    except LimitError as error:
        found.append(error.problem)
    except yaml.YAMLError as error:
        found.extend(explain(error, chunk))
    problems.extend(_shifted(problem, shift) for problem in found)


def _shifted(problem: Problem, shift: int) -> Problem:
    params = {k: v + shift if k in ("first", "opened") and isinstance(v, int) else v for k, v in problem.params.items()}
    line = problem.line + shift if problem.line else 0
    return Problem(problem.code, line, problem.column, params, problem.detail)


def _unfold(node: Node, value: Any) -> Iterator[tuple[Node, Any]]:
    """The objects of a document: none where it is blank, each of its items where it is a List."""
    if value is None:
        return
    items = value.get("items") if isinstance(value, dict) else None
    if isinstance(items, list) and isinstance(value.get("kind"), str) and value["kind"].endswith("List"):
        nodes = _value_node(node, "items")
        for item_node, item in zip(nodes.value if nodes else [], items, strict=False):
            yield from _unfold(item_node, item)
    else:
        yield node, value


def _value_node(node: Node, key: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((value for key_node, value in node.value if key_of(key_node) == key), None)


def _check(node: Node, obj: Any) -> Iterator[Problem]:
    """Whether a value is an object that can be sent to the API server at all."""
    if not isinstance(obj, dict):
        yield _at(node, "not-an-object", found=name_of(obj))
        return
    for key, code in (("apiVersion", "no-api-version"), ("kind", "no-kind")):
        if not obj.get(key):
            yield _at(node, code)
        elif not isinstance(obj[key], str):
            yield _not_text(node, key, obj[key])
    metadata = obj.get("metadata")
    if not isinstance(metadata, dict):
        yield _at(locate(node, "metadata"), "no-metadata")
    else:
        yield from _metadata(node, metadata)


def _metadata(node: Node, metadata: dict[str, Any]) -> Iterator[Problem]:
    if metadata.get("name") in (None, ""):
        yield _at(locate(node, "metadata"), "no-name")
    for key in ("name", "namespace"):
        if metadata.get(key) is not None and not isinstance(metadata[key], str):
            yield _not_text(node, f"metadata.{key}", metadata[key])
    for key in ("labels", "annotations"):
        entries = metadata.get(key)
        for name, value in entries.items() if isinstance(entries, dict) else ():
            if value is not None and not isinstance(value, str):
                yield _not_text(node, f"metadata.{key}[{name}]", value)


def _not_text(node: Node, path: str, value: Any) -> Problem:
    found = name_of(value)
    shown = {"map": "{…}", "list": "[…]"}.get(found, str(value).lower() if isinstance(value, bool) else str(value))
    return _at(locate(node, path), "not-a-string", path=path, value=shown, found=found)


def _odd_keys(node: Node) -> Iterator[Problem]:
    """Keys that begin with a space which YAML takes for a letter: the line looks indented and is not."""
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from _odd_keys(item)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            match = _ODD.match(key.value) if isinstance(key, ScalarNode) else None
            if match:
                yield _at(key, "odd-space", character=f"U+{ord(match[0]):04X}")
            yield from _odd_keys(value)


def _at(node: Node, code: str, **params: str | int) -> Problem:
    return Problem(code, node.start_mark.line + 1, node.start_mark.column + 1, params)
