"""What `kubectl wait --for` waits for, as a test of an object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8slab.kube.client import Obj

from ..invocation import Failed
from ..output.customcolumns import relaxed
from ..output.jsonpath.evaluate import JSONPath, printed
from ..output.jsonpath.parse import JSONPathError

Test = Callable[[Obj], bool]
FORMAT = (
    "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or "
    "--for=jsonpath='{.status.readyReplicas}'"
)
NO_VALUE = "error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"
NESTED = "error: jsonpath leads to a nested object or list which is not supported"


def read_condition(text: str) -> Test:
    """Raises Failed for what is neither a condition nor a path."""
    if text.startswith("condition="):
        name, _, value = text.removeprefix("condition=").partition("=")
        return lambda obj: _has_condition(obj, name, value or "true")
    if text.startswith("jsonpath="):
        return _path_test(text.removeprefix("jsonpath="))
    raise Failed(f'error: unrecognized condition: "{text}"')


def _has_condition(obj: Obj, name: str, value: str) -> bool:
    """A condition that speaks of an older generation counts as not told yet."""
    status, generation = obj.get("status") or {}, obj["metadata"].get("generation")
    for condition in status.get("conditions") or ():
        if str(condition.get("type")).lower() != name.lower():
            continue
        observed = condition.get("observedGeneration", status.get("observedGeneration"))
        if observed is not None and generation is not None and observed < generation:
            return False
        return str(condition.get("status")).lower() == value.lower()
    return False


def _path_test(text: str) -> Test:
    parts = text.replace("==", "\0").split("=")
    if len(parts) > 2:
        raise Failed(FORMAT)
    expression = parts[0].replace("\0", "==")
    value = parts[1].replace("\0", "==").strip("'\"") if len(parts) == 2 else None
    if value == "":
        raise Failed(NO_VALUE)
    try:
        path = JSONPath(relaxed(expression))
    except JSONPathError as error:
        raise Failed(f"error: {error}") from None
    return lambda obj: _fits(path, obj, value)


def _fits(path: JSONPath, obj: Obj, value: str | None) -> bool:
    try:
        results = [list(each) for each in path.results(obj)]
    except JSONPathError as error:
        raise Failed(f"error: {error}") from None
    if not results or not results[0]:
        return False
    if len(results) > 1:
        raise Failed("error: given jsonpath expression matches more than one list")
    if len(results[0]) > 1:
        raise Failed("error: given jsonpath expression matches more than one value")
    found: Any = results[0][0]
    if value is None:
        return True
    if isinstance(found, (dict, list)):
        raise Failed(NESTED)
    return printed(found).strip() == value.strip()
