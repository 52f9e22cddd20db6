"""YAML to the letter of sigs.k8s.io/yaml: sorted keys, sequences not indented, lines folded at 80."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import Any

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from k8slab.kube.scalars import read_plain

from .godump import go_float

_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"([Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]*)?(Z|[-+][0-9]{2}:[0-9]{2})|"
    r" [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]*)?)?"
)
_OTHER = frozenset(("<<", ".nan", ".NaN", ".NAN", *(f"{s}.{w}" for s in ("", "+", "-") for w in ("inf", "Inf", "INF"))))
_STRING = "tag:yaml.org,2002:str"


def to_yaml(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, default_flow_style=False, allow_unicode=True, width=80)
    return text.removesuffix("...\n") if not isinstance(value, dict | list) else text


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> ScalarNode:
    if "\n" in value:
        return dumper.represent_scalar(_STRING, value, style="|")
    return dumper.represent_scalar(_STRING, value, style=None if _plain(value) else '"')


def _plain(value: str) -> bool:
    """Whether nothing but a string is read where it stands unquoted."""
    if value in _OTHER or not isinstance(read_plain(value), str):
        return False
    return not (value[0] in "+-0123456789" and (_BASE60.fullmatch(value) or _TIME.fullmatch(value)))


def _mapping(dumper: _Dumper, value: dict[str, Any]) -> MappingNode:
    pairs = [(_text(dumper, key), dumper.represent_data(value[key])) for key in sorted(value, key=_ORDER)]
    return MappingNode("tag:yaml.org,2002:map", pairs, flow_style=not pairs)


def _sequence(dumper: _Dumper, value: list[Any]) -> SequenceNode:
    items = [dumper.represent_data(each) for each in value]
    return SequenceNode("tag:yaml.org,2002:seq", items, flow_style=not items)


def _float(dumper: _Dumper, value: float) -> ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", go_float(value))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(float, _float)


def _compare(a: str, b: str) -> int:
    """Letters after everything else, numbers by their value (`a2` before `a10`)."""
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x == y:
            continue
        if x.isalpha() and y.isalpha():
            return -1 if x < y else 1
        if x.isalpha() or y.isalpha():
            return -1 if y.isalpha() else 1
        return _compare_digits(a, b, i)
    return len(a) - len(b)


def _compare_digits(a: str, b: str, i: int) -> int:
    lead = ""
    if "0" in (a[i], b[i]):
        before = re.search(r"[0-9]*$", a[:i])
        lead = "1" if before and before[0].strip("0") else ""
    x, y = (re.match(r"[0-9]*", each[i:]) for each in (a, b))
    assert x is not None
    assert y is not None
    numbers = [int(lead + found[0]) if lead + found[0] else 0 for found in (x, y)]
    keys = [(number, len(found[0]), each[i]) for number, found, each in zip(numbers, (x, y), (a, b), strict=True)]
    return -1 if keys[0] < keys[1] else 1


_ORDER = cmp_to_key(_compare)
