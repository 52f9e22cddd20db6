"""What a Markdown file is made of, apart from its words: both languages must have the same."""

from __future__ import annotations

from functools import cache
from itertools import zip_longest

from markdown_it import MarkdownIt

from .markdown import build
from .problems import Tell

Part = tuple[str, int]  # "a heading of level 2", and its line


def outline(markdown: str, tell: Tell) -> tuple[Part, ...]:
    """Headings, call-outs, code and exercise lines, in order. Tells of `:::` lines that mean nothing."""
    parts: list[Part] = []
    for token in _parser().parse(markdown):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "heading_open":
            parts.append((f"a heading of level {token.tag[1:]}", line))
        elif token.type.startswith("container_") and token.nesting > 0:
            parts.append((f"a {token.info.split()[0]}", line))
        elif token.type == "fence":
            parts.append((f"code in {token.info or 'no language'}", line))
        elif token.type == "directive":
            parts.append((f"{token.meta['name']} {token.meta['id']}", line))
            if token.level:
                tell(line, "an exercise must stand between paragraphs, not inside a list or call-out")
        elif token.type == "inline" and token.content.lstrip().startswith(":::"):
            tell(line, f"{token.content.splitlines()[0].strip()!r} means nothing here")
    return tuple(parts)


def compare(ours: tuple[Part, ...], theirs: tuple[Part, ...], other: str, tell: Tell) -> None:
    """Tells of the first place where this file is not built like the other one."""
    for mine, wanted in zip_longest(ours, theirs):
        if mine is None or wanted is None or mine[0] != wanted[0]:
            here = f"{mine[0]} stands here" if mine else "the file ends"
            there = f"{wanted[0]} (line {wanted[1]})" if wanted else "its end"
            tell(mine[1] if mine else 0, f"{here} where {other} has {there}")
            return


def exercise_lines(parts: tuple[Part, ...]) -> dict[str, int]:
    return {name.removeprefix("exercise "): line for name, line in parts if name.startswith("exercise ")}


@cache
def _parser() -> MarkdownIt:
    return build()
