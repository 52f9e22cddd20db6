"""What can go wrong at a cluster, as few classes. `permanent` says whether trying again can help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cause:
    """One entry of a Status' details.causes: `field` is a path such as `spec.template.spec.containers[0].image`."""

    reason: str
    message: str
    field: str


class KubeError(Exception):
    """A Kubernetes Status, or no answer at all. `code` 0 means that the cluster could not be reached."""

    permanent = True

    def __init__(self, message: str, *, code: int = 0, reason: str = "", status: Mapping[str, Any] | None = None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.reason = reason
        self.status: Mapping[str, Any] = status or {}

    @property
    def causes(self) -> Sequence[Cause]:
        details = self.status.get("details") or {}
        return [
            Cause(c.get("reason", ""), c.get("message", ""), c.get("field", "")) for c in details.get("causes") or ()
        ]


class BadRequest(KubeError):
    """400: the object cannot be read: unknown or ill-typed fields."""


class Unauthorized(KubeError):
    """401"""


class Forbidden(KubeError):
    """403: RBAC, quota, Pod Security, an admission policy."""


class NotFound(KubeError):
    """404"""


class Conflict(KubeError):
    """409: changed or created by somebody else meanwhile."""


class Expired(KubeError):
    """410: the resourceVersion is too old; list again."""


class Invalid(KubeError):
    """422: validation, with causes that name fields."""


class Unavailable(KubeError):
    """No answer, a time-out, 429 or a 5xx: trying again can help."""

    permanent = False


class UnknownKind(KubeError):
    """The cluster serves no such kind in this apiVersion. Known before anything is asked of it."""

    def __init__(self, api_version: str, kind: str, *, elsewhere: Sequence[str] = (), similar: Sequence[str] = ()):
        super().__init__(f'no matches for kind "{kind}" in version "{api_version}"', code=404, reason="NoKindMatch")
        self.api_version = api_version
        self.kind = kind
        self.elsewhere = tuple(elsewhere)  # apiVersions that serve the kind, the preferred one first
        self.similar = tuple(similar)  # names of kinds that are served and look alike


class TimedOut(Unavailable):
    """A command in a container went on for longer than it was given."""
