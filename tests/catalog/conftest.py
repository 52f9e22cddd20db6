from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalog.small_course import write_course


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path / "lessons")
