"""Reads one exercise folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from k8slab.grading.parse import parse_checks
from k8slab.grading.spec import Check, Text

from .course import Exercise, Language, StartFile, Wrong
from .fields import Field
from .files import digest, entries, read_text
from .manifests import check_kubectl, check_objects, check_start
from .positions import Placed, read_documents
from .problems import Problems, Tell
from .schema import BUILT_IN, CAPABILITIES, EXERCISE, EXERCISE_FILES, MAIN_FILE

_FAILS = re.compile(r"#\s*fails:\s*(\S+)\s*")
PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")  # a shell's ${HOME} is not ours
_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,50}\.yaml")
MOST_NODES = 4
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
        files=_starts(folder, fields.get("files"), problems),
        setup=_manifest(folder / "setup.yaml", problems) if (folder / "setup.yaml").exists() else "",
        solution=solution,
        solution_kind=kind,
        wrong=_wrongs(folder, checks, problems),
        checks=checks,
        needs=_capabilities(fields.get("capabilities")),
        vars=_variables(fields.get("vars")),
        nodes=fields["nodes"].number(1, MOST_NODES) if "nodes" in fields else 0,
        hints_cost=fields["hints_cost"].number(0, 100) if "hints_cost" in fields else 0,
        hash=hashlib.sha256(f"{lesson}/{folder.name}/{digest(folder)}".encode()).hexdigest(),
    )
    _check_nodes(fields, exercise)
    _check_files(folder, "files" in fields, problems)
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


def _check_nodes(fields: Mapping[str, Field], exercise: Exercise) -> None:
    if exercise.nodes and "private-nodes" not in exercise.needs:
        fields["nodes"].problem("needs the capability private-nodes")
    if "private-nodes" in exercise.needs and not exercise.nodes:
        fields["capabilities"].problem("private-nodes needs a number of nodes: 'nodes'")


def _variables(field: Field | None) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, choices in (field.mapping() if field else {}).items():
        if name == BUILT_IN:
            choices.problem(f"{name!r} is there already: the student's namespace")
        if not _VARIABLE.fullmatch(name):
            choices.problem(f"{name!r} must be lower-case letters, digits and '_'")
        found[name] = choices.each(Field.string)
        if len(set(found[name])) < 2:
            choices.problem("needs at least two different choices")
    return found


def _starts(folder: Path, field: Field | None, problems: Problems) -> tuple[StartFile, ...]:
    """`start.yaml`, or the files of `start/` in the order of `files`."""
    if field is None:
        return (StartFile(MAIN_FILE, _manifest(folder / "start.yaml", problems)),)
    names = field.each(_file_name)
    if len(set(names)) < len(names) or len(names) < 2:
        field.problem("needs at least two different files; for a single one there is start.yaml")
    for path in entries(folder / "start", problems.teller(folder / "start")):
        if path.name not in names:
            problems.add(path, 0, "is not among the exercise's files")
    return tuple(StartFile(name, _manifest(folder / "start" / name, problems)) for name in names if name)


def _file_name(field: Field) -> str:
    name = field.string()
    if name and not _FILE.fullmatch(name):
        field.problem(f"{name!r} must be lower-case letters, digits, '-' and '_', and end with .yaml")
        return ""
    return name


def _manifest(path: Path, problems: Problems) -> str:
    tell = problems.teller(path)
    text = read_text(path, tell) or ""
    if path.name == "start.yaml" or path.parent.name == "start":
        check_start(text, tell)
    elif not problems.within(path):
        check_objects(text, tell)
    return text


def _solution(folder: Path, problems: Problems) -> tuple[str, Language]:
    yaml, shell = folder / "solution.yaml", folder / "solution.sh"
    if not shell.exists():
        return _manifest(yaml, problems), "yaml"
    if yaml.exists():
        problems.add(shell, 0, "stands beside a solution.yaml: there can be one solution")
    return _lines(shell, problems), "kubectl"


def _lines(path: Path, problems: Problems) -> str:
    tell = problems.teller(path)
    text = read_text(path, tell) or ""
    check_kubectl(text, tell)
    return text


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
    if path.suffix not in (".yaml", ".sh"):
        tell(0, "does not belong here: a wrong solution is a .yaml or a .sh file")
        return Wrong(path.stem, "", "")
    kind: Language = "yaml" if path.suffix == ".yaml" else "kubectl"
    text = _manifest(path, problems) if kind == "yaml" else _lines(path, problems)
    match = _FAILS.fullmatch(text.split("\n", 1)[0])
    if match is None:
        tell(1, "must begin with the line '# fails: <check-id>'")
    elif checks and match[1] not in {check.id for check in checks}:
        tell(1, f"there is no check {match[1]!r}; there are: {', '.join(check.id for check in checks)}")
    return Wrong(path.stem, match[1] if match else "", text, kind)


def _check_files(folder: Path, several: bool, problems: Problems) -> None:
    fit = [name for name in EXERCISE_FILES if not (several and name == "start.yaml")] + ["start"] * several + ["wrong"]
    for path in entries(folder, problems.teller(folder)):
        if path.name not in fit:
            problems.add(path, 0, f"does not belong here; here may stand: {', '.join(fit)}/")


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
        if match[1] not in variables and match[1] != BUILT_IN:
            tell(text.count("\n", 0, match.start()) + 1, f"{match[0]} is not among the exercise's vars")
    return found
