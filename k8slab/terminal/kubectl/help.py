"""`--help`, generated from what the verbs say of themselves."""

from __future__ import annotations

import difflib

from .flags import GLOBAL, Flag
from .registry import Verb, all_verbs, members


def root_help() -> str:
    names = {path[0]: verb for path, verb in sorted(all_verbs().items(), reverse=True)}
    rows = "".join(f"  {name:<15} {verb.summary}\n" for name, verb in sorted(names.items()))
    head = "kubectl controls the Kubernetes cluster manager.\n\n Commands:\n"
    return (
        f'{head}{rows}\nUsage:\n  kubectl [flags] [options]\n\nUse "kubectl <command> --help" for more information.\n'
    )


def group_help(group: str) -> str:
    rows = "".join(f"  {verb.path[1]:<15} {verb.summary}\n" for verb in members([group]))
    return f"Available Commands:\n{rows}\nUsage:\n  kubectl {group} SUBCOMMAND [options]\n"


def verb_help(verb: Verb) -> str:
    parts = [f"{verb.summary}\n"]
    if verb.examples:
        parts.append(f"\nExamples:\n{verb.examples.rstrip()}\n")
    own = [flag for flag in verb.flags if flag not in GLOBAL]
    if own:
        parts.append("\nOptions:\n" + "".join(_option(flag) for flag in own))
    return "".join([*parts, f"\nUsage:\n  kubectl {verb.name} {verb.usage} [options]\n"])


def unknown_command(name: str) -> str:
    close = difflib.get_close_matches(name, sorted({path[0] for path in all_verbs()}), cutoff=0.7)
    hint = "\n\nDid you mean this?\n" + "\n".join(f"\t{word}" for word in close) if close else ""
    return f'error: unknown command "{name}" for "kubectl"{hint}'


def _option(flag: Flag) -> str:
    letter = f"-{flag.short}, " if flag.short else "    "
    default = {"bool": flag.default or "false", "text": f"'{flag.default}'"}.get(flag.kind, "[]")
    return f"    {letter}--{flag.name}={default}:\n\t{flag.help}\n"
