"""CEL for ValidatingAdmissionPolicies and for the rules of custom resources. The library hands errors back as values,
and stops runaway loops by itself. It is loaded with the first expression."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from k8slab.emulator.later import later

cel = later("cel_expr_python.cel")
functions = later("k8slab.emulator.celfunctions")
EXTENSIONS = {
    name: later(f"cel_expr_python.ext.ext_{name.lower()}")
    for name in ("Bindings", "Encoders", "Math", "Optional", "Strings")
}
ROOTS = ("object", "oldObject", "request", "params", "namespaceObject", "variables", "authorizer")


class ExpressionError(Exception):
    """It does not compile, or cannot be evaluated; the text is for whoever wrote it."""


@lru_cache(maxsize=4)
def _environment(roots: tuple[str, ...]) -> Any:
    variables = dict.fromkeys(roots, cel.Type.DYN)  # first: the extensions know its types
    extensions = [getattr(module, f"Ext{name}")() for name, module in EXTENSIONS.items()]
    return cel.NewEnv(variables=variables, extensions=extensions, functions=functions.declarations())


@lru_cache(maxsize=512)
def compiled(text: str, roots: tuple[str, ...] = ROOTS) -> Any:
    try:
        return _environment(roots).compile(text)
    except RuntimeError as error:
        message = str(error).removeprefix("INVALID_ARGUMENT: ").removesuffix(" [INVALID_ARGUMENT]")
        raise ExpressionError(message) from error


def result_type(text: str) -> str:
    """`bool`, `int`, `dyn` …"""
    return str(compiled(text).return_type().name()).lower()


def evaluate(text: str, values: dict[str, Any], roots: tuple[str, ...] = ROOTS) -> Any:
    try:
        found = compiled(text, roots).eval(data=values)
    except RuntimeError as error:
        raise ExpressionError(str(error)) from error
    if found.type() == cel.Type.ERROR:
        raise ExpressionError(str(found.value()))
    return found.value()
