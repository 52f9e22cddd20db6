"""The API server's answers → problems with a code, parameters and the line of the YAML that caused them.

The server says most of what it knows in words only; the patterns below are those words. Whatever fits none of them
stays readable: `detail` always carries the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .documents import Document
from .errors import BadRequest, Cause, Conflict, Forbidden, KubeError, NotFound, UnknownKind
from .paths import parse_path
from .problems import Problem
from .refusals import refusal
from .scalars import name_of, read_plain

Suggest = Callable[[str], str]  # path of an unknown field → what may have been meant, or ""

LONGEST_DETAIL = 2000  # characters
LONGEST_VALUE = 100

_STRICT = re.compile(r'(unknown|duplicate) field "((?:[^"\\]|\\.)*)"')
_TYPED = re.compile(r"failed to create typed patch object \(.*?\): (.*)", re.DOTALL)
_TYPED_LINE = re.compile(r"^(?:errors:)?\s*(?P<path>\.[^\s:]*(?:\[[^\]]*\][^\s:]*)*): (?P<words>.*)$")
_EXPECTED = re.compile(r"expected (\w+)(?: \([^)]*\))?, got (.*)", re.DOTALL)
_OMITS = re.compile(r'element (\d+): associative list .* omits key field "([^"]+)"')
_UNMARSHAL = re.compile(r"cannot unmarshal (\w+) into Go struct field \w+\.(\S+) of type (\S+)")
_QUANTITY = re.compile(r"quantities must match the regular expression|unable to parse quantity's suffix")
_VALUE = re.compile(r"^(?:\w+ )*value: ")
_SUPPORTED = re.compile(r"supported values: (.*)$", re.DOTALL)
_IMMUTABLE = re.compile(
    r"immutable|may not change once set|updates to \w+ spec for fields other than|pod updates may not"
    r"|cannot change roleRef|may not be changed"
)
_QUANTITY_KEYS = frozenset(("cpu", "memory", "storage", "ephemeral-storage", "sizeLimit"))
_GO_TYPES = (("[]", "list"), ("map[", "map"), ("int", "integer"), ("float", "number"), ("bool", "boolean"))
_SCHEMA_TYPES = {"numeric": "number", "string": "text"}
_FOUND = {"string": "text", "number": "number", "bool": "boolean", "array": "list", "object": "map"}


def problems_of(error: KubeError, document: Document, suggest: Suggest = lambda path: "") -> tuple[Problem, ...]:
    """At least one problem; each at the line of its field where the server names one."""
    teller = _Teller(document, error, suggest)
    found = list(dict.fromkeys(map(_Hashable, teller.problems())))
    return tuple(entry.problem for entry in found) or (teller.at("", "refused"),)


class _Hashable:
    """A problem by what a reader sees of it, so that the same one is told once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._key = (problem.code, problem.line, tuple(sorted(problem.params.items())))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashable) and self._key == other._key


