"""Image references and the images behind them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from k8slab.emulator.data import read_data
from k8slab.emulator.nodes.files import Dir, make_tree
from k8slab.emulator.nodes.pages import PAGES

DATA = Path(__file__).parent / "images.yaml"
REFERENCE = re.compile(r"^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$")
TAG = re.compile(r"^\w[\w.-]{0,127}$")


class BadReference(ValueError):
    """The text names no image; the message is the runtime's."""


class PullFailed(Exception):
    """The registry does not have it, or there is no such registry."""


@dataclass(frozen=True)
class Image:
    repository: str
    tags: re.Pattern[str]
    commands: frozenset[str]
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    workdir: str = "/"
    user: int = 0
    size: int = 0
    os: str = "Debian GNU/Linux 13 (trixie)"
    root: Dir = field(default_factory=Dir, compare=False, repr=False)

    def has(self, program: str) -> bool:
        """Whether a program of this name or path is in the image."""
        if program in self.commands:
            return True
        folder, _, name = program.rpartition("/")
        known = folder in ("/bin", "/usr/bin", "/usr/local/bin", "/usr/sbin", "/sbin", "")
        return known and "/" in program and name in self.commands


class Reference(NamedTuple):
    repository: str
    tag: str
    digest: str = ""

    @property
    def full(self) -> str:
        """As the runtime writes it: with the registry and the tag."""
        return f"{self.repository}@{self.digest}" if self.digest else f"{self.repository}:{self.tag}"


def parse_reference(text: str) -> Reference:
    """`nginx` is `docker.io/library/nginx:latest`."""
    rest, _, digest = text.partition("@")
    last = rest.rpartition("/")[2]
    name, tag = rest, "latest"
    if ":" in last:
        name, _, tag = rest.rpartition(":")
    host, slash, path = name.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, path = "docker.io", name if slash else f"library/{name}"
    if path.lower() != path:
        raise BadReference(
            f"couldn't parse image name {_quoted(text)}: invalid reference format: "
            f"repository name ({path}) must be lowercase"
        )
    if not REFERENCE.match(path) or not TAG.match(tag):
        raise BadReference(f"couldn't parse image name {_quoted(text)}: invalid reference format")
    return Reference(f"{host}/{path}", tag, digest)


def _quoted(text: str) -> str:
    return f'"{text}"'


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_data(DATA)
    return data


@lru_cache(maxsize=256)
def memory_of(program: str) -> int:
    """What a program takes as soon as it runs, in bytes."""
    return int(_data()["memory"].get(program.rpartition("/")[2], 0)) * 1024**2


def repositories() -> frozenset[str]:
    return frozenset(_data()["images"])


@lru_cache(maxsize=256)
def image(name: str) -> Image:
    """What is in a repository, which must be one that is known. Made when it is first pulled."""
    data = _data()
    entry: dict[str, Any] = data["images"][name]
    commands = set(entry.get("commands", ()))
    for userland in entry["userlands"]:
        commands |= set(data["userlands"][userland])
    directories = tuple(data["defaults"]["directories"]) if entry["userlands"] else ("/etc", "/dev", "/proc", "/tmp")  # noqa: S108 - a path inside an image
    return Image(
        repository=name,
        tags=re.compile(f"^(?:{entry['tags']})$"),
        commands=frozenset(commands),
        entrypoint=tuple(entry.get("entrypoint", ())),
        cmd=tuple(entry.get("cmd", ())),
        ports=tuple(entry.get("ports", ())),
        env=tuple((key, str(value)) for key, value in entry.get("env", {}).items()),
        workdir=entry.get("workdir", "/"),
        user=entry.get("user", 0),
        size=entry.get("size", 10_000_000),
        os=entry.get("os", Image.os),
        root=_root(entry, commands, directories),
    )


def _root(entry: dict[str, Any], commands: set[str], directories: tuple[str, ...]) -> Dir:
    files = {path: PAGES[page].encode() for path, page in entry.get("files", {}).items()}
    for command in commands:
        files[command if command.startswith("/") else f"/bin/{command}"] = b"\x7fELF"
    files["/etc/os-release"] = f'PRETTY_NAME="{entry.get("os", Image.os)}"\n'.encode()
    files["/etc/passwd"] = b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n"
    workdir = (entry["workdir"],) if "workdir" in entry else ()
    root = make_tree(files, (*directories, *workdir))
    for command in commands:
        name = command.rpartition("/")[2]
        folder = root.entries.get("bin")
        if isinstance(folder, Dir) and name in folder.entries:
            folder.entries[name].mode = 0o755  # type: ignore[union-attr]  # made as a File above
    return root


def find_image(reference: Reference) -> Image:
    """Raises PullFailed with what containerd says."""
    known = repositories()
    found = image(reference.repository) if reference.repository in known else None
    if found is not None and (reference.digest or found.tags.match(reference.tag)):
        return found
    full = reference.full
    known_hosts = {name.partition("/")[0] for name in known} | {"quay.io", "ghcr.io", "gcr.io", "k8s.gcr.io"}
    host, _, path = reference.repository.partition("/")
    if host not in known_hosts:
        why = (
            f'failed to do request: Head "https://{host}/v2/{path}/manifests/{reference.tag}": '
            f"dial tcp: lookup {host}: no such host"
        )
    elif host == "docker.io" and found is None:
        why = (
            "pull access denied, repository does not exist or may require authorization: "
            "server message: insufficient_scope: authorization failed"
        )
    else:
        why = f"{full}: not found"
    raise PullFailed(f'failed to pull and unpack image "{full}": failed to resolve image: {why}')


def image_id(reference: Reference) -> str:
    return f"sha256:{hashlib.sha256(reference.full.encode()).hexdigest()}"
