"""docs/emulator.md says what the code does."""

from __future__ import annotations

import pytest

from k8slab.emulator.__main__ import parse
from k8slab.emulator.controllers.manager import controller_names
from k8slab.emulator.resources import load_resources
from tests.emulator.coverage import DOCUMENT, LIVES_BY, PARTS, ROOT, behaviours, written

LEVELS = {"yes", "partly", "no"}


def test_its_tables_are_current() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"<!-- end of {name} -->" in text for name in PARTS)
    assert written(text) == text, "run: python -m tests.emulator.coverage"


def test_every_controller_is_listed_with_its_kind() -> None:
    listed = {name for names in LIVES_BY.values() for name in names}
    assert set(controller_names()) - listed == set()
    assert set(LIVES_BY) - {kind.key for kind in load_resources()} == set()


def test_what_is_claimed_is_shown_by_a_test() -> None:
    for entries in behaviours().values():
        for entry in entries:
            assert entry["supported"] in LEVELS, entry
            assert ("test" in entry) == (entry["supported"] != "no"), entry
            if "test" in entry:
                file, _, name = entry["test"].partition("::")
                assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), entry


def test_every_option_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    options = {word.strip("[],") for word in capsys.readouterr().out.split() if word.startswith(("--", "[--"))}
    text = DOCUMENT.read_text(encoding="utf-8")
    assert {option for option in options if f"`{option}" not in text} - {"--help"} == set()
