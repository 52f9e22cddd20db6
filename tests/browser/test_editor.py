"""The editor: what it offers, what it says while somebody types, and what it never loses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .workbench import SLOW, begin, choose, editor, ready, submit, text_of, write

pytestmark = pytest.mark.browser

EXERCISE = "/learn/deployment/three-ready/"
HEAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: dp\nspec:\n  "


def test_it_completes_from_the_clusters_schema(
    visit: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, HEAD)
    page.keyboard.type("repl")
    offer = page.get_by_role("option", name="replicas")
    expect(offer).to_be_visible(timeout=SLOW)
    expect(page.locator(".cm-completionInfo")).to_contain_text("Number of desired pods")
    expect(page.locator(".cm-completionInfo")).to_be_in_viewport(ratio=1)
    picture(page, "completion")
    offer.click()
    page.keyboard.type("3")
    assert text_of(page).splitlines()[-1] == "  replicas: 3"
    page.keyboard.type("\n")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option", name="selector")).to_be_visible()
    expect(page.get_by_role("option", name="replicas")).to_have_count(0)  # it is there already


def test_it_says_what_a_field_means(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, f"{HEAD}replicas: 3")
    page.keyboard.press("ControlOrMeta+k")
    told = page.get_by_role("status").filter(has_text="Number of desired pods")
    expect(told).to_be_visible(timeout=SLOW)
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    page.locator("yaml-editor .cm-line", has_text="replicas").locator("span").first.hover()
    expect(page.locator(".cm-tooltip-hover .documentation")).to_contain_text("spec.replicas", timeout=SLOW)


def test_it_underlines_mistakes_while_somebody_types(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, f"{HEAD}replica: three\n---\napiVersion: v1\nkind: Podd\nmetadata: {{name: a}}\n")
    marks = page.locator("yaml-editor .cm-lintRange-error")
    expect(marks).to_have_text(["spec", "replica", "Podd"], timeout=SLOW)
    page.keyboard.press("F8")
    expect(page.locator(".cm-tooltip")).to_contain_text("is missing here")
    write(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: b\n")
    expect(marks).to_have_count(0, timeout=SLOW)


def test_it_formats_and_keeps_comments(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, "a:    1\nb:\n- c   # why")
    page.keyboard.press("Shift+Alt+F")
    expect(page.locator("yaml-editor .cm-line").nth(2)).to_have_text("  - c # why", timeout=SLOW)
    write(page, "a: [")
    choose(page, "Format")
    expect(page.get_by_text("This cannot be formatted before it is valid YAML.")).to_be_visible()


def test_starting_again_can_be_undone(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, "# my work")
    choose(page, "Back to the start text")
    expect(editor(page)).to_contain_text("replicas: 1")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(editor(page)).to_have_text("# my work")


def test_it_compares_with_the_start_and_the_last_submission(
    visit: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = visit()
    begin(page, EXERCISE)
    start = text_of(page)
    choose(page, "Compare with the last submission")
    expect(page.get_by_text("Nothing was handed in yet")).to_be_visible()
    write(page, start.replace("replicas: 1", "replicas: 3"))
    choose(page, "Compare with the start")
    gone, new = page.locator(".cm-deletedLine").first, page.locator(".cm-changedLine").first
    expect(gone).to_contain_text("replicas: 1", timeout=SLOW)
    expect(new).to_contain_text("replicas: 3")
    picture(page, "comparison")
    page.get_by_role("button", name="Take back").first.click()
    expect(editor(page)).to_contain_text("replicas: 1")
    submit(page)
    choose(page, "Compare with the last submission")
    page.locator("yaml-editor .cm-line", has_text="replicas: 1").click()
    page.keyboard.press("End")
    page.keyboard.type("0")
    expect(new).to_contain_text("replicas: 10", timeout=SLOW)


def test_another_tab_follows_and_nothing_is_lost(visit: Callable[..., Page]) -> None:
    left = visit()
    begin(left, EXERCISE)
    right = left.context.new_page()
    right.goto(EXERCISE)
    ready(right)
    with left.expect_response(lambda response: response.url.endswith("/draft") and response.ok):
        write(left, "# from the left")
    expect(editor(right)).to_have_text("# from the left", timeout=SLOW)
    expect(right.get_by_text("You changed this text in another window")).to_be_visible()
    right.get_by_role("button", name="Undo", exact=True).click()
    expect(editor(right)).to_contain_text("replicas: 1")
    expect(editor(left)).to_contain_text("replicas: 1", timeout=SLOW)  # the newest wins, on both sides


def test_search_and_replace_in_korean(visit: Callable[..., Page]) -> None:
    page = visit(language="ko")
    begin(page, EXERCISE, "지금 시작")
    editor(page).click()
    page.keyboard.press("ControlOrMeta+f")
    page.get_by_role("textbox", name="찾기").fill("replicas")
    page.get_by_role("textbox", name="바꾸기").fill("copies")
    page.get_by_role("button", name="모두 바꾸기").click()
    expect(editor(page)).to_contain_text("copies: 1")
