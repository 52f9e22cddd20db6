"""-o jsonpath, go-template, custom-columns, yaml: pure functions on objects."""

from __future__ import annotations

import pytest
import yaml

from k8slab.terminal.kubectl.invocation import Failed
from k8slab.terminal.kubectl.output.ages import duration
from k8slab.terminal.kubectl.output.columns import WIDEST, Columns, cell_text
from k8slab.terminal.kubectl.output.customcolumns import from_spec
from k8slab.terminal.kubectl.output.godump import go_value, json_lines
from k8slab.terminal.kubectl.output.gotemplate.run import Template, TemplateError
from k8slab.terminal.kubectl.output.jsonpath.evaluate import JSONPath
from k8slab.terminal.kubectl.output.jsonpath.parse import JSONPathError
from k8slab.terminal.kubectl.output.yamltext import to_yaml

POD = {
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app": "web", "app.kubernetes.io/name": "x"}},
    "spec": {"containers": [{"name": "a", "image": "nginx", "port": 80}, {"name": "b", "image": "redis"}]},
}
PODS = {"items": [POD, {**POD, "metadata": {"name": "db"}}]}


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{.metadata.name}", "web"),
        ("plain {.kind}{'\\n'}", "plain Pod\n"),
        ("{.spec.containers[*].image}", "nginx redis"),
        ("{.spec.containers[-1].name}", "b"),
        ("{.spec.containers[0:1].name}", "a"),
        ("{.spec.containers[?(@.port>=80)].name}", "a"),
        ('{.spec.containers[?(@.name=="b")].image}', "redis"),
        ("{.spec.containers[?(@.port)].name}", "a"),
        ("{..image}", "nginx redis"),
        ("{.metadata['name','nope']}", "web"),
        ("{.metadata.labels.app\\.kubernetes\\.io/name}", "x"),
        ("{.metadata.labels}", '{"app":"web","app.kubernetes.io/name":"x"}'),
        ("{.metadata.nope.deeper}", ""),
        ("{range .spec.containers[*]}{.name}={.image};{end}", "a=nginx;b=redis;"),
    ],
)
def test_jsonpath(template: str, printed: str) -> None:
    assert JSONPath(template).text(POD) == printed


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{.x[}", "unterminated array"),
        ("{.x", "unclosed action"),
        ("{.x['a]}", "unterminated array"),
        ("{.items[?(@.a]}", "unterminated filter"),
        ("{foo}", "unrecognized identifier foo"),
        ("{range .a}", "unterminated range"),
        ("{.a[1.5]}", "invalid array index 1.5"),
    ],
)
def test_jsonpath_that_is_none(template: str, problem: str) -> None:
    with pytest.raises(JSONPathError, match=problem.replace("[", r"\[")):
        JSONPath(template)


def test_jsonpath_beyond_an_array() -> None:
    with pytest.raises(JSONPathError, match="array index out of bounds: index 7, length 2"):
        JSONPath("{.spec.containers[7].name}").text(POD)


def test_jsonpath_that_must_find_something() -> None:
    with pytest.raises(JSONPathError, match="nope is not found"):
        JSONPath("{.nope}", missing_allowed=False).text(POD)


def test_jsonpath_that_would_take_forever() -> None:
    deep: object = 1
    for _ in range(40):
        deep = {"a": deep}
    with pytest.raises(JSONPathError, match="too many values"):
        JSONPath("{" + "['a','a']" * 40 + "}").text(deep)


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{{.metadata.name}}", "web"),
        ("{{range .spec.containers}}{{.name}} {{end}}", "a b "),
        ("{{range $i, $c := .spec.containers}}{{$i}}:{{$c.image}} {{end}}", "0:nginx 1:redis "),
        ("{{if eq .kind `Pod`}}yes{{else}}no{{end}}", "yes"),
        ("{{if .nope}}a{{else if .kind}}b{{else}}c{{end}}", "b"),
        ("{{with .metadata}}{{.name}}{{end}}", "web"),
        ('{{printf "%-5s|%03d" .kind 7}}', "Pod  |007"),
        ('{{index .metadata.labels "app"}}', "web"),
        ('{{"aGk=" | base64decode}}', "hi"),
        ("{{len .spec.containers}}{{/* nothing */}}", "2"),
        ("{{- .kind -}}  x", "Podx"),
        ("{{.nope}}", "<no value>"),
        ("{{.metadata.labels}}", "map[app:web app.kubernetes.io/name:x]"),
        ("{{and true (not false)}} {{or nil 3}} {{ne 1 2}} {{lt 1 2}}", "true 3 true true"),
        ("{{$x := 1}}{{range .spec.containers}}{{$x = 5}}{{end}}{{$x}}", "5"),
    ],
)
def test_go_template(template: str, printed: str) -> None:
    assert Template(template).text(POD) == printed


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{{foo}}", 'function "foo" not defined'),
        ("{{range .a}}x", "unexpected EOF"),
        ("{{.a", "unclosed action"),
        ("{{end}}", "unexpected {{end}}"),
        ("{{if}}x{{end}}", "missing value for if"),
        ("{{define `x`}}{{end}}", "not known here"),
    ],
)
def test_go_template_that_is_none(template: str, problem: str) -> None:
    with pytest.raises(TemplateError, match=problem):
        Template(template)


