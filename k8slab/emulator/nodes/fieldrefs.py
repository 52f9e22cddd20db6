"""Fields of a pod as text, for environment variables and downwardAPI volumes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from k8slab.emulator.controllers.quantity import parse
from k8slab.emulator.ports import Obj

SUBSCRIPT = re.compile(r"^metadata\.(labels|annotations)\['(.+)'\]$")
NODE_TOTAL = {"cpu": Fraction(4), "memory": Fraction(8 * 2**30), "ephemeral-storage": Fraction(50 * 2**30)}


def field_value(pod: Obj, path: str) -> str:
    match = SUBSCRIPT.match(path)
    if match:
        return str((pod["metadata"].get(match[1]) or {}).get(match[2], ""))
    if path in ("metadata.labels", "metadata.annotations"):
        held = pod["metadata"].get(path.rpartition(".")[2]) or {}
        return "\n".join(f"{key}={_quoted(value)}" for key, value in sorted(held.items()))
    if path == "status.podIPs":
        return ",".join(entry["ip"] for entry in (pod.get("status") or {}).get("podIPs") or ())
    here: Any = pod
    for part in path.split("."):
        here = (here or {}).get(part)
    return "" if here is None else str(here)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def resource_value(pod: Obj, ref: Mapping[str, Any], container: Mapping[str, Any] | None = None) -> str:
    """`limits.cpu` and the like, divided by the divisor and rounded up; a missing limit is the node's."""
    name = ref.get("containerName")
    containers = [*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ())]
    chosen: Mapping[str, Any] = container or {}
    if name:
        chosen = next((c for c in containers if c["name"] == name), chosen)
    kind, _, resource = str(ref["resource"]).partition(".")
    given = ((chosen.get("resources") or {}).get(kind) or {}).get(resource)
    amount = (
        parse(given)
        if given is not None
        else NODE_TOTAL.get(resource, Fraction(0))
        if kind == "limits"
        else Fraction(0)
    )
    divisor = parse(ref.get("divisor") or "1") or Fraction(1)
    return str(math.ceil(amount / divisor))
