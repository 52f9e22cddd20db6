"""The terminal in the page: kubectl, editing, completion, files, Ctrl-C, and what survives a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .workbench import begin

pytestmark = pytest.mark.browser

EXERCISE = "/learn/deployment/three-ready/"
SLOW = 20_000


class Terminal:
    """What a student does in the terminal, and what the screen says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element: Locator = page.locator("lab-terminal")

    def open(self) -> None:
        self.page.get_by_role("button", name="Terminal", exact=True).first.click()
        self.until("$")
        self.element.locator(".xterm-helper-textarea").focus()

    def text(self) -> str:
        return str(self.element.evaluate("element => element.text"))

    def until(self, *parts: str) -> str:
        """Waits for texts on the screen."""
        self.page.wait_for_function(
            "parts => parts.every(part => document.querySelector('lab-terminal')?.text?.includes(part))",
            arg=list(parts),
            timeout=SLOW,
        )
        return self.text()

    def until_prompt(self) -> str:
        """Waits until the last command is over."""
        self.page.wait_for_function(
            "() => document.querySelector('lab-terminal')?.text?.trimEnd().endsWith('\\n$')", timeout=SLOW
        )
        return self.text()

    def type(self, line: str) -> None:
        self.page.keyboard.insert_text(line)

    def paste(self, text: str) -> None:
        """As the browser does after Ctrl-V."""
        self.element.locator(".xterm-helper-textarea").evaluate(
            """(area, text) => {
                const data = new DataTransfer();
                data.setData("text/plain", text);
                area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
            }""",
            text,
        )

    def run(self, line: str) -> str:
        self.type(line)
        self.page.keyboard.press("Enter")
        return self.until_prompt()


@pytest.fixture
def terminal(visit: Callable[..., Page]) -> Terminal:
    page = visit()
    begin(page, EXERCISE)
    found = Terminal(page)
    found.open()
    return found


def test_a_deployment_by_kubectl_turns_the_checks_green(
    terminal: Terminal, picture: Callable[[Page, str], None]
) -> None:
    assert "No resources found in lab-" in terminal.run("kubectl get pods")
    terminal.run("kubectl create deployment dp --image=nginx:1.14.0 --replicas=3")
    terminal.run("kubectl wait --for=condition=Available deployment/dp")
    assert "3/3" in terminal.run("k get deployments")
    for check in terminal.page.locator("check-panel [data-check]").all():
        expect(check).to_have_attribute("data-verdict", "pass", timeout=SLOW)
    terminal.run("kubectl get nothing")
    picture(terminal.page, "terminal")


def test_a_here_document_a_file_and_a_pipe(terminal: Terminal) -> None:
    terminal.paste(
        "cat <<EOF > made.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: made\ndata:\n  key: value\nEOF\n"
    )
    expect(terminal.page.locator("file-tabs")).to_contain_text("made.yaml", timeout=SLOW)
    terminal.until_prompt()
    assert "configmap/made created" in terminal.run("kubectl apply -f made.yaml")
    assert "value" in terminal.run("k get cm made -o jsonpath='{.data.key}'; echo")
    terminal.run("k get cm | grep -c made")
    assert "\n1\n$" in terminal.text()


def test_completion_history_and_ctrl_c(terminal: Terminal) -> None:
    keys = terminal.page.keyboard
    keys.type("kubectl descr")
    keys.press("Tab")
    terminal.until("$ kubectl describe")
    keys.press("Control+c")
    terminal.until("^C")
    keys.type("kubectl get pods -w")
    keys.press("Enter")
    keys.press("Control+c")
    terminal.until_prompt()
    keys.press("ArrowUp")
    terminal.until("$ kubectl get pods -w\n^C\n$ kubectl get pods -w")


def test_a_reload_and_a_broken_line_keep_what_was_said(terminal: Terminal) -> None:
    terminal.run("echo kept for later")
    terminal.page.reload()
    terminal.until("$ echo kept for later\nkept for later\n$")
    terminal.element.locator(".xterm-helper-textarea").focus()
    terminal.run("echo once more")
    assert terminal.text().count("echo kept for later") == 1


def test_a_shell_in_a_container(terminal: Terminal) -> None:
    terminal.run("kubectl run box --image=busybox --restart=Never -- sleep 3600")
    terminal.run("kubectl wait --for=condition=Ready pod/box")
    terminal.type("kubectl exec -it box -- sh")
    terminal.page.keyboard.press("Enter")
    terminal.until("/ #")
    terminal.page.keyboard.type("hostname")
    terminal.page.keyboard.press("Enter")
    terminal.until("# hostname\nbox")
    terminal.page.keyboard.type("exit")
    terminal.page.keyboard.press("Enter")
    terminal.until_prompt()


def test_kubectl_edit_opens_an_editor(terminal: Terminal) -> None:
    terminal.run("kubectl create configmap colours --from-literal=sky=blue")
    terminal.type("kubectl edit configmap colours")
    terminal.page.keyboard.press("Enter")
    dialog = terminal.page.get_by_role("dialog")
    editor = dialog.locator(".cm-content")
    expect(editor).to_contain_text("sky: blue", timeout=SLOW)
    editor.click()
    text = editor.inner_text()
    terminal.page.keyboard.press("ControlOrMeta+a")
    terminal.page.keyboard.press("Delete")
    terminal.page.keyboard.insert_text(text.replace("blue", "grey"))
    dialog.get_by_role("button", name="Save").click()
    terminal.until("configmap/colours edited")
    assert "grey" in terminal.run("k get cm colours -o jsonpath='{.data.sky}'; echo")


def test_on_a_phone_in_korean(visit: Callable[..., Page], picture: Callable[[Page, str], None]) -> None:
    page = visit(phone=True, language="ko", dark=True)
    begin(page, EXERCISE, "지금 시작")
    page.get_by_role("button", name="터미널", exact=True).last.click()
    terminal = Terminal(page)
    terminal.until("$")
    terminal.element.locator(".xterm-helper-textarea").focus()
    assert "안녕하세요" in terminal.run("echo '안녕하세요, 쿠버네티스'")
    terminal.run("help")
    picture(page, "phone-terminal-ko")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
