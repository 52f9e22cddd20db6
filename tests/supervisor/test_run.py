from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from k8slab.supervisor import run
from k8slab.supervisor.places import ROOT, Places
from k8slab.supervisor.run import CannotStart

from .processes import BROKEN, GOOD, PARENT, STUBBORN, gone, is_running, program, started, supervised

CHATTY = "import time; print('ready', flush=True)\nwhile True: print('\\x1b[31mhello', flush=True); time.sleep(0.02)"
SLOW = "import time; time.sleep(0.2); open({flag!r}, 'w').close(); print('ready', flush=True); time.sleep(60)"
IMPATIENT = "import os, time; print('ready' if os.path.exists({flag!r}) else 'early', flush=True); time.sleep(60)"
POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda number, frame: (time.sleep(0.2), print("goodbye", flush=True), sys.exit()))
print("ready", flush=True)
time.sleep(60)
"""
A_SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from tests.supervisor.processes import GOOD, program, started

async def main():
    async with started(Path(sys.argv[1]), program(GOOD)) as running:
        print(running.pid("web"), flush=True)
        await running.supervisor.loop()

asyncio.run(main())
"""


async def test_it_works(tmp_path: Path) -> None:
    async with started(tmp_path, program(GOOD, "redis"), program(GOOD, "web", stage=1)) as running:
        pids = running.supervisor.pids()
        assert set(pids) == {"redis", "web"}
        assert Places(tmp_path).pid_file("web").read_text() == str(pids["web"])
    assert not any(is_running(pid) for pid in pids.values())
    assert not Places(tmp_path).pid_file("web").exists()


async def test_a_killed_process_comes_back_and_says_so(tmp_path: Path) -> None:
    async with started(tmp_path, program(GOOD)) as running:
        first = running.pid("web")
        os.kill(first, signal.SIGKILL)
        await running.says("web is back")
        assert running.pid("web") != first
        assert "web ended (killed by SIGKILL); starting it again in 0.1 s" in running.terminal.getvalue()


async def test_pauses_grow_while_it_keeps_ending(tmp_path: Path) -> None:
    async with started(tmp_path, program(GOOD)) as running:
        for pause in run.PAUSES[:2]:
            os.kill(running.pid("web"), signal.SIGKILL)
            await running.says(f"again in {pause:g} s")
            await running.says("web is back")
            running.terminal.truncate(0)


async def test_grandchildren_end_with_a_killed_process(tmp_path: Path) -> None:
    async with started(tmp_path, program(PARENT)) as running:
        found = re.search(r"child (\d+)", (tmp_path / "log" / "web.log").read_text())
        assert found
        os.kill(running.pid("web"), signal.SIGKILL)
        await gone(int(found[1]))
        await running.says("web is back")


async def test_one_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.GRACE, "web", 0.1)
    async with started(tmp_path, program(STUBBORN)) as running:
        pid = running.pid("web")
    assert not is_running(pid)


async def test_interrupted_twice_it_stops_at_once(tmp_path: Path) -> None:
    async with started(tmp_path, program(STUBBORN)) as running, asyncio.timeout(run.GRACE["web"] - 1):
        running.supervisor.interrupt()
        running.supervisor.interrupt()
        await running.supervisor.shutdown()


async def test_asked_twice_it_still_stops_in_order(tmp_path: Path) -> None:
    async with started(tmp_path, program(POLITE)) as running:
        running.supervisor.ask_to_stop()
        running.supervisor.ask_to_stop()
    assert (tmp_path / "log" / "web.log").read_text().endswith("goodbye\n")


async def test_one_that_cannot_start_is_explained(tmp_path: Path) -> None:
    async with supervised(tmp_path, program(GOOD, "redis"), program(BROKEN, "web")) as running:
        with pytest.raises(CannotStart) as caught:
            await running.supervisor.start(needs_preparing=False)
    assert "web could not start: exit code 3" in str(caught.value)
    assert "no such table: lessons" in str(caught.value)
    assert str(tmp_path / "log" / "web.log") in str(caught.value)
    assert not running.supervisor.pids()


async def test_the_second_stage_waits_for_the_first(tmp_path: Path) -> None:
    flag = str(tmp_path / "flag")
    first, second = program(SLOW.format(flag=flag), "redis"), program(IMPATIENT.format(flag=flag), stage=1)
    async with started(tmp_path, first, second):
        assert (tmp_path / "log" / "web.log").read_text() == "ready\n"


async def test_it_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("import time; time.sleep(60)")) as running:
        asyncio.get_running_loop().call_later(0.1, running.supervisor.ask_to_stop)
        assert not await running.supervisor.start(needs_preparing=False)
    assert not running.supervisor.pids()


async def test_what_processes_say_reaches_the_terminal_only_after_the_start(tmp_path: Path) -> None:
    async with started(tmp_path, program(CHATTY)) as running:
        assert "hello" not in running.terminal.getvalue()
        running.out.echo = True
        await running.says("web      | hello")
    assert "hello" in (tmp_path / "log" / "web.log").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children whose parent was killed")
async def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    command = (sys.executable, "-c", A_SUPERVISOR, str(tmp_path))
    supervisor = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    web = int(await supervisor.stdout.readline())
    supervisor.kill()
    await supervisor.wait()
    await gone(web)
