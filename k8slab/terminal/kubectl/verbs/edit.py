"""kubectl edit: the objects as text in the page's editor, and what was changed as a patch."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from k8slab.kube.client import Obj
from k8slab.kube.errors import Conflict, Invalid, KubeError

from ..changing import patch_between
from ..failures import Failures
from ..flags import Flag
from ..flagsets import FILENAME, OUTPUT, SUBRESOURCE, VALIDATE
from ..invocation import Failed, Invocation
from ..output.printers import Report
from ..registry import verb
from ..requests import patch, writing
from ..resources import Item, Selection
from ..running.editing import edit_text, read_edited, with_remarks, without_remarks
from ..wording import error_line

NO_EDITOR = "error: unable to launch the editor: there is no page here"
UNCHANGED = "Edit cancelled, no changes made."
EMPTY = "Edit cancelled, saved file was empty."
NOT_VALID = "error: Edit cancelled, no valid changes were saved."
IDENTITY = "At least one of apiVersion, kind and name was changed"


@dataclass(slots=True)
class _Round:
    """What became of one saved text: those that are done, and remarks for the next one."""

    left: list[tuple[Item, Obj]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@verb(
    "edit",
    FILENAME,
    OUTPUT,
    VALIDATE,
    SUBRESOURCE,
    Flag("field-manager", default="kubectl-edit", help="Name of the manager used to track field ownership."),
    Flag("output-patch", kind="bool", help="Output the patch if the resource is edited."),
    Flag("save-config", kind="bool", help="If true, keep the object's configuration in its annotation."),
    Flag("windows-line-endings", kind="bool", help="Defaults to the line ending native to your platform."),
    summary="Edit a resource in the page's editor",
    usage="(RESOURCE/NAME | -f FILENAME)",
    examples="  kubectl edit deployment/web\n  kubectl edit configmap settings",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    failures = Failures()
    items = [_bare(item) for item in Selection(invocation).items(failures)]
    failures.finish()
    if not items:
        raise Failed("error: edit cancelled, no objects found")
    _Editing(invocation, items).run()


def _bare(item: Item) -> Item:
    """Without what is nobody's to edit and only in the way."""
    metadata = {name: value for name, value in item.obj["metadata"].items() if name != "managedFields"}
    return item.now({**item.obj, "metadata": metadata})


class _Editing:
    def __init__(self, invocation: Invocation, items: Sequence[Item]) -> None:
        self._invocation = invocation
        self._report = Report(invocation)
        self._items = list(items)
        self._name = f"kubectl-edit-{secrets.randbelow(10**9)}.yaml"

    def run(self) -> None:
        """Opens the editor until what is saved is taken, or given up."""
        body = edit_text([item.obj for item in self._items])
        shown, failed = body, False
        while True:
            saved = self._ask(shown)
            if saved is None or without_remarks(saved) == without_remarks(shown):
                if failed:
                    raise Failed(NOT_VALID)
                self._invocation.warn(UNCHANGED)
                return
            if not without_remarks(saved).strip():
                self._invocation.warn(EMPTY)
                return
            done = self._save(saved)
            if not done.remarks:
                return
            failed = True
            text = without_remarks(saved) if not done.left else ""
            shown = with_remarks(text, done.remarks) if text else edit_text([o for _, o in done.left], done.remarks)

    def _ask(self, text: str) -> str | None:
        edit = self._invocation.streams.edit
        if edit is None:
            raise Failed(NO_EDITOR)
        return edit(self._name, text)

    def _save(self, text: str) -> _Round:
        """Every object that was changed becomes a patch; those that were refused are left for another round."""
        done = _Round()
        try:
            edited = read_edited(text)
        except Failed as failure:
            done.remarks.append(f"The edited file had a syntax error: {failure.message.removeprefix('error: ')}")
            return done
        left: list[Item] = []
        for item, obj in self._pairs(edited, done):
            try:
                self._patch(item, obj)
            except KubeError as error:
                done.left.append((item, obj))
                done.remarks.append(_remark(item, error))
                self._invocation.warn(error_line(error))
                left.append(item)
        self._items = left or self._items
        return done

    def _pairs(self, edited: Sequence[Obj], done: _Round) -> list[tuple[Item, Obj]]:
        """Each object with what was made of it, by its identity."""
        known = {_identity(item.obj): item for item in self._items}
        pairs = [(known[_identity(obj)], obj) for obj in edited if _identity(obj) in known]
        if len(pairs) < len(edited):
            done.remarks.append(IDENTITY)
            return []
        return pairs

    def _patch(self, item: Item, obj: Obj) -> None:
        body, how = patch_between(self._invocation, item, obj)
        if not body:
            if len(self._items) > 1:
                self._report.tell(item, "skipped")
            return
        query = writing(self._invocation, manager="kubectl-edit", validate=True)
        subresource = self._invocation.flags.text("subresource")
        changed = patch(self._invocation, item.resource, item.namespace, item.name, body, how, query, subresource)
        if self._invocation.flags.on("output-patch"):
            self._invocation.say(f"Patch: {body}")
        self._report.tell(item.now(changed), "edited")


def _identity(obj: Obj) -> tuple[str, str, str]:
    metadata = obj.get("metadata")
    name = str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
    return str(obj.get("apiVersion", "")), str(obj.get("kind", "")), name


def _remark(item: Item, error: KubeError) -> str:
    named = f'{item.resource.qualified} "{item.name}"'
    if isinstance(error, Invalid):
        causes = [f" * {cause.field}: {cause.message}" for cause in error.causes]
        return "\n".join([f"{named} was not valid:", *(causes or [f" * {error.message}"])])
    if isinstance(error, Conflict):
        return (
            f"{named} was not valid:\n * the object has been modified; please apply your changes to the latest version"
        )
    return f"{named} was not valid:\n * {error.message}"
