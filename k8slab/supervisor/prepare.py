"""Database, demo people and translations: done once, and again only when what they depend on changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from .child import Child, how_it_ended, spawn
from .output import Output
from .places import ROOT, Places
from .secrets import read, write_private


class CannotPrepare(Exception):
    """Migrating (or one of its companions) failed; the message is for whoever typed the command."""


def is_prepared(places: Places) -> bool:
    missing_database = not os.environ.get("DATABASE_URL") and not (places.var / "db.sqlite3").exists()
    uncompiled = any(not po.with_suffix(".mo").exists() for po in _translations())
    return not missing_database and not uncompiled and read(places.run / "prepared") == _state()


async def prepare(places: Places, environment: Mapping[str, str], out: Output) -> None:
    """Runs `manage.py prepare` in a process of its own: the supervisor loads no models."""
    state = _state()
    command = (sys.executable, str(ROOT / "manage.py"), "prepare")
    env = {**os.environ, **environment}
    child: Child = await spawn(command, env, str(ROOT), "", lambda line: out.line("prepare", line, quiet=True))
    try:
        code = await child.ended()
    except asyncio.CancelledError:
        await child.stop(grace=1)
        raise
    if code:
        last = "; ".join(out.last_lines("prepare", 1))
        raise CannotPrepare(
            f"the database could not be prepared ({how_it_ended(code)}): {last}\nall of it: {out.log_file('prepare')}"
        )
    write_private(places.run / "prepared", state)


def demo_logins(places: Places) -> dict[str, str]:
    """Name → password, from the file in which `manage.py demo` keeps them so that every start can show them."""
    kept = json.loads(read(places.var / "demo-logins.json") or "{}")
    return {name: login["password"] for name, login in kept.items()}


def _state() -> str:
    """Changes with every file that decides what `manage.py prepare` does."""
    digest = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode())
    migrations = sorted((ROOT / "k8slab").glob("*/migrations/*.py"))
    for file in [*migrations, *_translations(), ROOT / "requirements.txt", ROOT / "k8slab" / "settings.py"]:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _translations() -> list[Path]:
    return sorted((ROOT / "k8slab" / "locale").glob("*/LC_MESSAGES/*.po"))
