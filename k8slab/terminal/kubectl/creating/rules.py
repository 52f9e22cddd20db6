"""--verb and --resource of roles → rules, one for each API group."""

from __future__ import annotations

from dataclasses import dataclass

from ..flags import Flag
from ..invocation import Failed, Invocation

RULE_FLAGS = (
    Flag("verb", kind="list", help="Verb that applies to the resources contained in the rule."),
    Flag("resource", kind="list", help="Resource that the rule applies to."),
    Flag("resource-name", kind="array", help="Resource in the white list that the rule applies to."),
)
VERBS = frozenset(
    ("get", "delete", "list", "create", "update", "patch", "watch", "proxy", "deletecollection", "use", "bind")
) | frozenset(("escalate", "impersonate", "approve", "sign", "attest", "*"))
SPECIAL = frozenset(("use", "bind", "escalate", "impersonate", "approve", "sign", "attest"))


@dataclass(frozen=True, slots=True)
class _Named:
    group: str
    resource: str
    subresource: str

    @property
    def shown(self) -> str:
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def read_rules(invocation: Invocation) -> list[dict[str, object]]:
    """Raises Failed in kubectl's words."""
    flags = invocation.flags
    verbs = _verbs(invocation)
    named = [_resolve(invocation, _split(word)) for word in dict.fromkeys(flags.many("resource"))]
    if not named:
        raise Failed("error: at least one resource must be specified")
    names = flags.many("resource-name")
    groups: dict[str, list[str]] = {}
    for each in named:
        groups.setdefault(each.group, []).append(each.shown)
    rules = []
    for group in sorted(groups):
        rule: dict[str, object] = {"verbs": verbs, "apiGroups": [group], "resources": groups[group]}
        rules.append({**rule, "resourceNames": names} if names else rule)
    return rules


def _verbs(invocation: Invocation) -> list[str]:
    verbs = list(dict.fromkeys(verb.strip() for verb in invocation.flags.many("verb")))
    if "*" in verbs:
        return ["*"]
    if not verbs:
        raise Failed("error: at least one verb must be specified")
    for verb in verbs:
        if verb not in VERBS:
            invocation.warn(f"Warning: '{verb}' is not a standard resource verb")
    return verbs


def _split(word: str) -> tuple[str, str]:
    if word.count("/") > 1 or (word.endswith("/") and word != "*"):
        raise Failed(f"error: resource with / should be in the form resource/subresource: {word!r}")
    resource, _, subresource = word.partition("/")
    if not resource:
        raise Failed("error: resource cannot be empty")
    return resource, subresource


def _resolve(invocation: Invocation, named: tuple[str, str]) -> _Named:
    word, subresource = named
    if word.startswith("*"):
        return _Named(word.partition(".")[2], "*", subresource)
    found = invocation.client.discovery.named(word)
    if found is None:
        raise Failed(f'the server doesn\'t have a resource type "{word.partition(".")[0]}"')
    return _Named(found.group, found.plural, subresource)
