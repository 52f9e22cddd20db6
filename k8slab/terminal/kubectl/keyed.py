"""What `label` and `annotate` have in common: keys with values, set and removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .changing import nothing_selected, words_and_changes
from .failures import Failures
from .flags import Flag
from .flagsets import ALL, ALL_NAMESPACES, DRY_RUN, FIELD_SELECTOR, FILENAME, LOCAL, OUTPUT, SELECTOR
from .invocation import Failed, Invocation
from .output.printers import Report
from .requests import patch, writing
from .resources import Item, Selection

KEYED = (
    *FILENAME,
    *OUTPUT,
    *(SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, DRY_RUN, LOCAL),
    Flag("overwrite", kind="bool", help="If true, allow values to be overwritten, otherwise reject such updates."),
    Flag("list", kind="bool", help="If true, display the values of a given resource."),
    Flag("resource-version", help="If non-empty, the update will only succeed if this is the current version."),
)


@dataclass(frozen=True, slots=True)
class Field:
    """Where the keys are: metadata.labels or metadata.annotations."""

    name: str  # "labels"
    singular: str  # "label"
    manager: str


@dataclass(frozen=True, slots=True)
class Changes:
    set: Mapping[str, str]
    removed: Sequence[str]


class Told:
    """Checks and words of a verb; see the verbs' own."""

    def check(self, changes: Changes) -> None:
        """Raises Failed for values that cannot be."""

    def taken(self, old: Mapping[str, str], changes: Changes) -> None:
        """Raises Failed where a value would be overwritten unasked."""
        raise NotImplementedError

    def done(self, old: Mapping[str, str], new: Mapping[str, str], changes: Changes, *, overwrite: bool) -> str:
        raise NotImplementedError

    def heading(self, item: Item) -> str:
        return f"Listing values for {item.label}:"


def read_changes(words: Sequence[str], field: Field) -> Changes:
    """`a=b`, `c-`. Raises Failed."""
    new: dict[str, str] = {}
    removed: list[str] = []
    for word in words:
        key, equals, value = word.partition("=")
        if equals and key:
            new[key] = value
        elif word.endswith("-") and not equals:
            removed.append(word[:-1])
        else:
            raise Failed(
                f"error: unknown {field.singular} specification: {word}"
                if field.name == "labels"
                else f"error: unexpected update format: {word}"
            )
    if set(new) & set(removed):
        raise Failed(
            f"error: can not both modify and remove {'a label' if field.name == 'labels' else 'an annotation'} "
            "in the same command"
        )
    return Changes(new, removed)


def run_keyed(invocation: Invocation, field: Field, edit: Told) -> None:
    words, texts = words_and_changes(list(invocation.args))
    nothing_selected(invocation, words)
    flags = invocation.flags
    changes = read_changes(texts, field)
    edit.check(changes)
    if not texts and not flags.on("list"):
        raise Failed(f"error: at least one {field.singular} update is required")
    report, failures = Report(invocation), Failures()
    selection = Selection(invocation, words, local=flags.on("local"))
    items = list(selection.items(failures))
    if flags.text("resource-version") and len(items) > 1:
        raise Failed("error: --resource-version may only be used with a single resource")
    for item in items:
        with failures.kept():
            _one(invocation, report, item, field, changes, edit, several=len(items) > 1)
    failures.finish()


def _one(
    invocation: Invocation, report: Report, item: Item, field: Field, changes: Changes, edit: Told, *, several: bool
) -> None:
    flags = invocation.flags
    old = dict((item.obj.get("metadata") or {}).get(field.name) or {})
    if not flags.on("overwrite"):
        edit.taken(old, changes)
    if field.name == "labels":
        for key in changes.removed:
            if key not in old:
                invocation.say(f'label "{key}" not found.')
    new = {key: value for key, value in {**old, **changes.set}.items() if key not in changes.removed}
    changed = _sent(invocation, report, item, field, old, new)
    if flags.on("list"):
        if several:
            invocation.say(edit.heading(item))
        for key, value in sorted(new.items()):
            invocation.say(f"{' ' if several else ''}{key}={value}")
        return
    report.tell(changed, edit.done(old, new, changes, overwrite=flags.on("overwrite")))


def _sent(
    invocation: Invocation, report: Report, item: Item, field: Field, old: Mapping[str, str], new: Mapping[str, str]
) -> Item:
    flags = invocation.flags
    if report.how == "client" or flags.on("local") or flags.on("list"):
        metadata = {key: value for key, value in item.obj["metadata"].items() if key != field.name}
        return item.now({**item.obj, "metadata": {**metadata, **({field.name: dict(new)} if new else {})}})
    update: dict[str, str | None] = {key: value for key, value in new.items() if old.get(key) != value}
    update |= {key: None for key in old if key not in new}
    metadata = {field.name: update} if update else {}
    if flags.text("resource-version"):
        metadata["resourceVersion"] = flags.text("resource-version")
    query = writing(invocation, manager=field.manager)
    body = {"metadata": metadata} if metadata else {}
    return item.now(patch(invocation, item.resource, item.namespace, item.name, body, "merge", query))
