"""The images that the embedded cluster knows, read from its data as a file: its program is not ours to import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from django.conf import settings

from k8slab.catalog.positions import Path as Place

from .objects import Manifest, containers

DATA = settings.BASE_DIR / "k8slab" / "emulator" / "nodes" / "images.yaml"
MEANT = "# no such image"  # ends a kubectl line that tries one which does not exist
_TYPED = re.compile(r"--image[= ](\S+)|\bset image \S+ (?:\S+ )*?[\w-]+=(\S+)")


def of(manifest: Manifest) -> Iterator[tuple[Place, str]]:
    for place, pod in manifest.pods():
        for at, container in containers(place, pod):
            if isinstance(image := container.get("image"), str):
                yield (*at, "image"), image


def typed(lines: str) -> Iterator[tuple[int, str]]:
    """(line, image) of kubectl lines; but for those that are meant to fail."""
    for number, line in enumerate(lines.splitlines(), 1):
        for found in _TYPED.finditer(line):
            if not line.rstrip().endswith(MEANT):
                yield number, found[1] or found[2]


def known(image: str) -> bool:
    repository, tag = parts(image)
    entry = _images().get(repository)
    return entry is not None and re.fullmatch(str(entry["tags"]), tag) is not None


def parts(image: str) -> tuple[str, str]:
    """`nginx:1.27` → ("docker.io/library/nginx", "1.27")."""
    name, _, tag = image.rpartition(":") if ":" in image.rpartition("/")[2] else (image, "", "latest")
    host, slash, _ = name.partition("/")
    if slash and ("." in host or ":" in host or host == "localhost"):
        return name, tag
    return f"docker.io/{name if slash else f'library/{name}'}", tag


@cache
def _images() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(DATA.read_text(encoding="utf-8"), yaml.CSafeLoader)["images"]
    return found
