"""Which representation a client takes: JSON, a Table, or metadata only."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from k8slab.emulator.status import ApiError

Form = Literal["json", "yaml", "table", "partial"]
OFFERED = (
    "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, "
    "application/vnd.kubernetes.protobuf, application/json;stream=watch, "
    "application/vnd.kubernetes.protobuf;stream=watch"
)


@lru_cache(maxsize=256)
def wanted_form(accept: str) -> Form:
    if not accept:
        return "json"
    for part in accept.split(","):
        media, _, rest = part.strip().partition(";")
        options = dict(one.strip().partition("=")[::2] for one in rest.split(";"))
        form = _form(media.strip(), options)
        if form is not None:
            return form
    raise ApiError(406, "NotAcceptable", OFFERED, {})


def _form(media: str, options: dict[str, str]) -> Form | None:
    if media == "application/yaml" and "as" not in options:
        return "yaml"
    if media not in ("application/json", "*/*", "application/*"):
        return None
    wanted = options.get("as", "")
    if not wanted:
        return "json"
    if options.get("g") != "meta.k8s.io" or options.get("v") not in ("v1", "v1beta1"):
        return None
    return "table" if wanted == "Table" else "partial" if wanted.startswith("PartialObjectMetadata") else None
