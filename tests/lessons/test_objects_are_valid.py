"""Every object that an exercise carries has fields and types that Kubernetes knows, and names its image's version."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.conf import settings

from k8slab.catalog.course import Exercise
from k8slab.catalog.loader import load
from k8slab.catalog.positions import read_documents

EXERCISES = [exercise for lesson in load(settings.LESSONS_DIR).lessons() for exercise in lesson.exercises]
SCHEMAS = "kubernetes-json-schema/v1.36.0-local-strict/_definitions.json"

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)


@cache
def definitions() -> dict[str, Any]:
    spec = importlib.util.find_spec("kubernetes_validate")
    assert spec
    assert spec.origin
    found: dict[str, Any] = json.loads((Path(spec.origin).parent / SCHEMAS).read_text(encoding="utf-8"))
    return found


@cache
def validator(api_version: str, kind: str) -> jsonschema_rs.Draft202012Validator:
    group, _, version = api_version.rpartition("/")
    wanted = {"group": group, "version": version, "kind": kind}
    for name, definition in definitions()["$defs"].items():
        if wanted in definition.get("x-kubernetes-group-version-kind", ()):
            return jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions()["$defs"]})
    raise AssertionError(f"there is no {kind} in {api_version}")


@every_exercise
def test_objects_are_valid(exercise: Exercise) -> None:
    for obj in objects(exercise):
        errors = validator(obj["apiVersion"], obj["kind"]).iter_errors(obj)
        assert [f"{error.instance_path}: {error.message}" for error in errors] == []


@every_exercise
def test_images_name_their_version(exercise: Exercise) -> None:
    for obj in objects(exercise):
        for image in re.findall(r'"image": "([^"]*)"', json.dumps(obj)):
            assert re.search(r":[\w.-]+$", image), image


@every_exercise
def test_names_are_of_the_students_namespace(exercise: Exercise) -> None:
    assert all("namespace" not in obj["metadata"] for obj in objects(exercise))


def objects(exercise: Exercise) -> Iterator[Any]:
    for text in (exercise.setup, exercise.solution, *(wrong.text for wrong in exercise.wrong)):
        for document in read_documents(text, lambda line, message: None):
            yield document.value
