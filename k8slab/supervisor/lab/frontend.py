"""The front end: built into static/dist by a Node of this machine, or by one from a wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from k8slab.supervisor.places import ROOT

from .environment import VENV, ensure_node_wheel
from .stamps import digest, is_done, mark_done
from .steps import run_step

FRONTEND = ROOT / "frontend"
BUILT = ROOT / "static" / "dist"
NOT_SOURCES = {"node_modules", "test", "dev", "dist"}


def new_enough(version: str) -> bool:
    """As package.json's `engines` has it: ^20.19 or >=22.12."""
    found = re.match(r"v?(\d+)\.(\d+)\.", version)
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def node_environment(logs: Path) -> dict[str, str]:
    """The environment in which `npm` is a good one; installs it when there is none."""
    if machine_has_node():
        return dict(os.environ)
    ensure_node_wheel(logs)
    return {**os.environ, "PATH": os.pathsep.join((str(VENV / "bin"), os.environ.get("PATH", "")))}


def machine_has_node() -> bool:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    try:
        answer = subprocess.run((node, "--version"), capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return new_enough(answer.stdout)


def ensure_frontend(logs: Path) -> None:
    """`npm ci` when the lock file changed, `npm run build` when a source did."""
    packages = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    sources = digest(source_files())
    if is_built(sources):
        return
    env = node_environment(logs)
    ensure_packages(logs, env, packages)
    run_step("Front end", ("npm", "run", "build"), logs / "npm-build.log", env, FRONTEND)
    mark_done(BUILT / ".built-from", sources)


def ensure_packages(logs: Path, env: dict[str, str], state: str = "") -> None:
    state = state or digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    stamp = FRONTEND / "node_modules" / ".installed-from"
    if is_done(stamp, state):
        return
    quiet = ("--no-audit", "--no-fund", "--loglevel", "warn")
    run_step("Front-end dependencies", ("npm", "ci", *quiet), logs / "npm-ci.log", env, FRONTEND)
    mark_done(stamp, state)


def is_built(sources: str) -> bool:
    return (BUILT / "manifest.json").exists() and is_done(BUILT / ".built-from", sources)


def source_files(root: Path | None = None) -> Iterator[Path]:
    """All that a build reads, without node_modules and without tests."""
    for path in sorted((root or FRONTEND).iterdir()):
        if path.name in NOT_SOURCES or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file())
        else:
            yield path
