"""Unified differences: right for any two texts, and as GNU diff shows them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8slab.terminal.kubectl.output import unified as module
from k8slab.terminal.kubectl.output.unified import unified

LINES = st.lists(st.sampled_from(["a", "b", "  c", "- d", ""]), max_size=30)


def test_it_works() -> None:
    old = [*"abcdefgh"]
    assert unified(old, [*"abcdXfgh"], "o", "n") == ("--- o\n+++ n\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n")
    assert unified(old, old, "o", "n") == ""
    assert unified([], ["x"], "o", "n") == "--- o\n+++ n\n@@ -0,0 +1 @@\n+x\n"


def test_changes_stand_as_low_as_they_can() -> None:
    old = ["- name: a", "  port: 1"]
    assert unified(old, [*old, "- name: b", "  port: 1"], "o", "n").splitlines()[3:] == [
        " - name: a",
        "   port: 1",
        "+- name: b",
        "+  port: 1",
    ]


def test_far_changes_are_shown_apart() -> None:
    old = [str(i) for i in range(40)]
    new = [*old[:3], "x", *old[4:36], "y", *old[37:]]
    assert unified(old, new, "o", "n").count("@@ -") == 2


@given(LINES, LINES)
def test_it_leads_from_one_to_the_other(old: list[str], new: list[str]) -> None:
    assert _patched(old, unified(old, new, "o", "n")) == new


def test_texts_that_have_little_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHANGES", 2)
    old, new = [*"abcdef"], [*"uvwcxy"]
    assert _patched(old, unified(old, new, "o", "n")) == new


def _patched(old: list[str], patch: str) -> list[str]:
    result: list[str] = []
    place = 0
    for line in patch.split("\n")[2:-1]:
        hunk = re.match(r"@@ -(\d+)(?:,(\d+))? ", line)
        if hunk:
            start = int(hunk[1]) - (hunk[2] != "0")
            result += old[place:start]
            place = start
        elif line[0] == "+":
            result.append(line[1:])
        else:
            assert old[place] == line[1:]
            result += [line[1:]] if line[0] == " " else []
            place += 1
    return result + old[place:]
