"""Our translations: .po files, what is missing in them, and the .mo files that Django reads."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from .msgids import Found, Key

HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: k8slab\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PLACE = re.compile(r"%(?:\((?P<name>\w+)\))?[sd]|\{(?P<brace>\w*)\}")


@dataclass(frozen=True, slots=True)
class Gap:
    key: Key
    why: str  # missing | fuzzy | unused | "places differ: …"

    @property
    def fatal(self) -> bool:
        return self.why != "unused"


def po_files() -> list[Path]:
    return sorted(po for place in settings.LOCALE_PATHS for po in Path(place).glob("*/LC_MESSAGES/django.po"))


def stale(po: Path) -> bool:
    """Whether Django would show older words than the .po file has, or none."""
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def load(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name, charset="utf-8")


def compile_catalog(po: Path) -> None:
    """Write the .mo file in one step: several processes may start at once, and none may read a half."""
    with tempfile.NamedTemporaryFile(dir=po.parent, prefix=".django.", delete=False) as file:
        write_mo(file, load(po), use_fuzzy=False)
    compiled = Path(file.name)
    compiled.chmod(0o644)  # a temporary file is its owner's alone, but another user may serve the pages
    compiled.replace(po.with_suffix(".mo"))


def gaps(catalog: Catalog, wanted: Mapping[Key, Found]) -> Iterator[Gap]:
    for key in wanted:
        message = catalog.get(key.text, key.context or None)
        why = _fault(key, message)
        if why:
            yield Gap(key, why)
    for message in catalog:
        if message.id and key_of(message) not in wanted:
            yield Gap(key_of(message), "unused")


def _fault(key: Key, message: Message | None) -> str:
    if message is None or message.id != key.id or not message.string:
        return "missing"
    said = [message.string] if isinstance(message.string, str) else list(message.string)
    if not all(said):
        return "missing"
    if message.fuzzy:
        return "fuzzy"
    wanted = places(key.plural or key.text)
    return next((f"places differ: {text}" for text in said if places(text) != wanted), "")


def places(text: str) -> frozenset[str]:
    """The places that are filled in later; a translation that lacks one would break the page or hide a value."""
    return frozenset(match.group() for match in PLACE.finditer(text.replace("%%", "")))


def key_of(message: Message) -> Key:
    if isinstance(message.id, str):
        return Key(message.id, "", message.context or "")
    return Key(message.id[0], message.id[1], message.context or "")


def update(po: Path, wanted: Mapping[Key, Found]) -> tuple[int, int]:
    """Add empty entries for new messages, drop what nobody uses. How many of each."""
    catalog = load(po)
    unused = [message for message in catalog if message.id and key_of(message) not in wanted]
    for message in unused:
        catalog.delete(message.id, message.context)
    before = {key_of(message) for message in catalog if message.id}
    for key, found in wanted.items():
        message = catalog.add(key.id, context=key.context or None)
        message.locations = [(file, 0) for file in sorted(found.files)]
    _write(po, catalog)
    return len(wanted.keys() - before), len(unused)


def _write(po: Path, catalog: Catalog) -> None:
    """Sorted, without dates and line numbers: two people's additions then merge by themselves."""
    with po.open("wb") as file:
        file.write(HEADER.format(language=catalog.locale, plurals=catalog.plural_forms).encode())
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False, omit_header=True)
