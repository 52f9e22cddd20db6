"""The objects that `-f` names: files of the exercise, standard input, the whole folder. Problems in kubectl's words."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from k8slab.kube.composing import PLAIN, LimitError, compose
from k8slab.kube.scalars import read_plain
from k8slab.kube.values import key_of

from ..streams import Streams
from .failures import Failures
from .invocation import Failed, Invocation

STDIN = "STDIN"
TYPE = ("apiVersion", "kind")
ENDINGS = (".json", ".yaml", ".yml")
MAX_BYTES = 4 * 1024 * 1024
MAX_OBJECTS = 1000
_MARKER = re.compile(r"^---[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Manifest:
    obj: dict[str, Any]
    source: str  # the file as it was named


def read_manifests(invocation: Invocation, broken: Failures) -> Iterator[Manifest]:
    """All objects of -f, in order. A file ends at its first fault, which goes to `broken`; the next file follows."""
    flags = invocation.flags
    if flags.text("kustomize"):
        if flags.many("filename"):
            raise Failed("error: only one of '--filename' or '--kustomize' is allowed")
        raise Failed("error: kustomizations cannot be built in this terminal: apply the files with -f")
    texts = [text for name in flags.many("filename") for text in _texts(invocation.streams, name)]
    checked = flags.values.get("validate", "ignore") not in ("false", "ignore")
    for source, text in texts:
        with broken.kept():
            yield from parse(text, source, checked=checked)


def has_files(invocation: Invocation) -> bool:
    values = invocation.flags.values
    return bool(values.get("filename") or values.get("kustomize"))


def _texts(streams: Streams, name: str) -> Iterator[tuple[str, str]]:
    if name == "-":
        yield STDIN, streams.stdin.read()
    elif name.startswith(("http://", "https://")):
        raise Failed(f'error: unable to read URL "{name}": this terminal has no network but the cluster\'s')
    elif name.rstrip("/") in (".", "", "*"):
        yield from _folder(streams, name)
    else:
        yield from _named(streams, name)


def _folder(streams: Streams, name: str) -> Iterator[tuple[str, str]]:
    found = [each for each in streams.files.names() if each.endswith(ENDINGS)]
    if not found:
        raise Failed(f"error: error reading [{name}]: recognized file extensions are [.json .yaml .yml]")
    for each in sorted(found):
        yield each, streams.files.read(each) or ""


def _named(streams: Streams, name: str) -> Iterator[tuple[str, str]]:
    text = read_text(streams, name)
    if text is not None:
        yield name, text
        return
    if any(letter in name for letter in "*?["):
        for each in sorted(streams.files.names()):
            if fnmatch.fnmatchcase(each, name.removeprefix("./")):
                yield each, streams.files.read(each) or ""
                text = ""
    if text is None:
        raise Failed(f'error: the path "{name}" does not exist')


def read_text(streams: Streams, name: str) -> str | None:
    """A file's text; `./web.yaml` is `web.yaml`."""
    return streams.files.read(name.removeprefix("./"))


def parse(text: str, source: str, *, checked: bool = False) -> Iterator[Manifest]:
    """The objects of one text. Those before a faulty document come out before Failed is raised.

    Args: `checked` tells of what is no object at all as validation does.
    """
    if len(text) > MAX_BYTES:
        raise Failed(f"error: error parsing {source}: the file is larger than {MAX_BYTES} bytes")
    count = 0
    for value in _json_values(text, source) if text.lstrip().startswith("{") else _yaml_values(text, source):
        for obj in _objects(value, source, checked):
            count += 1
            if count > MAX_OBJECTS:
                raise Failed(f"error: error parsing {source}: it has more than {MAX_OBJECTS} objects")
            yield Manifest(obj, source)


def _objects(value: Any, source: str, checked: bool) -> Iterator[dict[str, Any]]:
    if value is None:
        return
    if not isinstance(value, dict) and checked:
        raise Failed(not_valid(source, "invalid object to validate"))
    if not isinstance(value, dict):
        problem = f"cannot unmarshal {go_type(value)} into Go value of type unstructured.detector"
        raise Failed(f'error: unable to decode "{source}": json: {problem}')
    items = value.get("items")
    if isinstance(items, list) and str(value.get("kind", "")).endswith("List"):
        for item in items:
            yield from _objects(item, source, checked)
    else:
        yield value


def _json_values(text: str, source: str) -> Iterator[Any]:
    decoder, place = json.JSONDecoder(), len(text) - len(text.lstrip())
    while place < len(text):
        try:
            value, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            raise Failed(f"error: error parsing {source}: {_go_json(error)}") from None
        except RecursionError:
            raise Failed(f"error: error parsing {source}: json: exceeded max depth") from None
        yield value
        rest = text[place:].lstrip()
        place = len(text) - len(rest)


