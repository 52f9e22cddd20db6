"""Answers that say no to the object as a whole: rights, quota, limits, policies, conflicts, a missing namespace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .errors import Conflict, Forbidden, KubeError, NotFound
from .problems import Params

Refusal = tuple[str, str, Params]  # code, path of the field that it is about ("" for the object), params

_QUOTA = re.compile(r"exceeded quota: (\S+), requested: (.*?), used: (.*?), limited: (.*)$")
_QUOTA_UNSET = re.compile(r"failed quota: (\S+): must specify (.*)$")
_POD_SECURITY = re.compile(r'violates PodSecurity "([a-z]+):[^"]*": (.*)$', re.DOTALL)
_POLICY = re.compile(r"ValidatingAdmissionPolicy '([^']*)' with binding '[^']*' denied request: (.*)$", re.DOTALL)
_INSECURE = (
    ("hostNetwork", "spec.hostNetwork"),
    ("hostPID", "spec.hostPID"),
    ("hostIPC", "spec.hostIPC"),
    ("hostPath", "spec.volumes"),
    ("container ", "spec.containers"),
)
_ACCOUNT = re.compile(r"error looking up service account [^/]*/(\S+?): ")
_RIGHTS = re.compile(r'cannot (\w+) resource "([^"]+)"')
_LIMITS = re.compile(
    r"(maximum|minimum) \S+ (usage|limit|storage)|must be less than or equal to \S+ limit|limit to request ratio"
)
_GONE = re.compile(r'namespaces "([^"]+)" not found')
_ENDING = re.compile(r"in namespace (\S+) because it is being terminated")


def refusal(error: KubeError, obj: Mapping[str, Any]) -> Refusal:
    message = error.message
    for pattern, read in _READERS:
        if match := pattern.search(message):
            return read(match)
    if isinstance(error, Conflict):
        return "conflict", "metadata.name", {"kind": obj["kind"], "name": obj["metadata"]["name"]}
    if isinstance(error, NotFound | Forbidden) and _is_rights(message):
        return "forbidden", "kind", {"verb": "", "resource": obj["kind"]}
    return "refused", "", {}


def _is_rights(message: str) -> bool:
    return "cannot " in message or "attempting to grant" in message


def _quota(match: re.Match[str]) -> Refusal:
    names = ("quota", "requested", "used", "limited")
    return "quota", "", dict(zip(names, match.groups(), strict=True))


def _unset(match: re.Match[str]) -> Refusal:
    return "quota-unset", "spec", {"quota": match[1], "missing": match[2]}


def _pod_security(match: re.Match[str]) -> Refusal:
    path = next((path for words, path in _INSECURE if words in match[2]), "spec")
    return "pod-security", path, {"level": match[1], "violations": match[2]}


def _policy(match: re.Match[str]) -> Refusal:
    return "policy", "", {"policy": match[1], "message": match[2]}


def _account(match: re.Match[str]) -> Refusal:
    return "no-service-account", "spec.serviceAccountName", {"name": match[1]}


def _limits(match: re.Match[str]) -> Refusal:
    return "limit-range", "spec", {}


def _rights(match: re.Match[str]) -> Refusal:
    return "forbidden", "kind", {"verb": match[1], "resource": match[2]}


def _gone(match: re.Match[str]) -> Refusal:
    return "namespace-gone", "", {"namespace": match[1]}


_READERS = (
    (_QUOTA, _quota),
    (_QUOTA_UNSET, _unset),
    (_POD_SECURITY, _pod_security),
    (_POLICY, _policy),
    (_ACCOUNT, _account),
    (_RIGHTS, _rights),
    (_LIMITS, _limits),
    (_GONE, _gone),
    (_ENDING, _gone),
)
