"""When something goes wrong around the page: each time a calm, correct state, and a way on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from k8slab.kube.client import Client
from k8slab.supervisor.stack import Stack

from .workbench import SLOW, begin, editor, submit, verdict, write

pytestmark = pytest.mark.browser

EXERCISE = "/learn/deployment/three-ready/"
SOLUTION = next(Path("lessons").glob("*/*/exercises/three-ready/solution.yaml")).read_text(encoding="utf-8")


def namespace_of(page: Page) -> str:
    """As its own socket tells it."""
    return str(
        page.evaluate(
            """new Promise((done) => {
                const socket = new WebSocket(`ws://${location.host}/ws/sandbox/`);
                socket.onmessage = ({ data }) => {
                    const told = JSON.parse(data);
                    if (told.type === "sandbox") { socket.close(); done(told.namespace); }
                };
            })"""
        )
    )


def test_a_line_that_breaks_is_told_and_taken_up_again(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    page.context.route_web_socket("**/ws/sandbox/", lambda socket: socket.close(code=1011, reason="away"))
    page.reload()
    lost = page.get_by_text("The connection was lost. Trying again; your text is kept.")
    expect(lost).to_be_visible(timeout=SLOW)
    write(page, SOLUTION)
    submit(page)  # the page asks by itself when nobody tells it
    verdict(page, "three-ready", "pass", 60_000)
    page.context.unroute_all()
    page.context.route_web_socket("**/ws/sandbox/", lambda socket: socket.connect_to_server() and None)
    expect(lost).to_be_hidden(timeout=60_000)


def test_an_expired_login_keeps_the_text(visit: Callable[..., Page], quiet: Callable[[str], None]) -> None:
    quiet("401")
    page = visit()
    begin(page, EXERCISE)
    page.context.clear_cookies(name="sessionid")
    write(page, "# not lost")
    submit(page)
    expect(page.get_by_text("Your session has ended. Log in again to go on")).to_be_visible(timeout=SLOW)
    expect(editor(page)).to_have_text("# not lost")
    link = page.locator('[data-notice="expired"]').get_by_role("link", name="Log in")
    assert "next=/learn/deployment/three-ready/" in (link.get_attribute("href") or "")


def test_a_worker_that_dies_delays_the_answer_only(visit: Callable[..., Page], stack: Stack) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, SOLUTION)
    os.kill(stack.pid("worker"), signal.SIGKILL)
    submit(page)
    verdict(page, "three-ready", "pass", 90_000)


def test_a_namespace_that_is_deleted_comes_back(visit: Callable[..., Page], stack: Stack) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, SOLUTION)
    submit(page)
    verdict(page, "three-ready", "pass")
    Client.from_kubeconfig(stack.kubeconfig).delete("v1", "Namespace", namespace_of(page))
    submit(page)
    verdict(page, "three-ready", "pass", 60_000)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_another_exercise_in_another_tab_takes_the_sandbox(
    visit: Callable[..., Page], quiet: Callable[[str], None]
) -> None:
    quiet("/past")  # the map of a page whose sandbox has just gone elsewhere may ask once more
    left = visit()
    begin(left, EXERCISE)
    right = left.context.new_page()
    right.goto("/learn/service/clusterip/")
    away = left.get_by_text("Your sandbox serves another exercise now.")
    expect(away).to_be_visible(timeout=SLOW)
    left.get_by_role("button", name="Go on here").click()
    expect(away).to_be_hidden(timeout=SLOW)
    expect(right.get_by_text("Your sandbox serves another exercise now.")).to_be_visible(timeout=SLOW)


def test_a_reset_into_a_new_namespace(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    write(page, SOLUTION)
    submit(page)
    verdict(page, "three-ready", "pass")
    page.get_by_role("button", name="Reset the sandbox").click()
    page.get_by_role("button", name="Reset into a new namespace").click()
    verdict(page, "three-ready", "untried", 60_000)
    submit(page)
    verdict(page, "three-ready", "pass", 60_000)
