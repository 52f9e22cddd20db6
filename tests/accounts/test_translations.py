from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from k8slab.accounts.catalogs import compile_catalog, gaps, load, places, po_files, update
from k8slab.accounts.msgids import Found, Key, collect, keys_in

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def test_everything_is_translated() -> None:
    """`manage.py translations --update` adds what is missing here."""
    used = collect(configured.BASE_DIR)
    assert po_files()
    for po in po_files():
        assert [gap for gap in gaps(load(po), used) if gap.fatal] == []


def wanted(*keys: Key) -> dict[Key, Found]:
    return {key: Found(key) for key in keys}


@pytest.fixture
def po(tmp_path: Path) -> Path:
    file = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(PO)
    return file


def template(tmp_path: Path, text: str) -> set[Key]:
    file = tmp_path / "page.html"
    file.write_text(text)
    return set(keys_in(file))


def test_strings_are_found_in_templates(tmp_path: Path) -> None:
    found = template(
        tmp_path,
        """<p>It's an (odd text {% load i18n %}
            {% translate "Plain" %}
    {% translate 'Quoted "so"' context "there" %} {{ _("Filtered")|lower }}
          {# no "message here #}
      {% blocktranslate trimmed with a=b count n=c %}
        One {{ a }}
        line
      {% plural %}{{ n }} {{ a }} lines{% endblocktranslate %}
    {% blocktranslate %}Kept as
 it is, 100%{% endblocktranslate %}
    {% comment %}{% translate "Hidden" %}{% endcomment %}""",
    )
    assert found == {
        Key("Plain"),
        Key('Quoted "so"', context="there"),
        Key("Filtered"),
        Key("One %(a)s line", "%(n)s %(a)s lines"),
        Key("Kept as\n it is, 100%%"),
    }


def test_strings_are_found_in_code(tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_text(
        'a = _("One"\n  " text")\n_(variable)\nb = ngettext_lazy("%d pod", "%d pods", n)\n'
        'c = pgettext("there", "Two")\n'
    )
    assert set(keys_in(file)) == {Key("One text"), Key("%d pod", "%d pods"), Key("Two", context="there")}


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("", "missing"),
        ('msgid "Pod"\nmsgstr ""\n', "missing"),
        ('#, fuzzy\nmsgid "Pod"\nmsgstr "파드"\n', "fuzzy"),
        ('msgid "Pod"\nmsgstr "파드"\n', None),
        ('msgid "Pod"\nmsgstr "파드 %(name)s"\n', "places differ: 파드 %(name)s"),
    ],
)
def test_gaps(po: Path, entry: str, why: str | None) -> None:
    po.write_text(PO + entry)
    found = [gap.why for gap in gaps(load(po), wanted(Key("Pod"))) if gap.fatal]
    assert found == ([why] if why else [])


def test_a_plural_needs_its_one_korean_form(po: Path) -> None:
    key = Key("%(n)s pod", "%(n)s pods")
    po.write_text(PO + 'msgid "%(n)s pod"\nmsgid_plural "%(n)s pods"\nmsgstr[0] "파드 %(n)s개"\n')
    assert list(gaps(load(po), wanted(key))) == []


def test_what_is_unused_is_told_and_dropped_but_not_fatal(po: Path, tmp_path: Path) -> None:
    po.write_text(PO + 'msgid "Old"\nmsgstr "옛"\n\nmsgid "Kept"\nmsgstr "남음"\n')
    both = wanted(Key("Kept"), Key("New"))
    assert [(gap.key.text, gap.fatal) for gap in gaps(load(po), both)] == [("New", True), ("Old", False)]
    assert update(po, both) == (1, 1)
    catalog = load(po)
    assert {message.id: message.string for message in catalog if message.id} == {"Kept": "남음", "New": ""}
    before = po.read_text()
    assert update(po, both) == (0, 0)
    assert po.read_text() == before


def test_places() -> None:
    assert places("%(n)s of {all}, 100%% %s") == {"%(n)s", "{all}", "%s"}


def test_compiled_words_are_read_by_gettext(po: Path) -> None:
    po.write_text(PO + 'msgid "Pod"\nmsgstr "파드"\n\n#, fuzzy\nmsgid "Node"\nmsgstr "노드?"\n')
    compile_catalog(po)
    with po.with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Pod") == "파드"
    assert words.gettext("Node") == "Node"
    assert [path.name for path in po.parent.iterdir() if path.name.startswith(".")] == []


def test_the_commands(po: Path, settings: Settings, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    with pytest.raises(CommandError, match="not translated"):
        call_command("translations", "--check")
    call_command("translations", "--update")
    call_command("compiletranslations")
    assert po.with_suffix(".mo").exists()
