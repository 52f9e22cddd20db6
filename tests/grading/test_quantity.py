from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8slab.grading.quantity import canonical, parsed, quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [("500m", Fraction(1, 2)), ("1Gi", 2**30), ("1k", 1000), ("2e3", 2000), (".5", Fraction(1, 2)), ("-1", -1),
     ("1E", 10**18), ("1.5Mi", 3 * 2**19), (3, 3), (0.25, Fraction(1, 4)), ("100n", Fraction(1, 10**7))],
)  # fmt: skip
def test_it_works(text: object, value: Fraction) -> None:
    assert quantity(text) == value


@pytest.mark.parametrize("text", ["", "five", "1Kb", "1 Gi", "1e999999999", None, True, [], "1/2", "9" * 90])
def test_what_is_none(text: object) -> None:
    assert quantity(text) is None


@given(st.fractions())
def test_every_amount_has_one_spelling(amount: Fraction) -> None:
    if abs(amount.numerator) < 10**39:
        assert parsed(canonical(amount)) == amount
