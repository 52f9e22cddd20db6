"""One container of a pod: its states, its process, and the files and log of the present and the last run."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from k8slab.emulator.clock import Clock, Timer, timestamp
from k8slab.emulator.nodes.lastwords import last_words
from k8slab.emulator.nodes.logs import Log
from k8slab.emulator.nodes.output import Output
from k8slab.emulator.nodes.process import KILLED, Box, Process, find_command, run_command
from k8slab.emulator.nodes.streams import Empty, Pipe, Reader, Sink, Writer
from k8slab.emulator.nodes.terminal import Terminal

State = dict[str, Any]


def waiting(reason: str, message: str = "") -> State:
    return {"waiting": {"message": message, "reason": reason} if message else {"reason": reason}}


class Container:
    """`kind` is init, sidecar, main or ephemeral; `changed` is called when the process ends."""

    def __init__(self, spec: Mapping[str, Any], kind: str, first_state: State, clock: Clock, pod_uid: str) -> None:
        self.spec, self.kind = spec, kind
        self.name: str = spec["name"]
        self.state = first_state
        self.last_state: State = {}
        self.restarts = 0
        self.ready = False
        self.started = False
        self.image = ""
        self.image_id = ""
        self.id = ""
        self.box: Box | None = None
        self.log = Log()
        self.previous_log: Log | None = None
        self.output = Output()
        self.stdin: Reader = Empty()
        self.terminal: Terminal | None = None
        # The end that back-off is counted from. When a probe makes the kubelet end a container, it tries to start it
        # in the same breath, with what it knew before, so that the first such restart is free.
        self.known_exit: float | None = None
        self.last_exit: float | None = None
        self.killed_by_probe = False
        self.stopping = False
        self.resumed_at: str | None = None  # since when it ran before the emulator was restarted
        self._clock, self._uid, self._runs = clock, pod_uid, 0
        self._task: asyncio.Task[None] | None = None
        self._kill_timer: Timer | None = None
        self._exit_code = 0
        self._first_pid = 1  # whoever has it: a shell gives its place to its last command
        self._out_of_memory = False
        self._changed: Callable[[], None] = lambda: None

    @property
    def field_path(self) -> str:
        fields = {"main": "containers", "ephemeral": "ephemeralContainers"}
        return f"spec.{fields.get(self.kind, 'initContainers')}{{{self.name}}}"

    @property
    def is_running(self) -> bool:
        return "running" in self.state

    @property
    def exit_code(self) -> int | None:
        ended = self.state.get("terminated")
        return None if ended is None else int(ended["exitCode"])

    def new_id(self) -> str:
        """A fresh container: the log starts anew, the last one is kept."""
        if self._runs or self.restarts:
            self.previous_log = self.log
            self.log = Log()
        self._runs += 1
        digest = hashlib.sha256(f"{self._uid}/{self.name}/{self._runs}/{self.restarts}".encode()).hexdigest()
        self.id = f"containerd://{digest}"
        return self.id

    def run(self, box: Box, argv: list[str], cwd: str, changed: Callable[[], None]) -> None:
        """Starts the first process. Its end is noticed by `changed`."""
        self.box, self._changed, self.stopping = box, changed, False
        self.killed_by_probe = False
        log = self.log
        output = self.output = Output()

        def say(data: bytes, stream: str) -> None:
            log.append(data, self._clock.now(), stream)
            output.tell(stream, data)

        box.log = say
        box.signal_first = self._signal
        process = Process(
            box,
            argv[0],
            argv[1:],
            env=dict(box.env),
            cwd=cwd,
            pid=next(box.pids),
        )
        self._connect(process)
        self._first_pid = process.pid
        self.state = {"running": {"startedAt": self.resumed_at or timestamp(self._clock.now())}}
        self.resumed_at = None
        self._exit_code = KILLED
        self._out_of_memory = False
        box.out_of_memory = self.kill_for_memory
        self._task = asyncio.get_running_loop().create_task(self._main(process))

    def _connect(self, process: Process) -> None:
        """The first process's streams: to the log, and to whoever is attached."""
        out: Writer = Sink(lambda data: process.box.log(data, "stdout"))
        err: Writer = Sink(lambda data: process.box.log(data, "stderr"))
        self.stdin, self.terminal = Pipe() if self.spec.get("stdin") else Empty(), None
        if self.spec.get("tty"):
            self.terminal = out = err = Terminal(out)
            self.terminal.interrupt = lambda: self._signal("INT")
            self.stdin = self.terminal if self.spec.get("stdin") else self.stdin
            process.env["TERM"] = "xterm"
        process.stdin, process.stdout, process.stderr, process.terminal = self.stdin, out, err, self.terminal

    async def _main(self, process: Process) -> None:
        found = find_command(process.box, process.name)
        try:
            if found is not None:
                self._exit_code = await run_command(process, found)
        except asyncio.CancelledError:
            pass  # killed: the code is set already
        finally:
            self._ended()

    def _ended(self) -> None:
        if self._kill_timer is not None:
            self._kill_timer.cancel()
            self._kill_timer = None
        self.close_ports()
        self.log.close(self._clock.now())
        self.output.end()
        code = self._exit_code
        told = last_words(self.spec, self.box.files if self.box else None, self.log, failed=code != 0)
        self.finish(code, "OOMKilled" if self._out_of_memory else "", told)
        self._changed()

    def close_ports(self) -> None:
        box = self.box
        if box is not None:
            mine = [item for item in box.host.ports.items() if getattr(item[1], "box", None) is box]
            for port, server in mine:
                box.host.stop_listening(port, server)

    def finish(self, code: int, reason: str = "", message: str = "", started: str = "") -> None:
        since = started or self.state.get("running", {}).get("startedAt") or timestamp(self._clock.now())
        ended: dict[str, Any] = {"exitCode": code}
        if message:
            ended["message"] = message
        ended |= {
            "reason": reason or ("Completed" if code == 0 else "Error"),
            "startedAt": since,
            "finishedAt": timestamp(self._clock.now()),
            "containerID": self.id,
        }
        self.state = {"terminated": ended}
        now = self._clock.now()
        self.known_exit, self.last_exit = self.last_exit if self.killed_by_probe else now, now
        self.ready = self.kind == "init" and code == 0
        self.started = False
        self._task = None

    def terminate(self, grace: float) -> None:
        """SIGTERM, and SIGKILL when the grace is over. Called again, a shorter grace counts."""
        if not self.is_running or self._task is None:
            return
        if self._kill_timer is not None:
            self._kill_timer.cancel()
        self.stopping = True
        if grace <= 0:
            self.kill()
            return
        first = self.box.processes.get(self._first_pid) if self.box else None
        handler = first.on_signal.get("TERM") if first else None
        known = find_command(first.box, first.name) if first else None
        if handler is not None:
            handler()
        elif known is not None and known.on_term is not None:
            self._stop_with(known.on_term)
            return
        self._kill_timer = self._clock.call_later(grace, self.kill)

    def _signal(self, signal: str) -> None:
        """From inside: process 1 is spared what it does not handle, SIGKILL included."""
        first = self.box.processes.get(self._first_pid) if self.box else None
        known = find_command(first.box, first.name) if first else None
        if signal in ("TERM", "INT", "QUIT") and known is not None and known.on_term is not None:
            self._stop_with(known.on_term)

    def kill_for_memory(self) -> None:
        """More than its limit was taken: the kernel ends all that is in the container."""
        self._out_of_memory = True
        self.kill()

    def kill(self) -> None:
        self._stop_with(KILLED)

    def _stop_with(self, code: int) -> None:
        if self._task is not None:
            self._exit_code = code
            task, self._task = self._task, None
            task.cancel()

    def discard(self) -> None:
        """The pod is gone: nothing of it runs on, and nobody is told."""
        self._changed = lambda: None
        if self._kill_timer is not None:
            self._kill_timer.cancel()
        self.kill()
        self.close_ports()
