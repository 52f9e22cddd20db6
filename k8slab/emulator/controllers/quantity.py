"""Resource quantities as exact numbers: `parse("100m")` is 1/10. Thousandths and decimals stay exact in Fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

SUFFIXES = {
    "": Fraction(1),
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    **{letter: Fraction(1000 ** (i + 1)) for i, letter in enumerate("kMGTPE")},
    **{f"{letter}i": Fraction(1024 ** (i + 1)) for i, letter in enumerate("KMGTPE")},
}


@lru_cache(maxsize=4096)
def parse(text: str | int | float) -> Fraction:
    """Raises ValueError where the text is no quantity; the API has refused those already."""
    written = str(text)
    number = written.rstrip("numkMGTPEi")
    suffix = written[len(number) :]
    if suffix == "E" and not number:
        raise ValueError(written)
    return Fraction(number) * SUFFIXES[suffix]


def render(value: Fraction, like: str = "") -> str:
    """Canonical text: binary where `like` is binary, thousandths below one, else the largest decimal that divides."""
    if value.denominator != 1:
        return f"{math.ceil(value * 1000)}m"
    whole = int(value)
    if not whole:
        return "0"
    if like.endswith("i"):
        return _largest(whole, 1024, [f"{c}i" for c in "KMGTPE"])
    return _largest(whole, 1000, list("kMGTPE"))


def _largest(whole: int, base: int, names: list[str]) -> str:
    suffix = ""
    for name in names:
        if whole % base:
            break
        whole, suffix = whole // base, name
    return f"{whole}{suffix}"
