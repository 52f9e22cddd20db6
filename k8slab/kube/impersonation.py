"""Whether somebody may act as somebody else.

Who acts as a student does so with the app's own right to act as anybody. A second `Impersonate-User` in its place would
lend that right to the student, so that the question is asked of the API server first, as it would ask it itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .connection import Connection
from .errors import Forbidden

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
TIMEOUT = 10.0  # seconds
_ACCOUNT = "system:serviceaccount:"


def check_may_act_as(connection: Connection, actor: str, user: str, groups: Sequence[str]) -> None:
    """Args: a connection that acts as `actor`. Raises Forbidden in the API server's words."""
    for resource, namespace, name in _asked(user, groups):
        attributes = {"verb": "impersonate", "resource": resource, "namespace": namespace, "name": name}
        review: dict[str, Any] = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
        }
        answer = connection.json("POST", REVIEWS, body=review, timeout=TIMEOUT)[1]
        if not (answer.get("status") or {}).get("allowed"):
            where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
            raise Forbidden(
                f'{resource} "{name}" is forbidden: User "{actor}" cannot impersonate resource "{resource}" '
                f'in API group "" {where}',
                code=403,
                reason="Forbidden",
            )


def _asked(user: str, groups: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(resource, namespace, name) of each right that is needed."""
    namespace, colon, name = user.removeprefix(_ACCOUNT).partition(":")
    if user.startswith(_ACCOUNT) and colon:
        yield "serviceaccounts", namespace, name
    else:
        yield "users", "", user
    for group in groups:
        yield "groups", "", group
