"""YAML into a sandbox: a submission as the student, an exercise's own objects as the app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from k8slab.kube.apply import Outcome, Rules, apply_documents
from k8slab.kube.documents import parse
from k8slab.kube.problems import Problem

from . import actions, further
from .cluster import app_client, student_client
from .models import Sandbox

# Setup and submission have one field manager: what the setup said and a student's YAML no longer says is removed.
RULES = Rules(
    field_manager="k8slab",
    force=True,
    cluster_scoped=frozenset(kind for _, kind in further.KINDS),
    prefixed=True,  # of the whole cluster only what carries the sandbox's name
)


@dataclass(frozen=True, slots=True)
class Applying:
    """`problems` of the text: then nothing is applied. Otherwise each object's outcome as it comes."""

    problems: tuple[Problem, ...] = ()
    outcomes: Iterator[Outcome] = field(default_factory=lambda: iter(()))


class SetupError(Exception):
    """An exercise's own YAML is wrong: the author's fault, not the student's."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"line {p.line}: {p.code} {dict(p.params)} {p.detail}" for p in problems))
        self.problems = problems


def apply_text(sandbox: Sandbox, text: str) -> Applying:
    """As the student. Iterating raises the KubeError of a cluster that is in trouble, after that object's outcome."""
    parsed = parse(text)
    if parsed.problems:
        return Applying(parsed.problems)
    outcomes = apply_documents(student_client(sandbox), parsed.documents, sandbox.namespace, RULES)
    return Applying((), _adopting(sandbox, outcomes))


def _adopting(sandbox: Sandbox, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """What comes after a new namespace may stand in it, so it is made ready at once."""
    for outcome in outcomes:
        if outcome.kind == "Namespace" and outcome.action == "created":
            further.adopt(app_client(), actions.plan_of(sandbox), outcome.name)
        yield outcome


def apply_setup(sandbox: Sandbox, text: str) -> None:
    """As the app, all or error. Raises SetupError, or the KubeError of a cluster that is in trouble."""
    parsed = parse(text) if text.strip() else None
    if parsed is None or [problem.code for problem in parsed.problems] == ["empty"]:
        return
    if parsed.problems:
        raise SetupError(parsed.problems)
    for outcome in _adopting(sandbox, apply_documents(app_client(), parsed.documents, sandbox.namespace, RULES)):
        if outcome.problems and outcome.problems[0].code != "cluster-unavailable":
            raise SetupError(outcome.problems)