def _go_json(error: json.JSONDecodeError) -> str:
    """What encoding/json says of the same fault."""
    place = error.pos
    if error.msg.startswith("Illegal trailing comma"):  # Python 3.13 points at the comma
        place += 1 + len(error.doc[place + 1 :]) - len(error.doc[place + 1 :].lstrip())
    if place >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string"):
        return "unexpected EOF"
    wrong = json.dumps(error.doc[place])[1:-1].replace('\\"', '"').replace("'", "\\'")
    array = _in_array(error.doc[:place])
    words = {
        "Expecting property": "looking for beginning of object key string",
        "Illegal trailing c": "looking for beginning of value"
        if array
        else "looking for beginning of object key string",
        "Expecting value": "looking for beginning of value",
        "Expecting ',' deli": "after array element" if array else "after object key:value pair",
        "Expecting ':' deli": "after object key",
        "Invalid control ch": "in string literal",
        "Invalid \\escape": "in string escape code",
    }
    where = next(
        (said for start, said in words.items() if error.msg.startswith(start)), "looking for beginning of value"
    )
    return f"json: offset {place + 1}: invalid character '{wrong}' {where}"


def _in_array(text: str) -> bool:
    """Whether the innermost bracket that is open at the text's end is a `[`."""
    opened: list[str] = []
    for found in re.finditer(r'"(?:\\.|[^"\\])*"|[][{}]', text):
        if found[0] in "[{":
            opened.append(found[0])
        elif found[0] in "]}" and opened:
            opened.pop()
    return opened[-1:] == ["["]


def _yaml_values(text: str, source: str) -> Iterator[Any]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for chunk in _MARKER.split(text):
        yield from values_of(chunk, f"error: error parsing {source}: error converting YAML to JSON: ")


def values_of(chunk: str, prefix: str) -> Iterator[Any]:
    """The values of YAML text. Raises Failed with `prefix` before the words of Go's reader."""
    try:
        for root in compose(chunk):
            yield _value(root)
    except LimitError as error:
        anchor = error.problem.params.get("name") if error.problem.code == "unknown-alias" else None
        words = "document contains excessive aliasing" if anchor is None else f"unknown anchor '{anchor}' referenced"
        raise Failed(f"{prefix}yaml: {words}") from None
    except yaml.YAMLError as error:
        raise Failed(f"{prefix}yaml: {_go_yaml(error)}") from None


def _go_yaml(error: yaml.YAMLError) -> str:
    """libyaml's problem with the line that Go's reader gives: counted from 0 by the parser, from 1 by the scanner."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return str(error).splitlines()[0] if str(error) else "invalid document"
    line = 0
    if error.problem_mark is not None and error.problem_mark.line:
        line = error.problem_mark.line + (1 if isinstance(error, yaml.scanner.ScannerError) else 0)
    elif error.context_mark is not None:
        line = error.context_mark.line
    return f"line {line}: {error.problem}" if line else str(error.problem)


def _value(node: Node) -> Any:
    """A node's value as sigs.k8s.io/yaml reads it: a key given twice counts with its last value."""
    if isinstance(node, ScalarNode):
        return read_plain(node.value) if node.tag == PLAIN else node.value
    if isinstance(node, SequenceNode):
        return [_value(item) for item in node.value]
    assert isinstance(node, MappingNode)
    inherited: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_of(key_node)
        if key == "<<" and key_node.tag == PLAIN:
            for source in value_node.value if isinstance(value_node, SequenceNode) else [value_node]:
                inherited = {**_value(source), **inherited} if isinstance(source, MappingNode) else inherited
        else:
            values["null" if key is None else key] = _value(value_node)
    return {**inherited, **values}


def not_valid(source: str, problem: str) -> str:
    return (
        f'error: error validating "{source}": error validating data: {problem}; if you choose to ignore these errors, '
        "turn validation off with --validate=false"
    )


def type_problem(obj: dict[str, Any]) -> str:
    """What validation says of an object's apiVersion and kind, "" where they are there."""
    problems = [f"{key} not set" for key in TYPE if obj.get(key) in (None, "")]
    problems += [f"{key} isn't string type" for key in TYPE if obj.get(key) and not isinstance(obj[key], str)]
    return problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]" if problems else ""


def decoding_problem(obj: dict[str, Any]) -> str:
    """Why kubectl cannot read an object's kind and metadata, "" where it can."""
    if not obj.get("kind"):
        return f"Object 'Kind' is missing in '{compact(obj)}'"
    metadata = obj.get("metadata")
    if metadata is None:
        return ""
    if not isinstance(metadata, dict):
        return f"{_unmarshal(metadata, 'metadataOnlyObject.metadata')} of type v1.ObjectMeta"
    for key in ("name", "generateName", "namespace"):
        if not isinstance(metadata.get(key), str | None):
            return f"{_unmarshal(metadata[key], f'ObjectMeta.metadata.{key}')} of type string"
    for key in ("labels", "annotations"):
        entries = metadata.get(key)
        if not isinstance(entries, dict | None):
            return f"{_unmarshal(entries, f'ObjectMeta.metadata.{key}')} of type map[string]string"
        wrong = next((value for value in (entries or {}).values() if not isinstance(value, str | None)), None)
        if wrong is not None:
            return f"{_unmarshal(wrong, f'ObjectMeta.metadata.{key}')} of type string"
    return ""


def _unmarshal(value: Any, field: str) -> str:
    return f"json: cannot unmarshal {go_type(value)} into Go struct field {field}"


def go_type(value: Any) -> str:
    """A JSON value's kind in encoding/json's words."""
    names = {str: "string", list: "array", dict: "object", bool: "bool"}
    return names.get(type(value), "number")


def compact(obj: Any) -> str:
    """JSON as Go writes it in messages."""
    return orjson.dumps(obj, option=orjson.OPT_SORT_KEYS).decode()
