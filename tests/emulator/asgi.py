"""An HTTP client that calls the emulator's ASGI application directly: no port, no threads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from k8slab.emulator.api import open_cluster
from k8slab.emulator.auth.authenticate import Authenticator
from k8slab.emulator.auth.tokens import TokenSigner
from k8slab.emulator.bootstrap import bootstrap
from k8slab.emulator.clock import FakeClock
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.web.app import App
from k8slab.emulator.web.build import build_app

TOKEN = "admin-token"


@dataclass
class Answer:
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def warnings(self) -> list[str]:
        return [value.split('"', 1)[1][:-1].replace('\\"', '"') for name, value in self.headers if name == "warning"]


class Client:
    def __init__(self, app: App, cluster: Cluster) -> None:
        self.app = app
        self.cluster = cluster

    async def call(
        self,
        method: str,
        url: str,
        body: Any = None,
        *,
        user: str | None = None,
        token: str | None = TOKEN,
        **headers: str,
    ) -> Answer:
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        sent = {"content-length": str(len(raw)), **{name.replace("_", "-"): value for name, value in headers.items()}}
        if token:
            sent["authorization"] = f"Bearer {token}"
        if user:
            sent["impersonate-user"] = user
        answer = Answer()
        await self.app(_scope(method, url, sent), _receive(raw), _send(answer))
        return answer

    async def get(self, url: str, **more: Any) -> Answer:
        return await self.call("GET", url, **more)

    async def post(self, url: str, body: Any, **more: Any) -> Answer:
        return await self.call("POST", url, body, **more)

    async def patch(self, url: str, body: Any, kind: str = "merge-patch+json", **more: Any) -> Answer:
        return await self.call("PATCH", url, body, content_type=f"application/{kind}", **more)

    async def apply(self, url: str, body: Any, manager: str, *, force: bool = False) -> Answer:
        query = f"?fieldManager={manager}" + ("&force=true" if force else "")
        return await self.patch(url + query, body, "apply-patch+yaml")

    async def watch(self, url: str, count: int, **more: Any) -> list[Any]:
        """The first `count` events."""
        answer = Answer()
        done = asyncio.Event()

        async def send(message: Any) -> None:
            await _send(answer)(message)
            if answer.body.count(b"\n") >= count:
                done.set()

        async def receive() -> Any:
            await done.wait()
            return {"type": "http.disconnect"}

        scope = _scope("GET", url, {"authorization": f"Bearer {TOKEN}"})
        await asyncio.wait_for(self.app(scope, receive, send), 10)
        return [orjson.loads(line) for line in answer.body.splitlines()]


def _scope(method: str, url: str, headers: dict[str, str]) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "type": "http",
        "method": method,
        "path": parts.path,
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }


def _receive(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _send(answer: Answer) -> Any:
    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    return send


def make_client(directory: Path | None = None) -> Client:
    """A cluster, in memory if not said otherwise, with the namespace `team` and its default service account."""
    cluster = open_cluster(directory, FakeClock())
    bootstrap(cluster, with_nodes=False)
    cluster.api.create("namespaces", {"metadata": {"name": "team"}})
    cluster.api.create("serviceaccounts", {"metadata": {"name": "default", "namespace": "team"}})
    signer = TokenSigner()
    authenticator = Authenticator(cluster, TOKEN, signer, cluster.authorizer)
    return Client(build_app(cluster, authenticator, signer, None), cluster)
