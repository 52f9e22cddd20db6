from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from k8slab.supervisor.lab import suite
from k8slab.supervisor.lab.browser import find_chromium
from k8slab.supervisor.lab.suite import BROWSER, NOTHING_COLLECTED, Tally, count, run_suite

JUNIT = '<testsuites><testsuite tests="5" failures="1" errors="1" skipped="1"/></testsuites>'


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> dict[str, Tally]:
    """The suite without installing and without running: each part yields what the test puts here."""
    results = {"unit": Tally(10), "e2e": Tally(3), "browser": Tally(2)}
    for name in ("ensure_environment", "ensure_frontend", "compile_translations"):
        monkeypatch.setattr(suite, name, lambda *args, **options: None)
    monkeypatch.setattr(suite, "ensure_chromium", lambda logs: "/usr/bin/chromium")
    monkeypatch.setattr(suite, "run_part", lambda part, arguments, env, logs: results[part.name])
    monkeypatch.setattr(suite, "run_frontend_tests", lambda logs: Tally(7))
    return results


def test_it_works(pretended: dict[str, Tally], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_suite([], tmp_path, strict=True) == 0
    assert capsys.readouterr().out.endswith("=== 22 passed, 0 failed ===\n")


def test_one_failure_fails_all(pretended: dict[str, Tally], tmp_path: Path) -> None:
    pretended["e2e"] = Tally(2, 1)
    assert run_suite([], tmp_path, strict=False) == 1


@pytest.mark.parametrize("browser", [Tally(1, 0, 1), Tally()])
def test_a_skipped_browser_story_fails_only_where_it_must_run(
    pretended: dict[str, Tally], tmp_path: Path, browser: Tally
) -> None:
    pretended["browser"] = browser
    assert run_suite([], tmp_path, strict=True) == 1
    assert run_suite([], tmp_path, strict=False) == 0


def test_without_a_browser_it_says_so(
    pretended: dict[str, Tally], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "ensure_chromium", lambda logs: "")
    assert run_suite([], tmp_path, strict=False) == 0
    assert "note: browser tests did not run: install Chromium" in capsys.readouterr().out
    assert run_suite([], tmp_path, strict=True) == 1


def test_results_are_counted(tmp_path: Path) -> None:
    results = tmp_path / "unit.xml"
    results.write_text(JUNIT)
    assert count(results, code=1) == Tally(passed=2, failed=2, skipped=1)


def test_a_crash_counts_as_a_failure(tmp_path: Path) -> None:
    assert count(tmp_path / "none.xml", code=3) == Tally(failed=1)
    assert count(tmp_path / "none.xml", code=NOTHING_COLLECTED) == Tally()


def test_pytest_writes_what_we_read(tmp_path: Path) -> None:
    test = tmp_path / "test_three.py"
    test.write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\n@pytest.mark.skip\ndef test_c(): pass\n"
    )
    results = tmp_path / "r.xml"
    options = (
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        f"--rootdir={tmp_path}",
        f"--junitxml={results}",
    )
    done = subprocess.run((sys.executable, "-m", "pytest", *options, str(test)), capture_output=True, cwd=tmp_path)
    assert count(results, done.returncode) == Tally(1, 1, 1)


def test_the_browser_part_holds_only_browser_tests() -> None:
    assert BROWSER.arguments == ("-m", "browser")


def test_a_browser_that_does_not_run_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\necho 'install the snap'\nexit 1\n")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("K8SLAB_CHROMIUM", raising=False)
    assert find_chromium() == ""
    stub.write_text("#!/bin/sh\necho Chromium 156\n")
    assert find_chromium() == str(stub)
