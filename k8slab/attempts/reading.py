"""A lesson's page: its prose with exercises, quizzes and diagrams in their places, in one language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from k8slab.accounts.models import User
from k8slab.catalog.course import Course, Diagram, Lesson
from k8slab.catalog.diagrams import drawn
from k8slab.catalog.render import Section, render
from k8slab.quizzes import pages as quizzes

from .pages import card, head, progress_of
from .state import in_language

Reader = User | AnonymousUser


def lesson(course: Course, shown: Lesson, reader: Reader, language: str) -> dict[str, Any]:
    """Context of a lesson's page."""
    track = next(track for track in course.tracks if track.id == shown.track)
    return {
        "lesson": {
            **head(shown, language),
            "url": reverse("lesson", args=[shown.id]),
            "track": in_language(track.title, language),
            "has_scene": any(diagram.scene is not None for diagram in shown.diagrams),
            "links": [{"title": in_language(link.title, language), "url": link.url} for link in shown.links],
        },
        "sections": _sections(shown, reader, language),
        **_neighbours(course, shown, language),
    }


def _sections(shown: Lesson, reader: Reader, language: str) -> list[dict[str, Any]]:
    progress, answers = progress_of(reader), quizzes.answers_of(reader, shown.quizzes)
    student = reader.pk if isinstance(reader, User) else quizzes.NOBODY
    exercises = {each.id: card(each, progress, language) for each in shown.exercises}
    asked = {each.id: quizzes.card(each, answers.get(each.id), student, language) for each in shown.quizzes}
    diagrams = {each.id: _diagram(shown, each, language) for each in shown.diagrams}

    def place(section: Section) -> dict[str, Any]:
        if section.exercise:
            return {"exercise": exercises[section.exercise]}
        if section.quiz:
            return {"quiz": asked[section.quiz]}
        return {"diagram": diagrams[section.diagram]} if section.diagram else {"html": section.html}

    return [place(section) for section in render(shown, language)]


def _diagram(shown: Lesson, diagram: Diagram, language: str) -> dict[str, Any]:
    return {
        "id": diagram.id,
        "title": in_language(diagram.title, language),
        "description": in_language(diagram.description, language),
        "svg": drawn(diagram, language),
        "scene": reverse("scene", args=[shown.id, diagram.id]) if diagram.scene is not None else "",
    }


def _neighbours(course: Course, shown: Lesson, language: str) -> dict[str, Any]:
    lessons = course.lessons()
    at = lessons.index(shown)
    return {
        "previous": _link(lessons[at - 1], language) if at else None,
        "next": _link(lessons[at + 1], language) if at + 1 < len(lessons) else None,
    }


def _link(lesson: Lesson, language: str) -> dict[str, str]:
    return {"title": in_language(lesson.title, language), "url": reverse("lesson", args=[lesson.id])}
