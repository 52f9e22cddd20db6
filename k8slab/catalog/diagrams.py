"""Reads a lesson's diagrams: `diagrams/<id>.yaml` with the words, beside it a picture (`.svg`) or a scene (`.json`).

A picture becomes part of the page, so that it follows the theme and the language. Only drawing is let through: what
could load, run or restyle anything is a problem of the file, and never reaches a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson

from k8slab.grading.spec import Text

from .course import Diagram
from .exercises import read_record
from .fields import LABEL, Field
from .files import entries, read_text
from .problems import Problems, Tell
from .schema import DIAGRAM

WORD = re.compile(r"\{([a-z][a-z0-9-]*)\}")
NAMESPACE = "http://www.w3.org/2000/svg"
_DRAWING = frozenset(("svg", "g", "defs", "marker", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
ELEMENTS = _DRAWING | {"text", "tspan"}
_PLACES = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height", "d", "points")
_LOOKS = ("id", "class", "text-anchor", "dominant-baseline", "stroke-dasharray", "marker-start", "marker-end")
_FRAME = ("viewBox", "transform", "orient", "refX", "refY", "markerWidth", "markerHeight", "markerUnits")
ATTRIBUTES = frozenset((*_PLACES, *_LOOKS, *_FRAME))
_LOCAL = re.compile(r"url\(#[a-z][a-z0-9-]*\)")


def read_diagrams(folder: Path, problems: Problems) -> tuple[Diagram, ...]:
    """Those of one lesson; `folder` need not exist."""
    if not folder.is_dir():
        return ()
    files = entries(folder, problems.teller(folder))
    for path in files:
        if path.suffix not in (".yaml", ".svg", ".json"):
            problems.add(path, 0, "does not belong here: a diagram is a .yaml beside a .svg or a .json")
        elif not path.with_suffix(".yaml").is_file():
            problems.add(path, 0, f"has no {path.stem}.yaml with its title and description")
    return tuple(_read(path, problems) for path in files if path.suffix == ".yaml")


def _read(path: Path, problems: Problems) -> Diagram:
    if not LABEL.fullmatch(path.stem):
        problems.add(path, 0, f"{path.stem!r} must be lower-case letters, digits and '-', at most 63 characters")
    fields = read_record(path, problems).record(DIAGRAM)
    words = {name: field.text() for name, field in (fields["words"].mapping() if "words" in fields else {}).items()}
    svg, scene = path.with_suffix(".svg"), path.with_suffix(".json")
    if svg.is_file() == scene.is_file():
        problems.add(path, 0, f"needs either {svg.name} or {scene.name} beside it")
    return Diagram(
        id=path.stem,
        title=_text(fields, "title"),
        description=_text(fields, "description"),
        words=words,
        svg=_picture(svg, words, problems) if svg.is_file() else "",
        scene=_scene(scene, problems.teller(scene)) if scene.is_file() else None,
    )


def _text(fields: Mapping[str, Field], key: str) -> Text:
    return fields[key].text() if key in fields else Text("", "")


def _picture(path: Path, words: Mapping[str, Text], problems: Problems) -> str:
    tell = problems.teller(path)
    text = read_text(path, tell) or ""
    for wrong in _wrongs(text):
        tell(0, wrong)
    for match in WORD.finditer(text):
        if match[1] not in words:
            tell(text.count("\n", 0, match.start()) + 1, f"{match[0]} is not among the words of {path.stem}.yaml")
    for name in sorted(words.keys() - {match[1] for match in WORD.finditer(text)}):
        problems.add(path.with_suffix(".yaml"), 0, f"the word {name!r} is not used in {path.name}")
    return text


def _wrongs(text: str) -> Iterator[str]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        yield "must not declare a document type"
        return
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  # no document type, so no entities to expand; at most 256 KiB
    except ElementTree.ParseError as error:
        yield f"is no XML: {error}"
        return
    if root.tag != f"{{{NAMESPACE}}}svg" or "viewBox" not in root.attrib:
        yield f'must be an <svg xmlns="{NAMESPACE}" viewBox="…">'
    for element in root.iter():
        yield from _wrong_element(element)


def _wrong_element(element: ElementTree.Element) -> Iterator[str]:
    name = str(element.tag).removeprefix(f"{{{NAMESPACE}}}")
    if name not in ELEMENTS:
        yield f"<{name}> may not stand here; there are: {', '.join(sorted(ELEMENTS))}"
    for key, value in element.attrib.items():
        if key not in ATTRIBUTES:
            yield f"the attribute {key!r} of <{name}> may not stand here: colours and lines come from classes"
        elif "url" in value and not _LOCAL.fullmatch(value):
            yield f"{value!r} of <{name}> points outside the picture"


def _scene(path: Path, tell: Tell) -> Mapping[str, Any]:
    try:
        scene = orjson.loads(read_text(path, tell) or "null")
    except orjson.JSONDecodeError as error:
        tell(0, f"is no JSON: {error}")
        return {}
    if not isinstance(scene, dict):
        tell(0, "must be a JSON object, as `manage.py scene` records it")
        return {}
    return scene


def drawn(diagram: Diagram, language: str) -> str:
    """The SVG with its words in one language."""
    return WORD.sub(lambda match: _escaped(getattr(diagram.words[match[1]], language)), diagram.svg)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
