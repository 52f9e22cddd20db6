"""What `./lab` can do. Runs in whatever Python started the script: nothing here needs an installed package."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from k8slab.supervisor.lock import AlreadyRuns, free_port, port_is_free, refuse_second_start
from k8slab.supervisor.places import ROOT, Places, var_dir

from .environment import PYTHON, ensure_environment
from .frontend import ensure_frontend
from .steps import Failed, say
from .suite import run_suite

USAGE = """\
./lab COMMAND

  up [--port N] [--open]   install what is missing, start everything, print the address; Ctrl-C stops it
  setup                    install what is missing, start nothing
  test [PYTEST ARGUMENTS]  install what the tests need, run the whole suite (or what the arguments choose)
  bench [NAME]             measure, print a table
  reset [--yes]            throw away all run-time state (var/): database, cluster, logs
  help                     this text

Settings are environment variables: docs/settings.md. Processes one by one: docs/running.md."""
STOPPED = 130
PATH_VARIABLES = ("K8SLAB_VAR", "K8SLAB_LESSONS", "K8SLAB_KUBECONFIG", "REDIS_URL_FILE", "SECRET_KEY_FILE")


def main(arguments: Sequence[str]) -> int:
    name, *rest = arguments or ["help"]
    if name in ("help", "-h", "--help"):
        say(USAGE)
        return 0
    command = COMMANDS.get(name)
    if not command:
        say(f"./lab: there is no command {name!r}\n\n{USAGE}", sys.stderr)
        return 2
    make_paths_absolute()
    try:
        return command(rest)
    except AlreadyRuns as running:
        say(str(running))
        return 0
    except (Failed, OSError) as problem:
        say(f"./lab: {problem}", sys.stderr)
        return 1
    except KeyboardInterrupt:
        return STOPPED


def make_paths_absolute() -> None:
    """A relative path is meant from where the command was typed; the processes run in the checkout."""
    for variable in PATH_VARIABLES:
        if os.environ.get(variable):
            os.environ[variable] = str(Path(os.environ[variable]).expanduser().absolute())


def up(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./lab up")
    parser.add_argument("--port", type=int, default=8000, help="port of the page (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: only this machine)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    options = parser.parse_args(arguments)
    refuse_second_start(Places(var_dir()))
    refuse_taken_port(options.host, options.port)
    install()
    command = [str(PYTHON), "-m", "k8slab.supervisor", "--friendly", "--host", options.host]
    command += ["--port", str(options.port), *(["--open"] if options.open else [])]
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PYTHON, command)  # noqa: S606 - our own interpreter; Ctrl-C and signals then reach the supervisor itself


def refuse_taken_port(host: str, port: int) -> None:
    """Said before the two minutes of a first installation, not after."""
    if not 0 < port < 65536:
        raise Failed(f"there is no port {port}: choose one from 1 to 65535 with --port")
    if not port_is_free(host, port):
        raise Failed(f"port {port} is taken: choose another with --port, for example ./lab up --port {free_port(host)}")


def setup(arguments: list[str]) -> int:
    argparse.ArgumentParser("./lab setup").parse_args(arguments)
    install()
    return subprocess.run((PYTHON, "-m", "k8slab.supervisor", "--prepare"), cwd=ROOT).returncode


def install() -> None:
    ensure_environment(logs(), dev=False)
    ensure_frontend(logs())


def test(arguments: list[str]) -> int:
    return run_suite(arguments, logs(), strict=os.environ.get("CI", "").lower() in ("1", "true"))


def bench(arguments: list[str]) -> int:
    install()
    return subprocess.run((PYTHON, "-m", "bench.run", *arguments), cwd=ROOT).returncode


def reset(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./lab reset")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)
    var = var_dir()
    refuse_second_start(Places(var))
    if not var.exists():
        say(f"there is nothing in {var}")
        return 0
    if not (var / "run" / "supervisor.lock").exists():
        raise Failed(f"{var} does not look like k8slab's: nothing was removed")
    if not options.yes and not asked(f"Throw away {var} (accounts, work, cluster, logs)? [y/N] "):
        say("nothing was changed")
        return 1
    shutil.rmtree(var)
    say(f"{var} is gone")
    return 0


def asked(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def logs() -> Path:
    return Places(var_dir()).log / "setup"


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": up,
    "setup": setup,
    "test": test,
    "bench": bench,
    "reset": reset,
}
