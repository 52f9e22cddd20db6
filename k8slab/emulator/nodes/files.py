"""Files of simulated machines: trees of directories and files, and a container's view of them.

Image trees are shared by all containers of the image and copied where they are written; mounted trees are shared and
written in place. Errors are OSErrors, whose texts are those that programs print."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_BYTES = 16 * 1024 * 1024  # per file: simulated programs write little, runaway ones must not fill the memory


@dataclass(slots=True, eq=False)
class File:
    data: bytes = b""
    mode: int = 0o644
    mtime: float = 0.0


@dataclass(slots=True, eq=False)
class Link:
    target: str


@dataclass(slots=True, eq=False)
class Dir:
    entries: dict[str, Node] = field(default_factory=dict)
    mode: int = 0o755
    mtime: float = 0.0
    owner: object = None  # the view that may write it in place; None: shared by an image


Node = File | Dir | Link


class Mount(NamedTuple):
    node: Dir | File
    read_only: bool = False


def fail(code: int, path: str) -> OSError:
    return OSError(code, os.strerror(code), path)


def make_tree(files: Mapping[str, bytes], directories: tuple[str, ...] = ()) -> Dir:
    """A tree of absolute paths, as images bring it."""
    root = Dir()
    for path in directories:
        _make_dirs(root, path)
    for path, data in files.items():
        parent, name = posixpath.split(path)
        _make_dirs(root, parent).entries[name] = File(data)
    return root


def _make_dirs(root: Dir, path: str) -> Dir:
    here = root
    for part in parts_of(path):
        found = here.entries.setdefault(part, Dir())
        if not isinstance(found, Dir):
            raise fail(errno.ENOTDIR, path)
        here = found
    return here


def parts_of(path: str) -> list[str]:
    return [part for part in posixpath.normpath(path).split("/") if part and part != "."]


class FileSystem:
    """What one container sees: the image's tree with mounts over it. `touched` is called when a mount was changed."""

    def __init__(
        self,
        image: Dir,
        mounts: Mapping[str, Mount] | None = None,
        *,
        read_only: bool = False,
        touched: Callable[[], None] = lambda: None,
    ) -> None:
        self._root = image
        self._read_only = read_only
        self._touched = touched
        self._mounts = {posixpath.normpath(path): mount for path, mount in (mounts or {}).items()}
        # Directories that are only there because a mount lies below them, as the runtime makes them.
        self._implied: dict[str, Dir] = {}
        for path in self._mounts:
            while (path := path[: path.rindex("/")]) and path not in self._implied:
                self._implied[path] = Dir(owner=self)

    def mounts(self) -> Mapping[str, Mount]:
        return self._mounts

    def _prepare(self, path: str) -> None:
        """The place of a mount is there, as the runtime makes it."""
        name = "/"
        for part in parts_of(path):
            parent, name = name, posixpath.join(name, part)
            node = self._lookup(parent, part)
            if node is None and name not in self._mounts and not self._inside_mount(parent):
                self._writable_dir(parent, check=False).entries[part] = Dir(owner=self)

    def _inside_mount(self, path: str) -> bool:
        return any(path == mount or path.startswith(mount.rstrip("/") + "/") for mount in self._mounts)

    def _lookup(self, parent: str, name: str) -> Node | None:
        path = posixpath.join(parent, name)
        return self._below(None if path in self._mounts else self._node(parent), path, name)

    def _node(self, path: str) -> Node | None:
        """Without following links."""
        mounted = self._mounts.get(path)
        if mounted is not None:
            return mounted.node
        node: Node | None = self._mounts["/"].node if "/" in self._mounts else self._root
        here = ""
        for part in parts_of(path):
            here = f"{here}/{part}"
            node = self._below(node, here, part)
        return node

    def real_path(self, path: str) -> str:
        """Absolute, with links followed; the last part need not exist."""
        return self._follow(path)[0]

    def find(self, path: str) -> File | Dir | None:
        return self._follow(path)[1]

    def _follow(self, path: str, depth: int = 0) -> tuple[str, File | Dir | None]:
        """The real path and what is there, in one walk from the root."""
        if depth > 16:
            raise fail(errno.ELOOP, path)
        here, node = "/", self._node("/")
        parts = parts_of(path)
        for place, part in enumerate(parts):
            if part == "..":
                here = posixpath.dirname(here)
                node = self._node(here)
                continue
            below = f"{here.rstrip('/')}/{part}"
            node = self._below(node, below, part)
            if isinstance(node, Link):
                rest = posixpath.join(here, node.target, *parts[place + 1 :])
                return self._follow(rest, depth + 1)
            here = below
        return here, None if isinstance(node, Link) else node

    def _below(self, directory: Node | None, path: str, name: str) -> Node | None:
        """What is at a path whose directory is at hand."""
        mounted = self._mounts.get(path)
        if mounted is not None:
            return mounted.node
        found = directory.entries.get(name) if isinstance(directory, Dir) else None
        return self._implied.get(path) if found is None else found

    def get(self, path: str) -> File | Dir:
        node = self.find(path)
        if node is None:
            parent = self.find(posixpath.dirname(posixpath.normpath(path)))
            raise fail(errno.ENOTDIR if isinstance(parent, File) else errno.ENOENT, path)
        return node

    def exists(self, path: str) -> bool:
        return self.find(path) is not None

    def is_dir(self, path: str) -> bool:
        return isinstance(self.find(path), Dir)

    def read(self, path: str) -> bytes:
        node = self.get(path)
        if isinstance(node, Dir):
            raise fail(errno.EISDIR, path)
        return node.data

    def entries(self, path: str) -> list[str]:
        """Names in a directory, sorted, with the mounts that stand in it."""
        node = self.get(path)
        if not isinstance(node, Dir):
            raise fail(errno.ENOTDIR, path)
        real = self.real_path(path)
        beside = [*self._mounts, *self._implied]
        mounted = {posixpath.basename(m) for m in beside if posixpath.dirname(m) == real and m != "/"}
        return sorted(set(node.entries) | mounted)

    def walk(self, path: str) -> Iterator[str]:
        yield path
        if self.is_dir(path):
            for name in self.entries(path):
                yield from self.walk(posixpath.join(path, name))

    def is_read_only(self, path: str) -> bool:
        real = self.real_path(path)
        covering = [m for m in self._mounts if real == m or real.startswith(m.rstrip("/") + "/")]
        return self._mounts[max(covering, key=len)].read_only if covering else self._read_only

    def write(self, path: str, data: bytes, *, append: bool = False, now: float = 0.0) -> None:
        real = self.real_path(path)
        node = self._node(real)
        if isinstance(node, Dir):
            raise fail(errno.EISDIR, path)
        if self.is_read_only(real):
            raise fail(errno.EROFS, path)
        old = node if isinstance(node, File) else None
        content = (old.data if old and append else b"") + data
        if len(content) > MAX_BYTES:
            raise fail(errno.ENOSPC, path)
        if old is not None and self._inside_mount(real):
            old.data, old.mtime = content, now
            self._touched()
            return
        parent, name = posixpath.split(real)
        directory = self._writable_dir(parent)
        directory.entries[name] = File(content, old.mode if old else 0o644, now)

    def make_dir(self, path: str, *, parents: bool = False, now: float = 0.0) -> None:
        real = self.real_path(path)
        if self._node(real) is not None:
            if parents and self.is_dir(real):
                return
            raise fail(errno.EEXIST, path)
        parent, name = posixpath.split(real)
        if parents and not self.exists(parent):
            self.make_dir(parent, parents=True, now=now)
        inside = self._inside_mount(parent)
        self._writable_dir(parent).entries[name] = Dir(mtime=now, owner=None if inside else self)

    def link(self, target: str, path: str) -> None:
        real = self.real_path(posixpath.dirname(path) or "/")
        self._writable_dir(real).entries[posixpath.basename(path)] = Link(target)

    def remove(self, path: str) -> None:
        """A file, or a directory with all that is in it."""
        parent = self.real_path(posixpath.dirname(posixpath.normpath(path)))
        name = posixpath.basename(posixpath.normpath(path))
        if posixpath.join(parent, name) in self._mounts:
            raise fail(errno.EBUSY, path)
        if self._lookup(parent, name) is None:
            raise fail(errno.ENOENT, path)
        del self._writable_dir(parent).entries[name]

    def set_mode(self, path: str, mode: int) -> None:
        real = self.real_path(path)
        node = self.get(real)
        if self.is_read_only(real):
            raise fail(errno.EROFS, path)
        if isinstance(node, File) and not self._inside_mount(real):
            parent, name = posixpath.split(real)
            self._writable_dir(parent).entries[name] = File(node.data, mode, node.mtime)
        else:
            node.mode = mode
            self._touched()

    def _writable_dir(self, path: str, *, check: bool = True) -> Dir:
        """The directory, copied out of the image down to here if it is still shared."""
        if check and self.is_read_only(path):
            raise fail(errno.EROFS, path)
        mounted = self._mounts.get(path)
        if mounted is not None or self._inside_mount(path):
            node = self._node(path)
            self._touched()
        elif path == "/":
            if self._root.owner is not self:
                self._root = self._copied(self._root)
            return self._root
        else:
            parent, name = posixpath.split(path)
            node = self._lookup(parent, name)
            if isinstance(node, Dir) and node.owner is not self:
                node = self._copied(node)
                self._writable_dir(parent, check=False).entries[name] = node
        if node is None:
            raise fail(errno.ENOENT, path)
        if not isinstance(node, Dir):
            raise fail(errno.ENOTDIR, path)
        return node

    def _copied(self, shared: Dir) -> Dir:
        return Dir(dict(shared.entries), shared.mode, shared.mtime, self)
