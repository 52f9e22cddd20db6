"""What the loader makes of a folder: a course, and a problem with file and line for each thing that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8slab.catalog.course import Course
from k8slab.catalog.loader import load
from tests.catalog.small_course import FILES, change, put, write_course

LESSON = "10-basics/10-pods"
EXERCISE = f"{LESSON}/exercises/first"

YAML = [name for name in sorted(FILES) if name.endswith(".yaml")]


def found(root: Path) -> list[tuple[str, int, str]]:
    return [(str(p.file.relative_to(root)), p.line, p.message) for p in load(root).problems]


def only(root: Path) -> tuple[str, int, str]:
    problems = found(root)
    assert len(problems) == 1, problems
    return problems[0]


def test_it_works(root: Path) -> None:
    course = load(root)
    assert course.problems == ()
    assert course.title.ko == "과정"
    (lesson,) = course.lessons()
    assert (lesson.id, lesson.track, lesson.minutes, lesson.mirrors) == ("pods", "basics", 10, ("notes#pods",))
    (exercise,) = lesson.exercises
    assert (exercise.id, exercise.lesson, exercise.worth, exercise.setup) == ("first", "pods", 3, "")
    assert exercise.vars == {"name": ("red", "blue")}
    assert exercise.needs == ("exec",)
    assert exercise.solution_kind == "yaml"
    assert [(wrong.name, wrong.fails) for wrong in exercise.wrong] == [("green", "runs")]
    assert course.exercise("first") == exercise


def test_exercises_come_in_the_order_of_the_text(root: Path) -> None:
    for name, text in FILES.items():
        if name.startswith(EXERCISE):
            put(root, name.replace("/first/", "/another/"), text)
    for language in ("en", "ko"):
        change(root, f"{LESSON}/{language}.md", "::: exercise first", "::: exercise first\n\n::: exercise another")
    assert [exercise.id for exercise in load(root).lessons()[0].exercises] == ["first", "another"]


def test_a_changed_file_changes_the_hashes(root: Path) -> None:
    before = load(root).lessons()[0]
    put(root, f"{EXERCISE}/wrong/green.yaml", FILES[f"{EXERCISE}/wrong/green.yaml"] + "# more\n")
    after = load(root).lessons()[0]
    assert before.hash != after.hash
    assert before.exercises[0].hash != after.exercises[0].hash
    change(root, f"{LESSON}/en.md", "Text", "Words")
    assert load(root).lessons()[0].exercises[0].hash == after.exercises[0].hash


def test_kubectl_lines_may_go_on_and_have_here_documents(root: Path) -> None:
    put(root, f"{EXERCISE}/solution.yaml", "").unlink()
    lines = "kubectl run ${name} \\\n  --image=nginx\nkubectl apply -f - <<'EOF'\nkind: Pod\nEOF\nkubectl get pods\n"
    put(root, f"{EXERCISE}/solution.sh", lines)
    assert found(root) == []


def test_a_wrong_solution_may_be_kubectl_lines(root: Path) -> None:
    put(root, f"{EXERCISE}/wrong/run.sh", "# fails: runs\nkubectl run green --image=nginx\n")
    put(root, f"{EXERCISE}/wrong/rm.sh", "# fails: runs\nrm -rf /\n")
    assert found(root) == [(f"{EXERCISE}/wrong/rm.sh", 2, "only kubectl lines may stand here")]
    put(root, f"{EXERCISE}/wrong/rm.sh", "").unlink()
    wrong = load(root).lessons()[0].exercises[0].wrong
    assert [(each.name, each.kind, each.fails) for each in wrong] == [
        ("green", "yaml", "runs"),
        ("run", "kubectl", "runs"),
    ]


def test_a_solution_may_be_kubectl_lines(root: Path) -> None:
    (root / f"{EXERCISE}/solution.yaml").unlink()
    put(root, f"{EXERCISE}/solution.sh", "# one line\nkubectl run ${name} --image=nginx\n")
    (exercise,) = load(root).lessons()[0].exercises
    assert exercise.solution_kind == "kubectl"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("course.yaml", "title: {en: Course", "colour: red\ntitle: {en: Course", 1, "unknown key 'colour'"),
        ("course.yaml", "folder: 10-basics", "folder: 20-basics", 4, "there is no folder '20-basics'"),
        ("course.yaml", "    title: {en: Basics, ko: 기초}", "", 3, "'title' is missing"),
        (f"{LESSON}/lesson.yaml", "minutes: 10", "minutes: soon", 3, "a whole number from 1 to 240, not text"),
        (f"{LESSON}/lesson.yaml", "minutes: 10", "minutes: true", 3, "not true or false"),
        (f"{LESSON}/lesson.yaml", "minutes: 10", "minutes: 10\nminutes: 11", 4, "stands here twice"),
        (f"{LESSON}/lesson.yaml", "ko: 파드를 만든다", "kr: 파드를 만든다", 5, "unknown key 'kr'"),
        (f"{LESSON}/lesson.yaml", "id: pods", "id: Pods", 1, "lower-case letters"),
        (f"{LESSON}/lesson.yaml", "[notes#pods]", "[notes]", 6, "must be '<document>#<section>'"),
        (f"{LESSON}/lesson.yaml", "[notes#pods]", "[]", 6, "must not be empty"),
        (f"{LESSON}/lesson.yaml", "[notes#pods]", "[notes#pods", 7, "is not YAML"),
        (f"{LESSON}/en.md", "## Pods", "# Pods", 1, "headings begin at level 2"),
        (f"{LESSON}/en.md", "::: exercise first", "::: exercise frist", 5, "there is no exercise 'frist'"),
        (f"{LESSON}/en.md", "Text.", "### Text", 0, ""),
        (f"{LESSON}/en.md", "Text.", "::: note\nText.", 3, "this note is not closed"),
        (f"{LESSON}/ko.md", "::: exercise first\n", "::: exercise first\n\n::: note", 7, "is not closed"),
        (f"{LESSON}/en.md", "Text.", "::: quizz one", 3, "means nothing here"),
        (f"{LESSON}/en.md", "Text.", "- Text.\n\n  ::: exercise first", 5, "must stand between paragraphs"),
        (f"{LESSON}/ko.md", "::: exercise first", "", 0, "the file ends where en.md has exercise first (line 5)"),
        (f"{EXERCISE}/exercise.yaml", "points: 3", "points: many", 9, "should be a whole number"),
        (f"{EXERCISE}/exercise.yaml", "settled: true", "setled: true", 11, "unknown key 'setled'"),
        (f"{EXERCISE}/exercise.yaml", "[exec]", "[teleport]", 5, "unknown capability 'teleport'"),
        (f"{EXERCISE}/exercise.yaml", "[red, blue]", "[red]", 4, "at least two different choices"),
        (f"{EXERCISE}/exercise.yaml", "[red, blue]", "[1, 2]", 4, "must be text, not a number"),
        (f"{EXERCISE}/exercise.yaml", "Make the pod ${name}", "Make ${nmae}", 2, "${nmae} is not among"),
        (f"{EXERCISE}/exercise.yaml", "  name: [red, blue]", "  name: [a, b]\n  x: [a, b]", 0, "'x' is not used"),
        (f"{EXERCISE}/start.yaml", "# write here", "a: [", 2, "is not YAML"),
        (f"{EXERCISE}/solution.yaml", "kind: Pod", "", 1, "'kind' is missing"),
        (f"{EXERCISE}/solution.yaml", "metadata:\n  name", "about:\n  name", 1, "'metadata' is missing"),
        (f"{EXERCISE}/wrong/green.yaml", "# fails: runs", "# fails: walks", 1, "there is no check 'walks'"),
        (f"{EXERCISE}/wrong/green.yaml", "# fails: runs\n", "", 1, "must begin with the line"),
    ],
)
def test_a_problem_has_a_file_and_a_line(root: Path, file: str, old: str, new: str, line: int, words: str) -> None:
    change(root, file, old, new)
    problems = found(root)
    assert problems
    if words:
        assert any(at == file and where == line and words in message for at, where, message in problems), problems


def test_every_problem_is_told_not_only_the_first(root: Path) -> None:
    change(root, f"{LESSON}/lesson.yaml", "minutes: 10", "minutes: 0\ncolour: red")
    change(root, f"{LESSON}/lesson.yaml", "id: pods", "id: PODS")
    change(root, f"{EXERCISE}/exercise.yaml", "settled: true", "settled: perhaps")
    put(root, f"{EXERCISE}/start.yaml", b"\xff\xfe")
    files = [file for file, _, _ in found(root)]
    assert files.count(f"{LESSON}/lesson.yaml") == 3
    assert f"{EXERCISE}/exercise.yaml" in files
    assert f"{EXERCISE}/start.yaml" in files


def test_a_broken_lesson_is_left_out_and_the_rest_goes_on(root: Path) -> None:
    for name, text in FILES.items():
        if name.startswith(LESSON):
            put(root, name.replace("10-pods", "20-more").replace("first", "second"), text.replace("first", "second"))
    change(root, "10-basics/20-more/lesson.yaml", "id: pods", "id: more")
    assert [lesson.id for lesson in load(root).lessons()] == ["pods", "more"]
    put(root, f"{EXERCISE}/exercise.yaml", "- nothing\n")
    course = load(root)
    assert [lesson.id for lesson in course.lessons()] == ["more"]
    assert course.problems


def test_an_id_may_be_used_once_in_the_course(root: Path) -> None:
    for name, text in FILES.items():
        if name.startswith(LESSON):
            put(root, name.replace("10-pods", "20-again"), text)
    course = load(root)
    assert [lesson.id for lesson in course.lessons()] == ["pods"]
    assert course.exercise("first") is not None
    told = [problem.message for problem in course.problems]
    assert any("the lesson 'pods' exists already" in message for message in told)
    assert any("the exercise 'first' exists already" in message for message in told)


@pytest.mark.parametrize(
    ("file", "data", "words"),
    [
        ("notes.txt", b"", "does not belong here"),
        ("90-extra/x.yaml", b"", "no track of course.yaml has this folder"),
        (f"{LESSON}/jp.md", b"", "does not belong here"),
        (f"{EXERCISE}/solutoin.yaml", b"", "does not belong here"),
        (f"{EXERCISE}/wrong/notes.txt", b"", "a wrong solution is a .yaml or a .sh file"),
        (f"{EXERCISE}/setup.yaml", b"", "holds no object"),
        (f"{EXERCISE}/setup.yaml", b"just words\n", "must be a mapping, not text"),
        (f"{EXERCISE}/setup.yaml", b"a: \x00\n", "NUL"),
        (f"{EXERCISE}/setup.yaml", b"a: \x07\n", "is not YAML"),
        (f"{EXERCISE}/setup.yaml", b"a: &x 1\nb: *x\n", "alias"),
        (f"{EXERCISE}/setup.yaml", b"a: " + b"[" * 5000 + b"\n", "not YAML"),
        (f"{EXERCISE}/setup.yaml", b"a: " + b"[" * 90 + b"]" * 90 + b"\n", "nested too deeply"),
        (f"{EXERCISE}/setup.yaml", b"a: " + b"x" * 300_000, "is larger than"),
        (f"{EXERCISE}/solution.sh", b"rm -rf /\n", "only kubectl lines"),
        (f"{EXERCISE}/solution.sh", b"kubectl get pods\n", "there can be one solution"),
        (f"{LESSON}/lesson.yaml", b"", "holds nothing"),
        (f"{LESSON}/lesson.yaml", b"a: 1\n---\nb: 1\n", "one YAML document"),
        (f"{LESSON}/ko.md", "# 파드".encode("euc-kr"), "is not UTF-8"),
        (f"{LESSON}/exercises/README", b"", "an exercise is a folder"),
        ("course.yaml", b"title: !!python/object:os.system x\n", "value that can be read"),
    ],
)
def test_odd_files_are_problems(root: Path, file: str, data: bytes, words: str) -> None:
    put(root, file, data)
    assert any(words in message for _, _, message in found(root)), found(root)


@pytest.mark.parametrize(
    "file",
    ["course.yaml", f"{LESSON}/lesson.yaml", f"{LESSON}/en.md", f"{EXERCISE}/start.yaml", f"{EXERCISE}/solution.yaml"],
)
def test_a_missing_file_is_a_problem(root: Path, file: str) -> None:
    (root / file).unlink()
    assert (file, 0, "this file is missing") in found(root)


def test_an_exercise_without_a_wrong_solution_is_a_problem(root: Path) -> None:
    (root / f"{EXERCISE}/wrong/green.yaml").unlink()
    assert only(root) == (f"{EXERCISE}/wrong", 0, "holds no wrong solution")


def test_a_folder_that_is_not_there_is_a_course_without_tracks(tmp_path: Path) -> None:
    course = load(tmp_path / "nowhere")
    assert isinstance(course, Course)
    assert course.tracks == ()
    assert [problem.message for problem in course.problems] == ["this file is missing"]


def test_a_file_in_place_of_a_folder_and_a_dangling_link(root: Path) -> None:
    (root / f"{EXERCISE}/setup.yaml.bak").symlink_to(root / "nowhere")
    put(root, "10-basics/README", "")
    told = [message for _, _, message in found(root)]
    assert any("a lesson is a folder" in message for message in told)


def test_two_tracks_may_not_share_a_folder_or_an_id(root: Path) -> None:
    change(root, "course.yaml", "tracks:\n", "tracks:\n  - {id: first, folder: 10-basics, title: {en: A, ko: 가}}\n")
    assert only(root) == ("course.yaml", 5, "another track has the folder '10-basics'")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FILES)), data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_content_whatever_raises(tmp_path: Path, name: str, data: bytes) -> None:
    root = write_course(tmp_path / "lessons")
    put(root, name, data)
    load(root)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(YAML),
    at=st.integers(0, 400),
    cut=st.text(max_size=8),
)
def test_no_typing_error_raises(tmp_path: Path, name: str, at: int, cut: str) -> None:
    root = write_course(tmp_path / "lessons")
    text = FILES[name]
    put(root, name, (text[:at] + cut + text[at + len(cut) :]).encode("utf-8", "replace"))
    load(root)
