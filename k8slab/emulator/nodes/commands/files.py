"""Commands on files and directories."""

from __future__ import annotations

import fnmatch
import posixpath
import stat as modes
from datetime import UTC, datetime

from k8slab.emulator.nodes.commands.inputs import (
    read_input,
    split_options,
)
from k8slab.emulator.nodes.files import Dir, File, FileSystem
from k8slab.emulator.nodes.process import Process, command


@command("cat")
async def cat(process: Process) -> int:
    flags, names = split_options(process.args)
    if not names:
        while data := await process.stdin.read():
            await process.out(data)
        return 0
    code = 0
    number = 0
    for name in names:
        try:
            data = await read_input(process, name)
        except OSError as error:
            verb = "read error" if error.errno == 21 else f"can't open '{name}'"
            code = await process.fail(f"{verb}: {error.strerror}")
            continue
        if "n" in flags:
            lines = data.splitlines(keepends=True)
            data = b"".join(f"{number + i:6}\t".encode() + line for i, line in enumerate(lines, 1))
            number += len(lines)
        await process.out(data)
    return code


@command("ls")
async def ls(process: Process) -> int:
    flags, names = split_options(process.args)
    files, code, blocks = process.box.files, 0, []
    plain = []
    for name in names or ["."]:
        path = process.path(name)
        try:
            node = files.get(path)
        except OSError as error:
            code = await process.fail(f"{name}: {error.strerror}")
            continue
        if isinstance(node, Dir) and "d" not in flags:
            blocks.append((name, _listing(files, path, flags)))
            if "R" in flags:
                inner = [p for p in files.walk(path) if p != path and files.is_dir(p)]
                blocks += [(p, _listing(files, p, flags)) for p in inner]
        else:
            plain.append(_line(files, path, name, flags))
    text = "".join(plain)
    for place, (name, listing) in enumerate(blocks):
        head = f"{name}:\n" if len(blocks) > 1 or plain else ""
        text += ("\n" if (place or plain) and head else "") + head + listing
    await process.out(text)
    return code


def _listing(files: FileSystem, path: str, flags: str) -> str:
    names = [name for name in files.entries(path) if "a" in flags or "A" in flags or not name.startswith(".")]
    if "a" in flags:
        names = [".", "..", *names]
    if "r" in flags:
        names.reverse()
    lines = [_line(files, posixpath.normpath(posixpath.join(path, name)), name, flags) for name in names]
    return (f"total {4 * len(lines)}\n" if "l" in flags else "") + "".join(lines)


def _line(files: FileSystem, path: str, name: str, flags: str) -> str:
    if "l" not in flags:
        return f"{name}\n"
    node = files.find(path)
    size = len(node.data) if isinstance(node, File) else 4096
    kind = modes.S_IFDIR if isinstance(node, Dir) else modes.S_IFREG
    mode = modes.filemode(kind | (node.mode if node else 0o777))
    when = datetime.fromtimestamp(node.mtime if node else 0, UTC).strftime("%b %e %H:%M")
    return f"{mode}    1 root     root     {size:>9} {when} {name}\n"


@command("touch")
async def touch(process: Process) -> int:
    code = 0
    for name in split_options(process.args)[1]:
        try:
            process.box.files.write(process.path(name), b"", append=True, now=process.box.clock.now())
        except OSError as error:
            if error.errno != 21:
                code = await process.fail(f"{name}: {error.strerror}")
    return code


@command("mkdir")
async def mkdir(process: Process) -> int:
    flags, names = split_options(process.args)
    code = 0
    for name in names:
        try:
            process.box.files.make_dir(process.path(name), parents="p" in flags, now=process.box.clock.now())
        except OSError as error:
            code = await process.fail(f"can't create directory '{name}': {error.strerror}")
    return code


@command("rm", "rmdir")
async def rm(process: Process) -> int:
    flags, names = split_options(process.args)
    files, code = process.box.files, 0
    for name in names:
        path = process.path(name)
        is_dir = files.is_dir(path)
        if process.name == "rmdir":
            if is_dir and files.entries(path):
                code = await process.fail(f"'{name}': Directory not empty")
                continue
        elif is_dir and "r" not in flags and "R" not in flags:
            code = await process.fail(f"'{name}' is a directory")
            continue
        try:
            files.remove(path)
        except OSError as error:
            if "f" not in flags or error.errno != 2:
                code = await process.fail(f"can't remove '{name}': {error.strerror}")
    return code


def _copy(files: FileSystem, source: str, target: str, now: float) -> None:
    if files.is_dir(source):
        files.make_dir(target, parents=True, now=now)
        for name in files.entries(source):
            _copy(files, posixpath.join(source, name), posixpath.join(target, name), now)
    else:
        files.write(target, files.read(source), now=now)


@command("cp", "mv")
async def cp(process: Process) -> int:
    flags, names = split_options(process.args)
    files, now = process.box.files, process.box.clock.now()
    if len(names) < 2:
        return await process.fail("missing file operand")
    *sources, target = names
    code = 0
    for name in sources:
        source, goal = process.path(name), process.path(target)
        if files.is_dir(goal):
            goal = posixpath.join(goal, posixpath.basename(source))
        if files.is_dir(source) and process.name == "cp" and not set(flags) & set("rRa"):
            code = await process.fail(f"omitting directory '{name}'")
            continue
        try:
            _copy(files, source, goal, now)
            if process.name == "mv":
                files.remove(source)
        except OSError as error:
            code = await process.fail(
                f"can't stat '{name}': {error.strerror}"
                if error.errno == 2
                else f"can't create '{target}': {error.strerror}"
            )
    return code


