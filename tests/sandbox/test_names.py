"""Names that cannot collide and that any cluster takes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from k8slab.sandbox.names import namespace_name, student_groups, student_user


def test_it_works() -> None:
    assert re.fullmatch(r"lab-mina-k-[0-9a-f]{10}", namespace_name("Mina K.", "secret", "1"))


def test_the_same_name_for_another_person_is_another_namespace() -> None:
    assert namespace_name("mina", "secret", "1") != namespace_name("mina", "secret", "2")
    assert namespace_name("mina", "one site", "1") != namespace_name("mina", "another site", "1")


def test_a_name_in_another_script_leaves_the_hash() -> None:
    assert re.fullmatch(r"lab-[0-9a-f]{10}", namespace_name("미나", "secret", "1"))


@given(st.text(max_size=200))
def test_any_user_name_gives_a_dns_label(name: str) -> None:
    found = namespace_name(name, "secret", "1")
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", found)
    assert len(found) <= 40


def test_a_student_acts_as_the_service_account_with_the_groups_of_its_token() -> None:
    assert student_user("lab-x") == "system:serviceaccount:lab-x:student"
    assert "system:serviceaccounts:lab-x" in student_groups("lab-x")
