"""Taints as they are typed: `key=value:Effect`, `key:Effect`, `key:Effect-`, `key-`."""

from __future__ import annotations

import re
from collections.abc import Iterable

Taint = dict[str, str]
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
LONGEST = 63
NAME_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


class NotTaint(Exception):
    """What is wrong with a word, as kubectl says it."""


def read_taints(words: Iterable[str]) -> tuple[list[Taint], list[Taint]]:
    """(those to add, those to remove). Raises NotTaint."""
    added: list[Taint] = []
    removed: list[Taint] = []
    for word in words:
        if word.endswith("-"):
            taint = _read(word[:-1])
            removed.append({key: value for key, value in taint.items() if key != "value"})
            continue
        taint = _read(word)
        if "effect" not in taint:
            raise NotTaint(f"invalid taint spec: {word}")
        if any((other["key"], other["effect"]) == (taint["key"], taint["effect"]) for other in added):
            shown = f"{{{taint['key']} {taint.get('value', '')} {taint['effect']} <nil>}}"
            raise NotTaint(f"duplicated taints with the same key and effect: {shown}")
        added.append(taint)
    return added, removed


def _read(word: str) -> Taint:
    before, colon, effect = word.partition(":")
    if ":" in effect:
        raise NotTaint(f"invalid taint spec: {word}")
    if colon and effect not in EFFECTS:
        raise NotTaint(f"invalid taint effect: {effect}, unsupported taint effect")
    key, equals, value = before.partition("=") if colon else (before, "", "")
    if "=" in value:
        raise NotTaint(f"invalid taint spec: {word}")
    if len(value) > LONGEST or not _VALUE.fullmatch(value):
        rule = f"must be no more than {LONGEST} characters" if len(value) > LONGEST else VALUE_RULE
        raise NotTaint(f"invalid taint spec: {word}, {rule}")
    prefix, slash, name = key.rpartition("/")
    if not _NAME.fullmatch(name) or len(name) > LONGEST or (slash and not _PREFIX.fullmatch(prefix)):
        raise NotTaint(f"invalid taint spec: {word}, {NAME_RULE}")
    taint = {"key": key}
    if equals:
        taint["value"] = value
    return {**taint, "effect": effect} if colon else taint
