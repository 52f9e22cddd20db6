from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from k8slab.accounts.actions import appoint
from k8slab.accounts.names import is_reserved


class Command(BaseCommand):
    help = "Make somebody an instructor; the account is made with a random password where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        try:
            UnicodeUsernameValidator()(name)
        except ValidationError as error:
            raise CommandError(f"“{name}” cannot be a name: {error.messages[0]}") from error
        if is_reserved(name):
            raise CommandError("a guest makes an account first")
        user, password = appoint(name)
        self.stdout.write(f"{user.username} is an instructor" + (f", password {password}" if password else ""))
