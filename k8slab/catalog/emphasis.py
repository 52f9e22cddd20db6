"""Lets bold and italic end before a Korean particle: `**파드(Pod)**는`.

CommonMark decides by the characters beside the stars, and takes a letter after `)**` for the start of a word that
would be bold next. Chinese, Japanese and Korean write no space there, so beside punctuation their letters count as one.
"""

from __future__ import annotations

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter


def emphasis_plugin(md: MarkdownIt) -> None:
    md.inline.ruler.at("emphasis", _tokenize)


def _tokenize(state: StateInline, silent: bool) -> bool:
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, marker == "*")
    before, after = state.src[: state.pos][-1:] or " ", state.src[state.pos + run.length :][:1] or " "
    opens, closes = run.can_open, run.can_close
    if marker == "*":
        opens = opens or (_is_cjk(before) and not after.isspace())
        closes = closes or (_is_cjk(after) and not before.isspace())
    for _ in range(run.length):
        state.push("text", "", 0).content = marker
        token = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(marker), run.length, token, end=-1, open=opens, close=closes))
    state.pos += run.length
    return True


def _is_cjk(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("HANGUL", "CJK", "HIRAGANA", "KATAKANA"))
