"""Volumes on disk: what hostPath and PersistentVolume directories hold, kept from one run to the next."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from k8slab.emulator.nodes.files import Dir, File, Link, Node
from k8slab.emulator.nodes.volumes import Disks

FILE = "volumes.json"


def save_disks(disks: Disks, data: Path) -> None:
    """Written beside and renamed, so that a crash leaves the old file."""
    data.mkdir(parents=True, exist_ok=True)
    content = {kind: {name: _pack(root) for name, root in roots.items()} for kind, roots in disks.roots().items()}
    fresh = data / f"{FILE}.new"
    fresh.write_text(json.dumps(content))
    fresh.replace(data / FILE)


def load_disks(data: Path) -> Disks:
    disks = Disks()
    path = data / FILE
    if path.exists():
        content = json.loads(path.read_text())
        for kind, roots in disks.roots().items():
            for name, packed in content.get(kind, {}).items():
                root = _unpack(packed)
                if isinstance(root, Dir):
                    roots[name] = root
    return disks


def _pack(node: Node) -> Any:
    if isinstance(node, Dir):
        return {"mode": node.mode, "entries": {name: _pack(entry) for name, entry in node.entries.items()}}
    if isinstance(node, Link):
        return {"link": node.target}
    return {"mode": node.mode, "mtime": node.mtime, "data": base64.b64encode(node.data).decode()}


def _unpack(packed: Any) -> Node:
    if "entries" in packed:
        return Dir({name: _unpack(entry) for name, entry in packed["entries"].items()}, packed["mode"])
    if "link" in packed:
        return Link(packed["link"])
    return File(base64.b64decode(packed["data"]), packed["mode"], packed["mtime"])
