"""The client against servers that misbehave: each failure is one of our errors, and none takes for ever."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from k8slab.kube import client as client_module
from k8slab.kube.client import Client
from k8slab.kube.errors import (
    BadRequest,
    Expired,
    Forbidden,
    KubeError,
    NotFound,
    Unauthorized,
    Unavailable,
    UnknownKind,
)
from k8slab.kube.watch import Changed, Listed, Stop, Watch

from .canned import Handler, Server, kubeconfig, serving

CORE = {
    "kind": "APIGroupDiscoveryList",
    "items": [
        {
            "versions": [
                {
                    "version": "v1",
                    "resources": [
                        {
                            "resource": "pods",
                            "responseKind": {"kind": "Pod"},
                            "scope": "Namespaced",
                            "verbs": ["get"],
                            "subresources": [{"subresource": "exec"}],
                        }
                    ],
                }
            ]
        }
    ],
}


def discovery(handler: Handler) -> bool:
    if handler.path == "/api":
        handler.json(CORE)
    elif handler.path == "/apis":
        handler.json({"kind": "APIGroupDiscoveryList", "items": []})
    else:
        return False
    return True


def client_of(server: Server, folder: Path) -> Client:
    return Client.from_kubeconfig(kubeconfig(folder, server.url))


def test_it_works(tmp_path: Path) -> None:
    def answer(handler: Handler) -> None:
        if not discovery(handler):
            handler.json({"kind": "Pod", "metadata": {"name": "a/b"}})

    with serving(answer) as server:
        user = client_of(server, tmp_path).as_user("mina", ["one", "two"])
        assert user.get("v1", "Pod", "a/b", "lab")["metadata"]["name"] == "a/b"
        asked = server.asked[-1]
    assert asked.path == "/api/v1/namespaces/lab/pods/a%2Fb"
    assert asked.headers["Authorization"] == "Bearer t"
    assert (asked.headers["Impersonate-User"], asked.headers.get_all("Impersonate-Group")) == ("mina", ["one", "two"])


@pytest.mark.parametrize(
    ("code", "error"),
    [(400, BadRequest), (401, Unauthorized), (403, Forbidden), (404, NotFound), (410, Expired), (429, Unavailable)],
)
def test_a_status_becomes_an_error_with_its_words(tmp_path: Path, code: int, error: type[KubeError]) -> None:
    status = {"kind": "Status", "code": code, "message": "words", "reason": "Because"}
    refusing = serving(lambda handler: discovery(handler) or handler.json(status, code))
    with refusing as server, pytest.raises(error) as got:
        client_of(server, tmp_path).get("v1", "Pod", "p", "lab")
    assert (got.value.message, got.value.code, got.value.reason) == ("words", code, "Because")


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: handler.send(502, b"<html>bad gateway</html>", "text/html"),
        lambda handler: handler.send(200, b"{not json"),
        lambda handler: handler.drop(),
    ],
)
def test_an_answer_of_no_use_may_be_asked_for_again(tmp_path: Path, answer: Any) -> None:
    with serving(lambda handler: discovery(handler) or answer(handler)) as server, pytest.raises(Unavailable):
        client_of(server, tmp_path).get("v1", "Pod", "p", "lab")


def test_nobody_at_home_is_told_at_once(tmp_path: Path) -> None:
    with serving(lambda handler: None) as server:
        config = kubeconfig(tmp_path, server.url)
    with pytest.raises(Unavailable) as got:
        Client.from_kubeconfig(config).get("v1", "Pod", "p", "lab")
    assert not got.value.permanent


def test_a_silent_server_is_waited_for_no_longer_than_the_time_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "TIMEOUT", 0.2)
    wake = threading.Event()

    def answer(handler: Handler) -> None:
        wake.wait(5)
        handler.drop()

    with serving(answer) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            client_of(server, tmp_path).get("v1", "Pod", "p", "lab")
        assert time.monotonic() - began < 3
        wake.set()


def test_a_connection_that_was_closed_meanwhile_is_opened_again(tmp_path: Path) -> None:
    calls = []

    def answer(handler: Handler) -> None:
        if discovery(handler):
            return
        calls.append(handler.path)
        if len(calls) == 1:
            handler.drop()
        else:
            handler.json({"metadata": {"name": "p"}})

    with serving(answer) as server:
        assert client_of(server, tmp_path).get("v1", "Pod", "p", "lab")["metadata"]["name"] == "p"
    assert len(calls) == 2


def test_a_creation_is_never_said_twice(tmp_path: Path) -> None:
    calls = []

    def answer(handler: Handler) -> None:
        if not discovery(handler):
            calls.append(handler.path)
            handler.drop()

    with serving(answer) as server, pytest.raises(Unavailable):
        client_of(server, tmp_path).create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}, "lab")
    assert len(calls) == 1


def test_a_kubeconfig_that_cannot_be_read_is_a_cluster_that_is_not_there_yet(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("clusters: [")
    for path in (tmp_path / "none", broken):
        with pytest.raises(Unavailable):
            Client.from_kubeconfig(path)


def test_an_unknown_kind_names_what_there_is(tmp_path: Path) -> None:
    with serving(discovery) as server:  # type: ignore[arg-type]  # answers nothing else
        client = client_of(server, tmp_path)
        with pytest.raises(UnknownKind) as misspelt:
            client.resource("v1", "Pods")
        with pytest.raises(UnknownKind) as elsewhere:
            client.resource("apps/v1", "Pod")
    assert (misspelt.value.similar, misspelt.value.elsewhere) == (("Pod",), ())
    assert elsewhere.value.elsewhere == ("v1",)


def test_servers_without_aggregated_discovery_are_asked_version_by_version(tmp_path: Path) -> None:
    deployments = {"name": "deployments", "kind": "Deployment", "namespaced": True, "verbs": ["get"]}
    scale = {"name": "deployments/scale", "kind": "Scale", "namespaced": True, "verbs": ["get"]}
    answers = {
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/api/v1": {"resources": [{"name": "nodes", "kind": "Node", "namespaced": False, "verbs": ["list"]}]},
        "/apis": {"groups": [{"name": "apps", "versions": [{"version": "v1"}], "preferredVersion": {"version": "v1"}}]},
        "/apis/apps/v1": {"resources": [deployments, scale]},
    }
    with serving(lambda handler: handler.json(answers[handler.path])) as server:
        client = client_of(server, tmp_path)
        found = client.resource("apps/v1", "Deployment")
        assert (found.qualified, found.subresources) == ("deployments.apps", frozenset({"scale"}))
        assert client.resource("v1", "Node").path("ignored", "n") == "/api/v1/nodes/n"


# --- watching -------------------------------------------------------------------------------------------------------
def event(kind: str, name: str, version: str) -> dict[str, Any]:
    return {"type": kind, "object": {"metadata": {"name": name, "resourceVersion": version}}}


def streaming(handler: Handler, *events: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for one in events:
        send_event(handler, one)


def send_event(handler: Handler, one: dict[str, Any]) -> None:
    data = json.dumps(one).encode() + b"\n"
    handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    handler.wfile.flush()


def test_a_watch_lists_goes_on_and_lists_again_when_its_place_is_forgotten(tmp_path: Path) -> None:
    lists, asked = [], []

    def answer(handler: Handler) -> None:
        if discovery(handler):
            return
        if "watch=true" not in handler.path:
            lists.append(handler.path)
            metadata = {"resourceVersion": str(len(lists) * 10)}
            handler.json({"metadata": metadata, "items": [{"metadata": {"name": "a"}}]})
            return
        asked.append(handler.path.rpartition("resourceVersion=")[2])
        if len(asked) == 1:
            streaming(handler, event("ADDED", "b", "11"), event("BOOKMARK", "", "15"))
        else:
            gone = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "old"}}
            streaming(handler, gone)
        handler.wfile.write(b"0\r\n\r\n")

    stop, seen = Stop(), []
    with serving(answer) as server:
        for change in Watch(client_of(server, tmp_path), "v1", "Pod").forever(stop):
            seen.append(change)
            if len(seen) == 3:
                break
    assert [type(change) for change in seen] == [Listed, Changed, Listed]
    assert isinstance(seen[1], Changed)
    assert seen[1].obj["kind"] == "Pod"
    assert asked == ["10", "15"]


def test_stop_wakes_a_watch_that_waits(tmp_path: Path) -> None:
    streaming_now, over = threading.Event(), threading.Event()

    def answer(handler: Handler) -> None:
        if discovery(handler):
            return
        if "watch=true" not in handler.path:
            handler.json({"metadata": {"resourceVersion": "1"}, "items": []})
            return
        streaming(handler, event("ADDED", "a", "2"))
        streaming_now.set()
        over.wait(10)

    stop = Stop()
    with serving(answer) as server:
        watch = Watch(client_of(server, tmp_path), "v1", "Pod")
        thread = threading.Thread(target=lambda: list(watch.forever(stop)))
        thread.start()
        assert streaming_now.wait(5)
        began = time.monotonic()
        stop.set()
        thread.join(5)
        over.set()
    assert not thread.is_alive()
    assert time.monotonic() - began < 2
