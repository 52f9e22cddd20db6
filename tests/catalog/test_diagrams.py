"""Diagrams from their files: only drawing gets through."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8slab.catalog.diagrams import drawn
from k8slab.catalog.loader import load
from tests.catalog.small_course import put

LESSON = "10-basics/10-pods"
WORDS = "title: {en: T, ko: 제목}\ndescription: {en: D, ko: 설명}\nwords:\n  pod: {en: <a pod>, ko: 파드}\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><text class="d-text" x="1" y="1">{pod}</text></svg>'


def told(root: Path, svg: str | None = SVG, words: str = WORDS) -> list[str]:
    put(root, f"{LESSON}/diagrams/pic.yaml", words)
    if svg is not None:
        put(root, f"{LESSON}/diagrams/pic.svg", svg)
    for language in ("en", "ko"):
        body = root / f"{LESSON}/{language}.md"
        put(root, f"{LESSON}/{language}.md", body.read_text(encoding="utf-8") + "\n::: diagram pic\n")
    return [problem.message for problem in load(root).problems]


def test_it_works(root: Path) -> None:
    assert told(root) == []
    [diagram] = load(root).lessons()[0].diagrams
    assert ">파드<" in drawn(diagram, "ko")
    assert ">&lt;a pod&gt;<" in drawn(diagram, "en")


@pytest.mark.parametrize(
    ("svg", "part"),
    [
        (SVG.replace("<text", "<script>alert(1)</script><text"), "<script> may not stand here"),
        (SVG.replace('x="1"', 'onload="alert(1)"'), "the attribute 'onload' of <text> may not stand here"),
        (SVG.replace('x="1"', 'style="color: red"'), "the attribute 'style' of <text> may not stand here"),
        (SVG.replace("<text", '<line marker-end="url(https://x/#a)" x1="0"/><text'), "points outside the picture"),
        (SVG.replace("</text>", ""), "is no XML"),
        ("<!DOCTYPE svg>" + SVG, "must not declare a document type"),
        (SVG.replace("{pod}", "{pot}"), "{pot} is not among the words of pic.yaml"),
        (SVG.replace("{pod}", "pod"), "the word 'pod' is not used in pic.svg"),
        (None, "needs either pic.svg or pic.json beside it"),
    ],
)
def test_anything_else_is_told(root: Path, svg: str | None, part: str) -> None:
    assert any(part in message for message in told(root, svg))
