"""Our Markdown: CommonMark with tables, call-outs, exercise lines and coloured code; no raw HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from .emphasis import emphasis_plugin
from .schema import CONTAINERS, DIRECTIVES

TITLES = {
    "note": {"en": "Note", "ko": "참고"},
    "remember": {"en": "Remember", "ko": "기억하세요"},
}
_DIRECTIVE = re.compile(rf":::[ ]+({'|'.join(DIRECTIVES)})[ ]+(\S+)[ ]*")
_COLOURS = HtmlFormatter(nowrap=True)


def build() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "highlight": colour}).enable(["table", "strikethrough"])
    md.use(emphasis_plugin)
    for name in CONTAINERS:
        container_plugin(md, name, render=_render_container)
    md.block.ruler.before("fence", "directive", _directive, {"alt": ["paragraph", "list", "blockquote"]})
    return md


def colour(code: str, language: str, attributes: str) -> str:
    """Code in classes, never in styles (the content security policy). "" leaves the escaping to markdown-it."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    return str(highlight(code, lexer, _COLOURS))


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`::: exercise <id>`, one line of its own."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    match = _DIRECTIVE.fullmatch(line)
    if match is None or state.is_code_block(start):
        return False
    if silent:
        return True
    token = state.push("directive", "", 0)
    token.meta = {"name": match[1], "id": match[2]}
    token.map = [start, start + 1]
    token.hidden = True  # the page puts a card there: see render.py
    state.line = start + 1
    return True


def _render_container(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Mapping[str, Any]
) -> str:
    if tokens[index].nesting < 0:
        return "</aside>\n"
    name = tokens[index].info.split()[0]
    title = TITLES[name].get(env.get("language", ""), TITLES[name]["en"])
    return f'<aside class="callout callout--{name}"><p class="callout__title">{title}</p>\n'
