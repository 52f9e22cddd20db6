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
from .invocation import Failed, Invocation

STDIN = "STDIN"
ENDINGS = (".json", ".yaml", ".yml")
MAX_BYTES = 4 * 1024 * 1024
MAX_OBJECTS = 1000
_MARKER = re.compile(r"^---[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Manifest:
    obj: dict[str, Any]
    source: str  # the file as it was named


def read_manifests(invocation: Invocation) -> Iterator[Manifest]:
    """All objects of -f, in order. Raises Failed where a file cannot be read."""
    flags = invocation.flags
    if flags.text("kustomize"):
        if flags.many("filename"):
            raise Failed("error: only one of '--filename' or '--kustomize' is allowed")
        raise Failed("error: kustomizations cannot be built in this terminal: apply the files with -f")
    for name in flags.many("filename"):
        for source, text in _texts(invocation.streams, name):
            yield from parse(text, source)


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


def parse(text: str, source: str) -> Iterator[Manifest]:
    """The objects of one text. Those before a faulty document come out before Failed is raised."""
    if len(text) > MAX_BYTES:
        raise Failed(f"error: error parsing {source}: the file is larger than {MAX_BYTES} bytes")
    count = 0
    for value in _json_values(text, source) if text.lstrip().startswith("{") else _yaml_values(text, source):
        for obj in _objects(value, source):
            count += 1
            if count > MAX_OBJECTS:
                raise Failed(f"error: error parsing {source}: it has more than {MAX_OBJECTS} objects")
            yield Manifest(obj, source)


def _objects(value: Any, source: str) -> Iterator[dict[str, Any]]:
    if value is None:
        return
    if not isinstance(value, dict):
        go_type = {str: "string", list: "array", bool: "bool"}.get(type(value), "number")
        raise Failed(
            f'error: error validating "{source}": error validating data: invalid object to validate'
            if go_type == "array"
            else f"error: error parsing {source}: error converting YAML to JSON: {go_type} is no object"
        )
    items = value.get("items")
    if isinstance(items, list) and str(value.get("kind", "")).endswith("List"):
        for item in items:
            yield from _objects(item, source)
    else:
        yield value


def _json_values(text: str, source: str) -> Iterator[Any]:
    decoder, rest = json.JSONDecoder(), text.lstrip()
    while rest:
        try:
            value, end = decoder.raw_decode(rest)
        except (json.JSONDecodeError, RecursionError) as error:
            if text.lstrip() == rest and _is_flow_yaml(text):
                yield from _yaml_values(text, source)
                return
            raise Failed(f"error: error parsing {source}: {_go_json(error)}") from None
        yield value
        rest = rest[end:].lstrip()
        rest = rest.removeprefix("---").lstrip() if rest.startswith("---") else rest


def _is_flow_yaml(text: str) -> bool:
    try:
        return bool(list(compose(text)))
    except (yaml.YAMLError, LimitError):
        return False


def _go_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError) and error.pos >= len(error.doc.rstrip()):
        return "unexpected EOF"
    line = getattr(error, "lineno", 0)
    return f"json: line {line}: {getattr(error, 'msg', error)}" if line else str(error)


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
        raise Failed(f"{prefix}yaml: document contains excessive aliasing or nesting ({error})") from None
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


def missing_type(obj: dict[str, Any]) -> str:
    """Why an object cannot even be looked up, "" where it can."""
    return "".join(
        f"[{', '.join(missing)}]" if len(missing) > 1 else m for missing in [_unset(obj)] for m in missing[:1]
    )


def _unset(obj: dict[str, Any]) -> list[str]:
    return [f"{key} not set" for key in ("apiVersion", "kind") if not obj.get(key)]


def compact(obj: Any) -> str:
    """JSON as Go writes it in messages."""
    return orjson.dumps(obj, option=orjson.OPT_SORT_KEYS).decode()
