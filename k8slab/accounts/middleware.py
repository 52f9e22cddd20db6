from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

# A course needs none of what a browser can reveal about the person in front of it.
POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)


@sync_and_async_middleware
def permissions_policy(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Django knows every other security header, not this one."""
    if iscoroutinefunction(get_response):

        async def handle_async(request: HttpRequest) -> HttpResponseBase:
            return with_policy(await get_response(request))

        return handle_async

    def handle(request: HttpRequest) -> HttpResponseBase:
        return with_policy(get_response(request))

    return handle


def with_policy(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Permissions-Policy", POLICY)
    return response