@command("ln")
async def ln(process: Process) -> int:
    flags, names = split_options(process.args)
    if len(names) != 2:
        return await process.fail("usage: ln [-sf] TARGET LINK")
    path = process.path(names[1])
    if process.box.files.exists(path) and "f" not in flags:
        return await process.fail(f"{names[1]}: File exists")
    process.box.files.link(names[0] if "s" in flags else process.path(names[0]), path)
    return 0


@command("chmod")
async def chmod(process: Process) -> int:
    _, names = split_options(process.args)
    if len(names) < 2:
        return await process.fail("missing operand")
    mode, *paths = names
    for name in paths:
        node = process.box.files.get(process.path(name))
        added = {"+x": 0o111, "a+x": 0o111, "u+x": 0o100, "+r": 0o444, "+w": 0o222}.get(mode)
        process.box.files.set_mode(process.path(name), node.mode | added if added is not None else int(mode, 8))
    return 0


@command("find")
async def find(process: Process) -> int:
    args = list(process.args)
    starts = []
    while args and not args[0].startswith("-"):
        starts.append(args.pop(0))
    tests = dict(zip(args[::2], args[1::2], strict=False))
    for start in starts or ["."]:
        base = process.path(start)
        if not process.box.files.exists(base):
            return await process.fail(f"{start}: No such file or directory")
        for path in process.box.files.walk(base):
            shown = start + path[len(base) :] if base != "/" else path
            is_dir = process.box.files.is_dir(path)
            if "-name" in tests and not fnmatch.fnmatchcase(posixpath.basename(path), tests["-name"]):
                continue
            if (tests.get("-type") == "f" and is_dir) or (tests.get("-type") == "d" and not is_dir):
                continue
            await process.out(f"{shown}\n")
    return 0


@command("stat", "readlink", "du", "basename", "dirname")
async def look(process: Process) -> int:
    _, names = split_options(process.args)
    name = names[0] if names else "."
    if process.name in ("basename", "dirname"):
        result = posixpath.basename(name.rstrip("/")) if process.name == "basename" else posixpath.dirname(name) or "."
        if process.name == "basename" and len(names) > 1:
            result = result.removesuffix(names[1])
        await process.out(f"{result}\n")
        return 0
    path = process.path(name)
    if process.name == "readlink":
        await process.out(f"{process.box.files.real_path(path)}\n")
        return 0
    node = process.box.files.get(path)
    sizes = [len(process.box.files.read(p)) for p in process.box.files.walk(path) if not process.box.files.is_dir(p)]
    if process.name == "du":
        await process.out(f"{max(4, sum(sizes) // 1024)}\t{name}\n")
    else:
        kind = "directory" if isinstance(node, Dir) else "regular file"
        await process.out(f"  File: {name}\n  Size: {sum(sizes)}\t{kind}\nAccess: ({node.mode:04o})\n")
    return 0


@command("df", "mount")
async def df(process: Process) -> int:
    mounts = sorted(process.box.files.mounts().items())
    if process.name == "mount":
        lines = ["overlay on / type overlay (rw)"]
        lines += [f"volume on {path} type ext4 ({'ro' if mount.read_only else 'rw'})" for path, mount in mounts]
    else:
        lines = ["Filesystem           1K-blocks      Used Available Use% Mounted on"]
        lines += [f"{'overlay' if path == '/' else 'volume':<20} {52428800:>9} {5242880:>9} {47185920:>9}  10% {path}"
                  for path in ["/", *(path for path, _ in mounts)]]  # fmt: skip
    await process.out("\n".join(lines) + "\n")
    return 0


@command("mktemp")
async def mktemp(process: Process) -> int:
    path = f"/tmp/tmp.{next(process.box.pids):06d}"  # noqa: S108 - inside a container
    if "-d" in process.args:
        process.box.files.make_dir(path)
    else:
        process.box.files.write(path, b"")
    await process.out(f"{path}\n")
    return 0


@command("tee")
async def tee(process: Process) -> int:
    flags, names = split_options(process.args)
    for name in names:
        process.box.files.write(process.path(name), b"", append="a" in flags, now=process.box.clock.now())
    while data := await process.stdin.read():
        await process.out(data)
        for name in names:
            process.box.files.write(process.path(name), data, append=True, now=process.box.clock.now())
    return 0


@command("dd")
async def dd(process: Process) -> int:
    given = dict(arg.partition("=")[::2] for arg in process.args)
    factor = {"K": 1024, "k": 1024, "M": 1024**2, "G": 1024**3}
    size = given.get("bs", "512")
    block = int(size.rstrip("KkMG") or 1) * factor.get(size[-1], 1)
    total = block * int(given.get("count", "1"))
    source = given.get("if", "-")
    data = bytes(min(total, 1 << 26)) if source in ("/dev/zero", "/dev/urandom") else await read_input(process, source)
    if "of" in given:
        process.box.files.write(process.path(given["of"]), data, now=process.box.clock.now())
    else:
        await process.out(data)
    await process.err(f"{given.get('count', '1')}+0 records in\n{given.get('count', '1')}+0 records out\n")
    return 0
