"""The two borders inside the emulator: what controllers and nodes may ask of the API (`Api`), and what the API
server asks of the nodes (`Kubelets`). Plain protocols, so that each side is tested without the other.

Everything in memory is synchronous and single-threaded: a controller's write is atomic and visible at once. Only the
HTTP edge waits for the write to be on disk before it answers; since the log is written in order, a crash keeps a
prefix of history, and controllers need not wait.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

Obj = dict[str, Any]  # never changed in place once stored: copy, change, write


ChangeType = Literal["ADDED", "MODIFIED", "DELETED"]


class Change(NamedTuple):
    """One change of one object. `old` is None when added; `new` is the last state when deleted."""

    type: ChangeType
    resource: str
    old: Obj | None
    new: Obj


class Api(Protocol):
    """The API as an in-process client sees it: admission, defaulting and validation run as over HTTP; RBAC does not.

    `resource` is plural and group: "pods", "deployments.apps". Errors are `status.ApiError` with code, reason and
    message as the real server words them.
    """

    def get(self, resource: str, name: str, namespace: str | None = None) -> Obj: ...

    def find(self, resource: str, name: str, namespace: str | None = None) -> Obj | None:
        """As `get`, None where it does not exist."""

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Obj]:
        """In byte order of namespace and name; the stored objects themselves, not to be changed."""

    def create(self, resource: str, obj: Obj, namespace: str | None = None) -> Obj: ...

    def update(self, resource: str, obj: Obj, subresource: str | None = None) -> Obj:
        """Replaces; a `metadata.resourceVersion` that is not the newest raises Conflict."""

    def patch(
        self,
        resource: str,
        name: str,
        namespace: str | None,
        patch: Any,
        *,
        kind: Literal["merge", "strategic", "json"] = "merge",
        subresource: str | None = None,
    ) -> Obj: ...

    def delete(
        self,
        resource: str,
        name: str,
        namespace: str | None = None,
        *,
        grace_seconds: int | None = None,
        propagation: Literal["Background", "Foreground", "Orphan"] | None = None,
        uid: str | None = None,
    ) -> None: ...

    def subscribe(self, resource: str, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Calls `listener` for each existing object (as ADDED) and then at every change, in order, synchronously:
        it must only note the change (put a key into a queue). Returns a function that ends it."""


class ExecIO(Protocol):
    """The streams of one exec session."""

    async def read(self) -> bytes:
        """Next bytes of stdin; b"" at its end."""

    async def write(self, stream: Literal["stdout", "stderr"], data: bytes) -> None: ...

    def on_resize(self, resized: Callable[[int, int], None]) -> None:
        """Tells columns and rows of the client's window, at once where they are known, and whenever they change."""


class LogRequest(NamedTuple):
    """Which part of a log, and how."""

    follow: bool = False
    previous: bool = False
    tail_lines: int | None = None
    since: float | None = None
    timestamps: bool = False
    limit_bytes: int | None = None


ALL_OF_THE_LOG = LogRequest()


class Kubelets(Protocol):
    """The simulated nodes, asked by the API server's pod subresources. Errors are `status.ApiError`."""

    def logs(self, pod: Obj, container: str, asked: LogRequest = ALL_OF_THE_LOG) -> AsyncIterator[bytes]:
        """Errors are raised by the call itself, before the first piece."""

    async def exec(self, pod: Obj, container: str, command: Sequence[str], io: ExecIO, *, tty: bool = False) -> int:
        """Runs a command in the container; its exit code."""

    async def http(
        self, pod: Obj, port: int, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """An HTTP request to a port of the pod, as the proxy subresource does it: status, headers, body."""


class Connection(Protocol):
    """One TCP connection to a port of a pod."""

    async def read(self) -> bytes:
        """Next bytes from the pod; b"" when it has closed the connection."""

    async def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class PortForwarder(Protocol):
    """What the portforward subresource asks of the nodes."""

    async def connect(self, pod: Obj, port: int) -> Connection:
        """To localhost inside the pod. `ApiError` in the kubelet's words where nobody listens: these go to the
        error stream of that one connection."""


class StreamingNodes(Kubelets, PortForwarder, Protocol):
    """What the API server needs for streams that stay open."""

    def refusal(self, pod: Obj, container: str) -> str:
        """In the kubelet's words why it takes no stream to this pod (or its container, where one is named); "" where
        it does. `ApiError` where the kubelet does not answer."""

    async def attach(self, pod: Obj, container: str, io: ExecIO) -> int:
        """The streams of the container's first process, until it ends: then 0."""


class NodeControl(Protocol):
    """The simulated machines themselves, for the control API. An unknown name is `ApiError` 404, one that is there
    already is 409. All take effect at once; what the cluster makes of it (NotReady, evictions) takes its periods."""

    def names(self) -> Sequence[str]:
        """The simulated nodes, in the order in which they came; others may be registered in the API."""

    def add(
        self, name: str, *, labels: Mapping[str, str] | None = None, taints: Sequence[Mapping[str, str]] = ()
    ) -> None:
        """A new machine, registered and Ready. It is there again after a restart."""

    def remove(self, name: str) -> None:
        """The machine and its Node object with all that its disk held; its pods are left to pod garbage collection."""

    def fail(self, name: str) -> None:
        """Cuts the machine off: no heartbeat, a silent kubelet, connections to its pods time out. Twice is once."""

    def heal(self, name: str) -> None:
        """Back in the network: Ready, pods deleted meanwhile end, the others are as they were."""
