"""Every code has a sentence, and the sentence uses no parameter that the code does not carry."""

from string import Formatter

import pytest

from k8slab.attempts import wording, wording_checks, wording_problems
from k8slab.grading import messages
from k8slab.kube import problems


def used(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_grading_code_is_worded_and_no_other() -> None:
    assert set(wording_checks.MESSAGES) == set(messages.WORDING)


@pytest.mark.parametrize("code", sorted(messages.WORDING))
def test_a_grading_sentence_uses_what_its_code_carries(code: str) -> None:
    assert used(wording_checks.MESSAGES[code]) <= messages.parameters(code)


def test_every_problem_code_is_worded_and_no_other() -> None:
    assert set(wording_problems.PROBLEMS) == set(problems.CODES)


@pytest.mark.parametrize("code", sorted(problems.CODES))
def test_a_problem_sentence_uses_what_its_code_carries(code: str) -> None:
    assert used(wording_problems.PROBLEMS[code]) <= set(problems.CODES[code])


def test_a_missing_parameter_never_breaks_a_page() -> None:
    assert wording.of_message("rollout", {}) == wording_checks.MESSAGES["rollout"]


def test_an_unknown_code_of_an_old_report_is_shown_as_it_is() -> None:
    assert wording.of_message("no-such-code", {}) == "no-such-code"
