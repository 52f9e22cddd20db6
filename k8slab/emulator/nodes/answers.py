"""Logs, exec and proxy: what the API server asks of a pod, answered from its containers."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping

from k8slab.emulator.nodes.attach import ClientOut, attach, on_terminal
from k8slab.emulator.nodes.container import Container
from k8slab.emulator.nodes.logs import Line, Log, stamp
from k8slab.emulator.nodes.network import Host, Refused, Request, TimedOut
from k8slab.emulator.nodes.pod import PodRun
from k8slab.emulator.nodes.process import Process, find_command, run_command
from k8slab.emulator.nodes.streams import Reader, Writer
from k8slab.emulator.nodes.terminal import Terminal
from k8slab.emulator.ports import ExecIO, LogRequest
from k8slab.emulator.status import ApiError, bad_request

WAITING_IN_WORDS = {
    "ErrImagePull": "image can't be pulled",
    "ImagePullBackOff": "trying and failing to pull image",
}


def log_of(run: PodRun, name: str, *, previous: bool) -> Log:
    """The log of the present or the last run of a container."""
    pod = run.pod["metadata"]["name"]
    container = run.container(name)
    if container is None:
        raise bad_request(f"container {name} is not valid for pod {pod}")
    if previous:
        if container.previous_log is not None and not container.state.get("waiting"):
            return container.previous_log
        if container.last_state and container.id:
            return container.log if container.state.get("waiting") else container.previous_log or container.log
        raise bad_request(f'previous terminated container "{name}" in pod "{pod}" not found')
    if not container.id:
        reason = container.state.get("waiting", {}).get("reason", "ContainerCreating")
        words = WAITING_IN_WORDS.get(reason, reason)
        raise bad_request(f'container "{name}" in pod "{pod}" is waiting to start: {words}')
    return container.log


async def read_log(log: Log, asked: LogRequest) -> AsyncIterator[bytes]:
    """The last lines first, those of them that are new enough, then what comes while it is followed."""
    next_line, lines = log.end(), log.lines()
    if asked.tail_lines is not None:
        lines = lines[max(0, len(lines) - asked.tail_lines) :]
    lines = [line for line in lines if asked.since is None or line.at >= asked.since]
    left = asked.limit_bytes
    for line in lines:
        text = _shown(line, asked.timestamps)[:left]
        left = None if left is None else left - len(text)
        if text:
            yield text
        if left == 0:
            return
    if asked.follow:
        async for line in log.follow(next_line):
            text = _shown(line, asked.timestamps)[:left]
            left = None if left is None else left - len(text)
            yield text
            if left == 0:
                return


def _shown(line: Line, timestamps: bool) -> bytes:
    return stamp(line.at) + line.text if timestamps else line.text


async def execute(run: PodRun, name: str, command: list[str], io: ExecIO, *, tty: bool) -> int:
    container = _running(run, name)
    box = container.box
    found = find_command(box, command[0]) if box is not None and command else None
    if box is None:
        raise _no_container(name)
    if found is None:
        raise _cannot_exec(run, command[0] if command else "")
    cwd = container.spec.get("workingDir") or box.image.workdir

    def process(terminal: Terminal | None, stdin: Reader, stdout: Writer, stderr: Writer) -> Process:
        env = dict(box.env) | ({"TERM": "xterm"} if terminal is not None else {})
        return Process(box, command[0], command[1:], env, cwd, stdin, stdout, stderr, terminal=terminal)

    if tty:
        return await on_terminal(io, lambda screen: run_command(process(screen, screen, screen, screen), found))
    return await run_command(process(None, io, ClientOut(io, "stdout"), ClientOut(io, "stderr")), found)


async def attach_to(run: PodRun, name: str, io: ExecIO) -> int:
    return await attach(_running(run, name), io)


def refusal(run: PodRun, name: str) -> str:
    """Why the kubelet takes no stream to this container; to the pod as such where none is named."""
    if not name:
        meta = run.pod["metadata"]
        return "" if run.host is not None else f'pod not found ("{meta["name"]}_{meta["namespace"]}")'
    container = run.container(name)
    return "" if container is not None and container.is_running else str(_no_container(name))


def _running(run: PodRun, name: str) -> Container:
    container = run.container(name)
    if container is None:
        raise bad_request(f"container {name} is not valid for pod {run.pod['metadata']['name']}")
    if not container.is_running:
        raise _no_container(name)
    return container


def _no_container(name: str) -> ApiError:
    return ApiError(500, "InternalError", f'container not found ("{name}")')


def _cannot_exec(run: PodRun, program: str) -> ApiError:
    digest = hashlib.sha256(f"{run.uid}/{program}/{run.kubelet.clock.now()}".encode()).hexdigest()
    why = (
        f'exec: "{program}": stat {program}: no such file or directory'
        if "/" in program
        else f'exec: "{program}": executable file not found in $PATH'
    )
    return ApiError(
        500,
        "InternalError",
        "Internal error occurred: error executing command in container: failed to exec in container: failed to start "
        f'exec "{digest}": OCI runtime exec failed: exec failed: unable to start container process: {why}',
    )


async def request(
    run: PodRun, source: Host, port: int, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, Mapping[str, str], bytes]:
    """As the API server's proxy asks: from the node's side."""
    ip = run.host.ip if run.host else ""
    try:
        if run.host is None:
            raise Refused
        server = source.network.connect(source, ip, port)
        answer = await server.answer(Request(method, path, headers, body, source.ip, port))
    except Refused:
        answer, why = None, f"dial tcp {ip}:{port}: connect: connection refused"
    except TimedOut:
        answer, why = None, f"dial tcp {ip}:{port}: i/o timeout"
    else:
        why = "malformed HTTP response"
    if answer is None:
        raise ApiError(503, "ServiceUnavailable", f"error trying to reach service: {why}")
    return answer.status, answer.headers, answer.body
