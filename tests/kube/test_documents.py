"""YAML in, documents with lines out, and every problem where it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8slab.kube.composing import MAX_NODES
from k8slab.kube.documents import MAX_BYTES, parse
from k8slab.kube.problems import CODES, Problem

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  containers:
    - name: c
      image: nginx:1.14.0
      ports:
        - containerPort: 80
          protocol: TCP
"""


def codes(text: str) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in parse(text).problems]


def test_it_works() -> None:
    parsed = parse(POD)
    assert parsed.problems == ()
    (document,) = parsed.documents
    assert document.obj["spec"]["containers"][0]["ports"][0] == {"containerPort": 80, "protocol": "TCP"}
    assert (document.index, document.line) == (0, 1)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("spec.containers[0].image", (10, 7)),
        (".spec.containers[0].image", (10, 7)),
        ("metadata.labels[app.kubernetes.io/name]", (6, 5)),
        (".metadata.labels.app.kubernetes.io/name", (6, 5)),
        ('metadata.labels["app.kubernetes.io/name"]', (6, 5)),
        ('.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"]', (12, 11)),
        ('.spec.containers[name="other"].image', (8, 3)),
        ("spec.containers[0].resources.limits[cpu]", (9, 7)),
        ("spec.containers[7].image", (8, 3)),
        ("spec.nodeName", (7, 1)),
        ("nowhere", (1, 1)),
        ("", (1, 1)),
    ],
)
def test_a_field_path_leads_to_its_line_or_to_the_nearest_parent(path: str, place: tuple[int, int]) -> None:
    assert parse(POD).documents[0].locate(path) == place


def test_lines_are_those_of_the_whole_text() -> None:
    text = f"# first\n---\n{POD}---\n# nothing here\n---\n{POD.replace('web', 'two')}"
    first, second = parse(text).documents
    assert (first.line, second.line) == (3, 19)
    assert second.locate("metadata.name") == (22, 3)


