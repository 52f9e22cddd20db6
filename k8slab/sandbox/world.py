"""A sandbox as the grading engine sees it: `grading.world.World` by shape, but it raises KubeError."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from k8slab.kube.client import Client
from k8slab.kube.errors import BadRequest, KubeError, NotFound, TimedOut
from k8slab.kube.execution import NO_SUCH_PROGRAM, ExecResult

from . import answers
from .cluster import app_client
from .models import Sandbox

Obj = Mapping[str, Any]
MARGIN = 2.0  # seconds that a command gets beyond its own time-out, so that it can say what happened
TIMED_OUT = 124  # exit code, as timeout(1) has it
_STUDENTS_OWN = frozenset(("Namespace", "PersistentVolume"))  # kinds without a namespace that students make


class SandboxWorld:
    """One evaluation's view: each kind is read once. May be asked from several threads."""

    def __init__(self, sandbox: Sandbox, client: Client | None = None) -> None:
        self._namespace = sandbox.namespace
        self._client = client or app_client()
        self._lock = threading.Lock()
        self._read: dict[tuple[str, str], Sequence[Obj]] = {}

    # --- looking ------------------------------------------------------------------------------------------------
    def list(self, api_version: str, kind: str) -> Sequence[Obj]:
        with self._lock:
            if (api_version, kind) not in self._read:
                self._read[api_version, kind] = self._list(api_version, kind)
            return self._read[api_version, kind]

    def _list(self, api_version: str, kind: str) -> Sequence[Obj]:
        namespaced = self._client.resource(api_version, kind).namespaced
        items: Sequence[Obj] = self._client.list(api_version, kind, self._namespace if namespaced else None)["items"]
        if kind in _STUDENTS_OWN:
            return [item for item in items if item["metadata"]["name"].startswith(self._namespace)]
        return items

    def events(self) -> Sequence[Obj]:
        return self.list("v1", "Event")

    def namespace(self) -> Obj:
        return self._client.get("v1", "Namespace", self._namespace)

    # --- asking from inside -------------------------------------------------------------------------------------
    def http(self, pod: str, container: str | None, url: str, timeout: float) -> Mapping[str, Any]:
        return self._ask(pod, container, timeout, (answers.curl(url, timeout), answers.wget(url, timeout)))

    def dns(self, pod: str, container: str | None, name: str, timeout: float) -> Mapping[str, Any]:
        return self._ask(pod, container, timeout, (answers.nslookup(name),))

    def exec(self, pod: str, container: str | None, command: Sequence[str], timeout: float) -> Mapping[str, Any]:
        return _told(lambda: _exec_answer(self._run(pod, container, command, timeout)))

    def _ask(
        self, pod: str, container: str | None, timeout: float, questions: Sequence[answers.Question]
    ) -> Mapping[str, Any]:
        """The first of the programs that the image has."""
        return _told(lambda: self._first(pod, container, timeout, questions))

    def _first(
        self, pod: str, container: str | None, timeout: float, questions: Sequence[answers.Question]
    ) -> Mapping[str, Any]:
        for question in questions:
            result = self._run(pod, container, question.command, timeout + MARGIN)
            if result.exit_code != NO_SUCH_PROGRAM:
                return question.read(result)
        programs = " or ".join(question.command[0] for question in questions)
        return {"error": f"the container has no {programs}"}

    def _run(self, pod: str, container: str | None, command: Sequence[str], timeout: float) -> ExecResult:
        return self._client.exec(self._namespace, pod, command, container, timeout)

    # --- disturbing ---------------------------------------------------------------------------------------------
    def delete(self, api_version: str, kind: str, name: str) -> None:
        namespaced = self._client.resource(api_version, kind).namespaced
        self._client.delete(api_version, kind, name, self._namespace if namespaced else None, grace=0)
        with self._lock:
            self._read.clear()


def _exec_answer(result: ExecResult) -> Mapping[str, Any]:
    return {"exitCode": result.exit_code, "stdout": result.stdout, "stderr": result.stderr}


def _told(ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """A pod that is not there, or does not run, or does not come to an end is the student's world, no trouble of the
    cluster."""
    try:
        return ask()
    except TimedOut as error:
        return {"error": "timed out", "exitCode": TIMED_OUT, "stdout": "", "stderr": error.message}
    except (NotFound, BadRequest) as error:
        return {"error": error.message}
    except KubeError as error:
        if "container not found" in error.message or "is not running" in error.message:
            return {"error": error.message}
        raise
