"""What a Markdown file is made of, apart from its words: both languages must have the same."""

from __future__ import annotations

from functools import cache
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .markdown import build
from .problems import Tell

Part = tuple[str, int]  # "a heading of level 2", and its line


def outline(markdown: str, tell: Tell) -> tuple[Part, ...]:
    """Headings, call-outs, code and exercise lines, in order. Tells of what cannot be meant so."""
    parts: list[Part] = []
    lines = markdown.split("\n")
    for token in _parser().parse(markdown):
        line = token.map[0] + 1 if token.map else 0
        if name := _name(token):
            parts.append((name, line))
        if wrong := _wrong(token, lines):
            tell(line, wrong)
    return tuple(parts)


def _name(token: Token) -> str:
    if token.type == "heading_open":
        return f"a heading of level {token.tag[1:]}"
    if token.type.startswith("container_") and token.nesting > 0:
        return f"a {token.info.split()[0]}"
    if token.type == "fence":
        return f"code in {token.info or 'no language'}"
    return f"{token.meta['name']} {token.meta['id']}" if token.type == "directive" else ""


def _wrong(token: Token, lines: list[str]) -> str:
    if token.type == "heading_open" and token.tag == "h1":
        return "headings begin at level 2: the lesson's title is the first level"
    if token.type == "directive" and token.level:
        return f"{token.meta['name']} lines must stand between paragraphs, not inside a list or call-out"
    if token.type.startswith("container_") and token.map and not _closed(token.map[1], lines):
        return f"this {token.info.split()[0]} is not closed by a line ':::'"
    if token.type == "inline" and token.content.lstrip().startswith(":::"):
        return f"{token.content.splitlines()[0].strip()!r} means nothing here"
    return ""


def _closed(end: int, lines: list[str]) -> bool:
    """Whether the call-out's end is a line of its own, and not just the end of the text."""
    return end < len(lines) and lines[end].strip().startswith(":::")


def compare(ours: tuple[Part, ...], theirs: tuple[Part, ...], other: str, tell: Tell) -> None:
    """Tells of the first place where this file is not built like the other one."""
    for mine, wanted in zip_longest(ours, theirs):
        if mine is None or wanted is None or mine[0] != wanted[0]:
            here = f"{mine[0]} stands here" if mine else "the file ends"
            there = f"{wanted[0]} (line {wanted[1]})" if wanted else "its end"
            tell(mine[1] if mine else 0, f"{here} where {other} has {there}")
            return


def named(directive: str, parts: tuple[Part, ...]) -> dict[str, int]:
    """The ids that stand in lines `::: directive <id>`, with their lines."""
    return {name.removeprefix(f"{directive} "): line for name, line in parts if name.startswith(f"{directive} ")}


@cache
def _parser() -> MarkdownIt:
    return build()
