"""Reading what a check expects of an answer, and its hints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from .expressions import ExpressionError, compiled, pattern_problem
from .reading import (
    Fields,
    Path,
    Problem,
    Reader,
    bilingual,
    flag,
    many,
    partial,
    text,
    whole,
    words,
)
from .spec import Hint, Probe, Text


def _pattern(raw: object, path: Path, problem: Problem) -> str | None:
    found = text(raw, path, problem)
    wrong = pattern_problem(found) if found else ""
    if wrong:
        problem(path, f"not a regular expression (RE2): {wrong}")
    return found


def _statuses(raw: object, path: Path, problem: Problem) -> tuple[int, ...] | None:
    """One status code or a list of them."""
    return many(whole(100, 599))(raw if isinstance(raw, list) else [raw], path, problem)


def _spoken(raw: object, path: Path, problem: Problem) -> str | None:
    """Any text, the empty one too."""
    return raw if isinstance(raw, str) else text(raw, path, problem)


# what may be expected of each kind of answer; `error: true` expects that there is none
EXPECT: Mapping[str, Mapping[str, Reader[Any]]] = {
    "http": {"status": _statuses, "body": _spoken, "bodyContains": words, "bodyMatches": _pattern, "error": flag},
    "dns": {"addresses": words, "contains": words, "clusterIPOf": text, "count": whole(0, 100), "error": flag},
    "exec": {
        "exitCode": whole(0, 255),
        "stdout": _spoken,
        "stdoutContains": words,
        "stdoutMatches": _pattern,
        "stderrContains": words,
    },
}


def _command(raw: object, path: Path, problem: Problem) -> tuple[str, ...] | None:
    """A list of words, or one line for the shell."""
    if isinstance(raw, str) and raw.strip():
        return ("sh", "-c", raw)
    found = many(text)(raw, path, problem)
    if found == ():
        problem(path, "the command is empty")
    return found or None


def probe(raw: object, path: Path, problem: Problem) -> Probe | None:
    fields = Fields(raw, path, problem)
    source = fields.require("from", text, "")
    container = fields.take("container", text, None)
    targets = {
        "http": fields.take("http", _url, None),
        "dns": fields.take("dns", text, None),
        "exec": fields.take("exec", _command, None),
    }
    asked = [kind for kind in targets if kind in fields]
    kind = asked[0] if len(asked) == 1 else ""
    if not kind:
        problem(path, "should ask exactly one of http, dns and exec")
    nothing: dict[str, Any] = {}
    expect = fields.take("expect", _expect(kind) if kind else partial, nothing)
    fields.close()
    target = targets.get(kind)
    if not source or target is None:
        return None
    return Probe(source, cast(Literal["http", "dns", "exec"], kind), target, expect, container)


def _url(raw: object, path: Path, problem: Problem) -> str | None:
    found = text(raw, path, problem)
    if found and not found.startswith(("http://", "https://")):
        problem(path, f"{found!r} should start with http:// or https://")
        return None
    return found


def _expect(kind: str) -> Reader[dict[str, Any]]:
    def read(raw: object, path: Path, problem: Problem) -> dict[str, Any] | None:
        fields = Fields(raw, path, problem)
        found = {key: fields.take(key, reader, None) for key, reader in EXPECT[kind].items()}
        fields.close()
        return {key: value for key, value in found.items() if value is not None}

    return read


def hint(raw: object, path: Path, problem: Problem) -> Hint | None:
    fields = Fields(raw, path, problem)
    say = fields.require("say", bilingual, Text(en="", ko=""))
    always: tuple[str | None, str | None, str | None] = (None, None, None)
    event, contains, cel = fields.take("when", _when, always)
    fields.close()
    return Hint(say, event, contains, cel) if say.en else None


def _when(raw: object, path: Path, problem: Problem) -> tuple[str | None, str | None, str | None]:
    fields = Fields(raw, path, problem)
    event, contains = fields.take("event", text, None), fields.take("contains", text, None)
    cel = fields.take("cel", expression, None)
    if fields.readable and not fields.raw:
        problem(path, "is empty: leave `when` out for a hint that always fits")
    fields.close()
    return event, contains, cel


def expression(raw: object, path: Path, problem: Problem) -> str | None:
    found = text(raw, path, problem)
    if found is None:
        return None
    try:
        compiled(found)
    except ExpressionError as wrong:
        problem(path, f"not a CEL expression: {wrong}")
        return None
    return found
