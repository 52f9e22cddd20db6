"""From the YAML of an exercise's `checks:` to frozen checks. Strict, complete, and it never raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from .expression_paths import mentions
from .parse_parts import expression, hint, probe
from .parse_refs import disturb, object_ref
from .reading import Fields, Path, Problem, bilingual, flag, label, many, one_of, partial, period, sort, whole
from .spec import Check, Text

NO_TEXT = Text(en="", ko="")


def parse_checks(raw: object, problem: Problem) -> tuple[Check, ...]:
    """The checks, as far as they can be read. Whoever hears of a problem should not use them."""
    if not isinstance(raw, list) or not raw:
        problem((), f"checks should be a list of at least one check, is {sort(raw) if raw else 'empty'}")
        return ()
    read = [(place, _check(entry, (place,), problem)) for place, entry in enumerate(raw)]
    found = [(place, check) for place, check in read if check is not None]
    _unique(found, problem)
    _known_needs(found, problem)
    _no_circles(found, problem)
    return tuple(check for _, check in found)


def _check(raw: object, path: Path, problem: Problem) -> Check | None:
    fields = Fields(raw, path, problem)
    check = Check(
        id=fields.require("id", label, ""),
        title=fields.require("title", bilingual, NO_TEXT),
        points=fields.take("points", whole(0, 100), 1),
        needs=fields.take("needs", many(label), ()),
        mode=cast(Literal["level", "edge"], fields.take("mode", one_of("level", "edge"), "level")),
        object=fields.take("object", object_ref, None),
        settled=fields.take("settled", flag, False),
        match=fields.take("match", partial, None),
        cel=fields.take("cel", expression, None),
        probe=fields.take("probe", probe, None),
        disturb=fields.take("disturb", disturb, None),
        within=fields.take("within", period, 30.0),
        because=fields.take("because", bilingual, None),
        hints=fields.take("hints", many(hint), ()),
        reveal=fields.take("reveal", flag, True),
    )
    fields.close()
    _expects(check, fields)
    return check if check.id else None


def _expects(check: Check, fields: Fields) -> None:
    """A check that expects nothing would pass by itself."""
    if fields.readable and not any(key in fields for key in ("object", "cel", "probe")):
        fields.problem(fields.path, "expects nothing: it needs object, cel or probe")
    if "object" not in fields:
        for key in ("settled", "match"):
            if key in fields:
                fields.problem((*fields.path, key), f"{key} needs an object")
        for root in ("object", "objects"):
            if check.cel and mentions(check.cel, root):
                fields.problem((*fields.path, "cel"), f"the expression looks at {root}, but the check has no object")


def _unique(found: list[tuple[int, Check]], problem: Problem) -> None:
    seen: set[str] = set()
    for place, check in found:
        if check.id in seen:
            problem((place, "id"), f"a check with the id {check.id} exists already")
        seen.add(check.id)


def _known_needs(found: list[tuple[int, Check]], problem: Problem) -> None:
    ids = {check.id for _, check in found}
    for place, check in found:
        for nth, need in enumerate(check.needs):
            if need not in ids:
                problem((place, "needs", nth), f"there is no check with the id {need}")


def _no_circles(found: list[tuple[int, Check]], problem: Problem) -> None:
    needs = {check.id: check.needs for _, check in found}
    for place, check in found:
        if _reaches(check.id, check.id, needs):
            problem((place, "needs"), f"{check.id} needs itself in the end")


def _reaches(start: str, goal: str, needs: Mapping[str, tuple[str, ...]]) -> bool:
    waiting, seen = list(needs[start]), set[str]()
    while waiting:
        check = waiting.pop()
        if check == goal:
            return True
        if check not in seen:
            seen.add(check)
            waiting.extend(needs.get(check, ()))
    return False
