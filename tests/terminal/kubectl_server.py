"""Answers many short runs of kubectl from one process: starting Python for each would take longer than the runs.

`python -m tests.terminal.kubectl_server SOCKET` listens; `client_script` is the program that asks it, to be called as
`kubectl` would be.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from functools import cache
from pathlib import Path

from k8slab.kube.client import Client
from k8slab.kube.connection import context_namespace
from k8slab.terminal.kubectl.program import kubectl
from k8slab.terminal.streams import Stop, Streams, Text

CLIENT = """#!{python} -SE
import json, os, socket, sys
asked = {{"words": sys.argv[1:], "folder": os.getcwd(), "kubeconfig": os.environ["KUBECONFIG"],
         "stdin": "" if sys.stdin.isatty() else sys.stdin.read()}}
line = socket.socket(socket.AF_UNIX)
line.connect({path!r})
line.sendall(json.dumps(asked).encode())
line.shutdown(socket.SHUT_WR)
answer = b""
while piece := line.recv(65536):
    answer += piece
said = json.loads(answer)
sys.stdout.write(said["out"])
sys.stderr.write(said["err"])
sys.exit(said["code"])
"""


class Folder:
    """The files of the directory in which somebody asked."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def names(self) -> list[str]:
        return sorted(each.name for each in self._path.iterdir() if each.is_file())

    def read(self, name: str) -> str | None:
        file = self._path / name
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def write(self, name: str, text: str) -> None:
        (self._path / name).write_text(text, encoding="utf-8")


def client_script(script: Path, listening: Path) -> None:
    """Writes the program."""
    script.write_text(CLIENT.format(python=sys.executable, path=str(listening)), encoding="utf-8")
    script.chmod(0o755)


@cache
def _client(kubeconfig: str, modified: int) -> Client:
    return Client.from_kubeconfig(kubeconfig)


def _run(asked: dict[str, str]) -> dict[str, object]:
    kubeconfig = asked["kubeconfig"]
    client = _client(kubeconfig, Path(kubeconfig).stat().st_mtime_ns)
    out, err = list[str](), list[str]()
    streams = Streams(out.append, err.append, Text(asked["stdin"]), Folder(asked["folder"]), Stop())
    code = kubectl(list(asked["words"]), client, context_namespace(kubeconfig) or "default", streams)
    return {"out": "".join(out), "err": "".join(err), "code": code}


def _answer(line: socket.socket) -> None:
    with line:
        asked = b""
        while piece := line.recv(65536):
            asked += piece
        line.sendall(json.dumps(_run(json.loads(asked))).encode())


def main() -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(64)
        while True:
            threading.Thread(target=_answer, args=(listening.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    main()
