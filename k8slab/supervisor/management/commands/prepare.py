"""`manage.py prepare`: what a start needs done once, in one process: translations, tables, demo people."""

from __future__ import annotations

import os
from typing import Any

from django.core.management import BaseCommand, call_command

from k8slab.supervisor.prepare import DEMO_PEOPLE


class Command(BaseCommand):
    help = "Compiles translations, migrates the database and makes the demo accounts. Harmless to repeat."
    requires_system_checks = []  # it is what makes some of them pass

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compiletranslations")
        call_command("migrate", interactive=False, verbosity=0)
        passwords = {name: os.environ.get(f"K8SLAB_DEMO_{name.upper()}") for name in DEMO_PEOPLE}
        given = {f"{name}_password": word for name, word in passwords.items() if word}
        call_command("demo", **given)
