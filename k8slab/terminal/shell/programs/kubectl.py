"""kubectl."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .registry import Call, program


@program("kubectl", summary=_("Talks to the cluster"))
def kubectl(call: Call) -> int:
    return call.state.kubectl(call.args, call.streams)
