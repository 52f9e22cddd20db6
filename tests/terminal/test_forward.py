"""Links to a pod's port: what they show, to whom, and what a hostile page in them cannot do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
import yaml
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from k8slab.sandbox.models import Sandbox
from k8slab.terminal.links import SALT, forward_link
from tests.people import mina

pytestmark = pytest.mark.django_db


class Cluster(BaseHTTPRequestHandler):
    """As much of an API server as a link needs."""

    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        Cluster.asked.append((self.path, dict(self.headers)))
        kind, body = "text/html", b"<h1>hello</h1><script>alert(1)</script>"
        if self.path in ("/api", "/apis"):
            kind, body = (
                "application/json",
                json.dumps(_discovery() if self.path == "/api" else {"groups": []}).encode(),
            )
        elif self.path == "/api/v1":
            kind, body = "application/json", json.dumps(_core()).encode()
        elif "nope" in self.path:
            self.send_response(404)
            self.end_headers()
            self.wfile.write(b"nothing here")
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "sessionid=stolen")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


def _discovery() -> dict[str, object]:
    return {"kind": "APIVersions", "versions": ["v1"]}


def _core() -> dict[str, object]:
    pods = {"name": "pods", "singularName": "pod", "namespaced": True, "kind": "Pod", "verbs": ["get", "list"]}
    return {"kind": "APIResourceList", "groupVersion": "v1", "resources": [pods]}


@pytest.fixture
def sandbox(tmp_path: Path, settings: Settings) -> Iterator[Sandbox]:
    server = HTTPServer(("127.0.0.1", 0), Cluster)
    Thread(target=server.serve_forever, daemon=True).start()
    Cluster.asked.clear()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "x",
        "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
        "clusters": [{"name": "x", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "users": [{"name": "x", "user": {"token": "t"}}],
    }
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config))
    settings.KUBECONFIG = str(tmp_path / "kubeconfig")
    expires = timezone.now() + timedelta(hours=1)
    yield Sandbox.objects.create(owner=mina(), namespace="lab-mina", state="ready", expires=expires)
    server.shutdown()
    server.server_close()


def link(sandbox: Sandbox) -> str:
    return forward_link("", sandbox.pk, "lab-mina", "pods", "web", 80)


def test_it_works(sandbox: Sandbox) -> None:
    answer = Client().get(link(sandbox) + "a b/c?x=1&y=%2F")
    assert (answer.status_code, answer.content[:14]) == (200, b"<h1>hello</h1>")
    path, headers = Cluster.asked[-1]
    assert path == "/api/v1/namespaces/lab-mina/pods/web%3A80/proxy/a%20b/c?x=1&y=%2F"
    assert headers["Impersonate-User"] == "system:serviceaccount:lab-mina:student"


def test_what_comes_is_locked_in(sandbox: Sandbox) -> None:
    answer = Client().get(link(sandbox))
    assert "sandbox allow-popups; default-src 'none'" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sessionid" not in answer.cookies


def test_the_containers_own_refusal_is_passed_on(sandbox: Sandbox) -> None:
    assert Client().get(link(sandbox) + "nope").status_code == 404


def test_only_reading(sandbox: Sandbox) -> None:
    assert Client().post(link(sandbox)).status_code == 405


def test_a_link_ends(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/terminal/forward/nonsense/").status_code == 410
    other = signing.dumps([sandbox.pk, "kube-system", "pods", "x", 1], salt="another")
    assert Client().get(f"/terminal/forward/{other}/").status_code == 410
    address = link(sandbox)
    monkeypatch.setattr("time.time", lambda: timezone.now().timestamp() + 3700)
    assert Client().get(address).status_code == 410


def test_a_link_ends_with_its_sandbox(sandbox: Sandbox) -> None:
    Sandbox.objects.update(state="gone")
    answer = Client().get(link(sandbox))
    assert answer.status_code == 410
    assert "port-forward gives a new one" in answer.content.decode()
    assert SALT not in answer.content.decode()
