"""Streams of running containers: a first process with a terminal or input, ephemeral containers, tar."""

from __future__ import annotations

import asyncio
import io
import tarfile
from typing import Any, Literal

import pytest

from k8slab.emulator.clock import settle
from k8slab.emulator.status import ApiError
from tests.emulator.world import SPACE, Io, World


class Person:
    """Somebody at a terminal."""

    def __init__(self) -> None:
        self.keys: asyncio.Queue[bytes] = asyncio.Queue()
        self.seen = b""
        self._came = asyncio.Event()

    async def read(self) -> bytes:
        return await self.keys.get()

    def on_resize(self, resized: Any) -> None:
        resized(120, 40)

    async def write(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        self.seen += data
        self._came.set()

    async def sees(self, text: bytes) -> None:
        async with asyncio.timeout(5):
            while text not in self.seen:
                self._came.clear()
                await self._came.wait()
        self.seen = self.seen.partition(text)[2]


async def with_input(world: World, *command: str, **more: Any) -> Any:
    container = {"name": "c", "image": "busybox:1.36", "command": list(command), "stdin": True, **more}
    await world.create("pods", "p", {"restartPolicy": "Never", "containers": [container]})
    return world.get("pods", "p")


async def test_a_shell_with_a_terminal(world: World) -> None:
    pod, person = await with_input(world, "sh", tty=True, stdinOnce=True), Person()
    attached = asyncio.ensure_future(world.nodes.attach(pod, "c", person))
    await settle()
    person.keys.put_nowait(b"stty size; sleep 100\r")
    await person.sees(b"stty size; sleep 100\r\n40 120\r\n")
    person.keys.put_nowait(b"\x03")
    await person.sees(b"/ # ")
    person.keys.put_nowait(b"echo $?; exit 3\r")
    await person.sees(b"130\r\n")
    assert await attached == 0
    await settle()
    assert world.get("pods", "p")["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 3
    assert "40 120\r\n" in await world.log("p")


async def test_input_without_a_terminal_ends_with_the_client(world: World) -> None:
    pod, client = await with_input(world, "cat", stdinOnce=True), Io(typed=[b"one\n", b"two\n"])
    assert await world.nodes.attach(pod, "c", client) == 0
    assert client.out == b"one\ntwo\n"
    await settle()
    assert world.get("pods", "p")["status"]["phase"] == "Succeeded"


async def test_input_that_is_open_for_the_next_client(world: World) -> None:
    pod, first = await with_input(world, "cat"), Person()
    attached = asyncio.ensure_future(world.nodes.attach(pod, "c", first))
    first.keys.put_nowait(b"a\n")
    await first.sees(b"a\n")
    first.keys.put_nowait(b"")
    attached.cancel()
    await asyncio.gather(attached, return_exceptions=True)
    second = Person()
    attached = asyncio.ensure_future(world.nodes.attach(pod, "c", second))
    second.keys.put_nowait(b"b\n")
    await second.sees(b"b\n")
    attached.cancel()
    await asyncio.gather(attached, return_exceptions=True)


async def test_control_c_ends_a_command_with_a_terminal(world: World) -> None:
    await world.pod("p", command=["sleep", "1000"])
    person = Person()
    running = asyncio.ensure_future(world.nodes.exec(world.get("pods", "p"), "c", ["sleep", "99"], person, tty=True))
    await settle()
    person.keys.put_nowait(b"\x03")
    assert await running == 130
    assert b"^C" in person.seen


async def test_a_container_that_does_not_run_is_refused(world: World) -> None:
    await world.create("pods", "p", {"containers": [{"name": "c", "image": "nope:1"}]})
    pod = world.get("pods", "p")
    assert world.nodes.refusal(pod, "c") == 'container not found ("c")'
    with pytest.raises(ApiError, match=r'container not found \("c"\)'):
        await world.nodes.attach(pod, "c", Io())
    assert world.nodes.refusal(pod, "") == ""  # its network is there


async def test_an_ephemeral_container_sees_what_the_other_does(world: World) -> None:
    await world.pod("p", "nginx:1.25")
    debugger = {"name": "d", "image": "busybox:1.36", "targetContainerName": "c", "command": ["sh", "-c", "ps; exit 4"]}
    patch = {"spec": {"ephemeralContainers": [debugger]}}
    world.api.patch("pods", "p", SPACE, patch, kind="strategic", subresource="ephemeralcontainers")
    await settle()
    status = world.get("pods", "p")["status"]
    assert status["phase"] == "Running"
    (told,) = status["ephemeralContainerStatuses"]
    assert told["state"]["terminated"]["exitCode"] == 4
    assert (told["ready"], told["restartCount"], "started" in told) == (False, 0, False)
    assert all(c["ready"] for c in status["containerStatuses"])
    seen = b"".join([part async for part in world.nodes.logs(world.get("pods", "p"), "d")]).decode()
    assert "1 root     nginx" in seen


async def test_tar_packs_and_unpacks(world: World) -> None:
    await world.pod("p", "nginx:1.25")
    packed, stderr = io.BytesIO(), Io()
    await world.nodes.exec(world.get("pods", "p"), "c", ["tar", "cf", "-", "/etc/nginx"], stderr)
    assert stderr.err == b"tar: Removing leading `/' from member names\n"
    with tarfile.open(fileobj=io.BytesIO(stderr.out)) as archive:
        assert "etc/nginx/nginx.conf" in archive.getnames()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("a/b.txt")
        member.size, member.mode = 2, 0o750
        archive.addfile(member, io.BytesIO(b"hi"))
    unpack = Io(typed=[packed.getvalue()])
    code = await world.nodes.exec(world.get("pods", "p"), "c", ["tar", "-xmf", "-", "-C", "/tmp"], unpack)
    assert (code, unpack.err) == (0, b"")
    shown = Io()
    await world.nodes.exec(world.get("pods", "p"), "c", ["sh", "-c", "cat /tmp/a/b.txt; tar tf /nope"], shown)
    assert shown.out == b"hi"
    broken = Io(typed=[b"this is no archive" * 100])
    assert await world.nodes.exec(world.get("pods", "p"), "c", ["tar", "xf", "-"], broken) == 2
    assert b"does not look like a tar archive" in broken.err
