"""Metadata that the server writes: names from generateName, uids, creation and deletion marks."""

from __future__ import annotations

import os
import secrets

from k8slab.emulator.clock import timestamp
from k8slab.emulator.ports import Obj

SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
LONGEST_BASE = 58  # of 63, five are for the suffix
SERVERS_OWN = (
    "uid",
    "creationTimestamp",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "resourceVersion",
)


def suffix(length: int = 5) -> str:
    return "".join(secrets.choice(SUFFIX_LETTERS) for _ in range(length))


def generate_name(base: str) -> str:
    return base[:LONGEST_BASE] + suffix()


def new_uid() -> str:
    """A random UUID, version 4, at a third of what the module uuid takes for one."""
    octets = bytearray(os.urandom(16))
    octets[6] = octets[6] & 0x0F | 0x40
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def stamp_new(metadata: Obj, now: float) -> None:
    """Makes a client's metadata that of a new object."""
    for name in SERVERS_OWN:
        metadata.pop(name, None)
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = generate_name(metadata["generateName"])
    metadata["uid"] = new_uid()
    metadata["creationTimestamp"] = timestamp(now)


def keep_identity(metadata: Obj, old: Obj) -> None:
    """On update, the server's own fields stay what they were."""
    for name in SERVERS_OWN[:-1]:
        if name in old:
            metadata[name] = old[name]
        else:
            metadata.pop(name, None)
    if "generateName" in old:
        metadata.setdefault("generateName", old["generateName"])
