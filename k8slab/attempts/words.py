"""The sentences of the page's elements, rendered once for each language: they took half of a page's time."""

from __future__ import annotations

from functools import cache

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString


@cache
def words(language: str) -> SafeString:
    """The JSON script that `frontend/src/words.ts` reads."""
    with translation.override(language):
        return render_to_string("attempts/_words.html")
