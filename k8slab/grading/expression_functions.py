"""What expressions may call beyond CEL's own functions, under the names of Kubernetes' libraries.

A Quantity is a string with one spelling for each amount, so `==` compares amounts; the binding has no types of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from ipaddress import ip_address, ip_network
from typing import Any

from cel_expr_python import cel

from .quantity import canonical, parsed, quantity

T = cel.Type
Function = Callable[..., Any]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _to_quantity(value: Any) -> str:
    found = quantity(value)
    if found is None:
        raise ValueError(f"{value!r} is not a quantity")
    return canonical(found)


def _as_integer(spelling: str) -> int:
    value = parsed(spelling)
    if value.denominator != 1:
        raise ValueError(f"{spelling} is not a whole number")
    return value.numerator


def _compare(left: str, right: str) -> int:
    a, b = parsed(left), parsed(right)
    return (a > b) - (a < b)


def _sum(values: list[Any]) -> Any:
    return sum(values)


def _calculate(operation: Callable[[Fraction, Fraction], Fraction]) -> Function:
    return lambda left, right: canonical(operation(parsed(left), parsed(right)))


def _declare(
    name: str, impl: Function, returns: cel.Type, *overloads: list[cel.Type], member: bool
) -> cel.FunctionDecl:
    declared = [
        cel.Overload(f"{name}_{i}", returns, takes, is_member=member, impl=impl) for i, takes in enumerate(overloads)
    ]
    return cel.FunctionDecl(name, declared)


def declarations() -> list[cel.FunctionDecl]:
    return [*_globals(), *_members()]


def _globals() -> list[cel.FunctionDecl]:
    # an overload for DYN alone would not be found for a plain string or number at run time
    scalars = [[T.STRING], [T.INT], [T.DOUBLE]]
    return [
        _declare("quantity", _to_quantity, T.STRING, *scalars, member=False),
        _declare("isQuantity", lambda value: quantity(value) is not None, T.BOOL, *scalars, member=False),
        _declare("isIP", _is_address, T.BOOL, [T.STRING], member=False),
        _declare("cidr", lambda text: str(ip_network(text)), T.STRING, [T.STRING], member=False),
    ]


def _members() -> list[cel.FunctionDecl]:
    pair, one, values = [T.STRING, T.STRING], [T.STRING], [T.List(T.DYN)]

    def member(name: str, impl: Function, returns: cel.Type, takes: list[cel.Type]) -> cel.FunctionDecl:
        return _declare(name, impl, returns, takes, member=True)

    return [
        member("isGreaterThan", lambda a, b: _compare(a, b) > 0, T.BOOL, pair),
        member("isLessThan", lambda a, b: _compare(a, b) < 0, T.BOOL, pair),
        member("compareTo", _compare, T.INT, pair),
        member("add", _calculate(lambda a, b: a + b), T.STRING, pair),
        member("sub", _calculate(lambda a, b: a - b), T.STRING, pair),
        member("sign", lambda a: _compare(a, "0"), T.INT, one),
        member("isInteger", lambda a: parsed(a).denominator == 1, T.BOOL, one),
        member("asInteger", _as_integer, T.INT, one),
        member("asApproximateFloat", lambda a: float(parsed(a)), T.DOUBLE, one),
        member("containsIP", lambda net, ip: ip_address(ip) in ip_network(net), T.BOOL, pair),
        member("sum", _sum, T.DYN, values),
        member("min", lambda v: min(v), T.DYN, values),
        member("max", lambda v: max(v), T.DYN, values),
        member("isSorted", lambda v: list(v) == sorted(v), T.BOOL, values),
    ]
