"""The line between a keyboard and processes."""

from __future__ import annotations

import asyncio

import pytest

from k8slab.emulator.nodes.streams import Buffer
from k8slab.emulator.nodes.terminal import Interrupted, Terminal


@pytest.mark.parametrize(
    ("typed", "line", "shown"),
    [
        (b"ls\r", b"ls\n", b"ls\r\n"),
        (b"lx\x7fs\r", b"ls\n", b"lx\b \bs\r\n"),
        (b"a b\x17c\r", b"a c\n", b"a b\b \bc\r\n"),
        (b"abc\x15d\r", b"d\n", b"abc" + b"\b \b" * 3 + b"d\r\n"),
        ("é\x7fa\r".encode(), b"a\n", "é\b \ba\r\n".encode()),
        (b"a\x1b[D\x1bOCb\r", b"ab\n", b"ab\r\n"),
        (b"\x7f\r", b"\n", b"\r\n"),
        (b"ab\x04", b"ab", b"ab"),
    ],
)
async def test_a_line_is_edited_and_echoed(typed: bytes, line: bytes, shown: bytes) -> None:
    screen = Buffer()
    terminal = Terminal(screen)
    for key in typed:
        await terminal.type(bytes([key]))
    assert (await terminal.read(), screen.value()) == (line, shown)


async def test_lines_end_as_terminals_want_it() -> None:
    screen = Buffer()
    await Terminal(screen).write(b"a\nb\r\n")
    assert screen.value() == b"a\r\nb\r\n"


async def test_the_arrows_go_through_a_shells_history() -> None:
    screen = Buffer()
    terminal = Terminal(screen)
    terminal.history = []
    await terminal.type(b"one\rtwo\r\x1b[A\x1b[A\x1b[B\r")
    assert [await terminal.read() for _ in range(3)] == [b"one\n", b"two\n", b"two\n"]


async def test_control_c_ends_what_is_in_front_only() -> None:
    terminal = Terminal(Buffer())
    outer: list[str] = []
    terminal.interrupt = lambda: outer.append("outer")

    async def forever() -> None:
        await asyncio.get_running_loop().create_future()

    running = asyncio.ensure_future(terminal.foreground(forever()))
    await asyncio.sleep(0)
    await terminal.type(b"half\x03")
    with pytest.raises(Interrupted):
        await running
    assert outer == []
    await terminal.type(b"\x03x\r")
    assert outer == ["outer"]
    assert await terminal.read() == b"x\n"


async def test_an_end_and_a_hang_up() -> None:
    terminal = Terminal(Buffer())
    await terminal.type(b"\x04a\r")
    assert [await terminal.read(), await terminal.read()] == [b"", b"a\n"]
    await terminal.type(b"")
    assert await terminal.read() == b""


async def test_who_types_into_the_void_hears_a_bell() -> None:
    screen = Buffer()
    terminal = Terminal(screen)
    for _ in range(40):
        await terminal.type(b"x" * 4000 + b"\r")
    assert screen.value().endswith(b"\a")
