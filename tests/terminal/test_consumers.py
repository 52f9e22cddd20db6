"""The terminal's websocket: who may use it, and what a page that comes back is given."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import Settings

from k8slab.accounts.models import User
from k8slab.sandbox.models import Sandbox
from k8slab.terminal import consumers
from k8slab.terminal.consumers import LOGIN_NEEDED, MOVED, NO_SANDBOX, TerminalConsumer
from k8slab.terminal.sessions import Sessions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_sessions(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[Sessions]:
    settings.KUBECONFIG = str(tmp_path / "none")
    sessions = Sessions()
    monkeypatch.setattr(consumers, "sessions", sessions)
    yield sessions
    for session in list(sessions._kept.values()):
        sessions.drop(session)


@sync_to_async
def learner(namespace: str, state: str = "ready") -> User:
    user = User.objects.create(username=f"learner-{namespace}")
    expires = timezone.now() + timedelta(hours=1)
    Sandbox.objects.create(owner=user, namespace=namespace, state=state, expires=expires)
    return user


class Browser:
    """A page's side of the socket."""

    def __init__(self, user: Any) -> None:
        self.socket = WebsocketCommunicator(TerminalConsumer.as_asgi(), "/ws/terminal/")
        self.socket.scope["user"] = user
        self.lines = 0

    async def say(self, **message: Any) -> None:
        await self.socket.send_json_to(message)

    async def attach(self, session: str = "", seen: int = 0) -> dict[str, Any]:
        await self.say(type="attach", session=session, seen=seen, columns=80, rows=24)
        attached: dict[str, Any] = await self.socket.receive_json_from(5)
        assert attached["type"] == "attached", attached
        return attached

    async def line(self, text: str, **more: Any) -> None:
        self.lines += 1
        await self.say(type="line", id=self.lines, text=text, **more)

    async def until_ready(self, ran: bool = False) -> str:
        """The output up to the prompt behind the command that runs or comes next."""
        text = ""
        while True:
            message = await self.socket.receive_json_from(5)
            ran = ran or message.get("mode") == "running" or message["type"] == "notice"
            if message["type"] == "output":
                text += message["text"]
                self.at = message["at"]
            elif message["type"] == "mode" and message["mode"] == "ready" and (ran or "$" in text):
                return text

    async def hear(self, kind: str) -> dict[str, Any]:
        while True:
            message: dict[str, Any] = await self.socket.receive_json_from(5)
            if message["type"] == kind:
                return message


@asynccontextmanager
async def opened(user: Any) -> AsyncIterator[Browser]:
    browser = Browser(user)
    assert (await browser.socket.connect())[0]
    yield browser
    await browser.socket.disconnect()


async def test_it_works() -> None:
    async with opened(await learner("lab-a")) as browser:
        attached = await browser.attach()
        assert (attached["fresh"], attached["taken"]) == (True, 0)
        assert (await browser.hear("mode"))["prompt"] == "$ "
        await browser.line("echo hello", files={"web.yaml": "kind: Pod\n"})
        assert await browser.until_ready() == "$ echo hello\r\nhello\r\n"
        await browser.line("ls -1")
        assert (await browser.until_ready()).endswith("web.yaml\r\n")


async def test_who_is_not_logged_in_and_who_has_no_sandbox_is_told_by_the_code() -> None:
    nobody = await sync_to_async(User.objects.create)(username="nobody")
    for user, code in ((AnonymousUser(), LOGIN_NEEDED), (nobody, NO_SANDBOX)):
        browser = Browser(user)
        await browser.socket.connect()
        assert (await browser.socket.receive_output())["code"] == code


async def test_a_page_that_comes_back_gets_what_it_has_not_seen() -> None:
    user = await learner("lab-b")
    async with opened(user) as browser:
        session = (await browser.attach())["session"]
        await browser.hear("mode")
        await browser.line("echo one")
        await browser.until_ready()
        seen = browser.at
        await browser.line("echo two")
        await browser.until_ready()
    async with opened(user) as browser:
        assert not (await browser.attach(session, seen))["fresh"]
        output = await browser.hear("output")
        assert (output["text"], output["reset"]) == ("$ echo two\r\ntwo\r\n", False)
    async with opened(user) as browser:
        attached = await browser.attach(session)
        assert attached["history"] == ["echo one", "echo two"]
        output = await browser.hear("output")
        assert (output["text"][:8], output["reset"]) == ("$ echo o", True)


