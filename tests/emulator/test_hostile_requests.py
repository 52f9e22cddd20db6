"""Whatever is asked is answered, in time, and never by a failure of the server itself.

`K8SLAB_HOSTILE=10000` draws as many requests; a few hundred otherwise. Each example is a cluster and what it is asked
one after the other, so that a failure can be seen again from its seed.
"""

from __future__ import annotations

import asyncio
import copy
import os
import random
import re
import time
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from k8slab.emulator.clock import FakeClock, settle
from tests.emulator.asgi import TOKEN, Answer, Client, make_client
from tests.emulator.hostile import Hostile, Writer
from tests.emulator.hostile_values import HONEST

USUAL = 400
REQUESTS = int(os.environ.get("K8SLAB_HOSTILE", USUAL))
AT_A_TIME = 40
LONGEST = 10.0  # seconds: not a promise of speed, only that there is an end
# What Kubernetes itself answers by 5xx; the first two as recorded from it.
DOCUMENTED = re.compile(
    r"failed to create typed patch object|does not contain declared merge key|Too large resource version|"
    r"Timeout: |no endpoints available for service|no service port|nodes have no proxy here|no such host|"
    r"runs without simulated nodes"
)


async def ask(client: Client, hostile: Hostile) -> Answer:
    """Sends the body, then leaves: a watch ends by it."""
    headers = dict(hostile.headers)
    user = headers.pop("user", None)
    answer = Answer()
    path, _, query = hostile.url.partition("?")
    sent = [("authorization", f"Bearer {TOKEN}"), *headers.items(), *([("impersonate-user", user)] if user else [])]
    scope = {
        "type": "http",
        "method": hostile.method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent],
    }
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": hostile.body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
        else:
            answer.body += message.get("body", b"")

    asking = asyncio.ensure_future(client.app(scope, receive, send))
    clock = client.cluster.clock
    assert isinstance(clock, FakeClock)
    await settle()
    for _ in range(int(LONGEST)):
        if not asking.done():
            await clock.advance(1.0)
    assert asking.done(), "no answer"
    asking.result()
    return answer


def check(answer: Answer) -> None:
    assert answer.status, "no answer"
    if answer.status >= 500:
        assert DOCUMENTED.search(answer.body.decode()), answer.body.decode()
    if answer.body.startswith(b"{") and answer.status >= 400:
        assert answer.json["code"] == answer.status


def make_world() -> Client:
    client = make_client()
    for key, body in HONEST.items():
        kind = client.cluster.resources[key]
        place = {"namespace": "team"} if kind.namespaced else {}
        for name in ("a", "b"):
            metadata = {"name": name, "labels": {"a": "b"}, **place}
            client.cluster.api.create(key, {**copy.deepcopy(body), "metadata": metadata})
    return client


@settings(
    max_examples=max(1, REQUESTS // AT_A_TIME),
    deadline=None,
    derandomize=REQUESTS == USUAL,  # the short run is the same everywhere; the long one looks further each time
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**64 - 1))
def test_every_request_has_an_answer(seed: int) -> None:
    asyncio.run(ask_all(seed))


async def ask_all(seed: int) -> None:
    world = make_world()
    drawn = random.Random(seed)
    for _ in range(AT_A_TIME):
        hostile = Writer(drawn.getrandbits(64), world.cluster.schema, world.cluster.resources).request()
        began = time.monotonic()
        try:
            check(await ask(world, hostile))
            assert time.monotonic() - began < LONGEST
        except BaseException:
            note(repr(hostile))
            raise
