"""What the course itself does not use yet: answers of several files, hints that cost, sandboxes of a few seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from k8slab.supervisor.stack import Stack, running_stack
from tests.catalog.small_course import put, write_course

from .workbench import SLOW, begin, editor, ready, submit, verdict, write

pytestmark = pytest.mark.browser

FOLDER = "10-basics/10-pods/exercises/first"
EXERCISE = "/learn/pods/first/"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: words\ndata:\n  word: birch\n"
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: busybox:1.36
      command: ["sleep", "86400"]
      envFrom:
        - configMapRef:
            name: words
"""
CHECKS = """\
title: {en: Two files, ko: 파일 둘}
task: {en: Make a pod that reads a ConfigMap., ko: 컨피그맵을 읽는 파드를 만드세요.}
files: [config.yaml, pod.yaml]
hints_cost: 1
checks:
  - id: runs
    title: {en: It runs, ko: 실행된다}
    points: 3
    object: {apiVersion: v1, kind: Pod, name: web}
    settled: true
    within: 3s
    hints:
      - say: {en: A pod waits for its ConfigMap., ko: 파드는 컨피그맵을 기다립니다.}
"""
SECONDS = 25  # that a sandbox lives without anybody doing anything


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    course = write_course(tmp_path_factory.mktemp("course"))
    (course / FOLDER / "start.yaml").unlink()
    put(course, f"{FOLDER}/exercise.yaml", CHECKS)
    put(course, f"{FOLDER}/start/config.yaml", CONFIG.replace("words", "wrods"))
    put(course, f"{FOLDER}/start/pod.yaml", POD)
    put(course, f"{FOLDER}/solution.yaml", f"{CONFIG}---\n{POD}")
    put(course, f"{FOLDER}/wrong/green.yaml", f"# fails: runs\n{CONFIG}")
    env = {"K8SLAB_LESSONS": str(course), "K8SLAB_SANDBOX_HOURS": str(SECONDS / 3600)}
    with running_stack(tmp_path_factory.mktemp("own"), env=env) as running:
        yield running


def test_several_files_are_handed_in_together_and_a_hint_costs(
    visit: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = visit()
    begin(page, EXERCISE)
    tabs = page.get_by_role("tablist", name="Files of your answer").get_by_role("tab")
    expect(tabs).to_have_text(["config.yaml", "pod.yaml"])
    submit(page)
    verdict(page, "runs", "fail")
    page.get_by_role("button", name="Show a hint (−1 point)").click()
    expect(page.get_by_role("note", name="Hint")).to_be_visible(timeout=SLOW)
    write(page, CONFIG.replace("\ndata:", "\ndtaa:"))
    submit(page)
    page.get_by_role("button", name="config.yaml: Line 5").click()
    tabs.nth(1).focus()
    expect(tabs.nth(0)).to_contain_text("has a problem")
    picture(page, "several-files")
    tabs.nth(0).click()
    write(page, CONFIG)
    submit(page)
    verdict(page, "runs", "pass")
    expect(page.get_by_text("2 of 3 points").first).to_be_visible()


def test_each_file_keeps_its_own_text_and_undo(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    first, second = page.get_by_role("tab").all()
    with page.expect_response(lambda response: response.url.endswith("/draft") and response.ok):
        write(page, "# one")
        second.click()
        write(page, "# two")
    first.click()
    expect(editor(page)).to_have_text("# one")
    first.press("ArrowRight")
    expect(second).to_be_focused()
    expect(editor(page)).to_have_text("# two")
    editor(page).click()
    page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("ControlOrMeta+z")
    expect(editor(page)).to_contain_text("kind: Pod")


def test_time_is_shown_extended_and_over(browser: Browser, visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    expect(page.get_by_text("1 min left")).to_be_visible(timeout=SLOW)
    warning = page.get_by_text("Your sandbox closes in")
    expect(warning).to_be_visible()
    with page.expect_response(lambda response: response.url.endswith("/extend") and response.ok):
        page.get_by_role("button", name="I need more time").click()
    write(page, "# kept")
    closed = page.get_by_text("Your sandbox was closed because its time was over.")
    expect(closed).to_be_visible(timeout=120_000)  # beat looks once a minute
    page.reload()
    ready(page)
    expect(editor(page)).to_have_text("# kept")
    expect(closed).to_be_hidden(timeout=SLOW)  # the page has asked for it again
