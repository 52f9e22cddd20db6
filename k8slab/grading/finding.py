"""What one expectation found, before time decides between waiting and failing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .report import Difference, Message
from .spec import Obj

# "no" is final: time cannot help. "not-yet" may come true without the student's doing.
Outcome = Literal["yes", "not-yet", "no", "error"]
WORST_LAST: tuple[Outcome, ...] = ("yes", "not-yet", "no", "error")


@dataclass(frozen=True, slots=True)
class Finding:
    outcome: Outcome
    messages: tuple[Message, ...] = ()
    differences: tuple[Difference, ...] = ()
    about: tuple[Obj, ...] = ()  # whose Events and states explain it
    again_at: float | None = None  # when it may change though nothing in the cluster does


YES = Finding("yes")


def not_yet(*messages: Message, about: Iterable[Obj] = (), again_at: float | None = None) -> Finding:
    return Finding("not-yet", messages, about=tuple(about), again_at=again_at)


def no(*messages: Message, about: Iterable[Obj] = ()) -> Finding:
    return Finding("no", messages, about=tuple(about))


def together(findings: Iterable[Finding]) -> Finding:
    """All of them at once: the worst outcome, with what each of the unfulfilled had to say."""
    found = [f for f in findings if f.outcome != "yes"]
    if not found:
        return YES
    return Finding(
        max((f.outcome for f in found), key=WORST_LAST.index),
        _unique(m for f in found for m in f.messages),
        tuple(d for f in found for d in f.differences),
        tuple({id(o): o for f in found for o in f.about}.values()),
        min((f.again_at for f in found if f.again_at is not None), default=None),
    )


def _unique(messages: Iterable[Message]) -> tuple[Message, ...]:
    kept: list[Message] = []
    for message in messages:  # a message holds a mapping, so it cannot be hashed
        if message not in kept:
            kept.append(message)
    return tuple(kept)
