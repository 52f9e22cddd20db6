"""A course of one lesson and one exercise in a temporary folder, for tests to damage."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "course.yaml": """\
title: {en: Course, ko: 과정}
tracks:
  - id: basics
    folder: 10-basics
    title: {en: Basics, ko: 기초}
""",
    "10-basics/10-pods/lesson.yaml": """\
id: pods
title: {en: Pods, ko: 파드}
minutes: 10
objectives:
  - {en: Make a pod, ko: 파드를 만든다}
mirrors: [notes#pods]
links:
  - title: {en: Pods, ko: 파드}
    url: https://kubernetes.io/docs/concepts/workloads/pods/
""",
    "10-basics/10-pods/en.md": "## Pods\n\nText.\n\n::: exercise first\n",
    "10-basics/10-pods/ko.md": "## 파드\n\n글.\n\n::: exercise first\n",
    "10-basics/10-pods/exercises/first/exercise.yaml": """\
title: {en: First, ko: 처음}
task: {en: "Make the pod ${name}.", ko: "파드 ${name}을 만드세요."}
vars:
  name: [red, blue]
capabilities: [exec]
checks:
  - id: runs
    title: {en: It runs, ko: 실행된다}
    points: 3
    object: {apiVersion: v1, kind: Pod, name: "${name}"}
    settled: true
""",
    "10-basics/10-pods/exercises/first/start.yaml": "# write here\n",
    "10-basics/10-pods/exercises/first/solution.yaml": """\
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
""",
    "10-basics/10-pods/exercises/first/wrong/green.yaml": """\
# fails: runs
apiVersion: v1
kind: Pod
metadata:
  name: green
""",
}


def write_course(root: Path) -> Path:
    for name, text in FILES.items():
        put(root, name, text)
    return root


def put(root: Path, name: str, text: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    put(root, name, text.replace(old, new))
