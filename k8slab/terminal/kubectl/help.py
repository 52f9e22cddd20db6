"""`--help`, generated from what the verbs say of themselves."""

from __future__ import annotations

from .flags import GLOBAL, Flag
from .registry import Verb, all_verbs, members

NEAR = 2  # letters that may differ in what is suggested instead of an unknown command
ORDER = (  # kubectl's own order of its commands
    *("create", "expose", "run", "set", "explain", "get", "edit", "delete", "rollout", "scale", "autoscale"),
    *("certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint", "describe", "logs", "attach"),
    *("exec", "port-forward", "proxy", "cp", "auth", "debug", "events", "diff", "apply", "patch", "replace", "wait"),
    *("kustomize", "label", "annotate", "completion", "api-resources", "api-versions", "config", "plugin", "version"),
)


def root_help() -> str:
    names = {path[0]: verb for path, verb in sorted(all_verbs().items(), reverse=True)}
    rows = "".join(f"  {name:<15} {verb.summary}\n" for name, verb in sorted(names.items()))
    head = "kubectl controls the Kubernetes cluster manager.\n\n Commands:\n"
    return (
        f'{head}{rows}\nUsage:\n  kubectl [flags] [options]\n\nUse "kubectl <command> --help" for more information.\n'
    )


def group_help(group: str) -> str:
    path = group.split()
    rows = "".join(f"  {verb.path[len(path)]:<15} {verb.summary}\n" for verb in members(path) if verb.name == verb.of)
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
    known = sorted({path[0] for path in all_verbs()}, key=_place)
    close = [word for word in known if word.startswith(name.lower()) or _distance(name.lower(), word) <= NEAR]
    hint = "\n\nDid you mean this?\n" + "".join(f"\t{word}\n" for word in close) if close else ""
    return f'Error: unknown command "{name}" for "kubectl"{hint}' + (
        "" if close else "\nRun 'kubectl --help' for usage."
    )


def _place(word: str) -> tuple[int, str]:
    return (ORDER.index(word), "") if word in ORDER else (len(ORDER), word)


def _distance(a: str, b: str) -> int:
    """Letters to insert, to leave out or to change."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != other))
    return row[-1]


def _option(flag: Flag) -> str:
    letter = f"-{flag.short}, " if flag.short else "    "
    default = {"bool": flag.default or "false", "text": f"'{flag.default}'"}.get(flag.kind, "[]")
    return f"    {letter}--{flag.name}={default}:\n\t{flag.help}\n"
