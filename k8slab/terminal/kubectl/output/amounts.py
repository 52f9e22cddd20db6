"""Quantities as Kubernetes writes them: `250m`, `1536Mi`, `2`."""

from __future__ import annotations

import math
from fractions import Fraction

_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_SMALL = (("", 1), ("m", 10**3), ("u", 10**6), ("n", 10**9))
_LARGE = ("", "k", "M", "G", "T", "P", "E")


def is_binary(text: str) -> bool:
    return text.endswith("i")


def amount_text(amount: Fraction, *, binary: bool) -> str:
    """The canonical form: the largest unit that leaves a whole number. Binary amounts below 1Ki are decimal."""
    if binary and abs(amount) >= 1024:
        return _scaled(math.ceil(amount), _BINARY, 1024)
    for unit, factor in _SMALL:
        scaled = amount * factor
        if scaled.denominator == 1:
            return f"{scaled.numerator}{unit}" if unit else _scaled(scaled.numerator, _LARGE, 1000)
    return f"{math.ceil(amount * 10**9)}n"


def _scaled(number: int, units: tuple[str, ...], step: int) -> str:
    place = 0
    while number and number % step == 0 and place < len(units) - 1:
        number, place = number // step, place + 1
    return f"{number}{units[place]}"
