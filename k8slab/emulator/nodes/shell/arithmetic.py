"""$((…)): whole numbers, the usual operators, variables with or without a dollar."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, MutableMapping

TOKEN = re.compile(r"\s*(\d+|[A-Za-z_]\w*|\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%()<>!&|^=?:])")
LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">="), ("<<", ">>"), ("+", "-"),
    ("*", "/", "%"),
)  # fmt: skip
OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "||": lambda a, b: int(bool(a or b)),
    "&&": lambda a, b: int(bool(a and b)),
    "|": operator.or_,
    "^": operator.xor,
    "&": operator.and_,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "<<": lambda a, b: a << min(b, 63),
    ">>": lambda a, b: a >> min(b, 63),
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: int(a / b),
    "%": lambda a, b: a - b * int(a / b),
}


class ArithmeticFailure(Exception):
    pass


def evaluate(text: str, variables: MutableMapping[str, str]) -> int:
    name, equals, value = text.partition("=")
    if equals and name.strip().isidentifier() and not value.startswith("="):
        result = evaluate(value, variables)
        variables[name.strip()] = str(result)
        return result
    return _Evaluation(text, variables).result()


class _Evaluation:
    def __init__(self, text: str, variables: MutableMapping[str, str]) -> None:
        self._tokens = TOKEN.findall(text)
        if "".join(self._tokens) != re.sub(r"\s+", "", text):
            raise ArithmeticFailure("arithmetic syntax error")
        self._variables = variables
        self._at = 0

    def result(self) -> int:
        if not self._tokens:
            return 0
        value = self._level(0)
        if self._at < len(self._tokens):
            raise ArithmeticFailure("arithmetic syntax error")
        return value

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _level(self, level: int) -> int:
        if level == len(LEVELS):
            return self._unary()
        value = self._level(level + 1)
        while self._next() in LEVELS[level]:
            symbol = self._next()
            self._at += 1
            right = self._level(level + 1)
            if symbol in "/%" and not right:
                raise ArithmeticFailure("divide by zero")
            value = (OPERATIONS[symbol](value, right) + 2**63) % 2**64 - 2**63
        return value

    def _unary(self) -> int:
        symbol = self._next()
        self._at += 1
        if symbol == "-":
            return -self._unary()
        if symbol == "+":
            return self._unary()
        if symbol == "!":
            return int(not self._unary())
        if symbol == "(":
            value = self._level(0)
            if self._next() != ")":
                raise ArithmeticFailure("arithmetic syntax error")
            self._at += 1
            return value
        if symbol.isdigit():
            return int(symbol)
        if symbol.isidentifier():
            held = self._variables.get(symbol) or "0"
            return int(held) if held.lstrip("-").isdigit() else 0
        raise ArithmeticFailure("arithmetic syntax error")
