"""What curl, wget and nslookup print, read as answers."""

from __future__ import annotations

import pytest

from k8slab.kube.execution import ExecResult
from k8slab.sandbox.answers import Question, curl, nslookup, wget

CURL, WGET, NSLOOKUP = curl("http://web:9090/", 2), wget("http://web:9090/", 2), nslookup("web")

BUSYBOX = """\
Server:\t\t10.96.0.10
Address:\t10.96.0.10:53

Name:\tweb.lab.svc.cluster.local
Address: 10.96.0.7
"""
OLD_BUSYBOX = """\
Server:    10.96.0.10
Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local

Name:      web
Address 1: 10.96.0.7 web.lab.svc.cluster.local
Address 2: 10.96.0.8 web.lab.svc.cluster.local
"""


@pytest.mark.parametrize(
    ("question", "stdout", "stderr", "code", "answer"),
    [
        (CURL, "HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\nhello\n\nyou", "", 0, {"status": 200, "body": "hello\n\nyou"}),
        (CURL, "HTTP/1.1 404 Not Found\r\n\r\n", "", 0, {"status": 404, "body": ""}),
        (CURL, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n\r\nx", "", 0, {"status": 201, "body": "x"}),
        (CURL, "", "curl: (7) Failed to connect", 7, {"error": "connection refused"}),
        (CURL, "", "curl: (6) Could not resolve host: web", 6, {"error": "bad address"}),
        (CURL, "", "curl: (3) URL rejected", 3, {"error": "curl: (3) URL rejected"}),
        (CURL, "SSH-2.0\n", "", 0, {"error": "no answer that is HTTP"}),
        (WGET, "hello", "  HTTP/1.1 200 OK\n  Server: nginx\n", 0, {"status": 200, "body": "hello"}),
        (WGET, "moved", "  HTTP/1.1 301 Moved\n  HTTP/1.1 200 OK\n", 0, {"status": 200, "body": "moved"}),
        (WGET, "hello", "", 0, {"status": 200, "body": "hello"}),
        (WGET, "", "wget: server returned error: HTTP/1.1 404 Not Found", 1, {"status": 404, "body": ""}),
        (WGET, "", "wget: bad address 'web:9090'", 1, {"error": "bad address"}),
        (
            WGET,
            "",
            "wget: can't connect to remote host (10.96.0.7): Connection refused",
            1,
            {"error": "connection refused"},
        ),
        (WGET, "", "wget: download timed out", 1, {"error": "timed out"}),
        (NSLOOKUP, BUSYBOX, "", 0, {"addresses": ["10.96.0.7"]}),
        (NSLOOKUP, OLD_BUSYBOX, "", 0, {"addresses": ["10.96.0.7", "10.96.0.8"]}),
        (NSLOOKUP, "Server: x\n** server can't find web: NXDOMAIN\n", "", 1, {"error": "NXDOMAIN"}),
        (NSLOOKUP, "", "nslookup: can't resolve 'web'", 1, {"error": "NXDOMAIN"}),
        (NSLOOKUP, ";; connection timed out; no servers could be reached", "", 1, {"error": "timed out"}),
    ],
)
def test_answers(question: Question, stdout: str, stderr: str, code: int, answer: dict[str, object]) -> None:
    assert question.read(ExecResult(stdout, stderr, code)) == answer


def test_a_program_is_given_its_own_time_out() -> None:
    assert CURL.command[4:6] == ("-m", "2")
    assert "2" in WGET.command
