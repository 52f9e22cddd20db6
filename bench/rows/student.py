"""What a student waits for, measured from outside: by HTTP and websocket, as a page does."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bench.measure import Measured, durations
from bench.registry import row
from bench.surroundings import Surroundings
from tests.e2e.student import Page, Student

LESSON, EXERCISE = "deployment", "three-ready"
SOLUTION = Path(__file__).parents[2] / "lessons/20-controllers/20-deployment/exercises/three-ready/solution.yaml"
SUBMISSIONS, GUESTS, REQUESTS = 30, 30, 100


def guest(surroundings: Surroundings) -> Student:
    student = Student(surroundings.stack().url)
    student.begin_as_guest()
    return student


def _reset(student: Student, page: Page) -> None:
    """An empty sandbox, so that every submission creates its Deployment anew."""
    student.act(EXERCISE, "reset")
    page.until(lambda m: m["type"] == "sandbox" and m["state"] == "resetting")
    page.until(lambda m: m["type"] == "sandbox" and m["state"] == "ready")


@row("student", "submit → every check decided (Deployment of 3)", "p50 ≤ 0.4 s, p95 ≤ 1 s")
def submit_to_decided(surroundings: Surroundings) -> Measured:
    text, student, taken = SOLUTION.read_text(encoding="utf-8"), guest(surroundings), []
    student.open(LESSON, EXERCISE)
    with student.page() as page:
        student.act(EXERCISE, "start")
        page.until(lambda m: m["type"] == "sandbox" and m["state"] == "ready")
        for _ in range(SUBMISSIONS):
            began = time.perf_counter()
            attempt = page.ended(student.submit(EXERCISE, text))
            taken.append(time.perf_counter() - began)
            assert all(check["verdict"] == "pass" for check in attempt["checks"]), attempt
            _reset(student, page)
    return durations(taken, "s")


@row("student", "sandbox: asked for → ready", "p95 ≤ 0.5 s")
def sandbox_to_ready(surroundings: Surroundings) -> Measured:
    taken = []
    for _ in range(GUESTS):
        student = guest(surroundings)
        student.open(LESSON, EXERCISE)
        with student.page() as page:
            page.until(lambda m: m["type"] == "snapshot")
            began = time.perf_counter()
            student.act(EXERCISE, "start")
            page.until(lambda m: m["type"] == "sandbox" and m["state"] == "ready")
            taken.append(time.perf_counter() - began)
    return durations(taken, "s")


def _pages(surroundings: Surroundings, ask: Callable[[Student], object]) -> Measured:
    student, taken = guest(surroundings), []
    ask(student)
    for _ in range(REQUESTS):
        began = time.perf_counter()
        ask(student)
        taken.append(time.perf_counter() - began)
    return durations(taken)


@row("student", "lesson page, server time and loopback", "p95 ≤ 50 ms")
def lesson_page(surroundings: Surroundings) -> Measured:
    return _pages(surroundings, lambda student: student.ask("GET", f"/learn/{LESSON}/"))


@row("student", "workbench page, server time and loopback", "p95 ≤ 50 ms")
def workbench_page(surroundings: Surroundings) -> Measured:
    return _pages(surroundings, lambda student: student.open(LESSON, EXERCISE))
