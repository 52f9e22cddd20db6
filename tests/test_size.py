"""House rule 1 as a test: modules of at most 500 lines, functions of at most 50, hardly any close to that."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 500
LONG_FUNCTION = 50
TABLES = (ast.List, ast.Tuple, ast.Dict, ast.Set)
TOLERATED = 0.03  # of all functions


def sources() -> list[Path]:
    found = [*ROOT.glob("k8slab/**/*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/**/*.py")]
    return [file for file in found if "migrations" not in file.parts]


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without the docstring and without what is only data: a table may be as long as it is."""
    docstring = height(node.body[0]) if ast.get_docstring(node) else 0
    return height(node) - docstring - sum(height(table) - 1 for table in tables(node))


def tables(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, TABLES) and is_data(child):
            yield child
        else:
            yield from tables(child)


def is_data(node: ast.expr) -> bool:
    return all(isinstance(part, (ast.Constant, ast.expr_context, *TABLES)) for part in ast.walk(node))


def height(node: ast.stmt | ast.expr) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_modules_are_short() -> None:
    lengths = {file.relative_to(ROOT): len(file.read_text(encoding="utf-8").splitlines()) for file in sources()}
    assert {str(file): length for file, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    lengths: dict[str, int] = {}
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths[f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"] = code_lines(node)
    long = {name: length for name, length in lengths.items() if length > LONG_FUNCTION}
    assert len(long) <= TOLERATED * len(lengths), long
