"""Who may listen, and what a page hears when it connects."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from k8slab.accounts.models import User
from k8slab.live import groups
from k8slab.live.consumers import LOGIN_NEEDED, NO_SANDBOX, SandboxConsumer
from k8slab.sandbox.models import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def learner(namespace: str | None) -> User:
    user = User.objects.create(username=f"learner-{namespace}")
    if namespace:
        expires = timezone.now() + timedelta(hours=1)
        Sandbox.objects.create(owner=user, namespace=namespace, state="ready", expires=expires)
    return user


def page_of(user: Any) -> WebsocketCommunicator:
    page = WebsocketCommunicator(SandboxConsumer.as_asgi(), "/ws/sandbox/")
    page.scope["user"] = user
    return page


async def connected(namespace: str) -> WebsocketCommunicator:
    page = page_of(await learner(namespace))
    assert (await page.connect())[0]
    assert (await page.receive_json_from())["type"] == "sandbox"
    return page


async def closed_with(page: WebsocketCommunicator) -> int:
    assert (await page.connect())[0]
    output = await page.receive_output()
    assert output["type"] == "websocket.close"
    return int(output["code"])


async def test_it_works() -> None:
    page = page_of(await learner("lab-a"))
    assert (await page.connect())[0]
    told = await page.receive_json_from()
    assert (told["type"], told["state"], told["namespace"]) == ("sandbox", "ready", "lab-a")
    ask = await get_channel_layer().receive(groups.WATCHER)
    assert (ask["type"], ask["namespace"]) == ("snapshot", "lab-a")
    await page.disconnect()


async def test_a_message_of_the_own_sandbox_arrives_and_no_other() -> None:
    page = await connected("lab-b")
    layer = get_channel_layer()
    for namespace in ("lab-stranger", "lab-b"):
        await layer.group_send(
            groups.of_sandbox(namespace), {"type": "page.message", "message": {"type": "change", "of": namespace}}
        )
    assert (await page.receive_json_from())["of"] == "lab-b"
    assert await page.receive_nothing()
    await page.disconnect()


async def test_somebody_who_is_not_logged_in_is_told_so_by_the_code() -> None:
    assert await closed_with(page_of(AnonymousUser())) == LOGIN_NEEDED


async def test_without_a_sandbox_there_is_nothing_to_hear() -> None:
    assert await closed_with(page_of(await learner(None))) == NO_SANDBOX


async def test_nonsense_from_the_page_ends_nothing() -> None:
    page = await connected("lab-c")
    for nonsense in ("{", "[]", '{"type": 7}', "null", '"resync"'):
        await page.send_to(text_data=nonsense)
    await get_channel_layer().group_send(
        groups.of_sandbox("lab-c"), {"type": "page.message", "message": {"type": "change"}}
    )
    assert (await page.receive_json_from())["type"] == "change"
    await page.disconnect()


async def test_a_watcher_that_starts_anew_is_announced() -> None:
    page = await connected("lab-d")
    await get_channel_layer().group_send(groups.ANNOUNCEMENTS, {"type": "page.messages", "messages": [{"type": "hub"}]})
    assert await page.receive_json_from() == {"type": "hub"}
    await page.disconnect()
