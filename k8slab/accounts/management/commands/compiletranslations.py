from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from k8slab.accounts.catalogs import compile_catalog, po_files, stale


class Command(BaseCommand):
    help = "Compile the translations that are newer than what Django reads. Needs no GNU gettext."
    requires_system_checks: list[str] = []  # one of the checks asks for this very command

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="compile what is up to date as well")

    def handle(self, *args: Any, **options: Any) -> None:
        for po in po_files():
            if options["all"] or stale(po):
                compile_catalog(po)
                self.stdout.write(f"compiled {po.parent.parent.name}")
