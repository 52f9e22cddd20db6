"""The generated TypeScript follows messages.py."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Literal, NotRequired, TypedDict

import pytest
from django.core.management import CommandError, call_command

from k8slab.live import messages
from k8slab.live.management.commands.wire import typescript


def test_the_committed_file_is_fresh() -> None:
    call_command("wire", "--check")


def test_a_stale_file_is_refused(tmp_path: Any, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "frontend" / "src").mkdir(parents=True)
    with pytest.raises(CommandError, match="stale"):
        call_command("wire", "--check")
    call_command("wire")
    call_command("wire", "--check")


def test_every_message_is_there_with_its_comments() -> None:
    text = typescript(messages)
    assert "export interface Snapshot {" in text
    assert 'export type ItemState = "ok" | "pending"' in text
    assert '  /** uid of the controlling owner, "" without */\n  owner: string;' in text
    assert 'verdict: Verdict | "untried";' in text
    assert "  submission?: Submission;" in text
    assert "export type ToPage = Snapshot | Change | Happened | Attempt | Draft | Sandbox | HubStarted;" in text
    assert "export type FromPage = Resync;" in text


def test_a_type_without_a_typescript_form_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = ModuleType("odd")
    odd.Odd = TypedDict("Odd", {"when": bytes})  # type: ignore[attr-defined, operator]  # a module made on the spot
    odd.Fine = TypedDict("Fine", {"at": NotRequired[list[Literal["a", "b"]]]})  # type: ignore[attr-defined, operator]
    monkeypatch.setattr("inspect.getsource", lambda module: "")
    with pytest.raises(CommandError, match="bytes"):
        typescript(odd)
    del odd.Odd
    assert '  at?: ("a" | "b")[];' in typescript(odd)
