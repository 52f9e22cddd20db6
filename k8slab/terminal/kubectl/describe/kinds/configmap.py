"""Config maps and secrets: of secrets only how long their values are."""

from __future__ import annotations

import base64
import binascii

from ..about import About
from ..events import write_events
from ..metadata import write_head
from ..registry import describes
from ..text import Text


@describes("ConfigMap")
def describe(about: About, to: Text) -> None:
    write_head(about, to)
    to.write(0, "\nData\n====\n")
    for key, value in sorted((about.obj.get("data") or {}).items()):
        to.write(0, f"{key}:\n----\n")
        to.write(0, f"{value}\n")
        to.write(0, "\n")
    to.write(0, "\nBinaryData\n====\n")
    for key, value in sorted((about.obj.get("binaryData") or {}).items()):
        to.write(0, f"{key}: {len(_bytes(value))} bytes\n")
    to.write(0, "\n")
    write_events(about, to)


@describes("Secret")
def describe_secret(about: About, to: Text) -> None:
    kind = about.obj.get("type", "")
    write_head(about, to)
    to.write(0, f"\nType:\t{kind}\n")
    to.write(0, "\nData\n====\n")
    for key, value in sorted((about.obj.get("data") or {}).items()):
        data = _bytes(value)
        whole = key == "token" and kind == "kubernetes.io/service-account-token"
        to.field(key, data.decode("utf-8", "replace") if whole else f"{len(data)} bytes")


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(str(value or ""))
    except binascii.Error:
        return b""
