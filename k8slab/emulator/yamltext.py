"""YAML as clients send it and are sent it."""

from __future__ import annotations

from typing import Any

import yaml

from k8slab.emulator.status import bad_request

DEEPEST = 500


class _Yaml(yaml.CSafeLoader):
    """YAML 1.1 as Kubernetes reads it, but times stay text, and aliases are refused (they can grow without end)."""


_Yaml.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":value"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(body: bytes) -> Any:
    try:
        text = body.decode()
        _look_over(text)
        return _with_text_keys(yaml.load(text, Loader=_Yaml))  # noqa: S506  # a safe loader with fewer types
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"error converting YAML to JSON: yaml: {error}") from error


def _look_over(text: str) -> None:
    """Stops reading where it would take without end: at an alias, and far down, where each level costs all above it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise bad_request("error converting YAML to JSON: yaml: aliases are not supported")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise bad_request("error converting YAML to JSON: yaml: exceeded max depth")


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(key): _with_text_keys(child) for key, child in value.items()}
    return [_with_text_keys(child) for child in value] if isinstance(value, list) else value


def _key(key: Any) -> str:
    return {True: "true", False: "false"}.get(key, str(key)) if isinstance(key, bool) else str(key)


def as_yaml(value: Any) -> bytes:
    text: str = yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
    return text.encode()
