"""How django-allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest

from .places import is_ours


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_safe_url(self, url: str | None) -> bool:
        """This host alone: allauth would also follow every name of ALLOWED_HOSTS."""
        return bool(url) and is_ours(context.request, str(url))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People join by our own page, which knows guests."""
        return False
