"""Lesson prose as HTML that is safe to put into a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .course import Lesson
from .markdown import build
from .schema import LANGUAGES

_TAGS = {
    *("h1", "h2", "h3", "h4", "p", "hr", "br", "blockquote", "aside", "pre", "ol", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("a", "em", "strong", "del", "s", "code", "span", "img"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "aside": {"class"},
    "code": {"class"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"class"},
}


@dataclass(frozen=True, slots=True)
class Section:
    """Either prose, or the place of an exercise's card, of a quiz or of a diagram: their ids."""

    html: str = ""
    exercise: str = ""
    quiz: str = ""
    diagram: str = ""


def render(lesson: Lesson, language: str) -> tuple[Section, ...]:
    known = language if language in lesson.body else LANGUAGES[0]
    return _sections(lesson.body[known], known)


@lru_cache(maxsize=1024)
def render_text(markdown: str, language: str) -> str:
    """A task, a hint: prose without exercises."""
    return _clean(_parser().render(markdown, {"language": language}))


@lru_cache(maxsize=512)  # by the words themselves: a changed lesson is another key
def _sections(markdown: str, language: str) -> tuple[Section, ...]:
    sections: list[Section] = []
    prose: list[Token] = []
    for token in _parser().parse(markdown):
        if token.type == "directive":
            sections += [*_prose(prose, language), Section(**{token.meta["name"]: token.meta["id"]})]
            prose = []
        else:
            prose.append(token)
    return (*sections, *_prose(prose, language))


def _prose(tokens: list[Token], language: str) -> list[Section]:
    if not tokens:
        return []
    md = _parser()
    return [Section(html=_clean(md.renderer.render(tokens, md.options, {"language": language})))]


def _clean(html: str) -> str:
    """The second wall: whatever the renderer let through, only these tags leave."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https", "http", "mailto"})


@cache
def _parser() -> MarkdownIt:
    return build()
