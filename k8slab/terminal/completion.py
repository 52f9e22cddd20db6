"""Tab: what the last word of a line may become."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from k8slab.kube.errors import KubeError

from .kubectl.completing import Completer
from .session import Session
from .shell.programs import registry

LONGEST_LINE = 4000  # characters
MOST = 200  # words
_BREAK = re.compile(r"(?:\|\||&&|[;|\n(`]|\bdo\s|\$\()")
_REDIRECT = re.compile(r"(?:[12&]?>>?|<)\s*[^\s<>]*\Z")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*")


@dataclass(frozen=True, slots=True)
class Found:
    start: int  # of the word that is completed, in the line
    words: list[str] = field(default_factory=list)


def complete(session: Session, line: str) -> Found:
    """Args: the line up to the cursor. A line that ends inside quotes, or is very long, has no completion."""
    if len(line) > LONGEST_LINE:
        return Found(len(line))
    begun = max((found.end() for found in _BREAK.finditer(line)), default=0)
    words, current = _split(line[begun:])
    if current is None:
        return Found(len(line))
    start = len(line) - len(current)
    if _REDIRECT.search(line):
        offered: Sequence[str] = list(session.files.names())
    elif not words:
        shown = [name for name, program in registry.all_programs().items() if program.summary]
        offered = [*shown, *session.shell.state.aliases]
    else:
        offered = _of_program(session, words, current)
    fitting = sorted({word for word in offered if word.startswith(current)})
    return Found(start, fitting[:MOST])


def _of_program(session: Session, words: list[str], current: str) -> Sequence[str]:
    words = _without_alias(session, words)
    if words[0] in ("watch", "xargs") and len(words) > 1:
        words = words[1:]
    if words[0] != "kubectl":
        return list(session.files.names())
    try:
        client = session.client()
    except KubeError:
        return []
    namespace = session.kept.get("namespace") or session.namespace
    return Completer(client, namespace, list(session.files.names()), session.names).offer(words[1:], current)


def _without_alias(session: Session, words: list[str]) -> list[str]:
    value = session.shell.state.aliases.get(words[0])
    if value is None:
        return words
    try:
        return [*shlex.split(value), *words[1:]] or words
    except ValueError:
        return words


def _split(text: str) -> tuple[list[str], str | None]:
    """(whole words, the word that is being typed); None for the latter inside quotes."""
    text = text.lstrip()
    current = "" if not text or text[-1].isspace() else text.split()[-1]
    before = text[: len(text) - len(current)]
    if any(mark in current for mark in "'\"\\$"):
        return [], None
    try:
        words = shlex.split(before)
    except ValueError:
        return [], None
    while words and _ASSIGNMENT.fullmatch(words[0]):
        words.pop(0)
    return words, current
