"""docs/settings.md names every environment variable that is read, and none that is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from k8slab.supervisor.places import ROOT

PASSED_ON = {"PATH", "PYTHONPATH", "DJANGO_SETTINGS_MODULE", "PIP_INDEX_URL", "HTTPS_PROXY"}
NAME = re.compile(r"[A-Z][A-Z0-9_]+")


def strings_passed_to(file: Path, readers: set[str]) -> Iterator[tuple[str, str]]:
    """(reader, variable) of every call like `env.str("NAME")`, `secret("NAME")` or `os.environ.get("NAME")`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            reader = ast.unparse(node.func).rpartition(".")
            if reader[0] in readers or reader[2] in readers:
                yield reader[2], str(node.args[0].value)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield "environ", ast.unparse(node.slice).strip("'")  # a variable's own name is no setting's: not upper case


def variables() -> set[str]:
    found = set()
    for reader, name in strings_passed_to(ROOT / "k8slab" / "settings.py", {"env", "secret"}):
        found |= {name, f"{name}_FILE"} if reader == "secret" else {name}
    sources = [ROOT / "lab", *(ROOT / "k8slab" / "supervisor").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    for file in sources:
        if file != Path(__file__):
            found |= {name for _, name in strings_passed_to(file, {"os.environ"})}
    return {name for name in found if NAME.fullmatch(name)} - PASSED_ON


def documented() -> set[str]:
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {name for row in rows for name in NAME.findall(row)}


def test_every_variable_is_described() -> None:
    assert variables() - documented() == set()


def test_no_description_is_stale() -> None:
    assert documented() - variables() == set()


def test_the_reader_finds_them() -> None:
    assert {"REDIS_URL_FILE", "K8SLAB_VAR", "CI", "NO_COLOR"} <= variables()
