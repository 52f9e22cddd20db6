"""The annotation in which `kubectl apply` keeps what was applied."""

from __future__ import annotations

import copy
import json
from typing import Any

from k8slab.kube.client import Obj

from ..output.godump import json_line

ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"


def annotated(obj: Obj) -> Obj:
    """A copy of the object that carries its own configuration."""
    bare = copy.deepcopy(obj)
    metadata = bare.setdefault("metadata", {})
    annotations = metadata.get("annotations")
    metadata["annotations"] = dict(annotations) if isinstance(annotations, dict) else {}
    metadata["annotations"].pop(ANNOTATION, None)
    text = json_line(bare) + "\n"
    metadata["annotations"][ANNOTATION] = text
    return bare


def last_applied(obj: Obj) -> Obj | None:
    """What was applied last, None where the object was made in another way."""
    text = ((obj.get("metadata") or {}).get("annotations") or {}).get(ANNOTATION)
    if text is None:
        return None
    try:
        value: Any = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
