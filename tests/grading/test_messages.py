from __future__ import annotations

import ast
from pathlib import Path

import k8slab.grading.messages as messages
from k8slab.grading.messages import WORDING, english, parameters, say

ROOM = Path(messages.__file__).parent


def said() -> list[tuple[str, frozenset[str]]]:
    """Every `say("code", name=…)` of the room."""
    calls = [
        node
        for file in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
    ]
    literal = [call for call in calls if isinstance(call.args[0], ast.Constant)]
    return [(c.args[0].value, frozenset(k.arg for k in c.keywords)) for c in literal]  # type: ignore[union-attr, misc]


def test_it_works() -> None:
    message = say("rollout", object="Deployment/web", ready=1, wanted=3)
    assert english(message) == "Deployment/web: 1 of 3 ready."


def test_every_message_is_said_with_the_parameters_of_its_wording() -> None:
    for code, given in said():
        assert given == parameters(code), code


def test_every_wording_is_used() -> None:
    by_variable = {"needs-waiting", "needs-failed", "needs-error"}
    assert {code for code, _ in said()} | by_variable == set(WORDING)
