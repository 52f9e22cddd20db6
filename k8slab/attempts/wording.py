"""What grading and applying say, worded: code → a sentence in the student's language.

`{params}` are filled in after translation. A test holds these tables against the codes of `grading/messages.py` and
`kube/problems.py`, parameter by parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from . import wording_checks, wording_problems

ERRORS = {
    "cluster-away": _("The cluster did not answer. Your answer is kept and costs nothing: try again."),
    "cluster-refuses": _("The cluster refused to work for us. Your answer is kept and costs nothing: try again."),
    "never-begun": _("No worker took this up in time. Your answer is kept and costs nothing: try again."),
    "worker-lost": _("The work broke off several times. Your answer is kept and costs nothing: try again."),
    "never-decided": _("This took longer than it ever should. Your answer is kept and costs nothing: try again."),
}


def of_message(code: str, params: Mapping[str, Any]) -> str:
    """A grading message; its bare code should a stored report be older than the table."""
    return _fill(wording_checks.MESSAGES.get(code, code), params)


def of_problem(code: str, params: Mapping[str, Any]) -> str:
    """A problem of the submitted YAML."""
    types = wording_problems.TYPES
    worded = {
        name: gettext(types[value]) if name in ("found", "expected") and value in types else value
        for name, value in params.items()
    }
    sentence = _fill(wording_problems.PROBLEMS.get(code, code), worded)
    if code in wording_problems.SUGGESTS and params.get("suggestion"):
        return f"{sentence} {_fill(wording_problems.SUGGESTION, worded)}"
    return sentence


def of_error(code: str) -> str:
    """Why a submission ended as `error`."""
    return gettext(ERRORS.get(code, ERRORS["cluster-away"]))


def _fill(sentence: str, params: Mapping[str, Any]) -> str:
    try:
        return gettext(sentence).format(**params)
    except (KeyError, IndexError, ValueError):
        return sentence
