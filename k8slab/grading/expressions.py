"""CEL, as in Kubernetes' own admission policies. Compiled once for each text; no expression can run away.

The binding hands errors back as values and raises plain RuntimeErrors when the budget of iterations is used up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

from .expression_functions import declarations
from .expression_paths import ROOTS, mentions

POSITION = re.compile(r"<input>:(\d+):(\d+): (.*)")
Variables = Mapping[str, Callable[[], Any]]


class ExpressionError(Exception):
    """An expression that is none. The message has line and column."""


@dataclass(frozen=True, slots=True)
class Answer:
    true: bool
    broken: str = ""  # why no answer can be had, and the student is not to blame


@lru_cache(maxsize=1)
def _environment() -> cel.Env:
    extensions = [
        ext_bindings.ExtBindings(),
        ext_encoders.ExtEncoders(),
        ext_math.ExtMath(),
        ext_optional.ExtOptional(),
        ext_strings.ExtStrings(),
    ]
    variables = dict.fromkeys(ROOTS, cel.Type.DYN)
    return cel.NewEnv(variables=variables, extensions=extensions, functions=declarations())


@lru_cache(maxsize=2048)
def compiled(expression: str) -> cel.Expression:
    try:
        found = _environment().compile(expression)
    except RuntimeError as problem:
        raise ExpressionError(_first_problem(str(problem))) from problem
    if found.return_type() not in (cel.Type.BOOL, cel.Type.DYN):
        raise ExpressionError(f"it gives {found.return_type().name().lower()}, not true or false")
    return found


def _first_problem(message: str) -> str:
    if "reserved identifier: namespace" in message:
        return "namespace is a reserved word of CEL; the namespace is called namespaceObject"
    found = POSITION.search(message)
    return f"line {found[1]}, column {found[2]}: {found[3]}" if found else message.splitlines()[0]


def evaluate(expression: str, variables: Variables) -> Answer:
    """True or false. A field that is not there makes it false, as a policy's would."""
    try:
        program = compiled(expression)
        data = {root: read() for root, read in variables.items() if mentions(expression, root)}
        found = program.eval(data=data)
    except ExpressionError as problem:
        return Answer(False, str(problem))
    except RuntimeError as problem:
        return Answer(False, str(problem))
    if found.type() == cel.Type.ERROR:  # only now may the value be looked at: an error's would be a true string
        return Answer(False)
    if found.type() != cel.Type.BOOL:
        return Answer(False, f"it gives {found.type().name().lower()}, not true or false")
    return Answer(found.value() is True)


def matches(pattern: str, text: str) -> bool:
    """CEL's own regular expressions: linear in time whatever the pattern, and the text is a student's."""
    found = compiled("vars.text.matches(vars.pattern)").eval(data={"vars": {"text": text, "pattern": pattern}})
    return found.type() == cel.Type.BOOL and found.value() is True


def pattern_problem(pattern: str) -> str:
    found = compiled("vars.text.matches(vars.pattern)").eval(data={"vars": {"text": "", "pattern": pattern}})
    return str(found.value()) if found.type() == cel.Type.ERROR else ""
