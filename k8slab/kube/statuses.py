"""An HTTP answer that is no success → one of our errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from .errors import (
    BadRequest,
    Conflict,
    Expired,
    Forbidden,
    Invalid,
    KubeError,
    NotFound,
    Unauthorized,
    Unavailable,
)

_BY_CODE: Mapping[int, type[KubeError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Expired,
    422: Invalid,
    429: Unavailable,
}
# Server-side apply answers a wrong field or value with 500 and these words, though it will never go well.
_NEVER = (
    "failed to create typed patch object",
    "does not contain declared merge key",
    "cannot unmarshal",
    "quantities must match",
    "unable to parse quantity",
)
_LONGEST_TEXT = 500


def error_of(code: int, body: bytes) -> KubeError:
    """The error of an answer that is not 2xx."""
    try:
        status = orjson.loads(body)
    except orjson.JSONDecodeError:
        status = None
    if not isinstance(status, dict) or status.get("kind") != "Status":
        text = body[:_LONGEST_TEXT].decode("utf-8", "replace").strip()
        status = {"message": text or f"HTTP {code}"}
    return error_of_status(status, code)


def error_of_status(status: Mapping[str, Any], code: int = 0) -> KubeError:
    """The error of a metav1.Status, wherever it came from: an answer, a watch event, an exec session."""
    code = int(status.get("code") or code)
    message = str(status.get("message") or status.get("reason") or f"HTTP {code}")
    cls = _BY_CODE.get(code) or (Unavailable if code >= 500 or code == 0 else KubeError)
    if code == 500 and any(words in message for words in _NEVER):
        cls = BadRequest
    return cls(message, code=code, reason=str(status.get("reason") or ""), status=status)