def test_a_list_is_unfolded() -> None:
    items = "".join(
        f"- apiVersion: v1\n  kind: ConfigMap\n  metadata: {{name: c{n}}}\n  data: {{a: b}}\n" for n in (1, 2)
    )
    one, two = parse(f"apiVersion: v1\nkind: List\nitems:\n{items}").documents
    assert [one.obj["metadata"]["name"], two.obj["metadata"]["name"]] == ["c1", "c2"]
    assert (one.line, two.line, two.locate("data.a")) == (4, 8, (11, 10))


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    parsed = parse("\ufeff" + POD.replace("\n", "\r\n"))
    assert parsed.problems == ()
    assert parsed.documents[0].locate("spec.containers[0].image") == (10, 7)


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("=", "="),
        ("yes", True),
        ("off", False),
        ("0777", 511),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("1_000", 1000),
        (".5", 0.5),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("~", None),
        ("'80'", "80"),
        ("!!str 80", "80"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars_are_read_as_kubernetes_reads_them(plain: str, value: object) -> None:
    (document,) = parse(f"apiVersion: v1\nkind: X\nmetadata: {{name: x}}\nspec: {plain}\n").documents
    assert document.obj["spec"] == value
    assert type(document.obj["spec"]) is type(value)


def test_merge_keys_and_aliases_are_followed() -> None:
    text = "apiVersion: v1\nkind: X\nmetadata: {name: x}\na: &a {k: 1, l: 2}\nb: {<<: *a, k: 3}\nc: *a\n"
    obj = parse(text).documents[0].obj
    assert (obj["b"], obj["c"]) == ({"k": 3, "l": 2}, {"k": 1, "l": 2})


@pytest.mark.parametrize("text", ["", "   \n\n", "# only a comment", "---\n---\n", "null", "...\n"[:0], "\ufeff"])
def test_nothing_is_said_to_be_empty(text: str) -> None:
    assert codes(text) == [("empty", 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("just text", [("not-an-object", 1)]),
        ("- a\n- b", [("not-an-object", 1)]),
        ("42", [("not-an-object", 1)]),
        ("kubectl run pod --image=nginx:1.14.0", [("not-an-object", 1)]),
        ("a: b: c", [("yaml-colon", 1)]),
        ("apiVersion: v1\nkind Pod\nmetadata:\n  name: x", [("yaml-missing-colon", 2)]),
        ("a:\n  b: c\n d: e", [("yaml-indentation", 3)]),
        ("- a\nb: c", [("yaml-indentation", 2)]),
        ("a: b\nc: 'x\nd: e\n", [("yaml-quote", 2)]),
        ("a: [1, 2\n", [("yaml-bracket", 1)]),
        ("a: @x", [("yaml-first-character", 1)]),
        ('a: "\\q"', [("yaml-escape", 1)]),
        ("a:\n\tb: c\n\td: e", [("tab", 2), ("tab", 3)]),
        ("a: b\n\tc: d", [("tab", 2)]),
        ("a: {b: c\n\u00a0\u00a0d: e", [("odd-space", 2)]),
        ("a: *nobody", [("unknown-alias", 1)]),
        (
            "a: b\na: c\nb: {x: 1, x: 2}",
            [("no-api-version", 1), ("no-kind", 1), ("no-metadata", 1), ("duplicate-key", 2)],
        ),
        ("a: !!python/object:os.system {}", [("tag", 1)]),
        ("? [a]\n: b", [("bad-key", 1)]),
        ("a: b\x00", [("control-character", 1)]),
        ("a: b\nc: \ud800", [("control-character", 2)]),
        ("a: b\u2028c: d", [("control-character", 1)]),
        ("apiVersion: v1\nkind: Pod\nmetadata: {}", [("no-name", 3)]),
        ("apiVersion: v1\nkind: Pod", [("no-metadata", 1)]),
        ("apiVersion: v1\nkind: Pod\nmetadata: web", [("no-metadata", 3)]),
        ("apiVersion: v1\nmetadata: {name: x}", [("no-kind", 1)]),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: 007", [("not-a-string", 4)]),
        (
            "apiVersion: 1\nkind: Pod\nmetadata:\n  name: x\n  labels:\n    on: yes",
            [("not-a-string", 1), ("not-a-string", 6)],
        ),
    ],
)
def test_each_problem_has_its_code_and_line(text: str, expected: list[tuple[str, int]]) -> None:
    found = codes(text)
    assert [pair for pair in found if pair in expected] == expected
    if not text.startswith(("a: b\na:", "a: !!", "? ")):
        assert found == expected


def test_problems_of_every_document_are_collected() -> None:
    text = f"a: b: c\n---\n{POD}---\njust text\n---\nkind: Pod\nx: [\n"
    parsed = parse(text)
    assert [(p.code, p.line) for p in parsed.problems] == [
        ("yaml-colon", 1),
        ("not-an-object", 17),
        ("yaml-bracket", 20),
    ]
    assert [d.obj["metadata"]["name"] for d in parsed.documents] == ["web"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "{a: " * 50_000,
        "- " * 100_000,
        "\n".join(" " * n + "a:" for n in range(1000)),
    ],
)
def test_a_text_that_is_too_deep_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    assert [code for code, _ in codes(text)] == ["too-deep"]
    assert time.process_time() - began < 1


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert codes("\n".join(lines)) == [("aliases", 6)]


def test_an_alias_of_its_own_parent_is_refused() -> None:
    assert codes("a: &a\n  b: *a") == [("aliases", 2)]


def test_anchors_that_add_up_to_a_deep_tree_are_refused() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]" for n in range(1, 20)]
    assert [code for code, _ in codes("\n".join(lines))] == ["too-deep"]


def test_limits_of_size_and_number() -> None:
    assert codes("a" * (2 * MAX_BYTES)) == [("too-large", 0)]
    assert codes("---\n".join([POD] * 500)) == [("too-many-documents", 0)]
    assert [code for code, _ in codes(f"a: [{'1,' * (MAX_NODES + 1)}]")] == ["too-many-values"]


def test_every_code_carries_what_the_table_promises() -> None:
    texts = ["", "a" * (2 * MAX_BYTES), "a:\n\tb", "'x", "[", "@", "a: *b", "a: 1\na: 2", "x", "a: \x01", "? [a]\n: b"]
    texts += [
        "apiVersion: 1\nkind: {}",
        "apiVersion: v1\nkind: P\nmetadata: {name: 1}",
        "[" * 200,
        "\u3000a: [",
        "!x y",
    ]
    for problem in (p for text in texts for p in parse(text).problems):
        assert set(problem.params) == set(CODES[problem.code]), problem


@given(st.text(alphabet=st.characters() | st.sampled_from("\n\t:-[]{}&*!|>'\"%@`#, ab"), max_size=200))
def test_no_text_raises(text: str) -> None:
    parsed = parse(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert parsed.documents or parsed.problems
    assert all(isinstance(p, Problem) and p.code in CODES and 0 <= p.line <= lines for p in parsed.problems)
