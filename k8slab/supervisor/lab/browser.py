"""The Chromium that browser tests drive: the machine's own. None is downloaded outside the package manager."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .steps import Failed, run_step, say

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW_TO_GET_IT = "install Chromium (Debian: apt-get install chromium) or name one with K8SLAB_CHROMIUM"


def find_chromium() -> str:
    """Its path, or nothing. A name that only says \"install the snap\" when run does not count."""
    named = os.environ.get("K8SLAB_CHROMIUM", "")
    candidates = [named] if named else [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in candidates if _runs(path)), "")


def _runs(path: str) -> bool:
    try:
        return subprocess.run((path, "--version"), capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def ensure_chromium(logs: Path) -> str:
    """Its path; installs it where we may. Nothing when there is none and we may not."""
    found = find_chromium()
    apt = shutil.which("apt-get")
    if found or os.environ.get("K8SLAB_CHROMIUM") or os.geteuid() != 0 or not apt:
        return found
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = (apt, "install", "--yes", "--no-install-recommends", "chromium")
    try:
        run_step("Package lists", (apt, "update"), logs / "apt-update.log", env)
        run_step("Chromium", install, logs / "apt-chromium.log", env)
    except Failed as problem:
        say(f"    {problem}")  # the caller goes on without a browser, and says so
    return find_chromium()
