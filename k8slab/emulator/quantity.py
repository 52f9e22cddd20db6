"""Quantities as Kubernetes writes them: parsed exactly, printed in canonical form."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

FORM = re.compile(r"^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)$")
MUST = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
NANO = Decimal(10) ** -9
EXACT = 18  # digits; what has more of them ends at the largest amount that there is
LARGEST = Decimal(2**63 - 1)


class QuantityError(ValueError):
    """Not a quantity; the text is the server's."""


def _split(text: str) -> tuple[Decimal, str]:
    match = FORM.match(text)
    if not match or len(text) > 64:
        raise QuantityError(MUST)
    return Decimal(match[1]), match[2]


@lru_cache(maxsize=4096)
def parse(text: str) -> Decimal:
    number, unit = _split(str(text))
    value: Decimal
    if unit in BINARY:
        value = number * 1024 ** BINARY[unit]
    elif unit in DECIMAL:
        value = number.scaleb(DECIMAL[unit])
    else:
        if abs(int(unit[1:])) > 64:
            raise QuantityError(MUST)
        value = number.scaleb(int(unit[1:]))
    if len(value.as_tuple().digits) > EXACT:
        value = min(max(value, -LARGEST), LARGEST)
    return value.quantize(NANO, ROUND_CEILING) if value != value.to_integral_value() else value


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The same amount with no fraction and the largest unit of its family that divides it."""
    _, unit = _split(text)
    family = "binary" if unit in BINARY else "exponent" if unit[:1] in ("e", "E") and unit != "E" else "decimal"
    return render(parse(text), family)


def render(value: Decimal, family: str = "decimal") -> str:
    if value == 0:
        return "0"
    if family == "binary" and (abs(value) < 1024 or value != value.to_integral_value()):
        family = "decimal"
    if family == "binary":
        return _binary(int(value))
    exponent, number = -9, int(value.scaleb(9))
    while exponent < 18 and number % 1000 == 0:
        exponent, number = exponent + 3, number // 1000
    if family == "exponent":
        return f"{number}e{exponent}" if exponent else str(number)
    return f"{number}{next(unit for unit, power in DECIMAL.items() if power == exponent)}"


def _binary(value: int) -> str:
    power = 0
    while value % 1024 == 0 and power < 6:
        value //= 1024
        power += 1
    return f"{value}{next((unit for unit, one in BINARY.items() if one == power), '')}"


def family_of(text: str) -> str:
    return "binary" if _split(text)[1] in BINARY else "decimal"


def add(*texts: str) -> str:
    """A sum, in the family of the first."""
    total = sum((parse(text) for text in texts), Decimal(0))
    return render(total, family_of(texts[0]) if texts else "decimal")
