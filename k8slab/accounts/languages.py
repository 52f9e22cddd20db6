"""Which language a page, and a worker on behalf of somebody, speaks."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import check_for_language, get_language

from . import actions
from .models import User


def current_language() -> str:
    """Of this request: the cookie's, else the browser's, as LocaleMiddleware found it."""
    return get_language() or settings.LANGUAGE_CODE


def settle_language(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """After a login: what was chosen in this browser wins, then what the account knows, then the browser's own."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        actions.speak(user, chosen)
    elif user.language:
        set_language_cookie(response, user.language)
    else:
        actions.speak(user, current_language())


def set_language_cookie(response: HttpResponseBase, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=cast(Any, settings.LANGUAGE_COOKIE_SAMESITE),
    )
