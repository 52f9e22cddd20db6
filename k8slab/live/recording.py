"""Records a scene for a lesson: plays a script against a cluster and keeps what a page would have been told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.layers import InMemoryChannelLayer

from k8slab.kube.client import Client
from k8slab.kube.documents import parse

from .following import KINDS, following
from .hub import Hub
from .messages import Change, Item, Note, Scene, Step

FORMAT = 1
QUIET = 1.5  # seconds without a change after which a step is over
AT_MOST = 60.0  # seconds that a step may take

Action = Mapping[str, Any]


class ScriptError(Exception):
    """The script asks for something that there is not."""


@dataclass
class Record:
    """Hears the hub; `begin` makes what is known so far the scene's beginning."""

    base: dict[str, Item] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    began: float = 0.0
    last: float = field(default_factory=time.monotonic)

    def heard(self, _: str, message: Change) -> None:
        self.last = time.monotonic()
        item = message["item"]
        if self.began:
            self.steps.append(Step(t=self.now(), change=message["change"], item=item))
        elif message["change"] == "deleted":
            self.base.pop(item["uid"], None)
        else:
            self.base[item["uid"]] = item

    def begin(self) -> None:
        self.began = time.monotonic()

    def now(self) -> int:
        return int((time.monotonic() - self.began) * 1000)


async def record(client: Client, namespace: str, script: Mapping[str, Any]) -> Scene:
    """Args: `script` has `setup` (YAML that is there at the beginning) and `steps`, see docs/lesson-format.md."""
    told = Record()
    hub = Hub(InMemoryChannelLayer(), KINDS, lambda name: name == namespace, lambda *_: None, told.heard)
    serving = asyncio.create_task(hub.run())
    notes: list[Note] = []
    try:
        with following(client, hub):
            await hub.ready()
            await asyncio.to_thread(_apply, client, namespace, script.get("setup", ""))
            await _quiet(told)
            told.begin()
            for step in script["steps"]:
                if "say" in step:
                    notes.append(Note(t=told.now(), en=step["say"]["en"], ko=step["say"]["ko"]))
                await asyncio.to_thread(_act, client, namespace, step)
                await asyncio.sleep(float(step.get("wait", 0)))
                await _quiet(told)
    finally:
        serving.cancel()
        await asyncio.wait({serving})
    return _scene(told, notes)


async def _quiet(told: Record) -> None:
    end = time.monotonic() + AT_MOST
    told.last = time.monotonic()
    while (left := told.last + QUIET - time.monotonic()) > 0 and time.monotonic() < end:  # noqa: ASYNC110  # silence is no event
        await asyncio.sleep(left)


# --- what a step does ---------------------------------------------------------------------------------------------
def _act(client: Client, namespace: str, step: Action) -> None:
    unknown = step.keys() - ACTIONS.keys() - {"say", "wait"}
    if unknown:
        raise ScriptError(f"a step cannot {', '.join(sorted(unknown))}; it can {', '.join(sorted(ACTIONS))}")
    for name, act in ACTIONS.items():
        if name in step:
            act(client, namespace, step[name])


def _apply(client: Client, namespace: str, text: str) -> None:
    if not text.strip():
        return
    parsed = parse(text)
    if parsed.problems:
        raise ScriptError("; ".join(f"line {one.line}: {one.code} {one.detail}" for one in parsed.problems))
    for document in parsed.documents:
        client.apply(document.obj, namespace, force=True)


def _delete(client: Client, namespace: str, what: Action) -> None:
    """One by name, or as many as `count` of those with the labels."""
    for name in _names(client, namespace, what):
        client.delete(what["apiVersion"], what["kind"], name, namespace)


def _patch(client: Client, namespace: str, what: Action) -> None:
    for name in _names(client, namespace, what):
        client.patch(what["apiVersion"], what["kind"], name, namespace, what["body"], how="strategic")


def _power(client: Client, _: str, what: Mapping[str, bool]) -> None:
    """{node: on}, where the cluster lets its nodes be switched."""
    for node, on in what.items():
        client.connection.json("POST", f"/emulator/nodes/{node}/{'heal' if on else 'fail'}")


def _names(client: Client, namespace: str, what: Action) -> Sequence[str]:
    if "name" in what:
        return (what["name"],)
    labels = ",".join(f"{key}={value}" for key, value in what["labels"].items())
    found = client.list(what["apiVersion"], what["kind"], namespace, labels=labels)["items"]
    return [item["metadata"]["name"] for item in found[: what.get("count", 1)]]


ACTIONS: Mapping[str, Callable[[Client, str, Any], None]] = {
    "apply": _apply,
    "delete": _delete,
    "patch": _patch,
    "power": _power,
}


# --- what is kept -------------------------------------------------------------------------------------------------
def _scene(told: Record, notes: list[Note]) -> Scene:
    """Small, and the same from one recording to the next as far as that can be: uids become numbers."""
    numbers: dict[str, str] = {}

    def number(uid: str) -> str:
        return numbers.setdefault(uid, f"u{len(numbers) + 1}") if uid else ""

    def kept(item: Item) -> Item:
        small = {**item, "uid": number(item["uid"]), "owner": number(item["owner"]), "resourceVersion": ""}
        return small  # type: ignore[return-value]  # an Item with three fields changed

    items = [kept(item) for item in told.base.values()]
    steps = [Step(t=step["t"], change=step["change"], item=kept(step["item"])) for step in told.steps]
    return Scene(format=FORMAT, items=items, steps=steps, notes=notes)
