"""`python -m k8slab.terminal.kubectl …`: the page's kubectl in an ordinary shell, by the kubeconfig of $KUBECONFIG."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from k8slab.kube.client import Client
from k8slab.kube.connection import context_namespace

from ..streams import Stop, Streams
from .program import INTERRUPTED, kubectl

DEFAULT_NAMESPACE = "default"


class Folder:
    """The files of the working directory."""

    def names(self) -> Iterable[str]:
        return sorted(path.name for path in Path().iterdir() if path.is_file())

    def read(self, name: str) -> str | None:
        try:
            return Path(name).read_text(encoding="utf-8")
        except (FileNotFoundError, IsADirectoryError):
            return None

    def write(self, name: str, text: str) -> None:
        Path(name).write_text(text, encoding="utf-8")


class Keyboard:
    """The process' own standard input."""

    tty = sys.stdin.isatty()

    def read(self) -> str:
        return sys.stdin.read()

    def chunks(self) -> Iterator[str]:
        return iter(sys.stdin.readline, "")


def write_out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def write_err(text: str) -> None:
    sys.stderr.write(text)


def main() -> int:
    kubeconfig = Path(os.environ.get("KUBECONFIG", str(Path.home() / ".kube" / "config")))
    client = Client.from_kubeconfig(kubeconfig)
    size = shutil.get_terminal_size()
    tty = sys.stdout.isatty()
    streams = Streams(write_out, write_err, Keyboard(), Folder(), Stop(), tty, size.columns, size.lines)
    try:
        return kubectl(sys.argv[1:], client, context_namespace(kubeconfig) or DEFAULT_NAMESPACE, streams)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
