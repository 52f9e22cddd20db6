"""Errors as typed values; `to_status` is the one place that renders them as a Kubernetes Status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Cause(NamedTuple):
    reason: str
    message: str
    field: str


@dataclass(eq=False)
class ApiError(Exception):
    """What the server answers instead of an object: HTTP code, metav1.StatusReason, message in the real words."""

    code: int
    reason: str
    message: str
    details: Mapping[str, Any] | None = None
    causes: Sequence[Cause] = ()

    def __str__(self) -> str:
        return self.message


def to_status(error: ApiError) -> dict[str, Any]:
    """metav1.Status as JSON."""
    details: dict[str, Any] | None = dict(error.details) if error.details is not None else None
    if error.causes:
        details = details or {}
        details["causes"] = [
            {k: v for k, v in (("reason", c.reason), ("message", c.message), ("field", c.field)) if v}
            for c in error.causes
        ]
    status = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": error.message,
        "reason": error.reason,
        "code": error.code,
    }
    if not error.reason:
        del status["reason"]
    return status if details is None else {**status, "details": details}


def qualified(resource: str, group: str) -> str:
    """`deployments.apps`, or `pods` in the core group."""
    return f"{resource}.{group}" if group else resource


def details_of(resource: str, group: str, name: str) -> dict[str, Any]:
    pairs = (("name", name), ("group", group), ("kind", resource))
    return {key: value for key, value in pairs if value}


def not_found(resource: str, group: str, name: str) -> ApiError:
    message = f'{qualified(resource, group)} "{name}" not found'
    return ApiError(404, "NotFound", message, details_of(resource, group, name))


def already_exists(resource: str, group: str, name: str) -> ApiError:
    message = f'{qualified(resource, group)} "{name}" already exists'
    return ApiError(409, "AlreadyExists", message, details_of(resource, group, name))


def conflict(resource: str, group: str, name: str, why: str) -> ApiError:
    message = f'Operation cannot be fulfilled on {qualified(resource, group)} "{name}": {why}'
    return ApiError(409, "Conflict", message, details_of(resource, group, name))


def forbidden(resource: str, group: str, name: str, why: str) -> ApiError:
    message = (
        f'{qualified(resource, group)} "{name}" is forbidden: {why}'
        if name
        else (f"{qualified(resource, group)} is forbidden: {why}")
    )
    return ApiError(403, "Forbidden", message, details_of(resource, group, name))


def invalid(kind: str, group: str, name: str, causes: Sequence[Cause]) -> ApiError:
    """422 with field causes; one cause stands bare, several in brackets."""
    texts = list(dict.fromkeys(f"{c.field}: {c.message}" for c in causes))  # said twice, told once
    listed = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    message = f'{qualified(kind, group)} "{name}" is invalid: {listed}'
    return ApiError(422, "Invalid", message, details_of(kind, group, name), tuple(causes))


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)
