"""`manage.py prepare`: what a start needs done once, in one process: translations, tables, demo people."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Compiles translations, migrates the database and makes the demo accounts. Harmless to repeat."
    requires_system_checks = []  # it is what makes some of them pass

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compiletranslations")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("demo", stdout=StringIO())  # passwords have no business in a log
