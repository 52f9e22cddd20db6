"""What a shell text means, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from k8slab.emulator.nodes.shell.words import Word


@dataclass
class Redirect:
    fd: int
    operator: str
    target: Word


@dataclass
class Simple:
    assignments: list[tuple[str, Word]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)


@dataclass
class Pipeline:
    stages: list[Node]
    negated: bool = False


@dataclass
class AndOr:
    first: Node
    rest: list[tuple[str, Node]]


@dataclass
class Sequence:
    items: list[tuple[Node, bool]]  # True: in the background


@dataclass
class If:
    arms: list[tuple[Node, Node]]
    otherwise: Node | None


@dataclass
class While:
    test: Node
    body: Node
    until: bool


@dataclass
class For:
    name: str
    words: list[Word] | None
    body: Node


@dataclass
class Case:
    subject: Word
    arms: list[tuple[list[Word], Node]]


@dataclass
class Function:
    name: str
    body: Node


@dataclass
class Group:
    body: Node
    subshell: bool
    redirects: list[Redirect] = field(default_factory=list)


Node = Simple | Pipeline | AndOr | Sequence | If | While | For | Case | Function | Group
