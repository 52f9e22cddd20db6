"""tar: what `kubectl cp` needs on the other side, and what people try with it."""

from __future__ import annotations

import io
import posixpath
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from k8slab.emulator.nodes.files import File
from k8slab.emulator.nodes.process import Process, command
from k8slab.emulator.nodes.streams import read_all

WITH_VALUE = "fC"


@dataclass
class _Asked:
    flags: set[str] = field(default_factory=set)
    archive: str = "-"
    directory: str = "."
    names: list[str] = field(default_factory=list)


@command("tar")
async def tar(process: Process) -> int:
    asked = _options(process.args)
    work = {"c": _create, "x": _extract, "t": _list}
    chosen = [work[flag] for flag in "cxt" if flag in asked.flags]
    if len(chosen) != 1:
        return await process.fail("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options", 2)
    try:
        return await chosen[0](process, asked)
    except tarfile.TarError:
        await process.err("tar: This does not look like a tar archive\n")
        return await _failed(process)


def _options(args: list[str]) -> _Asked:
    asked, rest = _Asked(), list(args)
    if rest and not rest[0].startswith("-"):
        rest[0] = f"-{rest[0]}"  # the old way: tar cf
    while rest:
        arg = rest.pop(0)
        if arg == "--":
            asked.names += rest
            break
        if arg.startswith("--"):
            continue  # about owners and modes, which are kept as they are
        if not arg.startswith("-") or arg == "-":
            asked.names.append(arg)
            continue
        _letters(arg[1:], rest, asked)
    return asked


def _letters(letters: str, rest: list[str], asked: _Asked) -> None:
    for place, letter in enumerate(letters):
        asked.flags.add(letter)
        if letter in WITH_VALUE:
            value = letters[place + 1 :] or (rest.pop(0) if rest else "")
            if letter == "f" and letters[place + 1 : place + 2] in ("v", "z"):  # letters, not a name: fv
                value = rest.pop(0) if rest else ""
                asked.flags |= set(letters[place + 1 :])
            if letter == "f":
                asked.archive = value
            else:
                asked.directory = value
            return


def _is_gnu(process: Process) -> bool:
    return "Debian" in process.box.image.os


async def _failed(process: Process) -> int:
    if _is_gnu(process):
        await process.err("tar: Exiting with failure status due to previous errors\n")
        return 2
    await process.err("tar: error exit delayed from previous errors\n")
    return 1


async def _create(process: Process, asked: _Asked) -> int:
    made, failed, told = io.BytesIO(), False, False
    with tarfile.open(fileobj=made, mode="w:gz" if "z" in asked.flags else "w", format=tarfile.GNU_FORMAT) as archive:
        for name in asked.names:
            path = posixpath.normpath(posixpath.join(process.path(asked.directory), name))
            if not process.box.files.exists(path):
                words = "Cannot stat: No such file or directory" if _is_gnu(process) else "No such file or directory"
                await process.err(f"tar: {name}: {words}\n")
                failed = True
                continue
            if name.startswith("/") and not told:
                told = True
                words = "Removing leading `/'" if _is_gnu(process) else "removing leading '/'"
                await process.err(f"tar: {words} from member names\n")
            for member, data in _members(process, path, name.lstrip("/") or "."):
                archive.addfile(member, io.BytesIO(data))
    if asked.archive == "-":
        await process.out(made.getvalue())
    else:
        process.box.files.write(process.path(asked.archive), made.getvalue(), now=process.box.clock.now())
    return await _failed(process) if failed else 0


def _members(process: Process, path: str, shown: str) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    node = process.box.files.get(path)
    member = tarfile.TarInfo(shown)
    member.mode, member.mtime = node.mode, int(node.mtime)
    member.uid, member.gid = process.box.uid, process.box.gid
    if isinstance(node, File):
        member.size = len(node.data)
        yield member, node.data
        return
    member.type = tarfile.DIRTYPE
    yield member, b""
    for entry in process.box.files.entries(path):
        yield from _members(process, posixpath.join(path, entry), posixpath.join(shown, entry))


async def _opened(process: Process, asked: _Asked) -> tarfile.TarFile:
    files = process.box.files
    data = await read_all(process.stdin) if asked.archive == "-" else files.read(process.path(asked.archive))
    return tarfile.open(fileobj=io.BytesIO(data), mode="r:*")


async def _extract(process: Process, asked: _Asked) -> int:
    files, now = process.box.files, process.box.clock.now()
    target = process.path(asked.directory)
    if not files.is_dir(target):
        await process.err(f"tar: {asked.directory}: Cannot open: No such file or directory\n")
        await process.err("tar: Error is not recoverable: exiting now\n")
        return 2
    with await _opened(process, asked) as archive:
        for member in archive:
            if asked.names and not any(member.name == n or member.name.startswith(f"{n}/") for n in asked.names):
                continue
            path = posixpath.normpath(posixpath.join(target, member.name.lstrip("/")))
            if "v" in asked.flags:
                await process.out(f"{member.name}\n")
            if member.isdir():
                files.make_dir(path, parents=True, now=now)
            elif member.isfile():
                files.make_dir(posixpath.dirname(path), parents=True, now=now)
                content = archive.extractfile(member)
                files.write(path, content.read() if content else b"", now=now)
                files.set_mode(path, member.mode)
    return 0


async def _list(process: Process, asked: _Asked) -> int:
    with await _opened(process, asked) as archive:
        for member in archive:
            await process.out(f"{member.name}{'/' if member.isdir() else ''}\n")
    return 0
