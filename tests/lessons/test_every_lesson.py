"""Every lesson of ours: what can be said without a cluster, and the proof of its exercises on an embedded one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from k8slab.authoring.checking import check
from k8slab.authoring.clusters import cluster
from k8slab.authoring.coverage import as_markdown, coverage, missing
from k8slab.authoring.proof import JOBS, Proof, prove
from k8slab.catalog.course import Course, Exercise, Lesson
from k8slab.catalog.loader import load
from k8slab.catalog.mirrors import check_mirrors
from k8slab.catalog.render import render, render_text
from k8slab.grading.spec import Text

COURSE: Course = load(settings.LESSONS_DIR)
LESSONS = COURSE.lessons()
EXERCISES = [exercise for lesson in LESSONS for exercise in lesson.exercises]
DOCUMENTS = settings.BASE_DIR.parent / "shared" / "documents"

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)


def test_the_course_has_no_problem() -> None:
    assert COURSE.problems == ()
    assert check(COURSE, settings.LESSONS_DIR) == ()
    assert LESSONS


def test_every_section_of_the_documents_has_a_lesson() -> None:
    assert missing(coverage(COURSE, settings.LESSONS_DIR)) == []


def test_the_table_of_what_is_covered_is_current() -> None:
    """`manage.py lessons coverage --write` makes it so."""
    kept = (settings.BASE_DIR / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert kept == as_markdown(coverage(COURSE, settings.LESSONS_DIR))


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the documents are not part of the repository")
def test_the_sections_exist_that_the_lessons_mirror() -> None:
    assert check_mirrors(COURSE, DOCUMENTS, settings.LESSONS_DIR / "course.yaml") == ()


@every_lesson
def test_a_lesson_has_something_to_do_and_to_remember(lesson: Lesson) -> None:
    assert len(lesson.exercises) + len(lesson.quizzes) >= 2
    assert any(link.url.startswith("https://kubernetes.io/") for link in lesson.links)
    for language, body in lesson.body.items():
        assert "::: remember" in body
        html = "".join(section.html for section in render(lesson, language))
        assert "**" not in re.sub(r"<pre>.*?</pre>", "", html, flags=re.S), "bold that was not understood"


@every_lesson
def test_korean_is_korean_and_english_is_english(lesson: Lesson) -> None:
    hangul = re.compile("[가-힣]")
    for text in _texts(lesson):
        assert hangul.search(text.ko) or text.ko == text.en, text  # a name (emptyDir) is the same in both
        assert not hangul.search(text.en), text
    assert not hangul.search(lesson.body["en"])


@every_exercise
def test_what_is_not_the_task_is_plain_text(exercise: Exercise) -> None:
    """Only the task is rendered as Markdown; the page shows the others as they are."""
    for text in _plain(exercise):
        for words in (text.en, text.ko):
            assert not re.search(r"`|\*\w[^*]*\w\*", words), words
            assert "${" not in words


@every_exercise
def test_an_exercise_says_the_idea_behind_it(exercise: Exercise) -> None:
    assert any(each.because for each in exercise.checks)


@every_exercise
def test_each_check_fails_for_some_wrong_solution(exercise: Exercise) -> None:
    assert {wrong.fails for wrong in exercise.wrong} == {each.id for each in exercise.checks}


@every_exercise
def test_start_solution_and_wrong_ones_differ(exercise: Exercise) -> None:
    texts = [exercise.start, exercise.solution, *(wrong.text.split("\n", 1)[1] for wrong in exercise.wrong)]
    assert len(set(texts)) == len(texts)


@every_exercise
def test_the_task_renders(exercise: Exercise) -> None:
    for language, words in (("en", exercise.task.en), ("ko", exercise.task.ko)):
        assert render_text(words, language).startswith("<p>")


@every_exercise
def test_a_probe_needs_exec(exercise: Exercise) -> None:
    assert "exec" in exercise.needs or not [each for each in exercise.checks if each.probe]


@pytest.fixture(scope="module")
def proofs() -> dict[str, Proof]:
    """As `manage.py lessons prove`: all at once, since most of the time is spent waiting for deadlines."""
    with cluster(None):
        return {proof.exercise.id: proof for proof in prove(EXERCISES, JOBS, lambda proof: None)}


@pytest.mark.e2e
@pytest.mark.timeout(600)
@every_exercise
def test_an_exercise_is_proven(proofs: dict[str, Proof], exercise: Exercise) -> None:
    proof = proofs[exercise.id]
    assert proof.outcome == "proven", "\n".join((*proof.lacks, *proof.faults))


def _texts(lesson: Lesson) -> Iterator[Text]:
    yield lesson.title
    yield from lesson.objectives
    for exercise in lesson.exercises:
        yield exercise.task
        yield from _plain(exercise)


def _plain(exercise: Exercise) -> Iterator[Text]:
    yield exercise.title
    for each in exercise.checks:
        yield each.title
        yield from (hint.say for hint in each.hints)
        if each.because:
            yield each.because
