"""One object, or a container's log, as the student may see it: the API server decides, by the student's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from .cluster import student_client
from .models import Sandbox

LOG_LINES = 500
LOG_BYTES = 256 * 1024
YAML_CHARACTERS = 200_000
HIDDEN = "(hidden)"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class _Dumper(yaml.CSafeDumper):
    """Several lines as several lines, as a person writes them."""


def _text(dumper: yaml.representer.BaseRepresenter, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def object_as_yaml(sandbox: Sandbox, api_version: str, kind: str, name: str, *, reveal: bool) -> tuple[str, bool]:
    """The YAML, and whether something of it is hidden. Raises KubeError."""
    found = student_client(sandbox).get(api_version, kind, name, sandbox.namespace)
    shown = {**found, "metadata": _bare(found["metadata"])}
    hides = kind == "Secret" and not reveal
    if hides:
        shown = _masked(shown)
    text = yaml.dump(shown, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return _shortened(text), hides


def log_of(sandbox: Sandbox, pod: str, container: str, *, previous: bool) -> str:
    """The last lines that a container has written. Raises KubeError."""
    text = student_client(sandbox).logs(
        sandbox.namespace, pod, container or None, tail=LOG_LINES, previous=previous, limit=LOG_BYTES
    )
    return text[-LOG_BYTES:]


def _bare(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Who owns which field helps nobody who looks at an object."""
    return {key: value for key, value in metadata.items() if key != "managedFields"}


def _masked(secret: Mapping[str, Any]) -> dict[str, Any]:
    masked: dict[str, Any] = {
        key: dict.fromkeys(value, HIDDEN) if key in ("data", "stringData") and value else value
        for key, value in secret.items()
    }
    notes = masked["metadata"].get("annotations") or {}
    if _LAST_APPLIED in notes:
        masked["metadata"] = {**masked["metadata"], "annotations": {**notes, _LAST_APPLIED: HIDDEN}}
    return masked


def _shortened(text: str) -> str:
    return text if len(text) <= YAML_CHARACTERS else f"{text[:YAML_CHARACTERS]}\n# …\n"
