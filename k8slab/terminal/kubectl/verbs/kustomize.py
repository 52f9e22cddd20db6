"""kubectl kustomize: refused."""

from __future__ import annotations

from ..invocation import Failed, Invocation
from ..registry import verb


@verb("kustomize", summary="Build a kustomization target from a directory or URL", usage="DIR")
def run(invocation: Invocation) -> None:
    raise Failed("error: kustomizations cannot be built in this terminal: apply the files with -f")
