"""The harness of the benchmarks; what they measure is never asserted."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from bench.load import Connection, Tally, request, saturate
from bench.measure import durations, machine, percentile, rate, resident
from bench.registry import rows
from bench.run import main


def test_percentiles_are_values_that_were_measured() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, share) for share in (0, 0.5, 0.95, 1)] == [1.0, 3.0, 5.0, 5.0]


def test_durations_and_rates_in_words() -> None:
    assert durations([0.010, 0.020, 0.030]).text == "p50 20 ms · p95 30 ms (3 times)"
    assert rate([1000.0, 3000.4, 2000.0]).text == "2,000/s (median of 3)"


def test_memory_counts_children_too() -> None:
    grandparent = "import subprocess, sys; subprocess.run((sys.executable, '-c', 'input()'), stdin=sys.stdin)"
    with subprocess.Popen((sys.executable, "-c", grandparent), stdin=subprocess.PIPE) as process:
        alone = resident(os.getpid())
        assert alone > resident(process.pid) > 0
        process.communicate(b"\n")


def test_the_machine_is_named() -> None:
    assert "cores" in machine()


def test_every_file_registers_rows() -> None:
    assert {"cluster", "stack"} <= {row.group for row in rows()}
    assert {row.group for row in rows("cluster")} == {"cluster"}


def test_an_unknown_name_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "cluster" in capsys.readouterr().err


async def test_the_load_client_counts_complete_answers_only() -> None:
    tally = Tally()
    sent: list[bytes] = []
    connection = Connection(lambda: b"GET", tally, until=float("inf"))

    class Wire(asyncio.Transport):
        def write(self, data: bytes | bytearray | memoryview) -> None:
            sent.append(bytes(data))

    connection.connection_made(Wire())
    connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
    assert (tally.done, len(sent)) == (0, 1)
    connection.data_received(b"cd")
    assert (tally.done, tally.refused, len(sent)) == (1, 0, 2)
    connection.data_received(b"HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n")
    assert (tally.done, tally.refused) == (2, 1)


def test_nobody_there_is_an_error(unused_tcp_port: int) -> None:
    with pytest.raises(OSError, match="Connect"):
        saturate(unused_tcp_port, lambda: request("GET", "/", "token"), seconds=0.1)
