"""The built front end in a page; a page is whole without it."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError

register = template.Library()

ENTRY = "src/main.ts"


def tags(nonce: str) -> str | None:
    """Script and style tags of the entry, None where nothing was built."""
    attributes = {"nonce": nonce} if nonce else {}
    try:
        built: str = DjangoViteAssetLoader.instance().generate_vite_asset(ENTRY, **attributes)
    except DjangoViteAssetNotFoundError:
        return None
    return built


@register.simple_tag(takes_context=True)
def frontend(context: Context) -> SafeString:
    """In the head. The nonce is for what the script itself adds to the page, such as the editor's styles."""
    request: HttpRequest | None = context.get("request")
    nonce = str(getattr(request, "csp_nonce", ""))
    return mark_safe(tags(nonce) or "")  # noqa: S308  # made of our own manifest


@register.simple_tag(takes_context=True)
def frontend_missing(context: Context) -> bool:
    """Whether to tell whoever can do something about it that nothing was built."""
    may_know = settings.DEBUG or getattr(context.get("user"), "is_instructor", False)
    return bool(may_know) and tags("") is None
