"""The terminal's websocket: who may use it is asked at connect and before each line; then it passes on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import Any

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from k8slab.sandbox.actions import touch
from k8slab.sandbox.cluster import student_client
from k8slab.sandbox.models import Sandbox

from . import incoming
from .completion import complete
from .links import forward_link
from .messages import (
    Attach,
    Attached,
    Complete,
    Completions,
    Line,
    Notice,
    Output,
    PageToTerminal,
    TerminalToPage,
    Trouble,
)
from .session import Session
from .sessions import GRACE, Busy, sessions

LOGIN_NEEDED, NO_SANDBOX, MOVED, TOO_MANY = 4401, 4404, 4409, 4429
BATCH = 0.016  # seconds that output is gathered before it is sent
PIECE = 64 * 1024  # characters of one message
PREPARING, LOOK = 20.0, 0.2  # seconds that a line waits for its namespace, and between looks
RATE, BURST = 100.0, 600.0  # messages a second, and at once

State = Sandbox.State
_TROUBLES: dict[str, Trouble] = {
    State.REQUESTED: "preparing",
    State.STARTING: "preparing",
    State.RESETTING: "preparing",
    State.CLOSING: "closed",
    State.GONE: "closed",
    State.FAILED: "closed",
}


class TerminalConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    session: Session | None = None
    sandbox: Sandbox | None = None
    sender: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """The user's own sandbox, and no other."""
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(LOGIN_NEEDED)
            return
        self.sandbox = await database_sync_to_async(Sandbox.objects.filter(owner=user).first)()
        if self.sandbox is None:
            await self.close(NO_SANDBOX)
            return
        self.loop = asyncio.get_running_loop()
        self.news = asyncio.Event()
        self.sent = 0
        self.allowance, self.asked_at = BURST, time.monotonic()

    async def disconnect(self, code: int) -> None:
        if self.sender is not None:
            self.sender.cancel()
        session = self.session
        if session is not None and session.page is self:
            session.page = None
            sessions.leave(session)
            self.loop.call_later(GRACE, sessions.quiet, session)

    def wake(self) -> None:
        """As the session's page: from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.news.set)

    # --- from the page ----------------------------------------------------------------------------------------------
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = incoming.read(text_data or "")
        if message is None or self.sandbox is None:
            return
        if not self._may_ask():
            await self._notice("tooFast")
        elif message["type"] == "attach":
            await self._attach(message)
        elif self.session is not None and self.session.page is self:
            await self._take(self.session, message)

    def _may_ask(self) -> bool:
        now = time.monotonic()
        self.allowance = min(BURST, self.allowance + (now - self.asked_at) * RATE) - 1
        self.asked_at = now
        return self.allowance >= 0

    async def _take(self, session: Session, message: PageToTerminal) -> None:
        match message["type"]:
            case "line":
                await self._line(session, message)
            case "complete":
                self._complete(session, message)
            case _:
                _do(session, message)

    async def _attach(self, message: Attach) -> None:
        """Shows a session from where the page has seen it, or a new one."""
        sandbox = self.sandbox
        assert sandbox is not None
        found = sessions.find(message["session"], sandbox.owner_id, sandbox.namespace)
        session = found or sessions.open(sandbox.owner_id, sandbox.namespace, lambda: student_client(sandbox))
        if session is None:
            await self.close(TOO_MANY)
            return
        before, session.page, self.session = session.page, self, session
        if isinstance(before, TerminalConsumer) and before is not self:
            await before.give_up()
        session.language = self._language()
        session.link = partial(forward_link, self._origin(), sandbox.pk)
        session.resize(message["columns"], message["rows"])
        await self._show(session, message["seen"] if found else 0, fresh=found is None)

    def _language(self) -> str:
        """The page's: the cookie's, else what the account knows."""
        chosen = (self.scope.get("cookies") or {}).get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        return next((each for each in (chosen, self.scope["user"].language) if each in known), settings.LANGUAGE_CODE)

    def _origin(self) -> str:
        """The page's own, which the origin check has let pass."""
        headers: dict[bytes, bytes] = dict(self.scope.get("headers") or ())
        return headers.get(b"origin", b"").decode("ascii", "replace")

    async def give_up(self) -> None:
        """Another page shows the session now."""
        if self.sender is not None:
            self.sender.cancel()
        self.session = None
        await self.close(MOVED)

    async def _show(self, session: Session, seen: int, *, fresh: bool) -> None:
        await self._send(
            Attached(
                type="attached",
                session=session.id,
                fresh=fresh,
                history=list(session.shell.state.history),
                taken=session.taken,
                colours=session.colours,
            )
        )
        text, at, joined = session.scrollback.since(seen)
        await self._send(Output(type="output", text=text, at=at, reset=not joined or seen == 0))
        self.sent = at
        session.scrollback.sent(at)
        await self._send(session.state())
        if session.asked_edit:
            await self._send(session.asked_edit)
        if self.sender is None:
            self.sender = asyncio.create_task(self._sending(session))

    async def _line(self, session: Session, message: Line) -> None:
        if message["id"] <= session.taken:
            return  # said again after a drop, and it had arrived
        session.taken = message["id"]
        trouble = await self._trouble_after_preparing()
        if trouble == "expired":
            await self.close(LOGIN_NEEDED)
            return
        if trouble:
            await self._notice(trouble)
            await self._send(session.state())
            return
        session.files.take(message.get("files") or {})
        try:
            session.take_lines(message["text"], sessions.start)
        except Busy:
            await self._notice("busy")
            await self._send(session.state())

    async def _trouble_after_preparing(self) -> Trouble | None:
        """A namespace in the making is worth a moment: nobody types a first command twice."""
        until, told = time.monotonic() + PREPARING, False
        while True:
            trouble: Trouble | None = await database_sync_to_async(self._trouble)()
            if trouble != "preparing" or time.monotonic() > until:
                return trouble
            if not told:
                await self._send(Notice(type="notice", trouble="waiting"))
                told = True
            await asyncio.sleep(LOOK)

    def _trouble(self) -> Trouble | None:
        """What is in the way of a command. A line is work: the sandbox stays open for it."""
        assert self.sandbox is not None
        login = self.scope.get("session")
        if login is not None and not login.exists(login.session_key):
            return "expired"
        sandbox = Sandbox.objects.filter(pk=self.sandbox.pk).first()
        if sandbox is None or sandbox.state != State.READY:
            return _TROUBLES.get(sandbox.state, "closed") if sandbox else "closed"
        touch(sandbox)
        return None

    def _complete(self, session: Session, message: Complete) -> None:
        session.files.take(message.get("files") or {})

        def answer() -> None:
            found = complete(session, message["line"])
            session.tell(Completions(type="completions", id=message["id"], start=found.start, words=found.words))

        try:
            sessions.answer(answer)
        except Busy:
            return  # whoever presses Tab presses it again

    # --- to the page ------------------------------------------------------------------------------------------------
    async def _sending(self, session: Session) -> None:
        """At once after a pause; else what comes within a frame is gathered, so that a page draws once."""
        before = 0.0
        with contextlib.suppress(OSError, RuntimeError):  # the socket has gone; `disconnect` follows
            while True:
                await self.news.wait()
                await asyncio.sleep(max(0.0, before + BATCH - time.monotonic()))
                self.news.clear()
                before = time.monotonic()
                messages = list(session.untold())  # before the output: what is told later belongs behind it
                await self._send_output(session)
                for message in messages:
                    await self._send(message)

    async def _send_output(self, session: Session) -> None:
        text, end, joined = session.scrollback.since(self.sent)
        start = end - len(text)
        for at in range(0, len(text), PIECE):
            piece = text[at : at + PIECE]
            output = Output(type="output", text=piece, at=start + at + len(piece))
            if not joined and at == 0:
                output["reset"] = True
            await self._send(output)
        self.sent = end
        session.scrollback.sent(end)

    async def _notice(self, trouble: Trouble) -> None:
        await self._send(Notice(type="notice", trouble=trouble))

    async def _send(self, message: TerminalToPage) -> None:
        await self.send(text_data=orjson.dumps(message).decode())


def _do(session: Session, message: Any) -> None:
    match message["type"]:
        case "input":
            session.type(message["text"])
        case "interrupt":
            session.interrupt()
        case "eof":
            session.keyboard.end()
        case "resize":
            session.resize(message["columns"], message["rows"])
        case "edited":
            session.edited(message["id"], message["text"])
        case "colours":
            session.colours = message["on"]
        case "clear":
            session.scrollback.clear()
