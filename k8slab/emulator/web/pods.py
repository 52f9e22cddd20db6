"""What reaches into pods by plain requests: log and proxy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Kubelets, Obj
from k8slab.emulator.status import ApiError, bad_request
from k8slab.emulator.web.logoptions import read_log_request
from k8slab.emulator.web.request import Request
from k8slab.emulator.web.routes import Target


def no_such_node(pod: Obj) -> ApiError:
    """The words for a pod on a node that is only an object: there are no machines here."""
    node = pod["spec"].get("nodeName", "")
    return ApiError(500, "InternalError", f'Get "https://{node}:10250/": dial tcp: lookup {node}: no such host', {})


def choose_container(pod: Obj, wanted: str) -> str:
    """The container that is meant; the server's words where it is not clear."""
    spec, name = pod["spec"], pod["metadata"]["name"]
    containers = [one["name"] for one in spec.get("containers", [])]
    inits = [one["name"] for one in spec.get("initContainers") or []]
    if wanted:
        debuggers = [one["name"] for one in spec.get("ephemeralContainers") or []]
        if wanted not in (*containers, *inits, *debuggers):
            raise bad_request(f"container {wanted} is not valid for pod {name}")
        return wanted
    if len(containers) > 1:
        default = (pod["metadata"].get("annotations") or {}).get("kubectl.kubernetes.io/default-container")
        if default in containers:
            return str(default)
    if len(containers) == 1:
        return str(containers[0])
    listed = " ".join(containers)
    more = f" or one of the init containers: [{' '.join(inits)}]" if inits else ""
    raise bad_request(f"a container name must be specified for pod {name}, choose one of: [{listed}]{more}")


class PodHandlers:
    def __init__(self, cluster: Cluster, kubelets: Kubelets | None) -> None:
        self._cluster = cluster
        self._kubelets = kubelets

    def _pod(self, target: Target) -> Obj:
        return self._cluster.entry("pods", target.namespace, target.name).obj

    def _nodes(self, pod: Obj) -> Kubelets:
        """The nodes, if one of ours has this pod."""
        if self._kubelets is None:
            raise no_such_node(pod)
        return self._kubelets

    async def log(self, request: Request, target: Target) -> None:
        asked = read_log_request(request, target.name, self._cluster.clock.now())
        pod = self._pod(target)
        container = choose_container(pod, request.query.get("container", ""))
        if not pod["spec"].get("nodeName"):
            await request.answer_text("")
            return
        lines = self._nodes(pod).logs(pod, container, asked)
        await request.start_stream(b"text/plain")
        sending = asyncio.ensure_future(_send_all(request, lines))
        leaving = asyncio.ensure_future(_left(request))
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)
        await request.stream(b"", more=False)

    async def proxy(self, request: Request, target: Target) -> None:
        name, _, port = target.name.removeprefix("http:").partition(":")
        if target.kind.key == "services":
            pod, number = self._behind(target.namespace, name, port)
        elif target.kind.key == "pods":
            pod = self._cluster.entry("pods", target.namespace, name).obj
            number = int(port) if port.isdigit() else _first_port(pod)
        else:
            raise ApiError(503, "ServiceUnavailable", "nodes have no proxy here", {})
        body = await request.body()
        headers = {k: v for k, v in request.headers.items() if k not in ("authorization", "host", "content-length")}
        path = f"/{target.tail}" + ("?" + "&".join(f"{k}={v}" for k, v in request.repeated) if request.repeated else "")
        status, answered, content = await self._nodes(pod).http(pod, number, request.method, path, headers, body)
        kind = next((value for key, value in answered.items() if key.lower() == "content-type"), "text/plain")
        await request.answer(content, status, kind.encode())

    def _behind(self, namespace: str, name: str, port: str) -> tuple[Obj, int]:
        service = self._cluster.entry("services", namespace, name).obj
        ports = service["spec"].get("ports") or []
        chosen = next((one for one in ports if port in ("", one.get("name"), str(one["port"]))), None)
        unavailable = ApiError(503, "ServiceUnavailable", f'no endpoints available for service "{name}"')
        if chosen is None:
            raise ApiError(503, "ServiceUnavailable", f'no service port "{port}" found for service "{name}"')
        endpoints = self._cluster.store.find("endpoints", namespace, name) or {}
        for subset in endpoints.get("subsets") or []:
            number = next(
                (one["port"] for one in subset.get("ports") or [] if one.get("name", "") == chosen.get("name", "")),
                None,
            )
            for address in subset.get("addresses") or []:
                reference = address.get("targetRef") or {}
                pod = self._cluster.store.find("pods", namespace, reference.get("name", ""))
                if pod is not None and number is not None:
                    return pod, number
        raise unavailable


def _first_port(pod: Obj) -> int:
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or []:
            return int(port["containerPort"])
    return 80


async def _send_all(request: Request, lines: AsyncIterator[bytes]) -> None:
    async for part in lines:
        await request.stream(part)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
