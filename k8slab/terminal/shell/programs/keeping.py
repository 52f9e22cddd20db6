"""history, alias, export and their like: what a terminal remembers."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from .registry import Call, find, program

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ALIAS = re.compile(r"[A-Za-z0-9_.-]+")
MOST_ALIASES = 100


@program("history", summary=_("The lines of before (-c forgets them)"))
def history(call: Call) -> None:
    if call.args == ["-c"]:
        call.state.history.clear()
        return
    last = int(call.args[0]) if call.args and call.args[0].isdigit() else len(call.state.history)
    first = max(0, len(call.state.history) - last)
    for number, line in enumerate(call.state.history[first:], first + 1):
        call.out(f"{number:5}  {line}\n")


@program("alias", summary=_("Short names for commands: alias kg='kubectl get'"))
def alias(call: Call) -> int:
    code = 0
    for word in call.args or sorted(call.state.aliases):
        name, equals, value = word.partition("=")
        if equals:
            if not _ALIAS.fullmatch(name) or len(value) > 1000 or len(call.state.aliases) >= MOST_ALIASES:
                raise call.fail(f"`{name}': invalid alias name")
            call.state.aliases[name] = value
        elif name in call.state.aliases:
            call.out(f"alias {name}='{call.state.aliases[name]}'\n")
        else:
            call.streams.err(f"bash: alias: {name}: not found\n")
            code = 1
    return code


@program("unalias")
def unalias(call: Call) -> None:
    for name in call.args:
        if call.state.aliases.pop(name, None) is None:
            raise call.fail(f"{name}: not found")


@program("export", "declare", summary=_("Keeps variables: export NS=web"))
def export(call: Call) -> None:
    for word in call.args:
        name, equals, value = word.partition("=")
        if not _NAME.fullmatch(name):
            raise call.fail(f"`{word}': not a valid identifier")
        if equals:
            call.state.assign(name, value)


@program("unset")
def unset(call: Call) -> None:
    for name in call.args:
        call.state.variables.pop(name, None)


@program("env", "printenv", "set")
def env(call: Call) -> int:
    if call.args and call.name == "printenv":
        value = call.state.variables.get(call.args[0])
        call.out("" if value is None else f"{value}\n")
        return 0 if value is not None else 1
    call.out("".join(f"{name}={value}\n" for name, value in sorted(call.state.variables.items())))
    return 0


@program("which", "type")
def which(call: Call) -> int:
    missing = False
    for name in call.args:
        if name in call.state.aliases:
            call.out(f"{name} is aliased to `{call.state.aliases[name]}'\n")
        elif find(name):
            call.out(f"/usr/bin/{name}\n" if call.name == "which" else f"{name} is /usr/bin/{name}\n")
        else:
            missing = True
    return int(missing)


@program("true", ":")
def true(call: Call) -> int:
    return 0


@program("false")
def false(call: Call) -> int:
    return 1


@program("whoami")
def whoami(call: Call) -> None:
    call.out("student\n")


@program("hostname")
def hostname(call: Call) -> None:
    call.out("k8slab\n")
