"""CEL for ValidatingAdmissionPolicies and for the rules of custom resources. The library hands errors back as values,
and stops runaway loops by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

from k8slab.emulator.celfunctions import declarations

ROOTS = ("object", "oldObject", "request", "params", "namespaceObject", "variables", "authorizer")


class ExpressionError(Exception):
    """It does not compile, or cannot be evaluated; the text is for whoever wrote it."""


@lru_cache(maxsize=4)
def _environment(roots: tuple[str, ...]) -> Any:
    extensions = [
        ext_bindings.ExtBindings(),
        ext_encoders.ExtEncoders(),
        ext_math.ExtMath(),
        ext_optional.ExtOptional(),
        ext_strings.ExtStrings(),
    ]
    variables = dict.fromkeys(roots, cel.Type.DYN)
    return cel.NewEnv(variables=variables, extensions=extensions, functions=declarations())


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