async def test_a_line_that_is_said_twice_runs_once() -> None:
    async with opened(await learner("lab-c")) as browser:
        await browser.attach()
        await browser.hear("mode")
        await browser.line("echo once")
        await browser.until_ready()
        browser.lines = 0
        await browser.line("echo once")
        browser.lines = 7
        await browser.line("history")
        assert (await browser.until_ready()).count("echo once") == 1


async def test_a_session_of_somebody_else_is_not_found() -> None:
    async with opened(await learner("lab-d")) as browser:
        session = (await browser.attach())["session"]
        async with opened(await learner("lab-e")) as other:
            attached = await other.attach(session)
            assert attached["fresh"]
            assert attached["session"] != session


async def test_the_page_that_came_last_shows_the_session() -> None:
    user = await learner("lab-f")
    async with opened(user) as first:
        session = (await first.attach())["session"]
        async with opened(user) as second:
            await second.attach(session)
            while (output := await first.socket.receive_output())["type"] != "websocket.close":
                pass
            assert output["code"] == MOVED
            await second.line("echo here")
            assert "here" in await second.until_ready()


async def test_a_line_waits_for_a_namespace_in_the_making() -> None:
    async with opened(await learner("lab-k", "starting")) as browser:
        await browser.attach()
        await browser.hear("mode")
        await browser.line("echo now")
        assert (await browser.hear("notice"))["trouble"] == "waiting"
        await sync_to_async(Sandbox.objects.update)(state="ready")
        assert "now" in await browser.until_ready()


@pytest.mark.parametrize(("state", "trouble"), [("gone", "closed"), ("resetting", "preparing"), ("failed", "closed")])
async def test_a_namespace_that_is_not_there_is_a_calm_notice(
    state: str, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "PREPARING", 0.0)
    async with opened(await learner(f"lab-{state}", state)) as browser:
        await browser.attach()
        await browser.hear("mode")
        await browser.line("kubectl get pods")
        told = (await browser.hear("notice"))["trouble"]
        assert (told if told != "waiting" else (await browser.hear("notice"))["trouble"]) == trouble
        assert (await browser.hear("mode"))["mode"] == "ready"


async def test_an_ended_login_ends_the_terminal() -> None:
    class Ended:
        session_key = "x"

        def exists(self, key: str) -> bool:
            return False

    browser = Browser(await learner("lab-g"))
    browser.socket.scope["session"] = Ended()
    await browser.socket.connect()
    await browser.attach()
    await browser.hear("mode")
    await browser.line("ls")
    assert (await browser.socket.receive_output())["code"] == LOGIN_NEEDED


async def test_ctrl_c_and_completion() -> None:
    async with opened(await learner("lab-h")) as browser:
        await browser.attach()
        await browser.hear("mode")
        await browser.line("sleep 600")
        while (await browser.hear("mode"))["mode"] != "running":
            pass
        await browser.say(type="interrupt")
        assert "^C" in await browser.until_ready(ran=True)
        await browser.say(type="complete", id=3, line="echo a | gr", files={})
        found = await browser.hear("completions")
        assert (found["id"], found["start"], found["words"]) == (3, 9, ["grep"])


async def test_nonsense_from_the_page_ends_nothing() -> None:
    nonsense = [
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"type": 7}',
        '{"type":"line","id":1}',
        '{"type":"line","id":-1,"text":""}',
        '{"type":"line","id":1,"text":"x","files":[1]}',
        '{"type":"resize","columns":0,"rows":1}',
        '{"type":"resize","columns":true,"rows":1}',
        json.dumps({"type": "line", "id": 1, "text": "x" * 3_000_000}),
    ]
    async with opened(await learner("lab-i")) as browser:
        for text in nonsense:
            await browser.socket.send_to(text_data=text)
        await browser.socket.send_to(bytes_data=b"\x00\xff")
        await browser.attach()
        for text in nonsense:
            await browser.socket.send_to(text_data=text)
        await browser.line("echo \ud800 fine")
        assert "fine" in await browser.until_ready()


async def test_a_page_that_never_stops_asking_is_told_to_wait() -> None:
    async with opened(await learner("lab-j")) as browser:
        await browser.attach()
        for _ in range(700):
            await browser.say(type="resize", columns=80, rows=24)
        assert (await browser.hear("notice"))["trouble"] == "tooFast"


async def test_what_the_shell_says_of_itself_is_in_the_pages_language() -> None:
    browser = Browser(await learner("lab-l"))
    browser.socket.scope["cookies"] = {"django_language": "ko"}
    await browser.socket.connect()
    await browser.attach()
    await browser.hear("mode")
    await browser.line("help | head -1")
    assert "네임스페이스" in await browser.until_ready()
    await browser.socket.disconnect()
