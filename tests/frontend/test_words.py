"""The words that the page hands to its elements."""

from __future__ import annotations

import json
import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation


def words(language: str) -> dict[str, str]:
    with translation.override(language):
        page = render_to_string("attempts/_words.html")
    script = re.search(r"<script[^>]*>(.*)</script>", page, re.DOTALL)
    assert script is not None
    read: dict[str, str] = json.loads(script[1])
    return read


@pytest.mark.parametrize("language", ["en", "ko"])
def test_they_are_json_in_each_language(language: str) -> None:
    assert all(words(language).values())


def test_a_translation_keeps_its_places() -> None:
    def places(sentence: str) -> set[str]:
        return set(re.findall(r"\{\w+\}", sentence))

    english, korean = words("en"), words("ko")
    assert {key: places(said) for key, said in english.items()} == {key: places(said) for key, said in korean.items()}