class _Teller:
    def __init__(self, document: Document, error: KubeError, suggest: Suggest) -> None:
        self._document = document
        self._error = error
        self._suggest = suggest

    def at(self, path: str, code: str, detail: str = "", /, **params: str | int) -> Problem:
        line, column = self._document.locate(path)
        return Problem(code, line, column, params, (detail or self._error.message)[:LONGEST_DETAIL])

    def problems(self) -> Iterator[Problem]:
        error = self._error
        if isinstance(error, UnknownKind):
            yield self._unknown_kind(error)
        elif not error.permanent:
            yield self.at("", "cluster-unavailable")
        elif isinstance(error, Forbidden | NotFound | Conflict):
            code, path, params = refusal(error, self._document.obj)
            yield self.at(path, code, **params)
        elif "strict decoding error" in error.message:
            yield from self._strict()
        elif (match := _TYPED.search(error.message)) and _TYPED_LINE.match(match[1].splitlines()[-1]):
            yield from self._typed(match[1])
        elif error.causes:
            yield from (self._cause(cause) for cause in error.causes)
        elif isinstance(error, BadRequest):
            yield self._unreadable()

    def _unknown_kind(self, error: UnknownKind) -> Problem:
        named = {"kind": error.kind, "apiVersion": error.api_version}
        if error.elsewhere:
            return self.at("apiVersion", "old-api-version", suggestion=error.elsewhere[0], **named)
        return self.at("kind", "unknown-kind", suggestion=error.similar[0] if error.similar else "", **named)

    def _strict(self) -> Iterator[Problem]:
        for what, path in _STRICT.findall(self._error.message):
            yield self._unknown_field(path) if what == "unknown" else self.at(path, "duplicate-field", path=path)

    def _unknown_field(self, path: str) -> Problem:
        path = path.removeprefix(".")
        steps = parse_path(path)
        field = steps[-1].name if steps else path
        return self.at(path, "unknown-field", path=path, field=field, suggestion=self._suggest(path))

    def _typed(self, words: str) -> Iterator[Problem]:
        """Server-side apply against its schema: `.spec.foo: field not declared in schema`, one or many."""
        for line in words.splitlines():
            match = _TYPED_LINE.match(line)
            if match:
                yield self._typed_line(match["path"].removeprefix("."), match["words"])

    def _typed_line(self, path: str, words: str) -> Problem:
        if "field not declared in schema" in words:
            return self._unknown_field(path)
        if match := _EXPECTED.match(words):
            expected = _SCHEMA_TYPES.get(match[1], match[1])
            return self.at(path, "ill-typed", words, path=path, expected=expected, found=self._found(path, match[2]))
        if match := _OMITS.match(words):
            missing = f"{path}[{match[1]}].{match[2]}"
            return self.at(missing, "required", words, path=missing)
        if words.startswith("duplicate entries"):
            return self.at(path, "duplicate-value", words, path=path, value=words.rpartition("key ")[2])
        return self.at(path, "invalid", words, path=path, value="")

    def _found(self, path: str, words: str) -> str:
        """What stands there instead, from the student's own object; the server prints Go's innards."""
        value: object = self._document.obj
        for step in parse_path(path):
            if isinstance(value, list) and step.where:
                wanted = step.where.items()
                value = next(
                    (v for v in value if isinstance(v, dict) and all(str(v.get(k)) == w for k, w in wanted)), None
                )
            elif isinstance(value, list):
                value = value[int(step.name)] if step.name.isdecimal() and int(step.name) < len(value) else None
            else:
                value = value.get(step.name) if isinstance(value, dict) else None
        return name_of(value) if value is not None else words[:40]

    def _unreadable(self) -> Problem:
        """400: the decoder's words, which name a field without list indices, or none at all."""
        message = self._error.message
        if match := _UNMARSHAL.search(message):
            return self._unmarshal(match[1], match[2], match[3])
        if _QUANTITY.search(message):
            return self._quantity()
        if "illegal base64" in message:
            return self.at("data", "invalid", path="data", value="")
        return self.at("", "refused")

    def _unmarshal(self, found: str, path: str, go_type: str) -> Problem:
        expected = next((ours for theirs, ours in _GO_TYPES if go_type.startswith(theirs)), "")
        expected = expected or ("text" if go_type == "string" else "map")
        params = {"path": path, "expected": expected, "found": _FOUND.get(found, found)}
        names = path.split(".")
        # a nested struct is told from where its own type begins, so the document's part above may be missing
        place = self._document.search(names, lambda node: _is(node, found)) or self._deep(names, found)
        line, column = place or self._document.locate(path)
        return Problem("ill-typed", line, column, params, self._error.message[:LONGEST_DETAIL])

    def _deep(self, names: list[str], found: str) -> tuple[int, int] | None:
        for above in (["spec"], ["spec", "template"], ["spec", "jobTemplate", "spec", "template"]):
            place = self._document.search([*above, *names], lambda node: _is(node, found))
            if place:
                return place
        return None

    def _quantity(self) -> Problem:
        for node, key, value in _scalars(self._document.node, ""):
            if key in _QUANTITY_KEYS and not _looks_like_quantity(value):
                line, column = self._document.shift + node.start_mark.line + 1, node.start_mark.column + 1
                params = {"path": key, "value": value}
                return Problem("bad-quantity", line, column, params, self._error.message[:LONGEST_DETAIL])
        return self.at("spec", "bad-quantity", path="", value="")

    def _cause(self, cause: Cause) -> Problem:
        """422: one field that validation does not like."""
        path, words = cause.field, cause.message
        value = _value(words)
        if _IMMUTABLE.search(words):
            obj = self._document.obj
            named = {"kind": obj["kind"], "name": obj["metadata"]["name"]}
            return self.at(path, "immutable", words, path=path, **named)
        if cause.reason == "FieldValueRequired":
            return self.at(path, "required", words, path=path)
        if cause.reason == "FieldValueNotSupported":
            supported = (_SUPPORTED.search(words) or ("", ""))[1].replace('"', "")
            return self.at(path, "not-supported", words, path=path, value=value, supported=supported)
        if cause.reason == "FieldValueDuplicate":
            return self.at(path, "duplicate-value", words, path=path, value=value)
        if cause.reason == "FieldValueForbidden":
            return self.at(path, "not-allowed", words, path=path)
        if not path:
            code, path, params = refusal(self._error, self._document.obj)
            return self.at(path, code, words, **params)
        return self.at(path, "invalid", words, path=path, value=value)


def _value(words: str) -> str:
    """What stands behind `Invalid value: `: JSON as a rule."""
    match = _VALUE.match(words)
    if not match:
        return ""
    rest = words[match.end() :]
    try:
        value, _ = json.JSONDecoder().raw_decode(rest)
    except ValueError:
        return rest.partition(": ")[0][:LONGEST_VALUE]
    return (value if isinstance(value, str) else json.dumps(value))[:LONGEST_VALUE]


def _is(node: Node, found: str) -> bool:
    """Whether a node is what Go's decoder says it found."""
    if isinstance(node, ScalarNode):
        value = node.value if node.tag != "plain" else read_plain(node.value)
        return _FOUND.get(found) == name_of(value)
    return found == ("array" if isinstance(node, SequenceNode) else "object")


def _scalars(node: Node, key: str) -> Iterator[tuple[Node, str, str]]:
    if isinstance(node, MappingNode):
        for key_node, value in node.value:
            for found, name, text in _scalars(value, str(key_node.value)):
                yield (key_node if found is value else found), name, text
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _scalars(item, "")
    else:
        yield node, key, str(node.value)


def _looks_like_quantity(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[0-9.]+([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?", text))
