"""The YAML and the kubectl lines that an exercise carries: readable, and objects where objects must be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .fields import Field
from .positions import read_documents
from .problems import Tell

_HERE = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")


def check_start(text: str, tell: Tell) -> None:
    """What the editor opens with may be unfinished, but it is YAML."""
    read_documents(text, tell)


def check_objects(text: str, tell: Tell) -> None:
    """At least one object, and each says what it is and how it is called."""
    documents = read_documents(text, tell)
    if not documents:
        tell(0, "holds no object")
    for document in documents:
        field = Field(document, document.value, tell)
        if not isinstance(document.value, dict):
            field.mapping()
            continue
        fields = field.mapping()
        for key in ("apiVersion", "kind"):
            _required(field, fields, key)
        if metadata := fields.get("metadata"):
            _required(metadata, metadata.mapping(), "name")
        else:
            field.problem("'metadata' is missing")


def _required(field: Field, fields: dict[str, Field], key: str) -> None:
    if key in fields:
        fields[key].string()
    elif isinstance(field.value, dict):
        field.problem(f"{key!r} is missing")


def check_kubectl(text: str, tell: Tell) -> None:
    commands = list(_commands(text))
    if not commands:
        tell(0, "holds no kubectl line")
    for number, line in commands:
        if not line.startswith("kubectl "):
            tell(number, "only kubectl lines may stand here")


def _commands(text: str) -> Iterator[tuple[int, str]]:
    """Each with its first line's number: one may go on after a backslash, and may be followed by a here-document."""
    going_on, until = False, ""
    for number, line in enumerate(text.splitlines(), 1):
        if until:
            until = "" if line.strip() == until else until
        elif line.strip() and not line.lstrip().startswith("#"):
            if not going_on:
                yield number, line.strip()
            going_on = line.endswith("\\")
            here = _HERE.search(line)
            until = here[1] if here else ""
