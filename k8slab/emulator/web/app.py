"""The ASGI application: authenticate, find what the path means, authorize, let a handler answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import orjson

from k8slab.emulator.auth.authenticate import ADMIN, Authenticator
from k8slab.emulator.auth.localpeer import is_own_kubectl
from k8slab.emulator.auth.rbac import Authorizer, Question, refusal
from k8slab.emulator.calls import User
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.status import ApiError, to_status
from k8slab.emulator.store import Store
from k8slab.emulator.version import VERSION_INFO
from k8slab.emulator.web.reading import get, list_objects
from k8slab.emulator.web.request import JSON, Gone, Message, PlainRefusal, Receive, Request, Send, make_request
from k8slab.emulator.web.routes import VERB_OF, Target, find_target, no_such_method
from k8slab.emulator.web.watching import watch
from k8slab.emulator.web.writing import Writing

log = logging.getLogger(__name__)
Handler = Callable[[Request, Target], Awaitable[None]]
Page = Callable[[Request], Awaitable[None]]
HEALTH = ("/healthz", "/livez", "/readyz")
UPGRADED = ("websocket", "spdy")
OPEN = (*HEALTH, "/version")
READING = ("GET", "HEAD", "OPTIONS")


@dataclass
class App:
    cluster: Cluster
    authenticator: Authenticator
    authorizer: Authorizer
    writing: Writing
    subresources: dict[tuple[str, str], Handler] = field(default_factory=dict)  # (resource key, subresource)
    virtual: dict[str, Handler] = field(default_factory=dict)  # resources that are questions, not objects
    pages: dict[str, Page] = field(default_factory=dict)  # by the first part of the path
    streams: dict[tuple[str, str], Handler] = field(default_factory=dict)  # over upgraded connections

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", *UPGRADED):
            return
        request = make_request(scope, receive, send)
        try:
            if scope["type"] in UPGRADED:
                await self._upgraded(request)
            else:
                await self._answer(request)
        except Gone:
            return
        except ApiError as error:
            await self._refuse(request, error)
        except Exception as error:
            log.exception("%s %s", request.method, request.path)
            await self._refuse(request, ApiError(500, "InternalError", f"Internal error occurred: {error!r}"))

    async def _refuse(self, request: Request, error: ApiError) -> None:
        if request.kind == "http":
            await request.answer_json(to_status(error), error.code)
            return
        if request.accepted:
            await request.send({"type": f"{request.kind}.close", "code": 1011})
            return
        plain = isinstance(error, PlainRefusal)
        body = error.message.encode() if plain else orjson.dumps(to_status(error))
        media = b"text/plain; charset=utf-8" if plain else JSON
        headers = [(b"content-type", media), (b"content-length", str(len(body)).encode())]
        await request.receive()
        start = {"type": f"{request.kind}.http.response.start", "status": error.code, "headers": headers}
        await request.send(start)
        await request.send({"type": f"{request.kind}.http.response.body", "body": body})

    def user_of(self, request: Request) -> User:
        groups = [value for name, value in request.pairs if name == "impersonate-group"]
        extra: dict[str, list[str]] = {}
        for name, value in request.pairs:
            if name.startswith("impersonate-extra-"):
                extra.setdefault(name.removeprefix("impersonate-extra-"), []).append(value)
        known = ADMIN if is_own_kubectl(request.headers, request.client, request.server) else None
        return self.authenticator.user_of(request.headers, groups, extra, known)

    async def _answer(self, request: Request) -> None:
        request.user, request.schema = self.user_of(request), self.cluster.schema
        if request.method not in READING:
            self.cluster.store.require_writable()
        target = find_target(self.cluster.resources, request.method, request.path, request.flag("watch"))
        if target is None:
            await self._page(request)
            return
        self.authorizer.require(request.user, target.question)
        if target.kind.deprecated:
            request.warnings.append(target.kind.deprecated)
        await self.handler_of(target)(request, target)

    async def _page(self, request: Request) -> None:
        """Paths that are not about resources: health, version, discovery, the schema."""
        path = request.path.rstrip("/") or "/"
        if path not in OPEN and not path.startswith(tuple(f"{one}/" for one in HEALTH)):
            question = Question(VERB_OF.get(request.method, "get"), path=path)
            if not self.authorizer.allows(request.user, question):
                raise refusal(request.user, question)
        page = self.pages.get("/" + path.split("/")[1])
        if page is None:
            await request.answer_text("404 page not found\n", 404)
        else:
            await page(request)

    def handler_of(self, target: Target) -> Handler:
        if target.subresource:
            special = self.subresources.get((target.kind.key, target.subresource)) or self.subresources.get(
                ("", target.subresource)
            )
            if special is not None:
                return special
            if target.subresource not in ("status", "approval", "resize", "ephemeralcontainers"):
                raise no_such_method()
        virtual = self.virtual.get(target.kind.plural)
        if virtual is not None and target.verb == "create":
            return virtual
        return self._plain(target.verb)

    def _plain(self, verb: str) -> Handler:
        writing = self.writing
        handlers: dict[str, Handler] = {
            "get": lambda request, target: get(self.cluster, request, target),
            "list": lambda request, target: list_objects(self.cluster, request, target),
            "watch": lambda request, target: watch(self.cluster, request, target),
            "create": writing.create,
            "update": writing.update,
            "patch": writing.patch,
            "delete": writing.delete,
            "deletecollection": writing.delete_collection,
        }
        return handlers[verb]

    async def _upgraded(self, request: Request) -> None:
        """Whoever opens a stream into a pod needs the right to create it, also where the method is GET."""
        request.user = self.user_of(request)
        target = find_target(self.cluster.resources, request.method, request.path, False)
        stream = self.streams.get((target.kind.key, target.subresource)) if target else None
        if target is None or stream is None:
            raise ApiError(404, "NotFound", "the server could not find the requested resource", {})
        self.authorizer.require(request.user, target.question)
        self.authorizer.require(request.user, target.question._replace(verb="create"))
        await stream(request, target)


async def health(store: Store, request: Request) -> None:
    parts = request.path.rstrip("/").split("/")[1:]
    if len(parts) > 1 and parts[1] not in ("ping", "etcd", "log"):
        await request.answer_text("404 page not found\n", 404)
        return
    try:
        store.require_writable()
    except ApiError:
        said = f"[+]ping ok\n[+]log ok\n[-]etcd failed: reason withheld\n{parts[0]} check failed\n"
        await request.answer_text(said, 500)
        return
    if "verbose" in request.query:  # its value does not matter
        await request.answer_text(f"[+]ping ok\n[+]log ok\n[+]etcd ok\n{parts[0]} check passed\n")
    else:
        await request.answer_text("ok")


async def version(request: Request) -> None:
    await request.answer_json(VERSION_INFO)
