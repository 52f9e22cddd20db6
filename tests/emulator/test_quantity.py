from __future__ import annotations

import pytest

from k8slab.emulator.quantity import QuantityError, canonical, parse


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1024Mi", "1Gi"),
        ("1000m", "1"),
        ("0.5", "500m"),
        ("1.5Gi", "1536Mi"),
        ("64M", "64M"),
        ("0", "0"),
        ("1e3", "1e3"),
    ],
)
def test_it_works(text: str, shown: str) -> None:
    assert canonical(text) == shown


@pytest.mark.parametrize("text", ["64MB", "1GB!", "", "abc", "--1", "1 Gi", "1e999"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(QuantityError, match="must match the regular expression"):
        parse(text)
