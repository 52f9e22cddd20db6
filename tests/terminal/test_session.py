"""A terminal's session without a page: what it writes, keeps, refuses and ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from k8slab.kube.client import Client
from k8slab.kube.errors import Unavailable
from k8slab.terminal import cleaning
from k8slab.terminal.messages import TerminalToPage
from k8slab.terminal.scrollback import AHEAD, KEPT, Flooded, Scrollback
from k8slab.terminal.session import Session
from k8slab.terminal.sessions import MOST_OF_ONE, Busy, Sessions
from k8slab.terminal.streams import Interrupted, Stop


def no_cluster() -> Client:
    raise Unavailable("there is no cluster yet")


class Page:
    """Takes everything at once, as a page with a good line does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.text = ""
        self.at = 0
        self.told: list[TerminalToPage] = []
        self.news = threading.Condition()
        session.page = self

    def wake(self) -> None:
        with self.news:
            self.told += self.session.untold()
            text, self.at, _ = self.session.scrollback.since(self.at)
            self.text += text
            self.session.scrollback.sent(self.at)
            self.news.notify_all()

    def until(self, holds: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(holds, 10), (self.text, self.told)

    def line(self, text: str, start: Callable[[Callable[[], None]], None] | None = None) -> str:
        """What a line writes, once the session is ready again."""
        before = len(self.text)
        self.session.take_lines(text, start or in_a_thread)
        self.until(lambda: not self.session.working)
        self.wake()
        return self.text[before:]


def in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


@pytest.fixture
def page() -> Iterator[Page]:
    session = Session(1, "lab-mina", no_cluster)
    yield Page(session)
    session.interrupt()


def test_it_works(page: Page) -> None:
    assert page.line("echo hello") == "$ echo hello\r\nhello\r\n"
    assert [m["mode"] for m in page.told if m["type"] == "mode"][-1] == "ready"


def test_pasted_lines_run_one_after_the_other_with_their_echo(page: Page) -> None:
    said = page.line("X=1\necho a $X\ncat <<EOF\nkind: Pod\nEOF")
    assert said == "$ X=1\r\n$ echo a $X\r\na 1\r\n$ cat <<EOF\r\n> kind: Pod\r\n> EOF\r\nkind: Pod\r\n"


def test_a_line_that_goes_on_asks_for_more(page: Page) -> None:
    page.line("echo 'a")
    assert page.session.prompt == "> "
    assert page.line("b'") == "> b'\r\na\r\nb\r\n"
    page.line("echo 'a")
    page.session.interrupt()
    assert page.session.prompt == "$ "


def test_without_a_cluster_kubectl_says_so(page: Page) -> None:
    assert "Unable to connect to the server: there is no cluster yet" in page.line("kubectl get pods")


def test_errors_are_red_unless_somebody_minds(page: Page) -> None:
    assert f"{cleaning.RED}bash: nope" in page.line("nope")
    page.line("export NO_COLOR=1")
    assert "\x1b" not in page.line("nope")
    page.line("unset NO_COLOR")
    page.session.colours = False
    assert "\x1b" not in page.line("nope")


def test_ctrl_c_ends_a_command(page: Page) -> None:
    page.session.take_lines("sleep 600; echo never", in_a_thread)
    page.until(lambda: page.session.mode == "running")
    page.session.interrupt()
    page.until(lambda: not page.session.working)
    page.wake()
    assert page.text.endswith("^C\r\n")
    assert page.line("echo $?").endswith("130\r\n")


def test_what_is_typed_reaches_the_command_that_reads_and_then_the_shell(page: Page) -> None:
    page.session.take_lines("cat | tr a-z A-Z", in_a_thread)
    page.until(lambda: page.session.mode == "running")
    page.session.type("hello\n")
    page.session.keyboard.end()
    page.until(lambda: not page.session.working)
    page.session.take_lines("sleep 0.2", in_a_thread)
    page.until(lambda: page.session.mode == "running")
    page.session.type("echo ahead\n")
    page.until(lambda: "\r\nahead\r\n" in page.text)
    assert "HELLO" in page.text


def test_files_go_to_the_page_and_come_from_it(page: Page) -> None:
    page.session.files.take({"web.yaml": "kind: Pod\n", "../etc": "x", "gone.yaml": "y"})
    page.session.files.take({"gone.yaml": None})
    assert page.line("ls -1; cat ./web.yaml > copy.yaml").endswith("web.yaml\r\n")
    written = [m for m in page.told if m["type"] == "file"]
    assert [(m["name"], m["text"]) for m in written] == [("copy.yaml", "kind: Pod\n")]
    assert "Permission denied" in page.line("echo x > /etc/passwd")
    assert "No space left" in page.line("for i in {1..30}; do echo x > f$i; done")


def test_the_editor_is_asked_and_waited_for(page: Page) -> None:
    page.session.files.take({"web.yaml": "a\n"})
    page.session.take_lines("vi web.yaml", in_a_thread)
    page.until(lambda: page.session.asked_edit is not None)
    asked = page.session.asked_edit
    assert asked is not None
    page.session.edited(asked["id"], "b\n")
    page.until(lambda: not page.session.working)
    assert page.session.files.read("web.yaml") == "b\n"


def test_an_edit_that_nobody_answers_ends_with_ctrl_c(page: Page) -> None:
    page.session.take_lines("vi web.yaml", in_a_thread)
    page.until(lambda: page.session.asked_edit is not None)
    page.session.interrupt()
    page.until(lambda: not page.session.working)


def test_a_flood_is_cut(page: Page) -> None:
    page.session.files.take({"big": ("x" * 1000 + "\n") * 100})
    said = page.line("for i in {1..900}; do cat big; done")
    assert "output cut at 1 MB" in said
    assert len(said) < 2 * 1024 * 1024
    assert page.line("echo still here").endswith("still here\r\n")


def test_harmful_text_is_shown_and_not_obeyed(page: Page) -> None:
    page.session.files.take({"bad": "a\x1b]0;title\x07b\x9bc\u202ed\re\x1b[2J\n"})
    assert page.line("cat bad") == "$ cat bad\r\na^[]0;title^Gb\ufffdc\ufffdd^Me^[[2J\r\n"


def test_an_interactive_program_may_move_and_colour_but_not_ask_or_speak_for_the_page() -> None:
    screen = cleaning.ScreenText()
    kept = "\x1b[31mred\x1b[0m\x1b[2K\x1b[10;5H\x1b[?25l\x1b[?1049h\r\n\x1b[?2004h\x1b(B"
    assert screen.clean(kept) == kept
    assert screen.clean("\x1b]52;c;aGk=\x07") == "^[]52;c;aGk=\x07"
    for asked in (
        "\x1b[6n",
        "\x1b[c",
        "\x1b[>c",
        "\x1b[5n",
        "\x1bP$q\x1b\\",
        "\x1b[?1000h",
        "\x1b[18t",
        "\x9b6n",
        "\x05",
    ):
        assert "\x1b[" not in cleaning.ScreenText().clean(asked)
        assert "\x9b" not in cleaning.ScreenText().clean(asked)
        assert "\x05" not in cleaning.ScreenText().clean(asked)


def test_a_sequence_that_comes_in_pieces_is_one_sequence() -> None:
    screen = cleaning.ScreenText()
    assert "".join(screen.clean(char) for char in "a\x1b[1;31mb") == "a\x1b[1;31mb"
    assert "".join(screen.clean(char) for char in "\x1b]") == "^[]"


def test_scrollback_gives_what_is_missing_or_all_that_is_kept() -> None:
    back = Scrollback(lambda: None)
    back.write("abc")
    back.write("defg")
    assert back.since(2) == ("cdefg", 7, True)
    assert back.since(7) == ("", 7, True)
    assert back.since(99) == ("abcdefg", 7, False)
    back.write("x" * KEPT)
    text, end, joined = back.since(0)
    assert (len(text), end, joined) == (KEPT, 7 + KEPT, False)
    back.clear()
    assert back.since(0) == ("", 7 + KEPT, False)


def test_a_writer_waits_for_the_page_and_not_for_ever() -> None:
    back, stop = Scrollback(lambda: None), Stop()
    back.write("x" * (AHEAD + 1), stop)
    timer = threading.Timer(0.05, stop.set)
    timer.start()
    with pytest.raises(Interrupted):
        back.write("more", stop)
    timer.join()
    back.sent(back.end)
    back.write("more", Stop())


def test_an_allowance_comes_back_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    back, now = Scrollback(lambda: None), [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for _ in range(16):
        back.write("x" * AHEAD, Stop())
        back.sent(back.end)
    with pytest.raises(Flooded):
        back.write("x" * AHEAD, Stop())
    now[0] += 10
    back.write("x" * AHEAD, Stop())


def test_sessions_belong_to_one_student_and_one_namespace() -> None:
    sessions = Sessions()
    session = sessions.open(1, "lab-mina", no_cluster)
    assert session is not None
    assert sessions.find(session.id, 1, "lab-mina") is session
    assert sessions.find(session.id, 2, "lab-mina") is None
    assert sessions.find(session.id, 1, "lab-olaf") is None


def test_a_student_has_a_few_sessions_and_those_that_nobody_sees_make_room() -> None:
    sessions = Sessions()
    opened = [sessions.open(1, "lab-mina", no_cluster) for _ in range(MOST_OF_ONE)]
    for session in opened[1:]:
        assert session is not None
        Page(session)
    assert opened[0] is not None
    sessions.leave(opened[0])
    newest = sessions.open(1, "lab-mina", no_cluster)
    assert newest is not None
    assert sessions.find(opened[0].id, 1, "lab-mina") is None
    Page(newest)
    assert sessions.open(1, "lab-mina", no_cluster) is None
    assert sessions.open(2, "lab-olaf", no_cluster) is not None


def test_more_commands_than_threads_are_refused_and_nothing_is_lost() -> None:
    sessions, hold = Sessions(threads=1), threading.Event()
    sessions.start(lambda: bool(hold.wait(10)) and None)
    page = Page(Session(1, "lab-mina", no_cluster))
    with pytest.raises(Busy):
        page.line("echo x", sessions.start)
    hold.set()
    deadline = time.monotonic() + 10
    while True:
        try:
            said = page.line("echo x", sessions.start)
            break
        except Busy:
            assert time.monotonic() < deadline
    assert said.endswith("x\r\n")


def test_what_runs_for_nobody_is_ended() -> None:
    sessions = Sessions()
    session = sessions.open(1, "lab-mina", no_cluster)
    assert session is not None
    page = Page(session)
    session.take_lines("sleep 600", sessions.start)
    page.until(lambda: session.mode == "running")
    sessions.quiet(session)
    assert session.working
    session.page = None
    sessions.quiet(session)
    deadline = time.monotonic() + 10
    while session.working:
        assert time.monotonic() < deadline
    sessions.drop(session)
    assert sessions.find(session.id, 1, "lab-mina") is None
