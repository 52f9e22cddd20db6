"""A student without a browser: the same pages, fetches and websocket, through real sockets."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin

from websockets.sync.client import ClientConnection, connect

Message = dict[str, Any]
PATIENCE = 30.0


class Answer:
    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.text = body.decode()

    def json(self) -> Any:
        return json.loads(self.text)


class Page:
    """The websocket of one open page, with everything that it has heard."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[Message] = []

    def until(self, fits: Callable[[Message], bool], patience: float = PATIENCE) -> Message:
        """Reads on until a message fits."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            message: Message = json.loads(self.socket.recv(timeout=left))
            self.heard.append(message)
            if fits(message):
                return message
        raise TimeoutError(f"not heard in {patience} s; the last was {self.heard[-1:]}")

    def attempt(self, fits: Callable[[Message], bool], patience: float = PATIENCE) -> Message:
        return self.until(lambda message: message["type"] == "attempt" and fits(message), patience)

    def ended(self, submission: str, patience: float = PATIENCE) -> Message:
        """The attempt once the submission is decided or has ended as `error`."""
        return self.attempt(
            lambda attempt: (
                attempt.get("submission", {}).get("id") == submission
                and attempt["submission"]["phase"] in ("decided", "error")
            ),
            patience,
        )


class Student:
    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def cookie(self, name: str) -> str:
        return next((cookie.value or "" for cookie in self.jar if cookie.name == name), "")

    def ask(
        self, method: str, path: str, body: Any = None, form: dict[str, str] | None = None, token: str | None = None
    ) -> Answer:
        headers = {"X-CSRFToken": self.cookie("csrftoken") if token is None else token, "Referer": self.url}
        data = None
        if form is not None:
            data = urlencode(form).encode()
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(urljoin(self.url, path), data, headers, method=method)
        try:
            with self._opener.open(request, timeout=PATIENCE) as response:
                return Answer(response.status, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read())

    def begin_as_guest(self) -> None:
        page = self.ask("GET", "/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token, page.text[:2000]
        answer = self.ask("POST", "/account/guest/", form={"csrfmiddlewaretoken": token[1], "next": "/"})
        assert answer.status == 200, answer.text[:2000]

    def open(self, lesson: str, exercise: str) -> Answer:
        return self.ask("GET", f"/learn/{lesson}/{exercise}/")

    def act(self, exercise: str, what: str, text: str | None = None) -> Answer:
        """POSTs start, submit, retry, reset or hint."""
        return self.ask("POST", f"/api/exercises/{exercise}/{what}", {} if text is None else {"text": text})

    def submit(self, exercise: str, text: str) -> str:
        """Returns the submission's id. Who is told to be slower waits, as a person would."""
        answer = self.act(exercise, "submit", text)
        while answer.status == 429:
            time.sleep(0.5)
            answer = self.act(exercise, "submit", text)
        assert answer.status == 202, (answer.status, answer.text)
        return str(answer.json()["submission"]["id"])

    def state(self, exercise: str) -> Message:
        found: Message = self.ask("GET", f"/api/exercises/{exercise}/state").json()
        return found

    @contextmanager
    def page(self, path: str = "/ws/sandbox/") -> Iterator[Page]:
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
        address = urljoin(self.url, path).replace("http", "ws", 1)
        headers = {"Cookie": cookies, "Origin": self.url.rstrip("/")}
        with connect(address, additional_headers=headers, max_size=2**24, close_timeout=2) as socket:
            yield Page(socket)

    def solve(self, lesson: str, exercise: str, text: str) -> Message:
        """Opens, starts, submits and waits for the end."""
        self.open(lesson, exercise)
        with self.page() as page:
            self.act(exercise, "start")
            return page.ended(self.submit(exercise, text))
