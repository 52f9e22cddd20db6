from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from k8slab.accounts.models import User
from tests.people import mina

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def demo(*options: str) -> dict[str, str]:
    out = StringIO()
    call_command("demo", "--json", *options, stdout=out)
    return {login["name"]: login["password"] for login in json.loads(out.getvalue())}


def test_it_works() -> None:
    logins = demo()
    teacher, student = User.objects.get(username="teacher"), User.objects.get(username="student")
    assert (teacher.role, student.role) == ("instructor", "student")
    assert teacher.check_password(logins["teacher"])
    assert student.check_password(logins["student"])
    assert logins["teacher"] != logins["student"]


def test_again_it_changes_nothing_and_says_the_same() -> None:
    first = demo()
    hashes = set(User.objects.values_list("password", flat=True))
    assert demo() == first
    assert set(User.objects.values_list("password", flat=True)) == hashes


def test_a_given_password_is_taken_and_remembered() -> None:
    demo()
    assert demo("--student-password", "hello-there")["student"] == "hello-there"
    assert demo()["student"] == "hello-there"
    assert User.objects.get(username="student").check_password("hello-there")


def test_a_password_that_its_owner_changed_is_not_shown_and_not_touched() -> None:
    demo()
    student = User.objects.get(username="student")
    student.set_password("my own")
    student.save()
    assert demo()["student"] == ""
    assert User.objects.get(username="student").check_password("my own")


def test_the_passwords_are_for_the_owner_of_the_machine_only(var: Path) -> None:
    demo()
    assert (var / "demo-logins.json").stat().st_mode & 0o077 == 0


def test_a_broken_file_is_no_obstacle(var: Path) -> None:
    (var / "demo-logins.json").write_text("{")
    assert demo()["teacher"]


def appoint(name: str) -> str:
    out = StringIO()
    call_command("instructor", name, stdout=out)
    return out.getvalue()


def test_an_instructor_is_made_from_a_student_or_from_nothing() -> None:
    mina()
    assert appoint("Mina") == "mina is an instructor\n"
    assert User.objects.get().role == "instructor"
    password = appoint("tae").split()[-1]
    assert User.objects.get(username="tae").check_password(password)


@pytest.mark.parametrize("name", ["", "a b", "guest-2345"])
def test_not_every_name_can_be_an_instructor(name: str) -> None:
    with pytest.raises(CommandError):
        appoint(name)
    assert not User.objects.exists()
