"""The text of `kubectl edit`: an object with a head of remarks, and what somebody made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from ..failures import Failures
from ..invocation import Failed
from ..manifests import parse
from ..output.yamltext import to_yaml

HEAD = """# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
"""


def edit_text(objects: Sequence[dict[str, Any]], remarks: Sequence[str] = ()) -> str:
    """One object, or several as a List."""
    whole: Any = objects[0] if len(objects) == 1 else {"apiVersion": "v1", "items": list(objects), "kind": "List"}
    return with_remarks(to_yaml(whole), remarks)


def with_remarks(body: str, remarks: Sequence[str]) -> str:
    told = "".join(f"# {line}\n" for remark in remarks for line in remark.splitlines())
    return HEAD + (f"{told}#\n" if told else "") + body


def without_remarks(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("#"))


def read_edited(text: str) -> list[dict[str, Any]]:
    """Raises Failed in kubectl's words where it is no YAML or no object."""
    broken = Failures()
    try:
        found = [manifest.obj for manifest in parse(text, "edited-file")]
    except yaml.YAMLError as error:
        raise Failed(f"error: error parsing edited-file: {error}") from error
    broken.finish()
    return found
