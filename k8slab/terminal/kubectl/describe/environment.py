"""A container's environment: values, and where values come from."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from k8slab.grading.quantity import quantity

from ..output.godump import go_value
from .text import Text

Map = Mapping[str, Any]
_SUBSCRIPT = re.compile(r"(metadata\.(?:labels|annotations))\['(.*)'\]")


def write_sources(to: Text, container: Map) -> None:
    """envFrom."""
    sources = container.get("envFrom") or ()
    if sources:
        to.write(2, "Environment Variables from:\n")
    for source in sources:
        kind, reference = ("ConfigMap", source["configMapRef"]) if source.get("configMapRef") else ("", {})
        if not kind and source.get("secretRef"):
            kind, reference = "Secret", source["secretRef"]
        prefix = f" with prefix '{source['prefix']}'" if source.get("prefix") else ""
        optional = go_value(bool(reference.get("optional")))
        to.line(3, str(reference.get("name", "")), f"{kind}{prefix}", f"Optional: {optional}")


def write_environment(to: Text, container: Map, resolve: Callable[[Map], str] | None) -> None:
    variables = container.get("env") or ()
    none = "" if variables else "\t<none>"
    to.write(2, f"Environment:{none}\n")
    for variable in variables:
        name, source = variable.get("name", ""), variable.get("valueFrom")
        if source is None:
            first, *rest = str(variable.get("value") or "").split("\n")
            to.field(name, first, 3)
            for line in rest:
                to.line(3, "", line)
        elif source.get("fieldRef"):
            field = source["fieldRef"]
            value = resolve(field) if resolve else ""
            to.field(name, f"{value} ({field.get('apiVersion', '')}:{field.get('fieldPath', '')})", 3)
        elif source.get("resourceFieldRef"):
            to.field(name, _amount(source["resourceFieldRef"], container), 3)
        else:
            _key(to, name, source)


def _key(to: Text, name: str, source: Map) -> None:
    for kind, what in (("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")):
        key = source.get(kind)
        if key:
            optional = go_value(bool(key.get("optional")))
            text = f"<set to the key '{key.get('key', '')}' {what} '{key.get('name', '')}'>"
            to.line(3, f"{name}:", text, f"Optional: {optional}")
            return


def _amount(reference: Map, container: Map) -> str:
    """A request or a limit, counted in divisors, as the container gets it."""
    wanted = str(reference.get("resource", ""))
    kind, _, name = wanted.partition(".")
    divisor = quantity(reference.get("divisor")) or Fraction(1)
    amount = quantity(((container.get("resources") or {}).get(kind) or {}).get(name)) or Fraction(0)
    known = kind in ("limits", "requests") and (
        name in ("cpu", "memory", "ephemeral-storage") or name.startswith("hugepages-")
    )
    value = str(math.ceil(amount / divisor)) if known else ""
    if value == "0" and wanted in ("limits.cpu", "limits.memory"):
        value = "node allocatable"
    return f"{value} ({wanted})"


def field_of_pod(pod: Map) -> Callable[[Map], str]:
    """What a fieldRef of the pod's containers means; "" where only the node knows."""
    metadata = pod.get("metadata") or {}

    def resolve(field: Map) -> str:
        path = str(field.get("fieldPath", ""))
        subscript = _SUBSCRIPT.fullmatch(path)
        if subscript:
            return str((metadata.get(subscript[1].partition(".")[2]) or {}).get(subscript[2], ""))
        if path in ("metadata.name", "metadata.namespace", "metadata.uid"):
            return str(metadata.get(path.partition(".")[2], ""))
        if path in ("metadata.labels", "metadata.annotations"):
            pairs = sorted((metadata.get(path.partition(".")[2]) or {}).items())
            return "\n".join(f'{key}="{value}"' for key, value in pairs)
        return ""

    return resolve
