"""Hands a state's text in as the student would: YAML by Submit, kubectl lines in the terminal."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from k8slab.attempts import files, wording
from k8slab.catalog.course import Language
from k8slab.kube.problems import Problem
from k8slab.sandbox.actions import switch_node
from k8slab.sandbox.apply import apply_text
from k8slab.sandbox.cluster import student_client
from k8slab.terminal.session import Session

from .stage import Stage

PATIENCE = 60.0  # seconds for all lines of a terminal
# A line of a solution.sh that stands for the button in the map: `# switch off ${namespace}-node-1`
_SWITCH = re.compile(r"#\s*switch\s+(on|off)\s+(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Handed:
    """`problems`: what the cluster or the reader had against it, worded. `output`: what the terminal said."""

    problems: tuple[str, ...] = ()
    output: str = ""


NOTHING = Handed()


def hand_in(stage: Stage, text: str, language: Language) -> Handed:
    """Raises the KubeError of a cluster that is in trouble."""
    own = stage.own(text)
    return _apply(stage, own) if language == "yaml" else _type(stage, own)


def _apply(stage: Stage, text: str) -> Handed:
    applying = apply_text(stage.sandbox, text)
    if applying.problems:
        return Handed(tuple(_worded(problem) for problem in applying.problems))
    return Handed(tuple(_worded(problem) for outcome in applying.outcomes for problem in outcome.problems))


def _worded(problem: Problem) -> str:
    words = wording.of_problem(problem.code, problem.params)
    return f"line {problem.line}: {words}" + (f" ({problem.detail})" if problem.detail else "")


class _Reader:
    """Stands for the page: takes all output at once, so that no command waits for it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def wake(self) -> None:
        self._session.scrollback.sent(self._session.scrollback.end)


def _type(stage: Stage, text: str) -> Handed:
    session = Session(0, stage.namespace, lambda: student_client(stage.sandbox))
    session.page, session.colours = _Reader(session), False
    session.files.take(files.starts(stage.exercise, stage.values))
    ending = threading.Timer(PATIENCE, session.interrupt)
    ending.start()
    try:
        for part in _parts(text):
            switch = _SWITCH.fullmatch(part)
            if switch:
                switch_node(stage.sandbox, switch[2], on=switch[1] == "on")
            else:
                session.take_lines(part, lambda work: work())
    finally:
        ending.cancel()
    return Handed(output=session.scrollback.since(0)[0].replace("\r\n", "\n"))


def _parts(text: str) -> list[str]:
    """The lines between two switches as one text; a switch as one line."""
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if _SWITCH.fullmatch(line):
            parts += [[line], []]
        else:
            parts[-1].append(line)
    return ["\n".join(lines) for lines in parts if lines]
