"""kubectl inside the process: from words to a verb's function, and from whatever happens there to an exit code."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from k8slab.kube.client import Client
from k8slab.kube.errors import KubeError

from ..streams import Interrupted, Streams
from . import registry
from .flags import read_flags
from .help import group_help, root_help, unknown_command, verb_help
from .invocation import Failed, Invocation
from .wording import error_line

INTERRUPTED = 130  # as a shell says it


def kubectl(words: Sequence[str], client: Client, namespace: str, streams: Streams) -> int:
    """Runs `kubectl WORDS…`. Returns the exit code; raises Interrupted at the stop.

    Args: `client` acts as the student; `namespace` is where a command works that names none.
    """
    try:
        return _run(list(words), client, namespace, streams)
    except Failed as failure:
        if failure.message:
            streams.err(failure.message + "\n")
        return failure.code
    except KubeError as error:
        streams.err(error_line(error) + "\n")
        return 1
    except (RecursionError, orjson.JSONEncodeError):
        streams.err("error: the object is nested too deeply\n")
        return 1


def _run(words: list[str], client: Client, namespace: str, streams: Streams) -> int:
    before, words = _split(words)
    found = registry.find(words)
    if found is None:
        return _no_verb(words, streams)
    verb, count = found
    if count < len(words) and registry.members(words[: count + 1]):
        return _incomplete(words[: count + 1], words[count + 1 :], streams)
    parsed = read_flags(verb.of, [*before, *words[count:]], verb.all_flags)
    if parsed.flags.on("help"):
        streams.out(verb_help(verb))
        return 0
    invocation = Invocation(verb.of, parsed.args, parsed.after_dashes, parsed.flags, streams, client, namespace)
    return verb.run(invocation) or 0


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """`kubectl -n web get pods`: the global flags that stand before the verb, and the rest."""
    before: list[str] = []
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] not in ("-h", "--help"):
        flag = rest.pop(0)
        before.append(flag)
        if rest and flag in ("-n", "--namespace", "--as", "--as-group", "--request-timeout", "-v"):
            before.append(rest.pop(0))
    return before, rest


def _incomplete(group: list[str], rest: list[str], streams: Streams) -> int:
    """`kubectl create service`: a group below a verb, whose member is not known or not named."""
    named = [word for word in rest if not word.startswith("-")]
    name = " ".join(group)
    if named:
        raise Failed(f"error: unknown command \"{' '.join(named)}\"\nSee 'kubectl {name} -h' for help and examples")
    asked = {"-h", "--help"} & set(rest)
    (streams.out if asked else streams.err)(group_help(name))
    return 0 if asked else 1


def _no_verb(words: list[str], streams: Streams) -> int:
    named = [word for word in words if not word.startswith("-")]
    if not named or named == ["help"]:
        streams.out(root_help())
        return 0
    if named[0] == "help" and (found := registry.find(named[1:])):
        streams.out(verb_help(found[0]))
        return 0
    if registry.members(named[:1]):
        place = words.index(named[0]) + 1
        return _incomplete(named[:1], words[place:], streams)
    raise Failed(unknown_command(named[0]))


__all__ = ["Interrupted", "kubectl"]