@pytest.mark.parametrize(
    "template", ["{{index .spec.containers 9}}", "{{len}}", "{{.kind.x}}", "{{$nope}}", "{{eq 1 `a`}}"]
)
def test_go_template_that_fails(template: str) -> None:
    with pytest.raises(TemplateError):
        Template(template).text(POD)


def test_go_template_that_would_take_forever() -> None:
    many = {"items": list(range(100))}
    with pytest.raises(TemplateError, match="too many steps"):
        Template("{{range .items}}" + "{{range $.items}}" * 4 + "{{end}}" * 5).text(many)


def test_custom_columns() -> None:
    columns = from_spec("NAME:.metadata.name,IMAGES:{.spec.containers[*].image},X:nope")
    assert (
        columns.show(PODS["items"])
        == "NAME   IMAGES        X\nweb    nginx,redis   <none>\ndb     nginx,redis   <none>\n"
    )
    assert columns.show([POD]).startswith("web ")  # the headers come once


def test_custom_columns_that_are_none() -> None:
    with pytest.raises(Failed, match="unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>"):
        from_spec("NAME")


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("yes", '"yes"'),
        ("2024-01-01", '"2024-01-01"'),
        ("1:20", '"1:20"'),
        ("0x1f", '"0x1f"'),
        ("null", '"null"'),
        ("", '""'),
        ("a: b", "'a: b'"),
        ("- x", "'- x'"),
        ("plain text", "plain text"),
        ("한글", "한글"),
        ("one\ntwo\n", "|\n  one\n  two"),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_yaml_quotes_as_go_does(value: object, line: str) -> None:
    assert to_yaml({"a": value}) == f"a: {line}\n"


def test_yaml_sorts_keys_naturally_and_reads_back() -> None:
    value = {"a10": 1, "a2": 2, "B": 3, "_": 4, "list": [{"x": "1"}, ["y"]]}
    text = to_yaml(value)
    assert [line.partition(":")[0] for line in text.splitlines()[:4]] == ["_", "B", "a2", "a10"]
    assert yaml.safe_load(text) == value


def test_json_escapes_as_go_does() -> None:
    assert json_lines({"b": "<&>", "a": []}) == '{\n    "a": [],\n    "b": "\\u003c\\u0026\\u003e"\n}'
    assert go_value({"b": [1, None], "a": True}) == "map[a:true b:[1 <nil>]]"


def test_columns_remember_their_widths() -> None:
    columns = Columns()
    assert columns.lines([["NAME", "AGE"], ["a-long-name", "5s"]]) == "NAME          AGE\na-long-name   5s\n"
    assert columns.lines([["b", "1s"]]) == "b             1s\n"


def test_a_huge_cell_does_not_widen_the_other_rows() -> None:
    text = Columns().lines([["x" * 100_000, "1"], ["y", "2"]])
    assert len(text) < 100_000 + 2 * WIDEST


def test_cells_are_one_line_without_escape_sequences() -> None:
    assert cell_text("a\nb") == "a..."
    assert "\x1b" not in cell_text("\x1b[31mred")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0s"),
        (119, "119s"),
        (125, "2m5s"),
        (600, "10m"),
        (7200, "120m"),
        (11000, "3h3m"),
        (200000, "2d7h"),
        (-5, "<invalid>"),
    ],
)
def test_ages(seconds: int, said: str) -> None:
    assert duration(seconds) == said
