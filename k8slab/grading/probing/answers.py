"""Whether the answer to a probe is the right one. A wrong one may still become right: nothing here is final."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..expressions import matches
from ..finding import YES, Finding, no, not_yet
from ..kinds import SERVICE
from ..matching import short
from ..messages import say
from ..objects import text
from ..report import Difference, Message
from ..spec import Probe
from ..view import View

Answer = Mapping[str, Any]
FINE = range(200, 400)  # a page that answers and is not asked for a certain status


def judge(view: View, asked: Probe, answer: Answer) -> Finding:
    error = answer.get("error")
    if asked.expect.get("error"):
        return YES if error else not_yet(say("probe-answered", target=target(asked)))
    if error:
        return not_yet(say("probe-no-answer", target=target(asked), error=str(short(error))))
    if asked.kind == "dns":
        return _dns(view, asked, answer)
    return _http(asked, answer) if asked.kind == "http" else _exec(asked, answer)


def target(asked: Probe) -> str:
    if isinstance(asked.target, str):
        return asked.target
    command = asked.target[2:] if asked.target[:2] == ("sh", "-c") else asked.target
    return " ".join(command)


def _wrong(message: Message, *differences: Difference) -> Finding:
    return Finding("not-yet", (message,), differences)


def _http(asked: Probe, answer: Answer) -> Finding:
    status, wanted = answer.get("status"), asked.expect.get("status")
    if status not in (wanted or FINE):
        expected = wanted[0] if wanted and len(wanted) == 1 else wanted and list(wanted)
        message = say("probe-wrong-status", target=target(asked), actual=str(status))
        return _wrong(message, Difference("status", expected, status))
    body = str(answer.get("body", ""))
    if not _reads(body, asked.expect, "body"):
        return _wrong(say("probe-wrong-body", target=target(asked)), Difference("body", None, short(body)))
    return YES


def _reads(found: str, expect: Mapping[str, Any], name: str) -> bool:
    """As a whole (but for white space at the ends), by its parts, by a pattern."""
    whole, pattern = expect.get(name), expect.get(f"{name}Matches")
    if whole is not None and found.strip() != whole.strip():
        return False
    return all(part in found for part in expect.get(f"{name}Contains", ())) and (not pattern or matches(pattern, found))


def _exec(asked: Probe, answer: Answer) -> Finding:
    code, wanted = answer.get("exitCode"), asked.expect.get("exitCode", 0)
    printed = {name: str(answer.get(name, "")) for name in ("stdout", "stderr")}
    if code != wanted:
        message = say("probe-wrong-exit", target=target(asked), actual=str(code))
        shown = [Difference(name, None, short(text)) for name, text in printed.items() if text]
        return _wrong(message, Difference("exitCode", wanted, code), *shown)
    unfit = [name for name, text in printed.items() if not _reads(text, asked.expect, name)]
    if unfit:
        shown = [Difference(name, None, short(printed[name])) for name in unfit]
        return _wrong(say("probe-wrong-output", target=target(asked)), *shown)
    return YES


def _dns(view: View, asked: Probe, answer: Answer) -> Finding:
    found = answer.get("addresses")
    addresses = [str(a) for a in found] if isinstance(found, list | tuple) else []
    service = asked.expect.get("clusterIPOf")
    owner = view.find(*SERVICE, service) if service else None
    if service and owner is None:
        return no(say("service-missing", object=f"Service/{service}"))
    if _leads(addresses, asked.expect) and (owner is None or text(owner, "spec", "clusterIP") in addresses):
        return YES
    message = say("probe-wrong-addresses", target=target(asked), actual=", ".join(addresses) or "-")
    return _wrong(message, Difference("addresses", None, addresses))


def _leads(addresses: list[str], expect: Mapping[str, Any]) -> bool:
    exactly, count = expect.get("addresses"), expect.get("count")
    if exactly is not None and set(exactly) != set(addresses):
        return False
    return set(expect.get("contains", ())) <= set(addresses) and count in (None, len(addresses))
