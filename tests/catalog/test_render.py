from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from k8slab.catalog.loader import load
from k8slab.catalog.render import Section, render, render_text


def test_it_works(root: Path) -> None:
    lesson = load(root).lessons()[0]
    assert render(lesson, "en") == (Section(html="<h2>Pods</h2>\n<p>Text.</p>\n"), Section(exercise="first"))
    assert render(lesson, "ko")[0].html == "<h2>파드</h2>\n<p>글.</p>\n"


def test_another_language_gets_the_first_one(root: Path) -> None:
    lesson = load(root).lessons()[0]
    assert render(lesson, "fr") == render(lesson, "en")


def test_a_changed_body_is_rendered_anew(root: Path) -> None:
    lesson = load(root).lessons()[0]
    render(lesson, "en")
    assert render(replace(lesson, body={"en": "New."}), "en") == (Section(html="<p>New.</p>\n"),)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**파드(Pod)**는", "<strong>파드(Pod)</strong>는"),
        ("이것은 **“파드”**입니다", "이것은 <strong>“파드”</strong>입니다"),
        ("그것이**(바로)**파드", "그것이<strong>(바로)</strong>파드"),
        ("**`kubectl`**을", "<strong><code>kubectl</code></strong>을"),
        ("*서비스(Service)*의 이름", "<em>서비스(Service)</em>의 이름"),
        ("**파드**와 **서비스(Service)**를", "<strong>파드</strong>와 <strong>서비스(Service)</strong>를"),
        ("***레플리카셋(ReplicaSet)***은", "<em><strong>레플리카셋(ReplicaSet)</strong></em>은"),
        ("**컨테이너.**그리고", "<strong>컨테이너.</strong>그리고"),
        ("**파드(Pod)**를 *꼭(!)*씁니다", "<strong>파드(Pod)</strong>를 <em>꼭(!)</em>씁니다"),
    ],
)
def test_bold_may_end_before_a_particle(markdown: str, html: str) -> None:
    assert render_text(markdown, "ko") == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a **b(c)**d", "a **b(c)**d"),  # CommonMark as it is: this is no Korean
        ("파드 * 셋 * 넷", "파드 * 셋 * 넷"),
        ("snake_case_name", "snake_case_name"),
        ("**bold** and *it*", "<strong>bold</strong> and <em>it</em>"),
        ("**", "**"),
        ("파드 *", "파드 *"),
    ],
)
def test_other_stars_stay_what_they_were(markdown: str, html: str) -> None:
    assert render_text(markdown, "en") == f"<p>{html}</p>\n"


def test_call_outs_have_a_title_in_the_language() -> None:
    note = "::: note\nBe careful.\n:::\n"
    assert render_text(note, "en") == (
        '<aside class="callout callout--note"><p class="callout__title">Note</p>\n<p>Be careful.</p>\n</aside>\n'
    )
    assert "참고" in render_text(note, "ko")
    assert "기억하세요" in render_text("::: remember\n- one\n:::\n", "ko")


def test_tables() -> None:
    assert "<td>b</td>" in render_text("| x | y |\n| - | - |\n| a | b |\n", "en")


def test_code_is_coloured_by_classes_only() -> None:
    html = render_text("```yaml\nkind: Pod # <b>\n```\n", "en")
    assert '<code class="language-yaml">' in html
    assert '<span class="nt">kind</span>' in html
    assert "&lt;b&gt;" in html
    assert "style=" not in html


def test_code_of_an_unknown_language_is_plain() -> None:
    assert "a &lt; b" in render_text("```klingon\na < b\n```\n", "en")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "```<script>\nx\n```",
        "::: note <script>\nx\n:::",
        '[x](https://example.com "a\\" onmouseover=\\"alert(1)")',
        "<style>p {}</style>",
    ],
)
def test_nothing_hostile_gets_through(hostile: str) -> None:
    html = render_text(hostile, "en")
    for tag in (
        "<script",
        "<style",
        'href="javascript',
        'href="data',
        'src="javascript',
        "<img src=x",
        '" onmouseover',
    ):
        assert tag not in html


def test_links_do_not_tell_where_they_come_from() -> None:
    assert 'rel="noopener noreferrer"' in render_text("[Pods](https://kubernetes.io/)", "en")
