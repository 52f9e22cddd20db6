"""What can be wrong with a student's YAML: codes with parameters and places, in no language.

An upper room words them; `CODES` is what it is tested against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `line` and `column` are 1-based; 0 means the whole text, or the whole line."""

    code: str
    line: int = 0
    column: int = 0
    params: Params = field(default_factory=dict)
    detail: str = ""  # the parser's or the API server's own words


# code → the params that it always carries ("" where one could not be found out)
CODES: Mapping[str, tuple[str, ...]] = {
    # the text as a whole
    "empty": (),
    "too-large": ("size", "limit"),
    "too-many-documents": ("count", "limit"),
    "too-many-values": ("limit",),
    # YAML
    "control-character": ("character",),  # "U+0007"
    "odd-space": ("character",),  # a space that is no space to YAML, where indentation or a key begins
    "tab": (),
    "yaml-syntax": (),
    "yaml-colon": (),  # a second `: ` in one line, or wrong indentation below a value
    "yaml-missing-colon": (),
    "yaml-indentation": (),
    "yaml-quote": ("opened",),  # line of the quote that is never closed
    "yaml-bracket": ("opened",),  # line of the bracket that is never closed
    "yaml-escape": (),
    "yaml-first-character": ("character",),  # a value may not begin with it: @ ` %
    "unknown-alias": ("name",),
    "aliases": ("limit",),
    "too-deep": ("limit",),
    "tag": ("tag",),
    "duplicate-key": ("key", "first"),
    "bad-key": (),  # a list, a map or nothing at all as key
    # a document as a Kubernetes object
    "not-an-object": ("found",),  # text | list | number | boolean
    "no-kind": (),
    "no-api-version": (),
    "no-metadata": (),
    "no-name": (),
    "not-a-string": ("path", "value", "found"),
    # against the cluster
    "unknown-kind": ("kind", "apiVersion", "suggestion"),
    "old-api-version": ("kind", "apiVersion", "suggestion"),  # the kind is served, by another apiVersion
    "wrong-namespace": ("namespace", "own"),
    "cluster-scoped": ("kind",),
    "wrong-prefix": ("kind", "name", "prefix"),
    "duplicate": ("kind", "name", "first"),
    "unknown-field": ("path", "field", "suggestion"),
    "duplicate-field": ("path",),
    "ill-typed": ("path", "expected", "found"),
    "bad-quantity": ("path", "value"),
    "required": ("path",),
    "not-supported": ("path", "value", "supported"),
    "duplicate-value": ("path", "value"),
    "not-allowed": ("path",),
    "invalid": ("path", "value"),
    "immutable": ("kind", "name", "path"),
    "quota": ("quota", "requested", "used", "limited"),
    "quota-unset": ("quota", "missing"),
    "limit-range": (),
    "pod-security": ("level", "violations"),
    "policy": ("policy", "message"),
    "no-service-account": ("name",),
    "namespace-gone": ("namespace",),  # missing, or on its way out
    "forbidden": ("verb", "resource"),
    "conflict": ("kind", "name"),
    "refused": (),  # any other answer that trying again will not change
    "cluster-unavailable": (),  # trying again can help
}
