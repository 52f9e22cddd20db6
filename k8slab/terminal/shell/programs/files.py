"""cat, ls, tee, touch: the exercise's files, a single folder that the editor shows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..state import HOME
from .kept import Kept
from .options import read_options
from .registry import Call, Filter, Filtering, line_filter, program


@line_filter("cat", "less", "more", summary=_("Shows files, or what comes through a pipe (-n)"))
def cat(call: Call) -> Filtering:
    options = read_options(call, "nuNRS" if call.name == "less" else "nu")
    files = [name for name in options.operands if name != "-"]
    return Filtering(lambda _: _cat(call, options.on("n")), files, together=True)


def _cat(call: Call, numbered: bool) -> Filter:
    number = 0
    while (line := (yield)) is not None:
        number += 1
        call.out(f"{number:6}\t{line}" if numbered else line)
    return 0


@program("ls", summary=_("The files of the exercise (-l -1)"))
def ls(call: Call) -> int:
    options = read_options(call, "la1hAtr")
    there = list(call.streams.files.names())
    code, chosen = 0, list[str]()
    for name in options.operands or there:
        if name in there:
            chosen.append(name)
        elif name in (".", "./", HOME, "~"):
            chosen += there
        else:
            call.streams.err(f"ls: cannot access '{name}': No such file or directory\n")
            code = 2
    if options.on("l"):
        _long(call, chosen)
    elif chosen:
        single = options.on("1") or not call.streams.tty
        call.out("".join(f"{name}\n" for name in chosen) if single else _in_columns(chosen, call.streams.columns))
    return code


def _long(call: Call, names: list[str]) -> None:
    sizes = {name: len((call.streams.files.read(name) or "").encode("utf-8", "replace")) for name in names}
    width = max((len(str(size)) for size in sizes.values()), default=1)
    for name, size in sizes.items():
        call.out(f"-rw-r--r-- 1 student student {size:{width}} {name}\n")


def _in_columns(names: list[str], columns: int) -> str:
    width = max(map(len, names)) + 2
    each = max(1, columns // width)
    rows = [names[at : at + each] for at in range(0, len(names), each)]
    return "".join("".join(f"{name:{width}}" for name in row).rstrip() + "\n" for row in rows)


@line_filter("tee", summary=_("Writes a file and passes the lines on (-a)"))
def tee(call: Call) -> Filtering:
    options = read_options(call, "a")
    return Filtering(lambda _: _tee(call, options.operands, options.on("a")))


def _tee(call: Call, names: list[str], append: bool) -> Filter:
    kept = Kept("tee")
    while (line := (yield)) is not None:
        kept.add(line)
        call.out(line)
    for name in names:
        before = (call.streams.files.read(name) or "") if append else ""
        call.streams.files.write(name, before + kept.text)
    return 0


@program("touch", summary=_("Makes an empty file"))
def touch(call: Call) -> None:
    for name in read_options(call, "").operands:
        if call.streams.files.read(name) is None:
            call.streams.files.write(name, "")


@program("pwd")
def pwd(call: Call) -> None:
    call.out(f"{HOME}\n")


@program("cd", "mkdir", "rm", "mv", "rmdir")
def one_folder(call: Call) -> int:
    if call.name == "cd" and call.args in ([], ["~"], ["."], [HOME]):
        return 0
    raise call.fail("the exercise's files are one folder, and the editor keeps them")
