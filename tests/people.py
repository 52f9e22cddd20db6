"""The named people of the tests: Mina learns, Olaf is a stranger to her, Tae teaches, and somebody is a guest."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.test import Client

from k8slab.accounts.actions import create_guest
from k8slab.accounts.models import User

PASSWORD = "correct horse battery"


def person(name: str, role: User.Role = User.Role.STUDENT) -> User:
    password = make_password(PASSWORD, hasher="md5")  # quick: a test is no target
    return User.objects.create(username=name, password=password, role=role, language="en")


def mina() -> User:
    return person("mina")


def olaf() -> User:
    return person("olaf")


def tae() -> User:
    return person("tae", User.Role.INSTRUCTOR)


def guest() -> User:
    return create_guest("en")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
