"""`manage.py scene`: a scene for a lesson, recorded from a cluster while a script is played against it."""

from __future__ import annotations

import asyncio
import time
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
import yaml
from django.core.management.base import BaseCommand, CommandError

from k8slab.kube.client import Client
from k8slab.kube.errors import KubeError
from k8slab.live.recording import ScriptError, record
from k8slab.sandbox.cluster import app_client

READY = 10.0  # seconds for the namespace's service account


class Command(BaseCommand):
    help = "Records a scene for a lesson's diagram: plays SCRIPT in a namespace of its own and writes SCENE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("script", type=Path, help="YAML with `setup` and `steps`, see docs/lesson-format.md")
        parser.add_argument("scene", type=Path, help="the .json to write")
        parser.add_argument("--kubeconfig", type=Path, help="another cluster than the app's own")

    def handle(self, *args: Any, **options: Any) -> None:
        namespace = f"scene-{uuid.uuid4().hex[:8]}"
        try:
            script = yaml.safe_load(options["script"].read_text(encoding="utf-8"))
            client = Client.from_kubeconfig(options["kubeconfig"]) if options["kubeconfig"] else app_client()
            _make(client, namespace)
            try:
                scene = asyncio.run(record(client, namespace, script))
            finally:
                client.delete("v1", "Namespace", namespace)
        except (KubeError, ScriptError, OSError, yaml.YAMLError, KeyError) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error
        options["scene"].write_bytes(orjson.dumps(scene) + b"\n")
        self.stdout.write(f"{len(scene['steps'])} steps, {options['scene'].stat().st_size:,} bytes\n")


def _make(client: Client, namespace: str) -> None:
    """A pod that comes before the namespace's service account would be refused."""
    client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    until = time.monotonic() + READY
    while client.find("v1", "ServiceAccount", "default", namespace) is None:
        if time.monotonic() > until:
            raise CommandError(f"the cluster makes no service account in {namespace}")
        time.sleep(0.02)
