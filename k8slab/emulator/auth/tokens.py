"""Bearer tokens: the admin's, and signed tokens of service accounts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any

import orjson

ISSUER = "https://kubernetes.default.svc.cluster.local"


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TokenSigner:
    """JSON web tokens, signed with a key that never leaves this process and its database."""

    def __init__(self, key: str | None = None) -> None:
        self.key = key or secrets.token_hex(32)

    def sign(self, claims: dict[str, Any]) -> str:
        body = _encode(orjson.dumps({"alg": "HS256", "typ": "JWT"})) + "." + _encode(orjson.dumps(claims))
        return f"{body}.{_encode(self._mac(body))}"

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims, where the signature is ours."""
        body, _, signature = token.rpartition(".")
        try:
            if not hmac.compare_digest(_decode(signature), self._mac(body)):
                return None
            claims = orjson.loads(_decode(body.partition(".")[2]))
        except ValueError:
            return None
        return claims if isinstance(claims, dict) else None

    def _mac(self, body: str) -> bytes:
        return hmac.new(self.key.encode(), body.encode(), hashlib.sha256).digest()


def service_account_claims(
    account: dict[str, Any], audiences: list[str], now: int, seconds: int, bound: Any
) -> dict[str, Any]:
    metadata = account["metadata"]
    private: dict[str, Any] = {
        "namespace": metadata["namespace"],
        "serviceaccount": {"name": metadata["name"], "uid": metadata["uid"]},
    }
    if bound:
        private[bound["kind"].lower()] = {"name": bound["name"], "uid": bound.get("uid", "")}
    return {
        "aud": audiences,
        "exp": now + seconds,
        "iat": now,
        "iss": ISSUER,
        "jti": secrets.token_hex(16),
        "kubernetes.io": private,
        "nbf": now,
        "sub": f"system:serviceaccount:{metadata['namespace']}:{metadata['name']}",
    }


# The claims of a token that a secret keeps: flat, and without an end.
LEGACY_ISSUER = "kubernetes/serviceaccount"
LEGACY = f"{LEGACY_ISSUER}/"


def secret_claims(account: dict[str, Any], secret: dict[str, Any]) -> dict[str, Any]:
    metadata = account["metadata"]
    namespace, name = metadata["namespace"], metadata["name"]
    return {
        "iss": LEGACY_ISSUER,
        f"{LEGACY}namespace": namespace,
        f"{LEGACY}secret.name": secret["metadata"]["name"],
        f"{LEGACY}service-account.name": name,
        f"{LEGACY}service-account.uid": metadata["uid"],
        "sub": f"system:serviceaccount:{namespace}:{name}",
    }
