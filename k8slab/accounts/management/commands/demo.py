from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from k8slab.accounts.demo import PEOPLE, logins


class Command(BaseCommand):
    help = "Make the demo logins, an instructor and a student, and print them. Changes nothing when run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in PEOPLE:
            parser.add_argument(f"--{name}-password", default="", help="random when left out")
        parser.add_argument("--json", action="store_true", help="for programs: a list of {name, password}")

    def handle(self, *args: Any, **options: Any) -> None:
        people = logins({name: options[f"{name}_password"] for name in PEOPLE})
        if options["json"]:
            self.stdout.write(json.dumps([asdict(login) for login in people]))
            return
        for login in people:
            self.stdout.write(f"{login.name:10} {login.password or '(a password of their own)'}")
