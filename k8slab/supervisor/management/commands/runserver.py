"""`manage.py runserver`, typed by habit: not the web server alone, which could do nothing, but all processes, the web
server among them with reload.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

ADDRESS = re.compile(r"(?:(?P<host>[^:\[\]]+|\[[0-9a-fA-F:]+\]):)?(?P<port>\d+)")


class Command(BaseCommand):
    help = "Starts all processes of k8slab: redis, emulator, worker, watcher and the web server with reload."
    suppressed_base_arguments = {"--verbosity", "--traceback"}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addrport", nargs="?", default="127.0.0.1:8000", help="port, or address:port")
        parser.add_argument("--noreload", action="store_true", help="do not watch Python files")

    def handle(self, *args: Any, **options: Any) -> None:
        found = ADDRESS.fullmatch(options["addrport"])
        if not found:
            raise CommandError(f"{options['addrport']!r} is neither a port nor address:port")
        host = (found["host"] or "127.0.0.1").strip("[]")
        command = [sys.executable, "-m", "k8slab.supervisor", "--friendly", "--host", host, "--port", found["port"]]
        if not options["noreload"]:
            command.append("--reload")
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter; this process has nothing more to do
