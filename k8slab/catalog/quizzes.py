"""Reads one quiz file: a question and its right answers, each explained."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from k8slab.grading.spec import Text

from .course import Answer, Quiz
from .exercises import read_record
from .fields import Field
from .files import read_text
from .positions import Placed
from .problems import Problems
from .schema import QUIZ, QUIZ_BLANK, QUIZ_CHOICE, QUIZ_ITEM, QUIZ_KINDS, QUIZ_PAIR

GAP = re.compile(r"\{([a-z][a-z0-9-]*)\}")
FEWEST = 2  # answers, items, pairs: with one there is nothing to think about
POINTS = 20


def read_quiz(path: Path, lesson: str, problems: Problems) -> Quiz:
    """The quiz as far as it could be read: whether it is whole, `problems.within(path)` says."""
    fields = read_record(path, problems).record(QUIZ)
    kind = fields["kind"].string() if "kind" in fields else ""
    read = _READERS.get(kind)
    if "kind" in fields and read is None:
        fields["kind"].problem(f"unknown kind {kind!r}; there are: {', '.join(QUIZ_KINDS)}")
    _check_keys(kind, fields)
    source = read_text(path, lambda line, message: None) or ""
    return Quiz(
        id=Field(Placed(path.stem, {}), path.stem, problems.teller(path)).label(),
        lesson=lesson,
        kind=kind,
        title=fields["title"].text() if "title" in fields else Text("", ""),
        question=fields["question"].text() if "question" in fields else Text("", ""),
        sentence=fields["sentence"].text() if "sentence" in fields else Text("", ""),
        answers=read(fields) if read else (),
        worth=fields["points"].number(1, POINTS) if "points" in fields else 1,
        hash=hashlib.sha256(f"{lesson}/{path.stem}/{source}".encode()).hexdigest(),
    )


def _check_keys(kind: str, fields: Mapping[str, Field]) -> None:
    """Each kind has its own list; another's would silently mean nothing."""
    wanted = QUIZ_KINDS.get(kind, ())
    for key in wanted:
        if key not in fields and "title" in fields:
            fields["title"].problem(f"a quiz of kind {kind!r} needs {key!r}")
    for key in {key for keys in QUIZ_KINDS.values() for key in keys} - set(wanted):
        if kind in QUIZ_KINDS and key in fields:
            fields[key].problem(f"a quiz of kind {kind!r} has no {key!r}")


def _enough(field: Field) -> list[Field]:
    items = field.items()
    if 0 <= len(items) < FEWEST:
        field.problem(f"needs at least {FEWEST}")
    return items


def _text(fields: Mapping[str, Field], key: str) -> Text:
    return fields[key].text() if key in fields else Text("", "")


def _choices(fields: Mapping[str, Field]) -> tuple[Answer, ...]:
    found = []
    for item in _enough(fields["answers"]) if "answers" in fields else ():
        parts = item.record(QUIZ_CHOICE)
        right = parts["right"].value if "right" in parts else False
        if not isinstance(right, bool):
            parts["right"].problem("must be true or false")
        found.append(Answer(_text(parts, "text"), _text(parts, "because"), right is True))
    if found and not any(answer.right for answer in found):
        fields["answers"].problem("none of them is right")
    if found and all(answer.right for answer in found):
        fields["answers"].problem("none of them is wrong")
    return tuple(found)


def _items(fields: Mapping[str, Field]) -> tuple[Answer, ...]:
    parts = [item.record(QUIZ_ITEM) for item in (_enough(fields["items"]) if "items" in fields else ())]
    return tuple(Answer(_text(part, "text"), _text(part, "because")) for part in parts)


def _pairs(fields: Mapping[str, Field]) -> tuple[Answer, ...]:
    parts = [item.record(QUIZ_PAIR) for item in (_enough(fields["pairs"]) if "pairs" in fields else ())]
    pairs = [Answer(_text(part, "left"), _text(part, "because"), partner=_text(part, "right")) for part in parts]
    for side in ([pair.text for pair in pairs], [pair.partner for pair in pairs]):
        if len(set(side)) < len(side):
            fields["pairs"].problem("the same text stands twice on one side: its partner would be a guess")
    return tuple(pairs)


def _blanks(fields: Mapping[str, Field]) -> tuple[Answer, ...]:
    found = []
    for name, item in (fields["blanks"].mapping() if "blanks" in fields else {}).items():
        parts = item.record(QUIZ_BLANK)
        accept = parts["accept"].each(Field.string) if "accept" in parts else ()
        if not accept:
            item.problem("needs at least one accepted answer")
        found.append(Answer(Text(name, name), _text(parts, "because"), accept=accept))
    _check_gaps(fields, [answer.text.en for answer in found])
    return tuple(found)


def _check_gaps(fields: Mapping[str, Field], names: list[str]) -> None:
    for language, sentence in (fields["sentence"].mapping() if "sentence" in fields else {}).items():
        gaps = GAP.findall(sentence.value) if isinstance(sentence.value, str) else []
        if sorted(gaps) != sorted(names):
            sentence.problem(f"the gaps of {language} must be those of blanks, once each: {', '.join(names) or 'none'}")


_READERS: Mapping[str, Callable[[Mapping[str, Field]], tuple[Answer, ...]]] = {
    "choice": _choices,
    "order": _items,
    "match": _pairs,
    "fill": _blanks,
}
