"""The subresources that take over their connection: exec, attach, port-forward."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj, StreamingNodes
from k8slab.emulator.status import ApiError, bad_request, to_status
from k8slab.emulator.web.pods import choose_container, no_such_node
from k8slab.emulator.web.request import Gone, PlainRefusal, Request
from k8slab.emulator.web.routes import Target
from k8slab.emulator.web.streaming.forward import make_forwarding
from k8slab.emulator.web.streaming.remote import Remote, make_remote

STREAMED = ("exec", "attach", "portforward")


class StreamHandlers:
    def __init__(self, cluster: Cluster, nodes: StreamingNodes | None) -> None:
        self._cluster, self._given = cluster, nodes

    async def serve(self, request: Request, target: Target) -> None:
        pod = self._cluster.entry("pods", target.namespace, target.name).obj
        if target.subresource == "portforward":
            await self._forward(request, pod)
            return
        container = choose_container(pod, request.query.get("container", ""))
        nodes = self._nodes(pod, container)
        remote = make_remote(request)
        if target.subresource == "exec":
            command = request.all("command")
            work = nodes.exec(pod, container, command, remote, tty=request.flag("tty"))
            await _run(remote, work, command, wrapped=request.kind == "websocket")
        else:
            await _run(remote, nodes.attach(pod, container, remote), (), wrapped=request.kind == "websocket")

    async def _forward(self, request: Request, pod: Obj) -> None:
        nodes = self._nodes(pod, "")
        serve = make_forwarding(request, lambda port: nodes.connect(pod, port))
        await serve()

    def _nodes(self, pod: Obj, container: str) -> StreamingNodes:
        """The nodes, if they take a stream to this pod."""
        if not pod["spec"].get("nodeName"):
            raise bad_request(f"pod {pod['metadata']['name']} does not have a host assigned")
        if self._given is None:
            raise no_such_node(pod)
        refusal = self._given.refusal(pod, container)
        if refusal:
            raise PlainRefusal(500, "", refusal)
        return self._given


async def upgrade_required(request: Request, target: Target) -> None:
    raise bad_request("Upgrade request required")


async def _run(remote: Remote, work: Coroutine[Any, Any, int], command: Sequence[str], *, wrapped: bool) -> None:
    try:
        await remote.open()
    except BaseException:
        work.close()
        raise
    reading, running = asyncio.ensure_future(remote.pump()), asyncio.ensure_future(work)
    try:
        await asyncio.wait({reading, running}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await remote.finish(_exit_status(running, command, wrapped=wrapped))
    finally:
        for task in (reading, running):
            task.cancel()
        await asyncio.gather(reading, running, return_exceptions=True)


def _exit_status(running: asyncio.Future[int], command: Sequence[str], *, wrapped: bool) -> dict[str, Any]:
    """`wrapped`: a websocket is translated on its way to the kubelet, which says once more whose fault it is."""
    try:
        code = running.result()
    except Gone:
        code = 0
    except ApiError as error:
        message = f"Internal error occurred: {error.message}" if wrapped and error.code == 500 else error.message
        return {**to_status(error), "message": message}
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    shown = f"[{' '.join(command)}]"
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: error executing command {shown}, exit code {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }
