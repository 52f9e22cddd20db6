"""`manage.py watcher`: one of the five processes."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from k8slab.attempts.watching import watch


class Command(BaseCommand):
    help = "Follows the cluster: live changes to the pages, and grading when something has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._until_told())

    async def _until_told(self) -> None:
        watching = asyncio.create_task(watch(self._say))
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, watching.cancel)
        await asyncio.wait({watching})
        if not watching.cancelled() and (error := watching.exception()):
            raise error

    def _say(self, what: str) -> None:
        self.stdout.write(f"watcher is ready: {what}")
        self.stdout.flush()
