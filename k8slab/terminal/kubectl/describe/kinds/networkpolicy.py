"""Network policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...labelselectors import selector_line, selector_text
from ...output.godump import go_value
from ..about import About, moment
from ..metadata import write_marks
from ..registry import describes
from ..text import Text

Map = Mapping[str, Any]
BEFORE = "    "


@describes("NetworkPolicy", "networking.k8s.io")
def describe(about: About, to: Text) -> None:
    spec = about.spec
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    to.field("Created on", _go_time(about))
    write_marks(about, to)
    to.write(0, "Spec:\n")
    selector = selector_text(spec.get("podSelector"))
    everything = "<none> (Allowing the specific traffic to all pods in this namespace)"
    to.write(1, "PodSelector: ")
    to.write(2, f"{selector or everything}\n")
    types = spec.get("policyTypes") or ()
    for kind, side, word, other in (
        ("Ingress", "from", "From", "source"),
        ("Egress", "to", "To", "destination"),
    ):
        if kind in types:
            to.line(1, f"Allowing {kind.lower()} traffic:")
            _rules(to, spec.get(kind.lower()) or (), kind.lower(), (side, word, other))
        else:
            to.line(1, f"Not affecting {kind.lower()} traffic")
    to.line(1, f"Policy Types: {', '.join(types) or '<none>'}")


def _go_time(about: About) -> str:
    """A time as Go prints it unformatted."""
    text = str(about.metadata.get("creationTimestamp") or "")
    return f"{text[:10]} {text[11:19]} +0000 UTC" if text else moment(None)


def _rules(to: Text, rules: Sequence[Map], traffic: str, words: tuple[str, str, str]) -> None:
    side, word, other = words
    if not rules:
        to.write(0, f"{BEFORE}<none> (Selected pods are isolated for {traffic} connectivity)\n")
    for i, rule in enumerate(rules):
        _ports(to, rule.get("ports") or ())
        peers = rule.get(side) or ()
        if not peers:
            to.write(0, f"{BEFORE}{word}: <any> (traffic not restricted by {other})\n")
        for peer in peers:
            to.write(0, f"{BEFORE}{word}:\n")
            _peer(to, peer)
        if i < len(rules) - 1:
            to.write(0, f"{BEFORE}----------\n")


def _ports(to: Text, ports: Sequence[Map]) -> None:
    if not ports:
        to.write(0, f"{BEFORE}To Port: <any> (traffic allowed to all ports)\n")
    for port in ports:
        number, protocol = go_value(port.get("port")), port.get("protocol") or "TCP"
        if port.get("endPort") is None:
            to.write(0, f"{BEFORE}To Port: {number}/{protocol}\n")
        else:
            to.write(0, f"{BEFORE}To Port Range: {number}-{port['endPort']}/{protocol}\n")


def _peer(to: Text, peer: Map) -> None:
    pods, namespaces, block = peer.get("podSelector"), peer.get("namespaceSelector"), peer.get("ipBlock")
    if namespaces is not None:
        to.line(1, f"{BEFORE}NamespaceSelector: {selector_line(namespaces)}")
    if pods is not None:
        to.line(1, f"{BEFORE}PodSelector: {selector_line(pods)}")
    if pods is None and namespaces is None and block is not None:
        to.line(1, f"{BEFORE}IPBlock:")
        to.line(2, f"{BEFORE}CIDR: {block.get('cidr', '')}")
        to.line(2, f"{BEFORE}Except: {', '.join(block.get('except') or ())}")
