from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from k8slab.accounts.catalogs import gaps, load, po_files, update
from k8slab.accounts.msgids import collect


class Command(BaseCommand):
    help = "Compare the translations with the strings of the code and the templates. Needs no GNU gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="list what is untranslated; fail if anything is")
        what.add_argument("--update", action="store_true", help="add empty entries for new strings, drop unused ones")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = collect(settings.BASE_DIR)
        fatal = 0
        for po in po_files():
            language = po.parent.parent.name
            if options["update"]:
                added, dropped = update(po, wanted)
                self.stdout.write(f"{language}: {added} added, {dropped} dropped, {len(wanted)} in all")
                continue
            for gap in gaps(load(po), wanted):
                fatal += gap.fatal
                self.stdout.write(f"{language}: {gap.why}: {gap.key.text!r}")
        if fatal:
            raise CommandError(
                f"{fatal} strings are not translated: run manage.py translations --update and fill them in"
            )
