"""What most descriptions have in common: labels, annotations, tolerations, one in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .about import About, controller
from .text import Text

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
LONGEST = 140  # bytes of an annotation's line
Map = Mapping[str, Any]


def write_head(about: About, to: Text, *, namespace: bool = True) -> None:
    """Name, namespace, labels, annotations."""
    to.field("Name", about.name)
    if namespace:
        to.field("Namespace", about.namespace)
    write_marks(about, to)


def write_marks(about: About, to: Text) -> None:
    write_labels(to, "Labels", about.metadata.get("labels"))
    write_annotations(to, "Annotations", about.metadata.get("annotations"))


def write_list(to: Text, title: str, values: Sequence[str], before: str = "") -> None:
    """The first value beside the title, the others below it."""
    to.write(0, f"{before}{title}:\t")
    if not values:
        to.more("<none>\n")
    for i, value in enumerate(values):
        if i:  # in three writes: nested text is indented at each
            to.more(before)
            to.more("\t")
        to.more(f"{value}\n")


def write_labels(to: Text, title: str, labels: Mapping[str, str] | None, before: str = "") -> None:
    write_list(to, title, [f"{key}={value}" for key, value in sorted((labels or {}).items())], before)


def write_annotations(to: Text, title: str, annotations: Mapping[str, str] | None) -> None:
    """Long values, and those of several lines, stand below their key."""
    shown = sorted((key, value) for key, value in (annotations or {}).items() if key != LAST_APPLIED)
    values: list[str] = []
    for key, value in shown:
        value = value.removesuffix("\n")
        if len(value.encode()) + len(key.encode()) + 2 > LONGEST or "\n" in value:
            below = (f"\t  {shortened(line, LONGEST - 2)}" for line in value.split("\n"))
            values.append("\n".join([f"{key}:", *below]))
        else:
            values.append(f"{key}: {value}")
    write_list(to, title, values)


def shortened(text: str, longest: int) -> str:
    """Cut after so many bytes, as Go cuts."""
    data = text.encode()
    return data[:longest].decode("utf-8", "replace") + "..." if len(data) > longest else text


def write_controller(about: About, to: Text) -> None:
    owner = controller(about.obj)
    if owner:
        to.field("Controlled By", f"{owner.get('kind')}/{owner.get('name')}")


def write_tolerations(to: Text, title: str, tolerations: Iterable[Map] | None) -> None:
    ordered = sorted(tolerations or (), key=lambda each: str(each.get("key", "")))
    write_list(to, title, [_toleration(each) for each in ordered])


def _toleration(each: Map) -> str:
    key, value, effect = (str(each.get(name) or "") for name in ("key", "value", "effect"))
    text = key + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    if each.get("operator") == "Exists" and not value:
        text += " op=Exists" if key or effect else "op=Exists"
    seconds = each.get("tolerationSeconds")
    return text if seconds is None else f"{text} for {seconds}s"


def write_conditions(to: Text, conditions: Iterable[Map] | None) -> None:
    """Type, status and reason, as workloads have them."""
    conditions = list(conditions or ())
    if conditions:
        to.write(0, "Conditions:\n  Type\tStatus\tReason\n")
        to.line(1, "----", "------", "------")
        for each in conditions:
            to.line(1, f"{each.get('type')} ", str(each.get("status")), str(each.get("reason") or ""))
