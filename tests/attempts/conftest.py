from __future__ import annotations

import pytest

from k8slab.attempts import actions
from k8slab.attempts.models import Attempt
from k8slab.catalog import shelf
from k8slab.catalog.course import Exercise
from tests import people


def exercise(name: str = "three-ready") -> Exercise:
    found = shelf.current().exercise(name)
    assert found is not None
    return found


@pytest.fixture
def attempt(db: None) -> Attempt:
    """Mina's, on a sandbox that is ready and set up."""
    mine = actions.open_attempt(people.mina(), exercise())
    mine.sandbox.state = "ready"
    mine.sandbox.save()
    actions.mark_prepared(mine)
    return mine
