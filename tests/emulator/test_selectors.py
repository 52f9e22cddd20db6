from __future__ import annotations

import pytest

from k8slab.emulator.selectors import matches_selector, parse_labels, selector_text
from k8slab.emulator.status import ApiError

LABELS = {"app": "web", "env": "prod", "n": "5"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app=web", True),
        ("app==web,env!=prod", False),
        ("env", True),
        ("!env", False),
        ("app in (web, db)", True),
        ("app notin (web)", False),
        ("missing notin (x)", True),
        ("missing!=x", True),
        ("n>4", True),
        ("n<4", False),
    ],
)
def test_it_works(text: str, expected: bool) -> None:
    assert all(test(LABELS) for test in parse_labels(text)) is expected


@pytest.mark.parametrize("text", ["a in b", "=x", "a in (b", "a ! b", ","])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="unable to parse requirement"):
        parse_labels(text)


def test_no_selector_selects_nothing_and_an_empty_one_everything() -> None:
    assert not matches_selector(None, LABELS)
    assert matches_selector({}, LABELS)


def test_it_is_shown_in_one_line() -> None:
    selector = {"matchLabels": {"b": "1"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["y", "x"]}]}
    assert selector_text(selector) == "a in (x,y),b=1"
