"""Kubernetes quantities as exact numbers: `500m`, `1Gi`, `2e3`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

SCALE = {
    "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 10**3), "": Fraction(1),
    "k": Fraction(10**3), "M": Fraction(10**6), "G": Fraction(10**9), "T": Fraction(10**12), "P": Fraction(10**15),
    "E": Fraction(10**18),
    "Ki": Fraction(2**10), "Mi": Fraction(2**20), "Gi": Fraction(2**30), "Ti": Fraction(2**40), "Pi": Fraction(2**50),
    "Ei": Fraction(2**60),
}  # fmt: skip
# the exponent is kept short: `1e999999999` would fill the memory
QUANTITY = re.compile(
    r"([+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40}))(?:[eE]([+-]?\d{1,2})|(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])?)"
)


def quantity(value: Any) -> Fraction | None:
    """None when it is not a quantity. Numbers are quantities too, as in YAML's `cpu: 1`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = QUANTITY.fullmatch(str(value))
    if found is None:
        return None
    digits, exponent, suffix = found.groups()
    return Fraction(digits) * (Fraction(10) ** int(exponent) if exponent else SCALE[suffix or ""])


def canonical(value: Fraction) -> str:
    """One spelling for each amount: equal quantities are equal strings."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def parsed(spelling: str) -> Fraction:
    """Reads what `canonical` wrote, or a quantity. ValueError for anything else."""
    found = Fraction(spelling) if re.fullmatch(r"-?\d+/\d+", spelling) else quantity(spelling)
    if found is None:
        raise ValueError(f"{spelling!r} is not a quantity")
    return found
