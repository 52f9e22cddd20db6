"""What rules may call beyond CEL's own functions, under the names of Kubernetes' libraries.

A quantity, an address or a URL is a text with one spelling for each value, so that `==` compares values: the binding
has no types of ours. What runs a pattern of the caller's (`find`) is left out: Python's takes time without bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cel_expr_python import cel

from k8slab.emulator.quantity import QuantityError, canonical, parse

T = cel.Type
Function = Callable[..., Any]


def declarations() -> list[Any]:
    return [*_globals(), *_of_quantities(), *_of_lists(), *_of_addresses(), *_of_urls()]


def _declare(name: str, impl: Function, returns: Any, *overloads: list[Any], member: bool = True) -> Any:
    declared = [
        cel.Overload(f"k8s_{name}_{index}", returns, takes, is_member=member, impl=impl)
        for index, takes in enumerate(overloads)
    ]
    return cel.FunctionDecl(name, declared)


def _globals() -> list[Any]:
    # An overload for DYN alone would not be found for a plain text or number at run time.
    scalars = [[T.STRING], [T.INT], [T.DOUBLE]]
    text, lists = [T.STRING], [T.List(T.DYN), T.List(T.DYN)]
    return [
        _declare("quantity", lambda value: canonical(str(value)), T.STRING, *scalars, member=False),
        _declare("isQuantity", lambda value: _works(parse, str(value)), T.BOOL, *scalars, member=False),
        _declare("ip", lambda value: str(ip_address(value)), T.STRING, text, member=False),
        _declare("isIP", lambda value: _works(ip_address, value), T.BOOL, text, member=False),
        _declare("cidr", lambda value: str(ip_network(value, strict=False)), T.STRING, text, member=False),
        _declare("isCIDR", lambda value: _works(ip_network, value), T.BOOL, text, member=False),
        _declare("url", lambda value: _url(value).geturl(), T.STRING, text, member=False),
        _declare("isURL", lambda value: _works(_url, value), T.BOOL, text, member=False),
        _declare("sets.contains", lambda a, b: all(one in a for one in b), T.BOOL, lists, member=False),
        _declare("sets.intersects", lambda a, b: any(one in a for one in b), T.BOOL, lists, member=False),
        _declare("sets.equivalent", _equivalent, T.BOOL, lists, member=False),
    ]


def _of_quantities() -> list[Any]:
    pair, one = [T.STRING, T.STRING], [T.STRING]
    return [
        _declare("isGreaterThan", lambda a, b: parse(a) > parse(b), T.BOOL, pair),
        _declare("isLessThan", lambda a, b: parse(a) < parse(b), T.BOOL, pair),
        _declare("compareTo", lambda a, b: (parse(a) > parse(b)) - (parse(a) < parse(b)), T.INT, pair),
        _declare("add", lambda a, b: _spelled(parse(a) + parse(str(b))), T.STRING, pair, [T.STRING, T.INT]),
        _declare("sub", lambda a, b: _spelled(parse(a) - parse(str(b))), T.STRING, pair, [T.STRING, T.INT]),
        _declare("sign", lambda a: (parse(a) > 0) - (parse(a) < 0), T.INT, one),
        _declare("isInteger", lambda a: parse(a) == parse(a).to_integral_value(), T.BOOL, one),
        _declare("asInteger", lambda a: int(parse(a)), T.INT, one),
        _declare("asApproximateFloat", lambda a: float(parse(a)), T.DOUBLE, one),
    ]


def _of_lists() -> list[Any]:
    values = [T.List(T.DYN)]
    return [
        _declare("isSorted", lambda found: list(found) == sorted(found), T.BOOL, values),
        _declare("sum", lambda found: sum(found), T.DYN, values),
        _declare("min", lambda found: min(found), T.DYN, values),
        _declare("max", lambda found: max(found), T.DYN, values),
    ]


def _of_addresses() -> list[Any]:
    pair, one = [T.STRING, T.STRING], [T.STRING]
    return [
        _declare("family", lambda a: ip_address(a).version, T.INT, one),
        _declare("isLoopback", lambda a: ip_address(a).is_loopback, T.BOOL, one),
        _declare("isUnspecified", lambda a: ip_address(a).is_unspecified, T.BOOL, one),
        _declare("containsIP", lambda net, a: ip_address(a) in ip_network(net, strict=False), T.BOOL, pair),
        _declare("containsCIDR", _holds, T.BOOL, pair),
        _declare("prefixLength", lambda net: ip_network(net, strict=False).prefixlen, T.INT, one),
    ]


def _of_urls() -> list[Any]:
    one = [T.STRING]
    return [
        _declare("getScheme", lambda a: _url(a).scheme, T.STRING, one),
        _declare("getHost", lambda a: _url(a).netloc.rpartition("@")[2], T.STRING, one),
        _declare("getHostname", lambda a: _url(a).hostname or "", T.STRING, one),
        _declare("getPort", lambda a: str(_url(a).port or ""), T.STRING, one),
        _declare("getEscapedPath", lambda a: _url(a).path, T.STRING, one),
    ]


def _works(parse_it: Callable[[str], object], text: str) -> bool:
    try:
        parse_it(text)
    except (QuantityError, ValueError):
        return False
    return True


def _url(text: str) -> SplitResult:
    """Absolute, or a path from the root, as Go's parser of request URIs wants it."""
    found = urlsplit(text)
    if not (found.scheme and found.netloc) and not text.startswith("/"):
        raise ValueError(f"URL parse error during conversion from string: parse {text!r}: invalid URI for request")
    return found


def _spelled(amount: Decimal) -> str:
    return canonical(format(amount, "f"))


def _equivalent(left: list[Any], right: list[Any]) -> bool:
    return all(one in right for one in left) and all(one in left for one in right)


def _holds(outer: str, inner: str) -> bool:
    around, within = ip_network(outer, strict=False), ip_network(inner, strict=False)
    if around.version != within.version:
        return False
    return around.prefixlen <= within.prefixlen and within.network_address in around
