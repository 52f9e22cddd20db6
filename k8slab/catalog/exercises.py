"""Reads one exercise folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from k8slab.grading.parse import parse_checks
from k8slab.grading.spec import Check, Text

from .course import Exercise, Wrong
from .fields import Field
from .files import digest, entries, read_text
from .manifests import check_kubectl, check_objects, check_start
from .positions import Placed, read_documents
from .problems import Problems, Tell
from .schema import CAPABILITIES, EXERCISE, EXERCISE_FILES

_FAILS = re.compile(r"#\s*fails:\s*(\S+)\s*")
PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")  # a shell's ${HOME} is not ours
_VARIABLE = re.compile(r"[a-z][a-z0-9_]*")


def read_exercise(folder: Path, lesson: str, problems: Problems) -> Exercise:
    """The exercise as far as it could be read: whether it is whole, `problems.within(folder)` says."""
    fields = read_record(folder / "exercise.yaml", problems).record(EXERCISE)
    checks = _checks(fields.get("checks"))
    solution, kind = _solution(folder, problems)
    exercise = Exercise(
        id=Field(Placed(folder.name, {}), folder.name, problems.teller(folder)).label(),
        lesson=lesson,
        title=fields["title"].text() if "title" in fields else Text("", ""),
        task=fields["task"].text() if "task" in fields else Text("", ""),
        start=_manifest(folder / "start.yaml", problems),
        setup=_manifest(folder / "setup.yaml", problems) if (folder / "setup.yaml").exists() else "",
        solution=solution,
        solution_kind=kind,
        wrong=_wrongs(folder, checks, problems),
        checks=checks,
        needs=_capabilities(fields.get("capabilities")),
        vars=_variables(fields.get("vars")),
        hash=hashlib.sha256(f"{lesson}/{folder.name}/{digest(folder)}".encode()).hexdigest(),
    )
    _check_files(folder, problems)
    _check_placeholders(folder, exercise.vars, problems)
    return exercise


def read_record(path: Path, problems: Problems) -> Field:
    """The one document of a YAML file; an empty mapping after telling why there is none."""
    tell = problems.teller(path)
    text = read_text(path, tell)
    documents = read_documents(text, tell) if text is not None else ()
    if len(documents) == 1:
        return Field(documents[0], documents[0].value, tell)
    if text is not None and not problems.within(path):
        tell(0, "holds nothing" if not documents else "must be one YAML document")
    return Field(Placed({}, {}), {}, lambda line, message: None)


def _checks(field: Field | None) -> tuple[Check, ...]:
    return parse_checks(field.value, field.problem_below) if field else ()


def _capabilities(field: Field | None) -> tuple[str, ...]:
    if field is None:
        return ()
    for item in field.items():
        if item.value not in CAPABILITIES:
            item.problem(f"unknown capability {item.value!r}; there are: {', '.join(CAPABILITIES)}")
    return field.each(Field.string)


def _variables(field: Field | None) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, choices in (field.mapping() if field else {}).items():
        if not _VARIABLE.fullmatch(name):
            choices.problem(f"{name!r} must be lower-case letters, digits and '_'")
        found[name] = choices.each(Field.string)
        if len(set(found[name])) < 2:
            choices.problem("needs at least two different choices")
    return found


def _manifest(path: Path, problems: Problems) -> str:
    tell = problems.teller(path)
    text = read_text(path, tell) or ""
    if path.name == "start.yaml":
        check_start(text, tell)
    elif not problems.within(path):
        check_objects(text, tell)
    return text


def _solution(folder: Path, problems: Problems) -> tuple[str, Literal["yaml", "kubectl"]]:
    yaml, shell = folder / "solution.yaml", folder / "solution.sh"
    if not shell.exists():
        return _manifest(yaml, problems), "yaml"
    tell = problems.teller(shell)
    if yaml.exists():
        tell(0, "stands beside a solution.yaml: there can be one solution")
    text = read_text(shell, tell) or ""
    check_kubectl(text, tell)
    return text, "kubectl"


def _wrongs(folder: Path, checks: tuple[Check, ...], problems: Problems) -> tuple[Wrong, ...]:
    tell = problems.teller(folder / "wrong")
    if not (folder / "wrong").is_dir():
        tell(0, "this folder is missing: an exercise shows at least one wrong solution and the check it fails")
        return ()
    files = entries(folder / "wrong", tell)
    if not files:
        tell(0, "holds no wrong solution")
    return tuple(_wrong(path, checks, problems) for path in files)


def _wrong(path: Path, checks: tuple[Check, ...], problems: Problems) -> Wrong:
    tell = problems.teller(path)
    if path.suffix != ".yaml":
        tell(0, "does not belong here: a wrong solution is a .yaml file")
        return Wrong(path.stem, "", "")
    text = _manifest(path, problems)
    match = _FAILS.fullmatch(text.split("\n", 1)[0])
    if match is None:
        tell(1, "must begin with the line '# fails: <check-id>'")
    elif checks and match[1] not in {check.id for check in checks}:
        tell(1, f"there is no check {match[1]!r}; there are: {', '.join(check.id for check in checks)}")
    return Wrong(path.stem, match[1] if match else "", text)


def _check_files(folder: Path, problems: Problems) -> None:
    for path in entries(folder, problems.teller(folder)):
        if path.name not in (*EXERCISE_FILES, "wrong"):
            problems.add(path, 0, f"does not belong here; here may stand: {', '.join(EXERCISE_FILES)}, wrong/")


def _check_placeholders(folder: Path, variables: Mapping[str, tuple[str, ...]], problems: Problems) -> None:
    used: set[str] = set()
    for path in sorted(folder.rglob("*.*")):
        if path.is_file():
            used |= _placeholders(path, variables, problems.teller(path))
    for name in variables.keys() - used:
        problems.add(folder / "exercise.yaml", 0, f"the variable {name!r} is not used anywhere")


def _placeholders(path: Path, variables: Mapping[str, tuple[str, ...]], tell: Tell) -> set[str]:
    text = read_text(path, lambda line, message: None) or ""
    found = set()
    for match in PLACEHOLDER.finditer(text):
        found.add(match[1])
        if match[1] not in variables:
            tell(text.count("\n", 0, match.start()) + 1, f"{match[0]} is not among the exercise's vars")
    return found
