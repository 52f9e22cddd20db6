"""A namespace as dicts: what bounds a student is all there, and gives away no rights."""

from __future__ import annotations

from k8slab.sandbox.manifests import CONTAINER_LIMITS, MANAGED_BY, OWNER, QUOTA, SITE, Plan, fixtures, namespace
from k8slab.sandbox.rights import RULES, WORK, WRITE

PLAN = Plan("lab-x", "abc", "here")


def test_it_works() -> None:
    kinds = [(fixture["kind"], fixture["metadata"]["name"]) for fixture in fixtures(PLAN)]
    assert kinds == [
        ("ResourceQuota", "sandbox"),
        ("LimitRange", "sandbox"),
        ("NetworkPolicy", "sandbox"),
        ("ServiceAccount", "default"),
        ("ServiceAccount", "student"),
        ("Role", "student"),
        ("RoleBinding", "student"),
    ]
    for fixture in fixtures(PLAN):
        assert fixture["metadata"]["namespace"] == "lab-x"
        assert fixture["metadata"]["labels"] == {MANAGED_BY: "k8slab", SITE: "here", OWNER: "abc"}


def test_the_namespace_enforces_pod_security() -> None:
    labels = namespace(PLAN)["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
    assert labels["pod-security.kubernetes.io/warn"] == "restricted"


def test_students_write_no_rights_no_accounts_and_no_bounds() -> None:
    for _, resources, verbs in RULES:
        if set(verbs) & set(WRITE):
            bounds = {
                "roles",
                "rolebindings",
                "serviceaccounts",
                "serviceaccounts/token",
                "resourcequotas",
                "limitranges",
            }
            assert not bounds & set(resources)
        assert "*" not in (*resources, *verbs)


def test_a_quota_full_of_pods_fits_into_the_limits_that_they_get() -> None:
    memory = int(CONTAINER_LIMITS["default"]["memory"].removesuffix("Mi")) * int(QUOTA["pods"])
    assert memory <= int(QUOTA["limits.memory"].removesuffix("Gi")) * 1024
    cpu = int(CONTAINER_LIMITS["default"]["cpu"].removesuffix("m")) * int(QUOTA["pods"])
    assert cpu <= int(QUOTA["limits.cpu"]) * 1000


def test_a_reset_empties_every_kind_that_a_student_may_make() -> None:
    writable = {plural for _, plurals, verbs in RULES if "create" in verbs for plural in plurals if "/" not in plural}
    assert writable == {plural for _, _, plural in WORK}
