"""The rules of roles, one row for each resource and name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..output.godump import go_value

Row = tuple[str, str, tuple[str, ...], tuple[str, ...]]  # group, resource, names, URLs
Rule = Mapping[str, Any]
TITLES = ("Resources", "Non-Resource URLs", "Resource Names", "Verbs")


def rule_cells(rules: Iterable[Rule]) -> Iterator[list[str]]:
    """The cells of each row, in kubectl's order."""
    for (group, resource, names, urls), verbs in sorted(_rows(rules), key=_place):
        yield [_combined(group, resource), *(go_value(list(each)) for each in (urls, names, verbs))]


def _rows(rules: Iterable[Rule]) -> Iterator[tuple[Row, list[str]]]:
    """A row for each resource and name, with all the verbs that any rule gives for it; one for each verb of a URL."""
    verbs: dict[Row, list[str]] = {}
    for rule in rules:
        for url in rule.get("nonResourceURLs") or ():
            for verb in rule.get("verbs") or ():
                yield ("", "", (), (url,)), [verb]
        for row in _resources(rule):
            known = verbs.setdefault(row, [])
            known += [verb for verb in rule.get("verbs") or () if verb not in known]
    yield from verbs.items()


def _resources(rule: Rule) -> Iterator[Row]:
    for group in rule.get("apiGroups") or ():
        for resource in rule.get("resources") or ():
            for name in rule.get("resourceNames") or [None]:
                yield group, resource, () if name is None else (name,), ()


def _place(entry: tuple[Row, list[str]]) -> str:
    """kubectl sorts by the rules' text in Go's protobuf form."""
    (group, resource, names, urls), verbs = entry
    groups, resources = ([], []) if urls else ([group], [resource])
    lists = (verbs, groups, resources, list(names), list(urls))
    titles = ("Verbs", "APIGroups", "Resources", "ResourceNames", "NonResourceURLs")
    return "&PolicyRule{" + "".join(f"{t}:{go_value(v)}," for t, v in zip(titles, lists, strict=True)) + "}"


def _combined(group: str, resource: str) -> str:
    plural, slash, subresource = resource.partition("/")
    return f"{plural}{f'.{group}' if group else ''}{slash}{subresource}"
